"""The numbers in which terms are evaluated: exact rationals, balls, and dual numbers over both.

An exact number is an ``int`` or an ``fmpq``; what can't be kept exact is an ``arb`` ball at the
working precision, which encloses the true value.  A ``Dual`` carries partial derivatives
(forward-mode differentiation; Griewank and Walther, Evaluating Derivatives, chapter 3); duals
nest, each level with its own tag, the innermost derivative having the greatest.

A dual number also says on which components a value *depends*.  At a jump or a kink
that alone makes a derivative undefined, even where the slope happens to be 0.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

from flint import arb, ctx, fmpq, fmpz

#: Exact numbers with more bits than this are rounded to balls.
EXACT_BITS = 20_000


class UndefinedError(Exception):
    """There is no value here: a pole, the log of a negative number, a derivative at a kink."""


class BoundaryError(UndefinedError):
    """A condition changes its truth at this very point, so nothing is differentiable across it."""


class UndecidedError(Exception):
    """A ball spans a branch, a pole or a zero: more precision may tell."""


class ExhaustedError(Exception):
    """The evaluation takes more steps than it may."""


class Dual:
    """``value + sum of slopes[k] * e_k`` with ``e_j e_k = 0``: a value and its partial derivatives.

    The keys ``k`` are the perturbed components of one variable on which the value depends; the
    perturbation has the number ``tag``.
    """

    __slots__ = ("slopes", "tag", "value")

    def __init__(self, tag: int, value: "Value", slopes: "dict[Key, Value]") -> None:
        self.tag = tag
        self.value = value
        self.slopes = slopes

    def __repr__(self) -> str:
        return f"Dual({self.tag}, {self.value}, {self.slopes})"

    def __neg__(self) -> "Dual":
        return Dual(self.tag, -self.value, {k: -s for k, s in self.slopes.items()})

    def __add__(self, other: "Value") -> "Dual":
        if isinstance(other, Dual):
            if other.tag == self.tag:
                slopes = self.slopes.copy()
                for k, s in other.slopes.items():
                    slopes[k] = slopes[k] + s if k in slopes else s
                return Dual(self.tag, self.value + other.value, slopes)
            if other.tag > self.tag:
                return Dual(other.tag, self + other.value, other.slopes)
        return Dual(self.tag, self.value + other, self.slopes)

    __radd__ = __add__

    def __sub__(self, other: "Value") -> "Dual":
        return self + (-other)

    def __rsub__(self, other: "Value") -> "Dual":
        return (-self) + other

    def __mul__(self, other: "Value") -> "Value":
        if isinstance(other, Dual):
            if other.tag == self.tag:
                left, right = self.value, other.value
                slopes = {k: s * right for k, s in self.slopes.items()}
                for k, s in other.slopes.items():
                    slopes[k] = slopes[k] + left * s if k in slopes else left * s
                return Dual(self.tag, left * right, slopes)
            if other.tag > self.tag:
                return other.scaled(self * other.value, self)
        elif other == 0:  # a constant 0 makes the product constant, not just flat
            return 0
        return self.scaled(self.value * other, other)

    __rmul__ = __mul__

    def scaled(self, value: "Value", factor: "Value") -> "Dual":
        """The given value, with all slopes times a factor (the chain rule for one argument)."""
        return Dual(self.tag, value, {k: factor * s for k, s in self.slopes.items()})


#: The indices of a component.
Key: TypeAlias = tuple[int, ...]

Value: TypeAlias = int | fmpq | arb | Dual


def exact(number: Fraction | int) -> Value:
    """The exact number in the ring."""
    if isinstance(number, int):
        return number
    if number.denominator == 1:
        return number.numerator
    return fmpq(number.numerator, number.denominator)


def to_fraction(value: Value) -> Fraction | None:
    """The rational that the value is, or None for a ball (or dual) that may be irrational."""
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, fmpq):
        return Fraction(int(value.p), int(value.q))
    return None


def compact(value: Value) -> Value:
    """The value; an exact number of more than ``EXACT_BITS`` bits becomes a ball."""
    number = primal(value)
    if isinstance(number, arb) or _bits(number) <= EXACT_BITS:
        return value
    if isinstance(value, Dual):
        slopes: dict[Key, Value] = {
            k: s if isinstance(s, Dual) else ball(s) for k, s in value.slopes.items()
        }
        return Dual(value.tag, compact(value.value), slopes)
    return arb(number)


def slope(value: Value, tag: int, key: Key) -> Value:
    """The partial derivative by a component of the variable that ``tag`` perturbs."""
    if isinstance(value, Dual) and value.tag == tag:
        return value.slopes.get(key, 0)
    return 0


def primal(value: Value) -> int | fmpq | arb:
    """The number itself, without any derivative."""
    while isinstance(value, Dual):
        value = value.value
    return value


def ball(value: Value) -> arb:
    """The value as a ball at the working precision, without any derivative."""
    return arb(primal(value))


def ball_at(function: Callable[[arb], arb], number: int | fmpq) -> arb:
    """The function at an exact number; one and the same ball each time for an integer.

    So ``difference`` and ``quotient`` see that two irrational values are the same.
    """
    if isinstance(number, int):
        return _ball_at(function, number, ctx.prec)
    return function(arb(number))


@lru_cache(maxsize=4096)
def _ball_at(function: Callable[[arb], arb], number: int, bits: int) -> arb:
    return function(arb(number))


def difference(left: Value, right: Value) -> Value:
    """``left - right``; exactly 0 for one and the same ball, which stands for one number."""
    if left is right and isinstance(left, arb) and left.is_finite():
        return 0
    return left - right


def quotient(left: Value, right: Value) -> Value:
    """``left / right``; exactly 1 for one and the same ball that is not 0."""
    if isinstance(left, arb) and isinstance(right, arb) and (right > 0 or right < 0):
        return 1 if left is right and left.is_finite() else left / right
    return left * reciprocal(right)


def sign(value: Value) -> int:
    """-1, 0 or 1.  Raises UndecidedError for a ball around 0."""
    while isinstance(value, Dual):
        value = value.value
    if value > 0:
        return 1
    if value < 0:
        return -1
    if value == 0:
        return 0
    raise UndecidedError


def reciprocal(value: Value) -> Value:
    """``1 / value``.  Raises UndefinedError at 0, UndecidedError for a ball around 0."""
    if isinstance(value, Dual):
        inverse = reciprocal(value.value)
        return value.scaled(inverse, -(inverse * inverse))
    if isinstance(value, int):
        if value == 1 or value == -1:
            return value
        if value == 0:
            raise UndefinedError("division by 0")
        return fmpq(1, value)
    if value > 0 or value < 0:
        return 1 / value
    if value == 0:
        raise UndefinedError("division by 0")
    raise UndecidedError


def integer_power(base: Value, exponent: int) -> Value:
    """``base ** exponent`` with ``0 ** 0 = 1``.  Raises UndefinedError at a pole."""
    if exponent == 1:
        return base
    if exponent == 0:
        return 1
    if isinstance(base, Dual):
        lower = integer_power(base.value, exponent - 1)
        return base.scaled(lower * base.value, lower * exponent)
    if exponent < 0:
        return integer_power(reciprocal(base), -exponent)
    if isinstance(base, arb):
        return base ** fmpz(exponent)
    if _bits(base) * exponent > EXACT_BITS:
        return arb(base) ** fmpz(exponent)
    return base**exponent


def real_power(base: Value, exponent: Value) -> Value:
    """``base ** exponent`` for a real exponent: a base > 0, or a base of 0 under an exponent > 0.

    Raises UndefinedError elsewhere, and for a derivative at base 0.
    """
    side = sign(base)
    if side < 0:
        raise UndefinedError("a real power of a negative number")
    if isinstance(base, Dual) or isinstance(exponent, Dual):
        if side == 0:
            raise UndefinedError("a real power is not differentiable at 0")
        return _dual_power(base, exponent)
    if side == 0:
        if sign(exponent) <= 0:
            raise UndefinedError("0 to a power that is not positive")
        return 0
    if isinstance(exponent, int):
        return integer_power(base, exponent)
    if not isinstance(base, arb):
        if base == 1:
            return 1
        rational = to_fraction(exponent)
        if rational is not None:
            root = _exact_root(base, rational.denominator)
            if root is not None:
                return integer_power(root, rational.numerator)
    return (arb(exponent) * arb(base).log()).exp()


def square_root(value: Value) -> Value:
    """``sqrt(value)`` for value >= 0; not differentiable at 0."""
    side = sign(value)
    if side < 0:
        raise UndefinedError("the square root of a negative number")
    if isinstance(value, Dual):
        if side == 0:
            raise UndefinedError("the square root is not differentiable at 0")
        root = square_root(value.value)
        return value.scaled(root, reciprocal(root * 2))
    if side == 0:
        return 0
    if isinstance(value, arb):
        return value.sqrt()
    whole = _exact_root(value, 2)
    if whole is not None:
        return whole
    return ball_at(arb.sqrt, value)


def _dual_power(base: Value, exponent: Value) -> Value:
    """A power of a positive base where base or exponent is perturbed: one level taken off."""
    tag = max(part.tag for part in (base, exponent) if isinstance(part, Dual))
    by_base = base if isinstance(base, Dual) and base.tag == tag else None
    by_exponent = exponent if isinstance(exponent, Dual) and exponent.tag == tag else None
    b = by_base.value if by_base else base
    e = by_exponent.value if by_exponent else exponent
    value = real_power(b, e)
    total: Value = 0
    if by_base:
        total = by_base.scaled(0, value * e * reciprocal(b))
    if by_exponent:
        total = by_exponent.scaled(0, value * logarithm(b)) + total
    return total + value


def logarithm(value: Value) -> Value:
    """The natural logarithm of a positive number."""
    if isinstance(value, Dual):
        result = logarithm(value.value)
        return value.scaled(result, reciprocal(value.value))
    if sign(value) <= 0:
        raise UndefinedError("the logarithm of a number that is not positive")
    if isinstance(value, arb):
        return value.log()
    if value == 1:
        return 0
    return ball_at(arb.log, value)


def _bits(number: int | fmpq) -> int:
    if isinstance(number, int):
        return number.bit_length()
    return int(number.height_bits())


def _exact_root(number: int | fmpq, degree: int) -> Value | None:
    """The exact positive root of a positive rational, or None."""
    if degree == 1:
        return number
    rational = to_fraction(number)
    if rational is None or degree > 64:
        return None
    roots = []
    for part in (rational.numerator, rational.denominator):
        root = int(fmpz(part).root(degree))
        if root**degree != part:
            return None
        roots.append(root)
    return exact(Fraction(roots[0], roots[1]))
