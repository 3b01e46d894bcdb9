"""Derivatives in the form that the lemmas give: a table, and what no lemma is about."""

import pytest

from derive.coq.differentiate import derivative
from derive.coq.printing import NotExportableError
from derive.terms.plain import term_text
from derive.terms.structure import sum_over
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    ZERO,
    Add,
    Element,
    Free,
    Mul,
    Pow,
    Term,
    apply,
    number,
)

X, Y = Element("x"), Element("y")
ROW, COLUMN = Free("i", "n"), Free("j", "n")


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Y, "0"),
        (X, "1"),
        (Add((X, Y)), "1 + 0"),
        (Mul((X, Y)), "y + x * 0"),
        (Pow(X, number(3)), "3 * x^2"),
        (Pow(X, MINUS_ONE), "-1/x^2"),
        (apply("exp", X), "exp(x)"),
        (apply("log", X), "1/x"),
        (apply("sin", X), "cos(x)"),
        (apply("cos", X), "-sin(x)"),
        (apply("atan", X), "1/(1 + x^2)"),
        (apply("sqrt", X), "1/(2 * sqrt(x))"),
        (apply("relu", X), "positive_indicator(x)"),
        (apply("positive_indicator", X), "0"),
        (apply("abs", X), "(positive_indicator(x) - positive_indicator(-x))"),
        (apply("exp", Mul((MINUS_ONE, X))), "-exp(-x)"),
    ],
)
def test_each_rule(term: Term, text: str) -> None:
    assert term_text(derivative(term, X)) == text


def test_a_component_gives_a_delta_under_its_sum() -> None:
    total = sum_over(ROW, apply("exp", Element("x", (ROW,))))
    found = term_text(derivative(total, Element("x", (COLUMN,))))
    assert found == "sum_k exp(x[k]) * delta[k,j]"


def test_a_function_without_a_lemma_is_told() -> None:
    with pytest.raises(NotExportableError, match="the derivative of floor"):
        derivative(apply("floor", X), X)


def test_a_constant_needs_no_lemma() -> None:
    assert derivative(apply("floor", Y), X) == ZERO
    assert derivative(Mul((ONE, apply("floor", Y))), X) == ZERO
