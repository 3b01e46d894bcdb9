"""The verdict on one statement: prove it, attack it, and let neither win alone.

``proved`` comes from the exact normal form only, and is attacked by the refuter all the same; if
the refuter wins, the verdict is withdrawn.  A statement proved under conditions must hold at some
point that satisfies them, or it says nothing.
"""

from derive.integers import decide
from derive.prove.prover import Attempt, prove
from derive.refute.refuter import refute
from derive.terms.obligation import Obligation, Statement
from derive.terms.plain import proposition_text
from derive.verdict import Condition, Kind, Verdict

#: Points tried against a statement that is proved, and in search of a counterexample.
ATTACK_POINTS = 8
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
