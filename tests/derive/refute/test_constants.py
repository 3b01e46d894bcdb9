from fractions import Fraction

import pytest

from derive.refute.constants import constant_value
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Dimension,
    Element,
    Pow,
    Term,
    add,
    apply,
    div,
    mul,
    neg,
    number,
)


@pytest.mark.parametrize(
    ("node", "value"),
    [
        (number(Fraction(2, 3)), Fraction(2, 3)),
        (Pow(TWO, MINUS_ONE), Fraction(1, 2)),
        (neg(div(ONE, number(3))), Fraction(-1, 3)),
        (add(ONE, mul(TWO, TWO)), Fraction(5)),
        (Pow(ZERO, ZERO), Fraction(1)),
    ],
)
def test_numbers(node: Term, value: Fraction) -> None:
    assert constant_value(node) == value


@pytest.mark.parametrize(
    "node",
    [
        Element("x"),
        Dimension("n"),
        mul(ZERO, Element("x")),
        Pow(ZERO, MINUS_ONE),
        Pow(TWO, Pow(TWO, MINUS_ONE)),
        Pow(TWO, number(10**9)),
        apply("exp", ZERO),
    ],
)
def test_no_numbers(node: Term) -> None:
    assert constant_value(node) is None
