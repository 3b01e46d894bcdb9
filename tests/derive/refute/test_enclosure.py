import re
from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.refute.enclosure import in_words
from derive.refute.evaluate import precision
from derive.refute.ring import Value

TABLE: list[tuple[Value, Value, tuple[str, str]]] = [
    (0, fmpq(1, 2), ("0", "1/2")),
    (arb(1).exp(), 2, ("2.718282 +/- 2e-7", "2")),
    (-arb(2).sqrt() / 1000, -1, ("-0.001414214 +/- 5e-10", "-1")),
    (arb(-300).exp(), 0, ("5.1482e-131 +/- 3e-138", "0")),
    (arb(300).exp(), 0, ("1.942426e130 +/- 4e123", "0")),
    (arb(3), arb(fmpq(1, 4)), ("3", "1/4")),
    (1 + arb(0, 2.0**-100), 0, ("1 +/- 8e-31", "0")),
    (arb(-1e-39, 3e-38), 0.5 + arb(0, 1e-38), ("0 +/- 4e-38", "0.5 +/- 2e-38")),
    (fmpq(10**40, 3), 1, ("3.333333e39 +/- 4e32", "1")),
    (arb(10) ** (10**6), 0, ("1.000000e1000000 +/- 1e999989", "0")),
]


@pytest.mark.parametrize(("left", "right", "words"), TABLE)
def test_words(left: Value, right: Value, words: tuple[str, str]) -> None:
    with precision(128):
        assert in_words(left, right) == words


def test_more_digits_where_they_separate() -> None:
    with precision(128):
        near = arb(1).exp() + fmpq(1, 10**12)
        assert in_words(arb(1).exp(), near) == (
            "2.718281828459 +/- 5e-14",
            "2.71828182846 +/- 5e-14",
        )


def interval(words: str) -> tuple[Fraction, Fraction]:
    match = re.fullmatch(r"(\S+)(?: \+/- (\S+))?", words)
    assert match is not None
    middle, radius = Fraction(match[1]), Fraction(match[2] or 0)
    return middle - radius, middle + radius


@settings(deadline=None, max_examples=50)
@given(
    st.fractions(-50, 50, max_denominator=50),
    st.integers(0, 30),
    st.integers(-40, 40),
)
def test_printed_intervals_enclose_and_are_disjoint(
    number: Fraction, closeness: int, scale: int
) -> None:
    with precision(256):
        unit = arb(10) ** scale
        left = arb(fmpq(number.numerator, number.denominator)).exp() * unit
        right = left * (1 + fmpq(1, 10**closeness))
        shown = [interval(words) for words in in_words(left, right)]
    with precision(1024):
        for (low, high), value in zip(shown, (left, right), strict=True):
            assert value >= fmpq(low.numerator, low.denominator)
            assert value <= fmpq(high.numerator, high.denominator)
    assert shown[0][1] < shown[1][0]
