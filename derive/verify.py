"""The whole of ``derive verify``: judge every claim, ask SymPy, ask the networks, compare.

The engine gets a claim's identity and what it may rest on; what the catalogue expects is looked
at here only, after the verdict.  Cross-checks and second opinions are made in a second process.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

import sympy
from sympy.core.relational import Relational

from derive.answering import Mark, Silence
from derive.certificate import Audit, Certificate, audit
from derive.claim import Claim
from derive.coq.answer import Answer, Rejected
from derive.judge import SEED
from derive.judge_sympy import certificate_of_claim, judge_readings
from derive.limits import Limits
from derive.numeric.crosscheck import TOLERANCE, CrossCheck, cross_check
from derive.second_opinion import Opinion, opinion
from derive.unanswered import unanswered
from derive.verdict import Kind, Verdict
from derive.verify_text import TextFindings, text_findings
from derive.worker import Workers, answers

DEFAULT_LIMITS = Limits()
#: SymPy's opinion decides nothing, so it gets little time.
SYMPY_LIMITS = Limits(seconds=3.0, megabytes=2048)

#: What is told while the claims are judged: how many are done, of how many, the present claim.
Progress = Callable[[int, int, Claim], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that was found about one claim.

    ``milliseconds`` is processor time; ``failure`` says why a cross-check that the claim asks for
    could not be made; ``text`` is what reading the homework gave, for all claims of the run.
    ``audit`` is what the kernel says of the ``certificate``, ``coq`` what Coq says of the exported
    proof; None where it was not asked.
    """

    claim: Claim
    verdict: Verdict
    milliseconds: float
    cross_check: CrossCheck | None = None
    opinion: Opinion | None = None
    failure: str = ""
    text: TextFindings = field(default_factory=TextFindings)
    certificate: Certificate | None = None
    audit: Audit | None = None
    coq: Answer | None = None

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
        if self.audit is not None and not self.audit.accepted:
            found.append(f"the kernel does not follow the proof: {self.audit.doubt}")
        if isinstance(self.coq, Rejected):
            found.append(f"Coq does not accept the exported proof: {self.coq.reason}")
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
    """What is asked of the claim at a place of the list: its verdict, or what else is found."""

    about: Literal["verdict", "network", "SymPy"]
    place: int
    reading: int | None = None
    off_kinks: bool = False


@dataclass(frozen=True, slots=True)
class _Judged:
    """The verdict on a claim, and the reading that it is about (None: as it stands)."""

    verdict: Verdict
    reading: int | None
    milliseconds: float
    certificate: Certificate | None = None
    audit: Audit | None = None


_Found: TypeAlias = _Judged | CrossCheck | Opinion | None


class _Answers:
    """Answers the questions on a list of claims; pickled by their names in the catalogue."""

    def __init__(self, claims: Sequence[Claim], seed: int, audited: bool = False) -> None:
        self.claims = claims
        self.seed = seed
        self.audited = audited

    def __call__(self, question: _Question, mark: Mark) -> _Found:
        claim = self.claims[question.place]
        if question.about == "verdict":
            return self._judged(claim, mark)
        identity = _identity(claim, question.reading)
        if question.about == "network":
            return cross_check(claim, identity, seed=self.seed, off_kinks=question.off_kinks)
        return opinion(identity, claim.conditions, claim.hypotheses, self.seed)

    def _judged(self, claim: Claim, mark: Mark) -> _Judged:
        start = time.process_time()
        verdict, identity = judge_readings(claim, seed=self.seed)
        readings = [reading.identity for reading in claim.readings]
        reading = None if identity is claim.identity else readings.index(identity)
        judged = _Judged(verdict, reading, (time.process_time() - start) * 1e3)
        if not self.audited:
            return judged
        certificate = certificate_of_claim(claim, verdict, identity)
        if certificate is None:
            return judged
        mark()
        return replace(judged, certificate=certificate, audit=audit(certificate))

    def __reduce__(self) -> tuple[Callable[..., "_Answers"], tuple[tuple[str, ...], int, bool]]:
        return _answers_by_name, (tuple(c.name for c in self.claims), self.seed, self.audited)


def _answers_by_name(names: tuple[str, ...], seed: int, audited: bool) -> _Answers:
    from identities import find

    return _Answers([find(name) for name in names], seed, audited)


def verify_claims(
    claims: Sequence[Claim],
    *,
    seed: int = SEED,
    progress: Progress | None = None,
    read_text: bool = True,
    audited: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> list[Outcome]:
    """Judge the claims, ask networks and SymPy; each question within its limits.

    A claim whose judging oversteps the ``limits`` is unknown.  With ``read_text`` the homework is
    read too, as far as it states any of the claims; ``audited`` lets the kernel re-check proofs.
    """
    found: dict[tuple[int, str], _Found | Silence] = {}
    line = _InOrder(claims, progress)
    with Workers(_Answers(claims, seed, audited), limits) as workers:
        asked = [_Question("verdict", place) for place in range(len(claims))]
        for question in asked:
            workers.ask(question)
        for number, answer in workers.finished():
            question = asked[number]
            found[question.place, question.about] = answer
            if question.about == "verdict":
                line.judged(question.place)
            if isinstance(answer, _Judged):
                for more in _questions(question.place, claims[question.place], answer):
                    asked.append(more)
                    workers.ask(more, SYMPY_LIMITS if more.about == "SymPy" else None)
    text = text_findings(claims if read_text else (), seed, limits)
    return [_outcome(place, claim, found, text) for place, claim in enumerate(claims)]


def verdicts_on(
    claims: Sequence[Claim], *, seed: int = SEED, limits: Limits = DEFAULT_LIMITS
) -> dict[str, Verdict]:
    """The verdicts alone, by the names of the claims."""
    questions = [_Question("verdict", place) for place in range(len(claims))]
    replies = answers(_Answers(claims, seed), questions, limits)
    return {
        claim.name: _judgement(reply).verdict for claim, reply in zip(claims, replies, strict=True)
    }


class _InOrder:
    """Tells of the claims in their order, whatever order they are judged in."""

    def __init__(self, claims: Sequence[Claim], progress: Progress | None) -> None:
        self._claims = claims
        self._progress = progress
        self._done: set[int] = set()
        self._next = 0
        self._tell()

    def judged(self, place: int) -> None:
        self._done.add(place)
        while self._next in self._done:
            self._next += 1
            self._tell()

    def _tell(self) -> None:
        if self._progress is not None and self._next < len(self._claims):
            self._progress(self._next, len(self._claims), self._claims[self._next])


def _questions(place: int, claim: Claim, judged: _Judged) -> list[_Question]:
    """The cross-check, where the claim names a quantity, and SymPy's opinion."""
    verdict = judged.verdict
    if not verdict.holds and verdict.kind is not Kind.REFUTED:
        return []
    off_kinks = any(condition.proposition is not None for condition in verdict.conditions)
    asked = [_Question("SymPy", place, judged.reading, off_kinks)]
    if claim.quantity is not None:
        asked.insert(0, _Question("network", place, judged.reading, off_kinks))
    return asked


def _identity(claim: Claim, reading: int | None) -> sympy.Basic:
    return claim.identity if reading is None else claim.readings[reading].identity


def _outcome(
    place: int,
    claim: Claim,
    found: Mapping[tuple[int, str], _Found | Silence],
    text: TextFindings,
) -> Outcome:
    judged = _judgement(found[place, "verdict"])
    network, second = found.get((place, "network")), found.get((place, "SymPy"))
    if isinstance(second, Silence):
        second = Opinion("none", reason=second.reason)
    return Outcome(
        claim,
        judged.verdict,
        judged.milliseconds,
        network if isinstance(network, CrossCheck) else None,
        second if isinstance(second, Opinion) else None,
        network.reason if isinstance(network, Silence) else "",
        text,
        judged.certificate,
        judged.audit,
    )


def _judgement(found: _Found | Silence) -> _Judged:
    if isinstance(found, Silence):
        return _Judged(unanswered(found), None, 0.0)
    assert isinstance(found, _Judged)
    return found


def _expected_words(claim: Claim) -> str:
    if claim.expected_conditions:
        return f"{claim.expected} ({'; '.join(claim.expected_conditions)})"
    return str(claim.expected)


def _found_words(verdict: Verdict) -> str:
    if verdict.conditions:
        return f"{verdict.kind} ({'; '.join(c.words for c in verdict.conditions)})"
    return str(verdict.kind)
