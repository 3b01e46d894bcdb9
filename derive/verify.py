"""The whole of ``derive verify``: judge every claim, ask SymPy, ask the networks, compare.

The engine gets a claim's identity and what it may rest on; what the catalogue expects is looked
at here only, after the verdict.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from derive.claim import Claim
from derive.judge import SEED, judge_claim
from derive.numeric.crosscheck import TOLERANCE, CrossCheck, cross_check
from derive.second_opinion import Opinion, Opinions, Question
from derive.verdict import Kind, Verdict

Progress = Callable[[int, int, Claim], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that was found about one claim."""

    claim: Claim
    verdict: Verdict
    milliseconds: float
    cross_check: CrossCheck | None
    opinion: Opinion | None

    @property
    def as_expected(self) -> bool:
        """Whether kind and conditions are what a person who checked by hand expects."""
        found = tuple(condition.words for condition in self.verdict.conditions)
        return self.verdict.kind == self.claim.expected and (
            self.verdict.kind is not Kind.CONDITIONAL
            or sorted(found) == sorted(self.claim.expected_conditions)
        )

    @property
    def cross_check_passed(self) -> bool:
        """Whether the network agrees with a claim that holds, and contradicts a refuted one."""
        if self.cross_check is None:
            return True
        return self.cross_check.agrees == self.verdict.holds

    @property
    def contradicted(self) -> bool:
        """Whether SymPy finds a difference in what was proved without conditions."""
        return (
            self.opinion is not None
            and self.opinion.answer == "fails"
            and self.verdict.holds
            and (self.verdict.kind is Kind.PROVED or self.opinion.failing == self.opinion.entries)
        )

    @property
    def problems(self) -> tuple[str, ...]:
        """Why this claim makes the run fail; empty if it does not."""
        found = []
        if self.verdict.withdrawn:
            found.append("the refuter contradicts the proof")
        if not self.as_expected:
            found.append(f"expected {_expected_words(self.claim)}, found {_found_words(self.verdict)}")
        if self.contradicted:
            found.append("SymPy contradicts the verdict")
        if not self.cross_check_passed:
            assert self.cross_check is not None
            relation = "differs from" if self.verdict.holds else "agrees with"
            found.append(
                f"the network {relation} the claim (error {self.cross_check.largest_error:.1e}, "
                f"tolerance {TOLERANCE:.0e})"
            )
        return tuple(found)


def verify_claims(
    claims: Sequence[Claim], *, seed: int = SEED, progress: Progress | None = None
) -> list[Outcome]:
    """Judge the claims in order; SymPy answers in a worker process meanwhile."""
    questions: list[Question] = [(c.identity, c.conditions, c.hypotheses) for c in claims]
    opinions = Opinions(questions, seed)
    judged = []
    for number, claim in enumerate(claims):
        if progress is not None:
            progress(number, len(claims), claim)
        start = time.perf_counter()
        verdict = judge_claim(claim, seed=seed)
        judged.append((claim, verdict, (time.perf_counter() - start) * 1e3))
    checked = [
        cross_check(claim, seed=seed, off_kink=bool(verdict.conditions))
        if verdict.holds or verdict.kind is Kind.REFUTED
        else None
        for claim, verdict, _ in judged
    ]
    return [
        Outcome(claim, verdict, milliseconds, check, answer)
        for (claim, verdict, milliseconds), check, answer in zip(
            judged, checked, opinions.answers(), strict=True
        )
    ]


def _expected_words(claim: Claim) -> str:
    if claim.expected_conditions:
        return f"{claim.expected} ({'; '.join(claim.expected_conditions)})"
    return str(claim.expected)


def _found_words(verdict: Verdict) -> str:
    if verdict.conditions:
        return f"{verdict.kind} ({'; '.join(c.words for c in verdict.conditions)})"
    return str(verdict.kind)
