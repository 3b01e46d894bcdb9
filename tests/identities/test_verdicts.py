"""Every claim of the catalogue gets the verdict that a person expects, and nothing contradicts it.

The text of the homework is compared with the claims elsewhere.
"""

import pytest

from derive.claim import Claim
from derive.numeric.crosscheck import TOLERANCE
from derive.verdict import Kind
from derive.verify import Outcome, verify_claims
from identities import ALL


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    found = verify_claims(ALL, read_text=False)
    return {outcome.claim.name: outcome for outcome in found}


@pytest.mark.parametrize("claim", ALL, ids=[claim.name for claim in ALL])
def test_verdict(claim: Claim, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[claim.name]
    verdict = outcome.verdict
    assert outcome.problems == ()
    match verdict.kind:
        case Kind.PROVED | Kind.CONDITIONAL:
            assert verdict.proof is not None
            assert verdict.proof.cases
            assert bool(verdict.conditions) == (verdict.kind is Kind.CONDITIONAL)
            assert all(condition.words for condition in verdict.conditions)
        case Kind.REFUTED:
            point = verdict.counterexample
            assert point is not None
            assert point.left != point.right
            assert all(1 <= size <= 4 for _, size in point.dimensions)
        case Kind.ILL_TYPED | Kind.MALFORMED:
            assert verdict.reason
    if claim.quantity is not None and verdict.kind in (
        Kind.PROVED,
        Kind.CONDITIONAL,
        Kind.REFUTED,
    ):
        assert outcome.cross_check is not None
        assert outcome.cross_check.points > 0
        assert verdict.holds == (outcome.cross_check.largest_error <= TOLERANCE) or (
            claim.identity.rel_op != "=="  # type: ignore[attr-defined]
        )


def test_counts(outcomes: dict[str, Outcome]) -> None:
    kinds = [outcome.verdict.kind for outcome in outcomes.values()]
    assert Kind.UNKNOWN not in kinds
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        Kind.PROVED: 136,
        Kind.CONDITIONAL: 27,
        Kind.REFUTED: 27,
        Kind.ILL_TYPED: 12,
        Kind.MALFORMED: 1,
    }


def test_sympy_has_an_opinion_on_most(outcomes: dict[str, Outcome]) -> None:
    answers = [o.opinion.answer for o in outcomes.values() if o.opinion is not None]
    assert answers.count("holds") + answers.count("fails") >= 140
