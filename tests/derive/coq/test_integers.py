"""Statements about integers: over the reals as they stand, decided over Z."""

import pytest

from derive.coq.integers import integer_theorem
from derive.coq.printing import NotExportableError
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Statement
from derive.terms.term import (
    ONE,
    TWO,
    And,
    Compare,
    Element,
    Not,
    Or,
    Proposition,
    apply,
    div,
    mul,
    number,
    sub,
)

K, S = Element("k"), Element("s")
POSITIVE = frozenset({"integer", "positive"})
DECLARED = Declarations(variables={name: Variable(name, (), POSITIVE) for name in ("k", "s")})
SIZE = Compare("=", div(sub(number(64), K), S), number(5))


def theorem(proposition: Proposition, declared: Declarations = DECLARED) -> str:
    text, _ = integer_theorem(Statement(proposition, declared))
    return " ".join(text.split())


def test_a_relation_is_written_over_the_reals() -> None:
    assert theorem(SIZE) == (
        "forall k s : Z, (0 < k)%Z -> (0 < s)%Z -> (64 - (IZR k)) / (IZR s) = 5"
    )


def test_an_implication_is_written_with_or() -> None:
    given = And((Compare("=", S, ONE), Compare("=", K, number(59))))
    assert theorem(Or((Not(given), SIZE))).endswith(
        "(~ (((IZR s) = 1) /\\ ((IZR k) = 59))) \\/ ((64 - (IZR k)) / (IZR s) = 5)"
    )


def test_a_relation_is_equivalent_to_one_over_z_times_its_divisor() -> None:
    _, script = integer_theorem(Statement(SIZE, DECLARED))
    assert (
        "assert (Q0 : ((64 - (IZR k)) / (IZR s) = 5) <-> ((64) + (-1) * k + (-5) * s = 0)%Z)."
        in (script)
    )


def test_a_floor_is_bounded() -> None:
    floor = Compare("=", apply("floor", div(K, TWO)), number(3))
    _, script = integer_theorem(Statement(floor, DECLARED))
    assert any("<-> (((3) * ((2)) <= (1) * k < ((3) + 1) * ((2))))%Z" in line for line in script)


@pytest.mark.parametrize(
    ("proposition", "words"),
    [
        (Compare("=", Element("x"), ONE), "x, which is no integer"),
        (Compare("=", div(ONE, sub(K, S)), ONE), "a term about integers of this form"),
        (Compare("=", apply("exp", K), ONE), "a term about integers of this form"),
        (
            Compare("=", mul(TWO, apply("floor", div(K, TWO))), ONE),
            "a relation with a floor of this form",
        ),
    ],
)
def test_what_is_no_statement_about_integers_is_told(proposition: Proposition, words: str) -> None:
    with pytest.raises(NotExportableError, match=words):
        theorem(proposition)
