from fractions import Fraction

import pytest

from derive.terms.constants import constant_value, is_integral
from derive.terms.declarations import Declarations, Variable
from derive.terms.structure import Definition, sum_over
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Compare,
    Delta,
    Dimension,
    Element,
    Fixed,
    Free,
    Indicator,
    Position,
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


N, M, X = Dimension("n"), Element("m"), Element("x")
DECLARED = Declarations(
    variables={"m": Variable("m", (), frozenset({"integer"}))},
    definitions={"two": Definition("two", (), TWO), "half": Definition("half", (), div(ONE, TWO))},
)


@pytest.mark.parametrize(
    ("node", "integral"),
    [
        (TWO, True),
        (number(Fraction(4, 2)), True),
        (number(Fraction(1, 2)), False),
        (Pow(TWO, TWO), True),
        (mul(TWO, Pow(TWO, MINUS_ONE)), True),
        (Pow(TWO, MINUS_ONE), False),
        (add(N, neg(M)), True),
        (Pow(N, TWO), True),
        (Pow(N, MINUS_ONE), False),
        (Pow(TWO, N), False),
        (mul(M, N), True),
        (add(X, neg(X)), False),
        (div(M, N), False),
        (mul(M, Pow(TWO, MINUS_ONE)), False),
        (Indicator(Compare(">", X, ZERO)), True),
        (Delta(Fixed(1, "n"), Free("i", "n")), True),
        (apply("floor", X), True),
        (apply("exp", X), False),
        (sum_over(Free("i", "n"), Position(Free("i", "n"))), True),
        (sum_over(Free("i", "n"), Element("v", (Free("i", "n"),))), False),
        (Element("two"), True),
        (Element("half"), False),
    ],
)
def test_integers_by_their_form(node: Term, integral: bool) -> None:
    assert is_integral(node, DECLARED) == integral
