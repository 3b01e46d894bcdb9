from fractions import Fraction

import pytest

from derive.refute.evaluate import Point
from derive.refute.instances import Instance
from derive.refute.minimise import minimise
from derive.refute.points import Space
from derive.refute.problem import Problem
from derive.refute.refuter import refute
from derive.refute.repair import Equations
from derive.refute.scope import Fuel
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import sum_over
from derive.terms.term import (
    TWO,
    ZERO,
    Argument,
    Bound,
    Call,
    Compare,
    Element,
    Fixed,
    ForAll,
    Free,
    Pow,
    Proposition,
    Term,
    mul,
)

P, Q, K = Free("i", "n"), Free("j", "n"), Free("k", "n")
V, X = Element("v", (K,)), Element("x")
LARGE = Point(
    {"n": 4},
    {
        "v": {(k,): Fraction(7 * k - 20, 3) for k in (1, 2, 3, 4)},
        "A": {(i, j): Fraction(i + j, 3) for i in (1, 2, 3, 4) for j in (1, 2, 3, 4)},
        "x": {(): Fraction(-17, 4)},
    },
    {"f": Instance("f", 4)},
)


def minimal(
    left: Term, operator: str, right: Term, *hypotheses: Proposition, words: str = ""
) -> Point:
    declarations = Declarations(
        variables={
            "v": Variable("v", ("n",)),
            "A": Variable("A", ("n", "n"), frozenset({words} if words else ())),
        },
        hypotheses=hypotheses,
    )
    problem = Problem(Obligation(operator, left, right, declarations), ())  # type: ignore[arg-type]
    space = Space(problem.program, problem.guards)
    names = {name: LARGE.values[name] for name in space.names}
    letters = {letter: LARGE.dimensions[letter] for letter in space.letters}
    start = Point(letters, names, {name: LARGE.instances[name] for name in space.functions})
    fuel = Fuel(1_000_000)
    failure = problem.judge(start, fuel).failure
    assert failure is not None
    equations = Equations(problem.program, problem.guards)
    found, failure = minimise(problem, space, equations, start, failure, fuel)
    assert problem.judge(found, fuel).failure == failure
    return found


@pytest.mark.parametrize(
    ("left", "operator", "right", "expected"),
    [
        (X, "=", TWO, 0),
        (Pow(X, TWO), "=", ZERO, 1),
        (X, ">=", ZERO, -1),
        (mul(TWO, X), ">", Element("x"), 0),
    ],
)
def test_scalars(left: Term, operator: str, right: Term, expected: int) -> None:
    assert minimal(left, operator, right).values["x"] == {(): expected}


def test_dimensions_and_components() -> None:
    point = minimal(sum_over(K, Pow(V, TWO)), "=", ZERO)
    assert (point.dimensions, point.values["v"]) == ({"n": 1}, {(1,): 1})


def test_any_index_may_go() -> None:
    """Only the last component of v is above 2, so cutting it off would lose the point."""
    point = minimal(V, "<", TWO)
    assert (point.dimensions, point.values["v"]) == ({"n": 1}, {(1,): 2})


def test_what_does_not_matter_in_a_long_variable_is_0() -> None:
    far, near = (Element("v", (Fixed(k, "n"),)) for k in (300, 299))
    found = refute(Obligation("=", far, near, Declarations(variables={"v": Variable("v", ("n",))})))
    assert found.counterexample is not None
    assert found.counterexample.dimensions == (("n", 300),)
    entries = dict(found.counterexample.assignment)
    assert {name: entry for name, entry in entries.items() if entry != "0"} == {"v[300]": "1"}


def test_symmetric_matrices_stay_symmetric() -> None:
    point = minimal(Element("A", (P, Q)), "=", Element("A", (P, P)), words="symmetric")
    assert point.dimensions == {"n": 2}
    assert point.values["A"][1, 2] == point.values["A"][2, 1]


def test_hypotheses_are_kept() -> None:
    every = ForAll("n", Compare(">", Element("v", (Bound(0),)), mul(TWO, X)))
    point = minimal(X, ">", ZERO, every, Compare("!=", X, ZERO))
    assert point.values["x"][()] == -1
    assert all(entry > -2 for entry in point.values["v"].values())


def test_the_simplest_function() -> None:
    call = Call("f", (), (Argument((), X),))
    point = minimal(call, "=", ZERO)
    assert point.instances["f"].variant in (0, 1, 2)
