from fractions import Fraction

import pytest

from derive.refute.evaluate import Point, root_scope
from derive.refute.program import Program
from derive.refute.ring import Dual, ExhaustedError, slope
from derive.refute.scope import Fuel, Scope
from derive.terms.declarations import Declarations, Variable
from derive.terms.structure import Definition, sum_over
from derive.terms.term import Element, Free, add, mul

P, K = Free("i", "n"), Free("k", "n")
V, W = Element("v", (K,)), Element("w", (K,))
DECLARATIONS = Declarations(
    variables={name: Variable(name, ("n",)) for name in ("v", "w")},
    definitions={
        "a": Definition("a", (), sum_over(K, mul(V, V))),
        "b": Definition("b", (), add(Element("a"), sum_over(K, W))),
    },
)


def scope_of(*names: str, fuel: int = 100) -> Scope:
    program = Program(DECLARATIONS)
    for name in names:
        program.routine(Element(name))
    numbers = {(1,): Fraction(2), (2,): Fraction(3)}
    return root_scope(program, Point({"n": 2}, {"v": numbers, "w": numbers}), Fuel(fuel))


def test_what_cannot_depend_is_shared_with_the_parent() -> None:
    root = scope_of("b")
    inner = root.child("w")
    assert inner["a"] is root["a"]
    assert inner["v"] is root["v"]
    assert inner["b"] is not root["b"]
    assert slope(inner["b"][()], inner.tag, (1,)) == 1


def test_one_scope_for_each_perturbation() -> None:
    root = scope_of("b")
    assert root.child("v") is root.child("v")
    assert root.child("v", (1,)) is not root.child("v")
    assert root.child("v").child("v").tag == 2


def test_all_components_or_one() -> None:
    root = scope_of("b")
    every, only = root.child("v"), root.child("v", (2,))
    assert isinstance(every["v"][1,], Dual)
    assert not isinstance(only["v"][1,], Dual)
    assert [slope(every["a"][()], 1, (k,)) for k in (1, 2)] == [4, 6]
    assert [slope(only["a"][()], 1, (k,)) for k in (1, 2)] == [0, 6]


def test_a_defined_variable_has_its_own_value_as_base() -> None:
    inner = scope_of("b").child("a")
    base = inner["a"][()]
    assert isinstance(base, Dual)
    assert base.value == 13


def test_fuel_runs_out() -> None:
    scope = scope_of("b", fuel=3)
    with pytest.raises(ExhaustedError):
        scope["b"][()]
