"""The shared notation keeps what is written."""

import pytest
import sympy
from sympy import Derivative, Integer, Piecewise, Sum, Symbol

from identities.notation import (
    array,
    bound,
    exponential,
    index,
    indicator,
    log,
    minus,
    n,
    partial,
    ratio,
    real,
    relu,
    sigmoid,
    softmax_entry,
    softplus,
    sum_over,
    tanh_by_exponentials,
    times,
    total,
)

x = real("x")
v = array("v", n)
i = index("i", n)
k = bound("k")


def test_nothing_cancels_and_nothing_is_shortened() -> None:
    assert ratio(x, x) != 1
    assert times(0, x) != 0
    assert minus(x, x) != 0
    assert log(exponential(x)) != x
    assert log(Integer(1)) != 0
    assert relu(Integer(1)) != 1


def test_a_sum_is_the_one_of_sympy() -> None:
    assert total(lambda a: v[a], k, n) == Sum(v[k], (k, 1, n))
    ones = sum_over(1, (bound("a"), n), (bound("b"), n))
    assert ones == Sum(1, (Symbol("a", integer=True), 1, n), (Symbol("b", integer=True), 1, n))
    assert ones.is_commutative


def test_a_sum_does_not_fold_the_cases_of_its_body() -> None:
    body = times(v[k], indicator(v[k] > 0))
    assert total(lambda a: times(v[a], indicator(v[a] > 0)), k, n).function == body
    assert body.has(Piecewise)


def test_a_partial_derivative_is_the_one_of_sympy() -> None:
    assert partial(x**2, x) == Derivative(x**2, x)
    assert partial(v[i] ** 2, v[i]) == Derivative(v[i] ** 2, v[i])
    assert isinstance(partial(Integer(1), x), Derivative)


@pytest.mark.parametrize(
    ("function", "point", "value"),
    [
        (sigmoid, 0, 0.5),
        (softplus, 0, 0.6931471805599453),
        (tanh_by_exponentials, 1, 0.7615941559557649),
        (relu, -2, 0.0),
        (relu, 3, 3.0),
    ],
)
def test_functions_at_a_point(function: object, point: int, value: float) -> None:
    assert callable(function)
    assert float(function(Integer(point)).doit()) == pytest.approx(value)


def test_softmax_entry_at_a_point() -> None:
    entry = softmax_entry(sympy.log, Integer(1), Integer(3))
    assert entry.doit() == sympy.Rational(1, 1 + 2 + 3)
