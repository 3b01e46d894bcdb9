"""What ``derive check`` tells of one document: its steps with their explanations, and counts.

The text and the JSON are drawn from this one model.  A relation that only stipulates something
(a definition, a premise, an example value) is counted apart from those that are judged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from derive.answering import Mark, Silence
from derive.check import Checked, DefinitionTaken, Place, Step
from derive.checking.auditing import AuditedStep, audited_steps
from derive.document.model import Diagnostic
from derive.document.sources import SourceFile
from derive.limits import Limits
from derive.repair import Fallacy, Repair, fallacy_of, repair_step
from derive.verdict import Kind
from derive.worker import answers

#: Methods of relations that are not judged but taken from the text, and a word for each.
STIPULATIONS: Mapping[str, str] = MappingProxyType(
    {
        "definition": "definition",
        "declaration": "declaration",
        "assumption": "assumption",
        "example, not checked": "unchecked example",
    }
)

#: The verdicts that say that something is wrong.
WRONG = (Kind.REFUTED, Kind.ILL_TYPED, Kind.MALFORMED)

#: The most characters of a relation whose repair is sought: a search costs many judgements.
MOST_REPAIRED = 1_000

#: Problems of a whole file: it was not, or not all of it, text of its kind.
UNREADABLE = frozenset({"wrong-encoding", "invalid-notebook"})

#: Slugs and codes of what has no better name; a code never changes its meaning.
GENERAL: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        Kind.REFUTED: ("wrong-step", "DRV001"),
        Kind.ILL_TYPED: ("shapes", "DRV002"),
        Kind.MALFORMED: ("no-meaning", "DRV003"),
        Kind.UNKNOWN: ("not-decided", "DRV004"),
    }
)
WITHDRAWN = ("withdrawn", "DRV005")


@dataclass(frozen=True, slots=True)
class Explained:
    """A step with what would be right and the name of its mistake, where there are such.

    ``trouble`` says in one line why the search for them broke off.
    """

    step: Step
    repair: Repair | None = None
    fallacy: Fallacy | None = None
    trouble: str = ""

    @property
    def caret(self) -> Place:
        """The part of the source that the verdict is about."""
        focus: Place | None = self.step.focus
        return focus or self.step.place

    @property
    def label(self) -> tuple[str, str]:
        """Slug and code: of the fallacy, else of the kind of verdict; empty where all is well."""
        if self.step.verdict.withdrawn:
            return WITHDRAWN
        if self.fallacy is not None:
            return self.fallacy.name.lower().replace(" ", "-"), self.fallacy.code
        return GENERAL.get(self.step.verdict.kind, ("", ""))


@dataclass(frozen=True, slots=True)
class FileReport:
    """One document: everything that was found, in the order of the text.

    ``sources`` are the files that the text came from, by path.  ``error`` says in one line why
    the file could not be read; then there is nothing else.  ``audits`` is what the kernel says of
    the proofs; None where it was not asked.
    """

    path: str
    steps: tuple[Explained, ...] = ()
    definitions: tuple[DefinitionTaken, ...] = ()
    declarations: tuple[tuple[str, Place], ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, SourceFile] = field(default_factory=dict)
    error: str = ""
    audits: tuple[AuditedStep, ...] | None = None

    @property
    def judged(self) -> tuple[Explained, ...]:
        """The steps that claim something."""
        return tuple(e for e in self.steps if e.step.verdict.method not in STIPULATIONS)

    @property
    def counts(self) -> dict[str, int]:
        """How many steps that claim something got each verdict, all six kinds."""
        kinds = [explained.step.verdict.kind for explained in self.judged]
        return {str(kind): kinds.count(kind) for kind in Kind}

    @property
    def stipulations(self) -> dict[str, int]:
        """How many relations define, declare, assume, or give an example that can't be checked."""
        methods = [explained.step.verdict.method for explained in self.steps]
        return {word: methods.count(method) for method, word in STIPULATIONS.items()}

    @property
    def unread(self) -> tuple[Diagnostic, ...]:
        """The errors of reading that no step shows."""
        shown = {(e.caret.line, e.caret.column, e.step.verdict.reason) for e in self.steps}
        return tuple(
            d
            for d in self.diagnostics
            if d.severity == "error" and (d.line, d.column, d.found) not in shown
        )

    @property
    def unreadable(self) -> bool:
        """Whether the file, or part of it, is no text of its kind."""
        return bool(self.error) or any(d.kind in UNREADABLE for d in self.diagnostics)

    @property
    def wrong(self) -> bool:
        """Whether a step or a conclusion is wrong, or a proof had to be withdrawn."""
        return any(
            verdict.kind in WRONG or verdict.withdrawn
            for explained in self.steps
            for verdict in (explained.step.verdict, explained.step.conclusion)
            if verdict is not None
        )

    @property
    def open(self) -> bool:
        """Whether something stayed unknown or unread, or the kernel doubts a proof."""
        doubts = any(not step.audit.accepted for step in self.audits or ())
        return (
            doubts
            or bool(self.unread)
            or any(explained.step.verdict.kind is Kind.UNKNOWN for explained in self.steps)
        )


def file_report(
    checked: Checked,
    sources: Mapping[str, SourceFile],
    *,
    audited: bool = False,
    limits: Limits | None = None,
) -> FileReport:
    """The report on a document; every step that is wrong is asked for its repair.

    ``audited`` lets the kernel re-check the proofs.  Each search is one piece of work under the
    ``limits``; without any, all are made in this process.
    """
    searches = _Searches(checked)
    places = [place for place, step in enumerate(checked.steps) if _is_repaired(step)]
    found = dict(zip(places, answers(searches, places, limits), strict=True))
    return FileReport(
        checked.path,
        tuple(_explained(step, found.get(place)) for place, step in enumerate(checked.steps)),
        checked.definitions,
        checked.declarations,
        checked.diagnostics,
        sources,
        audits=audited_steps(checked.steps, limits) if audited else None,
    )


def _is_repaired(step: Step) -> bool:
    return (
        step.verdict.kind in WRONG and len(step.left_latex) + len(step.right_latex) <= MOST_REPAIRED
    )


class _Searches:
    """Answers how the step at a place is repaired, and what its mistake is called."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        self.chains: dict[int, list[Step]] = {}
        for step in checked.steps:
            self.chains.setdefault(step.chain, []).append(step)

    def __call__(self, place: int, _mark: Mark) -> tuple[Repair | None, Fallacy | None]:
        step = self.checked.steps[place]
        here = (step.place.line, step.place.column)
        before = tuple(
            taken
            for taken in self.checked.definitions
            if taken.place.file != step.place.file or (taken.place.line, taken.place.column) < here
        )
        repair = repair_step(step, chain=self.chains[step.chain], definitions=before)
        return repair, fallacy_of(step, repair)


def _explained(
    step: Step, found: tuple[Repair | None, Fallacy | None] | Silence | None
) -> Explained:
    """The step with its repair and the name of its mistake; the verdict stands without them."""
    if found is None:
        return Explained(step)
    if not isinstance(found, Silence):
        return Explained(step, *found)
    if found.cause in ("time", "memory"):
        return Explained(step, trouble=f"the search for a repair was ended: {found.reason}")
    return Explained(step, trouble=f"the search for a repair failed ({found.reason})")


#: Exit codes, the one that outweighs the others first.
_GRAVITY = (2, 1, 3, 0)


def exit_code(file: FileReport, *, allow_unknown: bool = False) -> int:
    """0 nothing wrong; 1 something wrong; 2 not readable; 3 something unknown or unread."""
    if file.unreadable:
        return 2
    if file.wrong:
        return 1
    return 3 if file.open and not allow_unknown else 0


def worst(codes: Iterable[int]) -> int:
    """The exit code for several files: unreadable, then wrong, then undecided."""
    return min(codes, key=_GRAVITY.index, default=0)
