"""The verdict on one statement: prove it, attack it, and let neither win alone.

``proved`` comes from the exact normal form only, and is attacked by the refuter all the same; if
the refuter wins, the verdict is withdrawn.  A statement proved under conditions must hold at some
point that satisfies them, or it says nothing.
"""

from collections.abc import Mapping
from dataclasses import replace

import sympy

from derive.claim import Claim
from derive.integers import decide
from derive.prove.prover import Attempt, prove
from derive.refute.refuter import refute
from derive.sympy_terms import ShapeError, UnsupportedError, obligation_from_sympy
from derive.terms.obligation import Obligation, Statement
from derive.report.plain_terms import proposition_text
from derive.verdict import Condition, Kind, Verdict

#: Points tried against a statement that is proved, and in search of a counterexample.
ATTACK_POINTS = 12
SEARCH_POINTS = 400

#: The seed of all random points, printed in every report.
SEED = 20211115


def judge(statement: Obligation | Statement, *, seed: int = SEED) -> Verdict:
    """The verdict on a typed statement (design: section 4), with what it must carry."""
    if isinstance(statement, Statement):
        return decide(statement)
    attempt = prove(statement)
    if attempt.outcome == "proved":
        return _attacked(statement, attempt, seed)
    search = refute(statement, seed=seed, budget=SEARCH_POINTS)
    if search.counterexample is not None:
        return Verdict(
            Kind.REFUTED,
            "exact counterexample",
            reason=attempt.reason,
            counterexample=search.counterexample,
            residual=attempt.residual,
        )
    return Verdict(
        Kind.UNKNOWN,
        "normal form and search",
        reason=(
            f"{attempt.reason}; no counterexample at {search.tried} points "
            f"({search.agreeing} agree, {search.undefined} without a value)"
        ),
        residual=attempt.residual,
    )


def _attacked(statement: Obligation, attempt: Attempt, seed: int) -> Verdict:
    conditions = tuple(Condition(proposition_text(c), c) for c in attempt.conditions)
    hypotheses = statement.declarations.hypotheses
    search = refute(statement, conditions=attempt.conditions, seed=seed, budget=ATTACK_POINTS)
    if search.counterexample is not None:
        return Verdict(
            Kind.UNKNOWN,
            "normal form",
            reason="withdrawn: the refuter contradicts the proof; this is a bug of derive",
            counterexample=search.counterexample,
            proof=attempt.proof,
            conditions=conditions,
            withdrawn=True,
        )
    assumed = (*(c.words for c in conditions), *map(proposition_text, hypotheses))
    if assumed and not search.agreeing:
        words = "; ".join(assumed)
        return Verdict(
            Kind.UNKNOWN,
            "normal form",
            reason=f"it would follow from {words}, but no point was found where that holds",
            proof=attempt.proof,
            conditions=conditions,
        )
    kind = Kind.CONDITIONAL if conditions else Kind.PROVED
    return Verdict(kind, "normal form", conditions=conditions, proof=attempt.proof)


def judge_sympy(
    identity: sympy.Basic,
    *,
    conditions: Mapping[str, tuple[str, ...]] | None = None,
    hypotheses: tuple[sympy.Basic, ...] = (),
    seed: int = SEED,
) -> Verdict:
    """The verdict on a SymPy relation or proposition; shapes are checked before any algebra."""
    try:
        statement = obligation_from_sympy(identity, conditions=conditions, hypotheses=hypotheses)
    except ShapeError as error:
        return Verdict(
            Kind.ILL_TYPED, "shapes", reason=str(error), shapes=(error.left, error.right)
        )
    except UnsupportedError as error:
        return Verdict(Kind.MALFORMED, "reading", reason=str(error))
    return judge(statement, seed=seed)


def judge_claim(claim: Claim, *, seed: int = SEED) -> Verdict:
    """The verdict on a claim: as it stands, or conditional on the first reading that holds."""
    verdict = judge_sympy(
        claim.identity, conditions=claim.conditions, hypotheses=claim.hypotheses, seed=seed
    )
    if verdict.holds or verdict.withdrawn:
        return verdict
    for reading in claim.readings:
        other = judge_sympy(
            reading.identity, conditions=claim.conditions, hypotheses=claim.hypotheses, seed=seed
        )
        if other.holds:
            return replace(
                other,
                kind=Kind.CONDITIONAL,
                conditions=(Condition(reading.words), *other.conditions),
                reason=f"as it stands it is {verdict.kind}: {_why(verdict)}",
            )
    return verdict


def _why(verdict: Verdict) -> str:
    if verdict.counterexample is not None:
        point = verdict.counterexample
        return f"the left side is {point.left}, the right side is {point.right}"
    return verdict.reason
