"""The run as a whole: what makes it fail, and what it is told on the way."""

import multiprocessing
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy

from derive import verify
from derive.claim import Array, Claim, Reading
from derive.judge import SEED
from derive.limits import Limits
from derive.numeric.crosscheck import CrossCheck
from derive.second_opinion import Opinion
from derive.verdict import Condition, Kind, Verdict
from derive.verify import Outcome, verify_claims

x = sympy.Symbol("x", real=True)
Given = Mapping[str, Array]


def eq(left: sympy.Expr | int, right: sympy.Expr | int) -> sympy.Basic:
    return sympy.Eq(left, right, evaluate=False)


QUOTIENT = (sympy.exp(2 * x) - 1) / (sympy.exp(2 * x) + 1)
RIGHT = eq(sympy.tanh(x), QUOTIENT)
WRONG = eq(sympy.tanh(x), -QUOTIENT)
ILL = eq(sympy.Symbol("f"), sympy.besselj(0, x))


def network(given: Given) -> Any:
    return np.tanh(given["x"])


def claim(identity: sympy.Basic, **other: Any) -> Claim:
    return Claim("a_claim", "A title.", "1a", identity, "", **other)


def outcome(made: Claim) -> Outcome:
    (found,) = verify_claims([made])
    return found


def test_a_right_claim_has_no_problems() -> None:
    found = outcome(claim(RIGHT, quantity=network))
    assert found.problems == ()
    assert found.verdict.kind is Kind.PROVED
    assert found.cross_check is not None
    assert found.cross_check.agrees
    assert found.opinion is not None
    assert found.opinion.answer == "holds"
    assert found.milliseconds > 0


def test_a_wrong_claim_is_as_expected_where_that_is_expected() -> None:
    found = outcome(claim(WRONG, expected=Kind.REFUTED, quantity=network))
    assert found.problems == ()
    assert found.cross_check is not None
    assert not found.cross_check.agrees
    assert found.opinion is not None
    assert found.opinion.answer == "fails"


def test_a_verdict_that_is_not_expected_is_a_problem() -> None:
    assert outcome(claim(WRONG)).problems == ("expected proved, found refuted",)
    kink = eq(sympy.Derivative(sympy.Abs(x), x), sympy.sign(x))
    assert outcome(claim(kink)).problems == ("expected proved, found conditional (x != 0)",)
    other = claim(kink, expected=Kind.CONDITIONAL, expected_conditions=("x > 0",))
    assert outcome(other).problems == ("expected conditional (x > 0), found conditional (x != 0)",)
    good = claim(kink, expected=Kind.CONDITIONAL, expected_conditions=("x != 0",))
    assert outcome(good).problems == ()


def test_a_network_against_the_verdict_is_a_problem() -> None:
    (problem,) = outcome(claim(RIGHT, quantity=lambda given: 2 * network(given))).problems
    assert problem.startswith("the network differs from the claim (error ")
    assert problem.endswith(", tolerance 1e-09)")
    agreeing = claim(WRONG, expected=Kind.REFUTED, quantity=lambda given: -network(given))
    (problem,) = outcome(agreeing).problems
    assert problem.startswith("the network agrees with the claim")


def test_of_a_refuted_inequality_the_left_side_agrees() -> None:
    below = sympy.Lt(sympy.tanh(x), 0, evaluate=False)
    found = outcome(claim(below, expected=Kind.REFUTED, quantity=network))
    assert found.problems == ()
    assert found.cross_check is not None
    assert found.cross_check.agrees


def test_a_cross_check_that_can_not_be_made_is_a_problem() -> None:
    (problem,) = outcome(claim(RIGHT, quantity=lambda given: np.zeros(3))).problems
    assert problem == (
        "the cross-check could not be made: ValueError: claim a_claim: its quantity has shape "
        "(3,), the claim's entries ()"
    )


def test_the_reading_that_holds_is_what_is_checked() -> None:
    made = claim(
        WRONG,
        readings=(Reading("the other sign", RIGHT),),
        expected=Kind.CONDITIONAL,
        expected_conditions=("the other sign",),
        quantity=network,
    )
    found = outcome(made)
    assert found.problems == ()
    assert found.opinion is not None
    assert found.opinion.answer == "holds"


def test_what_has_no_meaning_is_not_asked_about() -> None:
    found = outcome(claim(ILL, expected=Kind.MALFORMED, quantity=network))
    assert (found.cross_check, found.opinion, found.problems) == (None, None, ())


@pytest.mark.parametrize(
    ("verdict", "opinion", "contradicted"),
    [
        (Kind.PROVED, Opinion("fails", 2, 1), True),
        (Kind.PROVED, Opinion("holds", 2), False),
        (Kind.PROVED, Opinion("none", reason="too large"), False),
        (Kind.CONDITIONAL, Opinion("fails", 2, 1), False),
        (Kind.CONDITIONAL, Opinion("fails", 2, 2), True),
        (Kind.REFUTED, Opinion("fails", 2, 2), False),
        (Kind.REFUTED, Opinion("holds", 2), False),
    ],
)
def test_sympy_against_a_proof_is_a_problem(
    verdict: Kind, opinion: Opinion, contradicted: bool
) -> None:
    conditions = (Condition("c"),) if verdict is Kind.CONDITIONAL else ()
    made = claim(RIGHT, expected=verdict, expected_conditions=("c",) * len(conditions))
    found = Outcome(made, Verdict(verdict, "", conditions=conditions), 1.0, opinion=opinion)
    assert found.contradicted is contradicted
    assert found.problems == (("SymPy contradicts the verdict",) if contradicted else ())


def test_a_withdrawn_proof_is_a_problem() -> None:
    found = Outcome(claim(RIGHT), Verdict(Kind.UNKNOWN, "", withdrawn=True), 1.0)
    assert found.problems == (
        "the refuter contradicts the proof",
        "expected proved, found unknown",
    )


def test_progress_is_told_before_each_claim() -> None:
    told: list[tuple[int, int, str]] = []
    claims = [replace(claim(RIGHT), name=name) for name in ("first", "second")]
    found = verify_claims(claims, progress=lambda n, of, made: told.append((n, of, made.name)))
    assert told == [(0, 2, "first"), (1, 2, "second")]
    assert [each.claim.name for each in found] == ["first", "second"]


def test_the_same_seed_gives_the_same_outcome() -> None:
    made = claim(WRONG, expected=Kind.REFUTED, quantity=network)
    first, second = (
        replace(verify_claims([made], seed=SEED)[0], milliseconds=0.0) for _ in range(2)
    )
    assert first == second
    assert isinstance(first.cross_check, CrossCheck)


def test_an_error_while_judging_leaves_no_process() -> None:
    def stop(done: int, total: int, made: Claim) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify_claims([claim(RIGHT)], progress=stop)
    assert multiprocessing.active_children() == []


def test_a_claim_that_oversteps_the_limits_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = verify.judge_readings

    def hang(made: Claim, *, seed: int) -> tuple[Verdict, sympy.Basic]:
        while made.name == "hanging":
            pass
        if made.name == "growing":
            bytearray(10**12)
        return judged(made, seed=seed)

    monkeypatch.setattr(verify, "judge_readings", hang)
    names = ("first", "hanging", "growing", "last")
    claims = [replace(claim(RIGHT, quantity=network), name=name) for name in names]
    found = verify_claims(claims, limits=Limits(seconds=0.5, megabytes=300))
    assert [outcome.verdict.kind for outcome in found] == [
        Kind.PROVED,
        Kind.UNKNOWN,
        Kind.UNKNOWN,
        Kind.PROVED,
    ]
    assert [found[place].verdict.reason for place in (1, 2)] == [
        "unknown (time): it took more than 0.5 s",
        "unknown (memory): it needed more than 300 MB of memory",
    ]
    assert found[1].problems == ("expected proved, found unknown",)
    assert found[3].problems == ()
    verdicts = verify.verdicts_on(claims, limits=Limits(seconds=0.5, megabytes=300))
    assert [str(verdict.kind) for verdict in verdicts.values()] == [
        "proved",
        "unknown",
        "unknown",
        "proved",
    ]
