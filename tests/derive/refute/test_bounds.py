from fractions import Fraction

import pytest

from derive.refute.bounds import Bounds
from derive.refute.readable import READABLE
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    And,
    Bound,
    Compare,
    Element,
    ForAll,
    Free,
    Not,
    Or,
    Proposition,
    add,
    number,
)

X = Element("x")


def drawn(name: str, *propositions: Proposition, everywhere: bool = True) -> list[Fraction]:
    return list(Bounds(propositions, everywhere).draw(name, READABLE))


@pytest.mark.parametrize(
    ("proposition", "holds"),
    [
        (Compare(">", X, ZERO), lambda x: x > 0),
        (Compare("<", ZERO, X), lambda x: x > 0),
        (And((Compare("<", ZERO, X), Compare("<", X, ONE))), lambda x: 0 < x < 1),
        (Not(Compare("<=", X, TWO)), lambda x: x > 2),
        (Not(Compare("=", X, ZERO)), lambda x: x != 0),
        (Compare(">=", X, number(100)), lambda x: x >= 100),
        (Compare("=", X, add(ONE, TWO)), lambda x: x == 3),
        (
            And((Compare(">", X, number(Fraction(99, 100))), Compare("<", X, ONE))),
            lambda x: Fraction(99, 100) < x < 1,
        ),
    ],
)
def test_numbers_are_drawn_inside(proposition: Proposition, holds: object) -> None:
    numbers = drawn("x", proposition)
    assert all(map(holds, numbers))  # type: ignore[arg-type]
    assert len(numbers) == len(READABLE)


def test_what_is_inside_stays() -> None:
    assert drawn("x", Compare(">", X, ZERO))[1] == READABLE[1] == 1


@pytest.mark.parametrize(
    "proposition",
    [
        Or((Compare(">", X, ZERO), Compare("<", X, ONE))),
        Not(And((Compare(">", X, ZERO),))),
        Compare(">", X, Element("y")),
        Compare(">", add(X, ONE), ZERO),
        And((Compare(">", X, ONE), Compare("<", X, ONE))),
    ],
)
def test_what_gives_no_bound(proposition: Proposition) -> None:
    assert drawn("x", proposition) == list(READABLE)


def test_bounds_on_components() -> None:
    free = Compare(">", Element("v", (Free("i", "n"),)), ZERO)
    every = ForAll("n", Compare(">", Element("v", (Bound(0),)), ZERO))
    for everywhere in (True, False):
        assert all(number > 0 for number in drawn("v", every, everywhere=everywhere))
    assert all(number > 0 for number in drawn("v", free))
    assert drawn("v", free, everywhere=False) == list(READABLE)
