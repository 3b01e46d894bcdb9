"""The homework read as text, once for a whole run: claims against encodings, and judged steps.

Made in a process of its own beside the judging of the claims; what it sends back holds words only,
no terms and no proofs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from derive.claim import Claim
from derive.judge import SEED
from derive.verdict import Condition, Verdict
from derive.worker import Silence, Worker
from derive.written import Agreement, UnknownPlaceError, WrittenDocument, compare

#: Seconds for reading and judging the whole homework, and for all comparisons.
TIME_LIMIT = 120.0


@dataclass(frozen=True, slots=True)
class TextStep:
    """One step of a chain of the text with its verdict; ``place`` is ``line:column``."""

    place: str
    left_latex: str
    relation: str
    right_latex: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class TextFindings:
    """What reading the text gave.

    ``agreements`` holds the comparison of each claim that the text states, by name;
    ``missing`` why a claim has none though it says where it is written; ``steps`` the judged
    steps by part; ``failure`` why there is nothing at all.
    """

    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, tuple[TextStep, ...]] = field(default_factory=dict)
    failure: str = ""

    def problem(self, claim: Claim) -> str:
        """Why the reading of this claim makes the run fail; empty if it does not."""
        if not claim.written:
            return ""
        if self.failure:
            return f"the text could not be read: {self.failure}"
        if claim.name in self.missing:
            return self.missing[claim.name]
        found = self.agreements.get(claim.name)
        if found is None or found.outcome != "differs":
            return ""
        words = f"line {found.line} of the text reads otherwise than its encoding: {found.reason}"
        if found.read is None or found.encoded is None:
            return words
        return f"{words} (read: {' = '.join(found.read)}; encoded: {' = '.join(found.encoded)})"

    def words(self, claim: Claim) -> str:
        """What the text says of the claim, as a sentence; empty if it does not state it."""
        found = self.agreements.get(claim.name)
        if found is None:
            return ""
        verb = {
            "agrees": "agrees with this encoding",
            "differs": "differs from this encoding",
            "not comparable": f"can't be compared: {found.reason}",
        }[found.outcome]
        told = f", where {'; '.join(found.accounted)}" if found.accounted else ""
        return f"Line {found.line} of the text {verb}{told}."


class TextReader:
    """Reads the text in a process of its own; ``findings`` waits for it."""

    def __init__(self, claims: Sequence[Claim], seed: int = SEED) -> None:
        self._wanted = any(claim.written for claim in claims)
        if self._wanted:
            self._worker: Worker[int, TextFindings] = Worker(
                _Reading(claims), time_limit=TIME_LIMIT
            )
            self._worker.ask(seed)

    def findings(self) -> TextFindings:
        """What was found; nothing for claims that the text does not state."""
        if not self._wanted:
            return TextFindings()
        (answer,) = self._worker.answers(TIME_LIMIT)
        return TextFindings(failure=answer.reason) if isinstance(answer, Silence) else answer


def read_text(claims: Sequence[Claim], document: WrittenDocument) -> TextFindings:
    """Compare all claims that the document states with it, and gather its steps."""
    from identities.homework import correspondence

    agreements: dict[str, Agreement] = {}
    missing: dict[str, str] = {}
    for claim in claims:
        if claim.written:
            try:
                agreements[claim.name] = compare(claim, document, correspondence())
            except UnknownPlaceError as error:
                missing[claim.name] = str(error)
    parts = {claim.part for claim in claims}
    steps = {part: _steps(document, part) for part in document.parts if part in parts}
    return TextFindings(agreements, missing, steps)


class _Reading:
    """Reads the text for a list of claims; pickled by their names in the catalogue."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.claims = claims

    def __call__(self, seed: int) -> TextFindings:
        from identities.homework import read_homework

        return read_text(self.claims, read_homework(seed=seed))

    def __reduce__(self) -> tuple[object, ...]:
        return _reading_by_name, (tuple(claim.name for claim in self.claims),)


def _reading_by_name(names: tuple[str, ...]) -> _Reading:
    from identities import find

    return _Reading([find(name) for name in names])


def _steps(document: WrittenDocument, part: str) -> tuple[TextStep, ...]:
    return tuple(
        TextStep(
            f"{step.place.line}:{step.place.column}",
            step.left_latex,
            step.relation,
            step.right_latex,
            _in_words(step.verdict),
        )
        for chain in document.parts[part]
        for step in chain.steps
        if step.relation != "\\in"
    )


def _in_words(verdict: Verdict) -> Verdict:
    """The verdict without its terms; a counterexample is the reason of a refutation."""
    conditions = tuple(Condition(condition.words) for condition in verdict.conditions)
    reason = verdict.reason
    point = verdict.counterexample
    if point is not None:
        values = (*((name, str(size)) for name, size in point.dimensions), *point.assignment)
        where = ", ".join(f"{name} = {value}" for name, value in values)
        at = f"at {where} " if where else ""
        reason = f"{at}the left side is {point.left}, the right side is {point.right}"
    return replace(verdict, reason=reason, conditions=conditions, proof=None, residual=None)
