from fractions import Fraction

import pytest

from derive.refute.descent import downhill
from derive.refute.evaluate import Point
from derive.refute.problem import Problem
from derive.refute.scope import Fuel
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.term import Element, Operator, Pow, Term, add, apply, mul, neg, number, sub

X, Y = Element("x"), Element("y")


def lowest(
    left: Term, operator: Operator, right: Fraction, looks: int = 200, *words: str, **start: int
) -> Point:
    declarations = Declarations(variables={"x": Variable("x", (), frozenset(words))})
    problem = Problem(Obligation(operator, left, number(right), declarations), ())
    point = Point({}, {name: {(): Fraction(value)} for name, value in start.items()})
    (found,) = downhill(problem, [point], looks, Fuel(100_000))
    assert problem.slack(found, Fuel(1000)) is not None
    return found


def test_finds_a_small_region() -> None:
    """x log x >= -0.36787 fails only within 0.003 of 1/e."""
    point = lowest(mul(X, apply("log", X)), ">=", Fraction(-36787, 100000), x=2)
    assert abs(point.values["x"][()] - Fraction(36788, 100000)) < Fraction(3, 1000)


def test_in_two_variables() -> None:
    square = add(Pow(sub(X, number(Fraction(7, 8))), number(2)), Pow(add(X, Y), number(2)))
    point = lowest(square, ">", Fraction(0), x=3, y=1)
    for name, expected in (("x", Fraction(7, 8)), ("y", Fraction(-7, 8))):
        assert abs(point.values[name][()] - expected) < Fraction(1, 1000)


def test_upwards_for_the_other_relations() -> None:
    point = lowest(neg(Pow(X, number(2))), "<", Fraction(0), x=3)
    assert point.values["x"][()] == 0


def test_stays_admissible() -> None:
    assert lowest(X, ">", Fraction(0), 200, "integer", "positive", x=5).values["x"][()] == 1


@pytest.mark.parametrize("looks", [0, 1, 5])
def test_looks_are_counted(looks: int) -> None:
    point = lowest(X, ">", Fraction(-1000), looks, x=0)
    assert point.values["x"][()] >= -looks


def test_no_point_without_a_value() -> None:
    problem = Problem(Obligation(">", apply("log", X), number(0), Declarations()), ())
    start = Point({}, {"x": {(): Fraction(-1)}})
    assert list(downhill(problem, [start], 100, Fuel(1000))) == []
