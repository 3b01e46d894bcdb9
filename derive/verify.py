"""The whole of ``derive verify``: judge every claim, ask SymPy, ask the networks, compare.

The engine gets a claim's identity and what it may rest on; what the catalogue expects is looked
at here only, after the verdict.  Cross-checks and second opinions are made in a second process.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import sympy
from sympy.core.relational import Relational

from derive.claim import Claim
from derive.judge import SEED
from derive.judge_sympy import judge_readings
from derive.numeric.crosscheck import TOLERANCE, CrossCheck, cross_check
from derive.second_opinion import Opinion, opinion
from derive.verdict import Kind, Verdict
from derive.verify_text import TextFindings, TextReader
from derive.worker import Silence, Worker

#: What is told while the claims are judged: how many are done, of how many, the present claim.
Progress = Callable[[int, int, Claim], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that was found about one claim.

    ``milliseconds`` is processor time; ``failure`` says why a cross-check that the claim asks for
    could not be made; ``text`` is what reading the homework gave, for all claims of the run.
    """

    claim: Claim
    verdict: Verdict
    milliseconds: float
    cross_check: CrossCheck | None = None
    opinion: Opinion | None = None
    failure: str = ""
    text: TextFindings = field(default_factory=TextFindings)

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
        """Whether the network agrees with what holds, and contradicts what is refuted.

        Of an inequality only the left side is compared, and that has to agree in any case.
        """
        if self.cross_check is None:
            return True
        equation = isinstance(self.claim.identity, Relational) and (
            self.claim.identity.rel_op == "=="
        )
        return self.cross_check.agrees == (self.verdict.holds or not equation)

    @property
    def contradicted(self) -> bool:
        """Whether SymPy finds a difference in what was proved.

        A conditional claim may fail where its conditions do not hold; not at all points, though.
        """
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
            found.append(
                f"expected {_expected_words(self.claim)}, found {_found_words(self.verdict)}"
            )
        if self.contradicted:
            found.append("SymPy contradicts the verdict")
        if self.cross_check is not None and not self.cross_check_passed:
            relation = "agrees with" if self.cross_check.agrees else "differs from"
            found.append(
                f"the network {relation} the claim (error {self.cross_check.largest_error:.1e}, "
                f"tolerance {TOLERANCE:.0e})"
            )
        if self.failure:
            found.append(f"the cross-check could not be made: {self.failure}")
        misread = self.text.problem(self.claim)
        if misread:
            found.append(misread)
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Question:
    """What the second process is asked of the claim at a place of the list."""

    about: Literal["network", "SymPy"]
    place: int
    reading: int | None
    off_kinks: bool


class _Answers:
    """Answers the questions on a list of claims; pickled by their names in the catalogue."""

    def __init__(self, claims: Sequence[Claim], seed: int) -> None:
        self.claims = claims
        self.seed = seed

    def __call__(self, question: _Question) -> CrossCheck | Opinion | None:
        claim = self.claims[question.place]
        identity = _identity(claim, question.reading)
        if question.about == "network":
            return cross_check(claim, identity, seed=self.seed, off_kinks=question.off_kinks)
        return opinion(identity, claim.conditions, claim.hypotheses, self.seed)

    def __reduce__(self) -> tuple[Callable[..., "_Answers"], tuple[tuple[str, ...], int]]:
        return _answers_by_name, (tuple(claim.name for claim in self.claims), self.seed)


def _answers_by_name(names: tuple[str, ...], seed: int) -> _Answers:
    from identities import find

    return _Answers([find(name) for name in names], seed)


def verify_claims(
    claims: Sequence[Claim],
    *,
    seed: int = SEED,
    progress: Progress | None = None,
    read_text: bool = True,
) -> list[Outcome]:
    """Judge the claims in order; networks and SymPy are asked in a second process meanwhile.

    With ``read_text`` the homework is read too, as far as it states any of the claims.
    """
    reader = TextReader(claims if read_text else (), seed)
    worker: Worker[_Question, CrossCheck | Opinion | None] = Worker(_Answers(claims, seed))
    judged: list[tuple[Claim, Verdict, float]] = []
    asked: list[_Question] = []
    try:
        for place, claim in enumerate(claims):
            if progress is not None:
                progress(place, len(claims), claim)
            start = time.process_time()
            verdict, identity = judge_readings(claim, seed=seed)
            judged.append((claim, verdict, (time.process_time() - start) * 1e3))
            for question in _questions(place, claim, verdict, identity):
                asked.append(question)
                worker.ask(question)
    finally:
        answers = worker.answers()
        text = reader.findings()
    replies = {
        (question.place, question.about): answer
        for question, answer in zip(asked, answers, strict=True)
    }
    return [
        _outcome(judgement, replies.get((place, "network")), replies.get((place, "SymPy")), text)
        for place, judgement in enumerate(judged)
    ]


def _questions(
    place: int, claim: Claim, verdict: Verdict, identity: sympy.Basic
) -> list[_Question]:
    """The cross-check, where the claim names a quantity, and SymPy's opinion."""
    if not verdict.holds and verdict.kind is not Kind.REFUTED:
        return []
    readings = [reading.identity for reading in claim.readings]
    reading = None if identity is claim.identity else readings.index(identity)
    off_kinks = any(condition.proposition is not None for condition in verdict.conditions)
    found = [_Question("SymPy", place, reading, off_kinks)]
    if claim.quantity is not None:
        found.insert(0, _Question("network", place, reading, off_kinks))
    return found


def _identity(claim: Claim, reading: int | None) -> sympy.Basic:
    return claim.identity if reading is None else claim.readings[reading].identity


def _outcome(
    judgement: tuple[Claim, Verdict, float],
    network: CrossCheck | Opinion | Silence | None,
    second: CrossCheck | Opinion | Silence | None,
    text: TextFindings,
) -> Outcome:
    claim, verdict, milliseconds = judgement
    return Outcome(
        claim,
        verdict,
        milliseconds,
        network if isinstance(network, CrossCheck) else None,
        Opinion("none", reason=second.reason) if isinstance(second, Silence) else _opinion(second),
        network.reason if isinstance(network, Silence) else "",
        text,
    )


def _opinion(found: CrossCheck | Opinion | None) -> Opinion | None:
    return found if isinstance(found, Opinion) else None


def _expected_words(claim: Claim) -> str:
    if claim.expected_conditions:
        return f"{claim.expected} ({'; '.join(claim.expected_conditions)})"
    return str(claim.expected)


def _found_words(verdict: Verdict) -> str:
    if verdict.conditions:
        return f"{verdict.kind} ({'; '.join(c.words for c in verdict.conditions)})"
    return str(verdict.kind)
