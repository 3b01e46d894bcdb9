"""The homework read as text, once for a whole run: claims against encodings, and judged steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from derive.answering import Mark, Silence
from derive.claim import Claim
from derive.limits import Limits
from derive.verdict import Condition, Verdict
from derive.worker import answers
from derive.written import Agreement, UnknownPlaceError, WrittenDocument, compare


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

    def problem(self, claim: Claim) -> str:
        """Why the reading of this claim makes the run fail; empty if it does not."""
        if not claim.written:
            return ""
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


def text_findings(claims: Sequence[Claim], seed: int, limits: Limits) -> TextFindings:
    """Read the homework if it states any of the claims, each part of the work within the limits."""
    if not any(claim.written for claim in claims):
        return TextFindings()
    from identities.homework import read_homework

    return read_text(claims, read_homework(seed=seed, limits=limits), limits)


def read_text(
    claims: Sequence[Claim], document: WrittenDocument, limits: Limits | None = None
) -> TextFindings:
    """Compare all claims that the document states with it, and gather its steps."""
    agreements: dict[str, Agreement] = {}
    missing: dict[str, str] = {}
    stated = [claim for claim in claims if claim.written]
    found = answers(_Comparisons(stated, document), range(len(stated)), limits)
    for claim, agreement in zip(stated, found, strict=True):
        match agreement:
            case Agreement():
                agreements[claim.name] = agreement
            case Silence(reason=reason):
                missing[claim.name] = f"the comparison with the text was broken off: {reason}"
            case words:
                missing[claim.name] = words
    parts = {claim.part for claim in claims}
    steps = {part: _steps(document, part) for part in document.parts if part in parts}
    return TextFindings(agreements, missing, steps)


@dataclass(frozen=True, slots=True)
class _Comparisons:
    """Answers how a claim agrees with the text, or why it is not found there."""

    claims: Sequence[Claim]
    document: WrittenDocument

    def __call__(self, place: int, _mark: Mark) -> Agreement | str:
        from identities.homework import correspondence

        try:
            return compare(self.claims[place], self.document, correspondence())
        except UnknownPlaceError as error:
            return str(error)


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
