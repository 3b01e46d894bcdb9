"""The table of functions: what unfolds, unfolds to its meaning; the rest are kernels."""

import math
from collections.abc import Callable

import pytest

from derive.terms.functions import FUNCTIONS, unfold_function
from derive.terms.term import (
    Add,
    Apply,
    Compare,
    Element,
    Indicator,
    Mul,
    Number,
    Pow,
    Term,
)


def _value(term: Term, point: dict[str, float]) -> float:
    match term:
        case Number(value):
            return float(value)
        case Element(name):
            return point[name]
        case Add(terms):
            return sum(_value(t, point) for t in terms)
        case Mul(factors):
            return math.prod(_value(t, point) for t in factors)
        case Pow(base, exponent):
            return float(_value(base, point) ** _value(exponent, point))
        case Indicator(Compare(operator, left, right)):
            a, b = _value(left, point), _value(right, point)
            return float({">": a > b, "<": a < b}[operator])
        case Apply("exp" | "log" | "sin" | "cos" | "floor" as name, (argument,)):
            return float(getattr(math, name)(_value(argument, point)))
        case Apply(name, arguments):
            meaning = unfold_function(name, arguments)
            assert meaning is not None
            return _value(meaning, point)
    raise AssertionError(term)


def _sigmoid(t: float) -> float:
    return 1 / (1 + math.exp(-t))


MEANINGS: dict[str, Callable[..., float]] = {
    "ceiling": math.ceil,
    "sqrt": lambda t: math.sqrt(abs(t)),
    "tan": math.tan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "sigmoid": _sigmoid,
    "softplus": lambda t: math.log1p(math.exp(t)),
    "relu": lambda t: max(t, 0.0),
    "abs": abs,
    "sign": lambda t: math.copysign(1, t) if t else 0.0,
    "max": max,
    "min": min,
}


def test_the_table_of_meanings_is_complete() -> None:
    assert set(MEANINGS) == {name for name, entry in FUNCTIONS.items() if entry.unfold}


@pytest.mark.parametrize("name", MEANINGS)
def test_what_a_function_unfolds_to_is_what_it_means(name: str) -> None:
    variables = (Element("x"), Element("y"))[: FUNCTIONS[name].arity]
    for at in (-2.5, -1.0, -0.3, 0.0, 0.7, 2.0):
        for other in (-1.0, 0.0, at):
            numbers = (at, other)[: FUNCTIONS[name].arity]
            point = {"x": abs(at) if name == "sqrt" else at, "y": other}
            found = _value(Apply(name, variables), point)
            assert found == pytest.approx(MEANINGS[name](*numbers), abs=1e-12)


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - set(MEANINGS)))
def test_the_others_are_kernels(name: str) -> None:
    assert unfold_function(name, (Element("x"),) * FUNCTIONS[name].arity) is None
