"""Values in words: exact rationals, or enclosures that visibly separate the two sides."""

from fractions import Fraction
from typing import NamedTuple

from flint import arb

from derive.refute.ring import Value, ball, to_fraction

#: Significant digits of an enclosure, unless more are needed to tell two apart.
DIGITS = 7

#: No pair of values needs more digits than this: 2048 bits are 617 decimal places.
_MOST_DIGITS = 620

#: Values with binary exponents beyond this are shown as the library prints them, with so many
#: digits where both sides are like that.
_EXTREME, _EXTREME_DIGITS = 8_000, 40


def in_words(left: Value, right: Value) -> tuple[str, str]:
    """Both values: exact where they are short, else ``1.313262 +/- 4e-7``, a true enclosure.

    The printed intervals of two disjoint balls are disjoint as well.
    """
    extreme = [_is_extreme(value) for value in (left, right)]
    if any(extreme):
        digits = _EXTREME_DIGITS if all(extreme) else DIGITS
        first, second = (
            ball(value).str(digits).strip("[]").replace("e+", "e")
            if is_extreme
            else _shown(value, DIGITS).words
            for value, is_extreme in zip((left, right), extreme, strict=True)
        )
        return first, second
    digits = DIGITS
    while True:
        one, other = _shown(left, digits), _shown(right, digits)
        if one.high < other.low or other.high < one.low or digits > _MOST_DIGITS:
            return one.words, other.words
        digits += 2


class _Shown(NamedTuple):
    """The words for a value, and the ends of the interval that they stand for."""

    words: str
    low: Fraction
    high: Fraction


def _shown(value: Value, digits: int) -> _Shown:
    rational = to_fraction(value)
    if rational is None:
        enclosing = ball(value)
        rational, error = _fraction(enclosing.mid()), _fraction(enclosing.rad())
    else:
        error = Fraction(0)
    if error == 0 and max(rational.numerator.bit_length(), rational.denominator.bit_length()) < 64:
        return _Shown(str(rational), rational, rational)
    exponent = _decimal_exponent(abs(rational)) if abs(rational) > error else 0
    unit = Fraction(10) ** (exponent - digits + 1)
    rounded = round(rational / unit) * unit if abs(rational) > error else Fraction(0)
    error = _round_up(error + abs(rational - rounded))
    words = f"{_decimal(rounded, exponent, digits)} +/- {_decimal(error, None, 1)}"
    return _Shown(words, rounded - error, rounded + error)


def _is_extreme(value: Value) -> bool:
    """Whether a value has too many digits to be written out."""
    rational = to_fraction(value)
    if rational is not None:
        return max(rational.numerator.bit_length(), rational.denominator.bit_length()) > _EXTREME
    enclosing = ball(value)
    return any(abs(int(x.man_exp()[1])) > _EXTREME for x in (enclosing.mid(), enclosing.rad()))


def _fraction(exact_ball: arb) -> Fraction:
    rational = exact_ball.fmpq()
    return Fraction(int(rational.p), int(rational.q))


def _decimal_exponent(number: Fraction) -> int:
    """The e with 10^e <= number < 10^(e+1), for a number > 0; 0 for 0."""
    if number == 0:
        return 0
    bits = number.numerator.bit_length() - number.denominator.bit_length()
    exponent = bits * 30_103 // 100_000 + 1  # an upper estimate, as log10(2) = 0.30103 or less
    while Fraction(10) ** exponent > number:
        exponent -= 1
    return exponent


def _round_up(number: Fraction) -> Fraction:
    """The least number with one significant digit that is not below."""
    unit = Fraction(10) ** _decimal_exponent(number)
    return -(-number // unit) * unit


def _decimal(number: Fraction, exponent: int | None, digits: int) -> str:
    """A number that has that many significant digits, plainly or in scientific notation."""
    if exponent is None:
        exponent = _decimal_exponent(number)
    if number == 0:
        return "0"
    if 0 <= digits - 1 - exponent <= digits + 3:
        return f"{_digits(number, digits - 1 - exponent)}"
    return f"{_digits(number / Fraction(10) ** exponent, digits - 1)}e{exponent}"


def _digits(number: Fraction, places: int) -> str:
    """The number, which has at most that many decimal places, without zeros at the end."""
    whole = number * 10**places
    text = str(abs(whole.numerator)).rjust(places + 1, "0")
    minus = "-" if number < 0 else ""
    if places == 0:
        return minus + text
    return f"{minus}{text[:-places]}.{text[-places:]}".rstrip("0").rstrip(".")
