"""Typed terms go to SymPy and come back with the same meaning, claim by claim."""

from fractions import Fraction

import pytest
import sympy

import identities
from derive.claim import Claim
from derive.prove.prover import prove
from derive.sympy_export import NoSympyFormError, obligation_to_sympy, term_to_sympy
from derive.sympy_terms import (
    OperationCount,
    ShapeError,
    UnsupportedError,
    obligation_from_sympy,
)
from derive.terms.obligation import Obligation
from derive.terms.term import Apply, Bound, Element, InverseEntry, Number, Sum, Undefined, number


def _statement(claim: Claim) -> Obligation | None:
    try:
        statement = obligation_from_sympy(claim.identity, conditions=claim.conditions)
    except (ShapeError, UnsupportedError):
        return None
    return statement if isinstance(statement, Obligation) else None


RELATIONS = [
    claim
    for claim in identities.ALL
    if _statement(claim) is not None and not claim.identity.has(OperationCount)
]


@pytest.mark.parametrize("claim", RELATIONS, ids=lambda claim: claim.name)
def test_the_way_to_sympy_and_back_keeps_the_meaning(claim: Claim) -> None:
    there = _statement(claim)
    assert there is not None
    back = obligation_from_sympy(obligation_to_sympy(there), conditions=claim.conditions)
    assert isinstance(back, Obligation)
    assert back.operator == there.operator
    for before, after in ((there.left, back.left), (there.right, back.right)):
        same = Obligation("=", before, after, there.declarations)
        assert before == after or prove(same).outcome == "proved"


def test_fractions_stay_exact() -> None:
    assert term_to_sympy(Number(Fraction(1, 3))) == sympy.Rational(1, 3)


def test_sums_do_not_capture_each_other() -> None:
    inner = Sum("n", Element("A", (Bound(1), Bound(0))))
    written = term_to_sympy(Sum("n", inner))
    letters = {limit[0] for s in written.atoms(sympy.Sum) for limit in s.limits}
    assert len(letters) == 2


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (Undefined(), "Undefined has no form in SymPy"),
        (Apply("erf'", (number(1),)), "erf'"),
        (Element("x", (Bound(0),)), "a bound index outside of its sum"),
        (InverseEntry("A", Bound(0), Bound(1)), "InverseEntry has no form in SymPy"),
    ],
)
def test_what_sympy_cannot_say_is_refused_in_words(term: object, words: str) -> None:
    with pytest.raises((NoSympyFormError, KeyError), match=words):
        term_to_sympy(term)  # type: ignore[arg-type]
