"""The verdict on SymPy relations and on claims: their typed statement is judged.

Apart from ``judge``, because documents are judged without SymPy, whose import takes a while.
"""

from collections.abc import Mapping
from dataclasses import replace

import sympy

from derive.certificate import Certificate, certificate_of
from derive.claim import Claim
from derive.judge import SEED, judge
from derive.sympy_terms import ShapeError, UnsupportedError, obligation_from_sympy
from derive.verdict import Condition, Kind, Verdict


def judge_sympy(
    identity: sympy.Basic,
    *,
    conditions: Mapping[str, tuple[str, ...]] | None = None,
    hypotheses: tuple[sympy.Basic, ...] = (),
    seed: int = SEED,
) -> Verdict:
    """The verdict on a SymPy relation or proposition; shapes are checked before any algebra.

    ``conditions`` gives condition words by the name of a variable (``{"y": ("one-hot",)}``),
    ``hypotheses`` what else may be used (``Ne(x, 0)``).
    """
    try:
        statement = obligation_from_sympy(identity, conditions=conditions, hypotheses=hypotheses)
    except ShapeError as error:
        return Verdict(
            Kind.ILL_TYPED, "shapes", reason=str(error), shapes=(error.left, error.right)
        )
    except UnsupportedError as error:
        return Verdict(Kind.MALFORMED, "reading", reason=str(error))
    return judge(statement, seed=seed)


def certificate_of_claim(
    claim: Claim, verdict: Verdict, identity: sympy.Basic
) -> Certificate | None:
    """The certificate of a verdict that ``judge_readings`` gave; None without a proof."""
    if not verdict.holds or verdict.proof is None:
        return None
    statement = obligation_from_sympy(
        identity, conditions=claim.conditions, hypotheses=claim.hypotheses
    )
    return certificate_of(statement, verdict)


def judge_claim(claim: Claim, *, seed: int = SEED) -> Verdict:
    """The verdict on a claim: as it stands, or conditional on the first reading that holds."""
    return judge_readings(claim, seed=seed)[0]


def judge_readings(claim: Claim, *, seed: int = SEED) -> tuple[Verdict, sympy.Basic]:
    """The verdict on a claim, and the identity that it is about: its own, or that of a reading."""
    verdict = judge_sympy(
        claim.identity, conditions=claim.conditions, hypotheses=claim.hypotheses, seed=seed
    )
    if verdict.holds or verdict.withdrawn:
        return verdict, claim.identity
    for reading in claim.readings:
        other = judge_sympy(
            reading.identity, conditions=claim.conditions, hypotheses=claim.hypotheses, seed=seed
        )
        if other.holds:
            conditional = replace(
                other,
                kind=Kind.CONDITIONAL,
                conditions=(Condition(reading.words), *other.conditions),
                reason=f"as it stands it is {verdict.kind}: {_why(verdict)}",
            )
            return conditional, reading.identity
    return verdict, claim.identity


def _why(verdict: Verdict) -> str:
    if verdict.counterexample is not None:
        point = verdict.counterexample
        return f"the left side is {point.left}, the right side is {point.right}"
    return verdict.reason
