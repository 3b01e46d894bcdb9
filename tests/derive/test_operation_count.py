"""Scalar operations of formulas as they stand, at several dimensions."""

import pytest

from derive.operation_count import operation_count
from derive.prove.prover import prove
from derive.terms.declarations import Declarations
from derive.terms.obligation import Obligation
from derive.terms.structure import product_over, sum_over
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    Derivative,
    Dimension,
    Element,
    Free,
    Indicator,
    Compare,
    Pow,
    Term,
    add,
    apply,
    div,
    mul,
    neg,
    number,
    sub,
)

i, k = Free("i", "n"), Free("k", "n")
n = Dimension("n")
x, y = Element("x"), Element("y")


def s(index: Free) -> Term:
    return Element("s", (index,))


def g(index: Free) -> Term:
    return Element("g", (index,))


def A(row: Free, column: Free) -> Term:
    return Element("A", (row, column))


INNER = sum_over(k, mul(s(k), g(k)))


@pytest.mark.parametrize(
    ("term", "axes", "expected"),
    [
        (x, (), number(0)),
        (neg(x), (), number(0)),
        (mul(ONE, x), (), number(0)),
        (add(x, y), (), number(1)),
        (sub(x, y), (), number(1)),
        (mul(x, y, y), (), number(2)),
        (div(x, y), (), number(1)),
        (Pow(x, MINUS_ONE), (), number(1)),
        (mul(Pow(x, MINUS_ONE), Pow(y, MINUS_ONE)), (), number(2)),
        (mul(MINUS_ONE, Pow(x, MINUS_ONE)), (), number(1)),
        (Pow(x, TWO), (), number(1)),
        (apply("exp", add(x, y)), (), number(2)),
        (s(i), (i,), number(0)),
        (mul(s(i), g(i)), (i,), n),
        (INNER, (), sub(mul(TWO, n), ONE)),
        (mul(s(i), INNER), (i,), sub(mul(number(3), n), ONE)),
        (sum_over(k, mul(s(i), s(k), g(k))), (i,), sub(mul(number(3), n, n), n)),
        (sum_over(k, mul(A(i, k), s(k))), (i,), sub(mul(TWO, n, n), n)),
        (product_over(k, s(k)), (), sub(n, ONE)),
        (sum_over(Free("k", 5), Element("s", (Free("k", 5),))), (), number(4)),
    ],
)
def test_counts(term: Term, axes: tuple[Free, ...], expected: Term) -> None:
    count = operation_count(term, axes)
    attempt = prove(Obligation("=", count, expected, Declarations(dimensions=("n",))))
    assert attempt.outcome == "proved"


def test_a_stray_index_is_named() -> None:
    with pytest.raises(ValueError, match="the index k is no axis of the count; there are: i"):
        operation_count(mul(s(i), s(k)), (i,))
    with pytest.raises(ValueError, match="the index k is no axis of the count; there are: none"):
        operation_count(s(k), ())


@pytest.mark.parametrize(
    ("term", "word"),
    [
        (Derivative(x, Element("x")), "derivative"),
        (Indicator(Compare(">", x, y)), "indicator"),
    ],
)
def test_what_is_no_formula_to_evaluate_is_refused(term: Term, word: str) -> None:
    with pytest.raises(ValueError, match=f"the operations of a {word} are not counted"):
        operation_count(term, ())
