from fractions import Fraction
from random import Random

import pytest

from derive.refute.evaluate import Point, evaluate
from derive.refute.program import Program
from derive.refute.repair import Equations
from derive.refute.scope import Fuel
from derive.terms.declarations import Declarations, Variable
from derive.terms.structure import sum_over
from derive.terms.term import (
    ONE,
    TWO,
    And,
    Bound,
    Compare,
    Element,
    ForAll,
    Free,
    Pow,
    Proposition,
    apply,
    mul,
)

K = Free("k", "n")
X, Y = Element("x"), Element("y")
V = Element("v", (K,))
POINT = Point(
    {"n": 3},
    {
        "v": {(1,): Fraction(2), (2,): Fraction(-1), (3,): Fraction(3)},
        "x": {(): Fraction(5)},
        "y": {(): Fraction(2)},
    },
)


def repaired(guard: Proposition, *words: str) -> tuple[Point, Declarations]:
    declarations = Declarations(variables={"v": Variable("v", ("n",), frozenset(words))})
    program = Program(declarations)
    program.routine(guard)
    equations = Equations(program, (guard,))
    return equations.repair(POINT, Random(0), Fuel(10_000)), declarations


@pytest.mark.parametrize(
    "guard",
    [
        Compare("=", sum_over(K, V), ONE),
        Compare("=", mul(X, Y), sum_over(K, V)),
        Compare("=", sum_over(K, mul(V, V, X)), TWO),
        And((Compare("=", X, TWO), Compare("=", Y, mul(TWO, X)))),
        ForAll("n", Compare("=", Element("v", (Bound(0),)), X)),
        ForAll("n", ForAll("n", Compare("=", mul(X, Element("v", (Bound(1),))), Y))),
    ],
)
def test_the_point_moves_onto_the_equation(guard: Proposition) -> None:
    point, declarations = repaired(guard)
    assert point != POINT
    assert evaluate(guard, point, declarations) == 1


def test_a_free_index_is_met_for_one_value() -> None:
    guard = Compare("=", V, Element("x"))
    point, declarations = repaired(guard)
    assert 1 in [evaluate(guard, point, declarations, {K: k}) for k in (1, 2, 3)]


@pytest.mark.parametrize(
    "guard",
    [
        Compare("=", sum_over(K, V), mul(TWO, TWO)),  # holds already
        Compare("=", Pow(X, TWO), TWO),  # no rational point
        Compare("=", apply("exp", X), TWO),  # not exact
        Compare("=", apply("log", mul(X, Element("z"))), TWO),  # no value
        Compare("<", X, ONE),  # not an equation
    ],
)
def test_otherwise_it_stays(guard: Proposition) -> None:
    declarations = Declarations(variables={"v": Variable("v", ("n",))})
    program = Program(declarations)
    program.routine(guard)
    start = Point(POINT.dimensions, {**POINT.values, "z": {(): Fraction(-1)}})
    moved = Equations(program, (guard,)).repair(start, Random(0), Fuel(10_000))
    assert moved is start


def test_declared_conditions_are_kept() -> None:
    point, _ = repaired(Compare("=", sum_over(K, V), TWO), "integer", "nonzero")
    assert all(e.denominator == 1 and e for e in point.values["v"].values())
    assert sum(point.values["v"].values()) == 2
