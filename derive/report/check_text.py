r"""The findings of ``derive check`` for a person at a terminal, in the manner of a compiler.

    homework3.md:39:101  refuted  quotient-of-logarithms [DRV101]
       | \ln(1 + e^x) - \ln(1 + e^{-x}) \\ &= \frac{\ln(1 + e^x)}{\ln(1 + e^{-x})} \\
       |                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       = at x = 0 the left side is 0, the right side is 1

Text from documents can't move the cursor or leave its line.
"""

import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from derive.check import Place, Step
from derive.document.model import Diagnostic
from derive.reader import surface
from derive.reader.problems import Problem, Span
from derive.report.check_model import STIPULATIONS, Explained, FileReport
from derive.report.source_excerpt import excerpt, printable, shortened, shown
from derive.terms.plain import term_text
from derive.terms.term import Term
from derive.verdict import Counterexample, Kind, Verdict

_COLOURS = {
    "proved": "32",
    "conditional": "34",
    "refuted": "1;31",
    "ill-typed": "1;35",
    "malformed": "1;35",
    "unknown": "1;33",
    "unread": "1;33",
    "warning": "33",
}

#: What a student is told of the first thing that is wrong, and no more.
_HINTS = {
    Kind.REFUTED: "this does not hold for all values: compare it with what stands before it",
    Kind.ILL_TYPED: "the shapes do not fit: write down the shape of every factor",
    Kind.MALFORMED: "this has no meaning yet: is everything introduced, and every index bound?",
}

_SIGN = {"\\in": "is in", "\\ne": "!=", "\\le": "<=", "\\ge": ">="}

#: Most characters of a formula in a note, and most zeros listed in a counterexample.
_MOST_LATEX = 160
_MOST_ZEROS = 3
_DECLARED = "; declared here: "
_GUTTER = "   | "
_NOTE = "   = "


@dataclass(frozen=True, slots=True)
class Style:
    """How to draw: columns, colours, and whether steps that hold are listed too."""

    width: int = 100
    colour: bool = False
    all: bool = False


def file_text(file: FileReport, style: Style) -> str:
    """Everything there is to say of one file, and its summary line; ends with a line end."""
    if file.error:
        return ""
    drawing = _Drawing(file, style)
    blocks = [*drawing.blocks(), summary_text(file), *_audit_lines(file)]
    return "\n".join(blocks) + "\n"


def _audit_lines(file: FileReport) -> Iterator[str]:
    """What the kernel doubts, one line each, and how many proofs it followed."""
    if file.audits is None:
        return
    for step in file.audits:
        if not step.audit.accepted:
            doubt = f"the kernel does not follow the proof: {step.audit.doubt}"
            yield f"{shown(step.name)}: {shown(doubt)}"
    followed = [step for step in file.audits if step.audit.accepted]
    proofs = f"{len(followed)} of {_counted(len(file.audits), 'proof')}"
    steps = _counted(sum(step.audit.checked for step in followed), "step")
    yield f"{shown(file.path)}: audit: the kernel re-checked {proofs} ({steps})"


def hint_text(file: FileReport, style: Style) -> str:
    """Place and kind of the first thing that is wrong, without saying what would be right."""
    if file.error:
        return ""
    drawing = _Drawing(file, style)
    for explained in file.steps:
        kind = explained.step.verdict.kind
        if kind in _HINTS:
            lines = [drawing.head(explained), *drawing.source(explained.caret)]
            lines += drawing.note(_HINTS[kind])
            return "\n".join(lines) + "\n"
    undecided = " (not everything could be decided)" if file.open else ""
    return f"{shown(file.path)}: nothing wrong found{undecided}\n"


def summary_text(file: FileReport) -> str:
    """The summary line: relations read, verdicts, what was stipulated and left unread."""
    relations = _counted(len(file.steps), "relation")
    verdicts = [f"{number} {kind}" for kind, number in file.counts.items() if number]
    more = [
        _counted(number, word)
        for word, number in file.stipulations.items()
        if number and word != "definition"
    ]
    if file.unread:
        more.append(f"{len(file.unread)} unread")
    text = f"{shown(file.path)}: {relations} read: {', '.join((*verdicts, *more)) or 'nothing'}"
    names = dict.fromkeys(shown(taken.name) for taken in file.definitions)
    if names:
        text += f"; {_counted(len(file.definitions), 'definition')} taken: {', '.join(names)}"
    return text


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


class _Drawing:
    def __init__(self, file: FileReport, style: Style) -> None:
        self.file = file
        self.style = style
        self.conclusions = _conclusions(file.steps)
        self.declared_told = ""

    def blocks(self) -> Iterator[str]:
        """Steps and diagnostics in the order of the text."""
        entries: list[tuple[tuple[int, int, int], list[str]]] = []
        files = {path: number for number, path in enumerate(self.file.sources)}
        told: set[tuple[str, int, int, str]] = set()
        for explained in self.file.steps:
            caret = explained.caret
            reason = (caret.file, caret.line, caret.column, explained.step.verdict.reason)
            lines = self.step(explained, again=reason in told)
            told.add(reason)
            if lines:
                entries.append((_order(explained.step.place, files), lines))
        told_warnings: set[tuple[int, str]] = set()
        for explained in self.file.steps:
            for words in explained.step.warnings:
                if (explained.step.chain, words) not in told_warnings:
                    told_warnings.add((explained.step.chain, words))
                    place = explained.step.place
                    entries.append((_order(place, files), [self.warning(place, words)]))
        unread = set(self.file.unread)
        for diagnostic in self.file.diagnostics:
            place = _place(diagnostic)
            if diagnostic.severity == "warning":
                entries.append((_order(place, files), [self.warning(place, diagnostic.message)]))
            elif diagnostic in unread:
                entries.append((_order(place, files), self.diagnostic(diagnostic)))
        entries.sort(key=lambda entry: entry[0])
        for _, lines in entries:
            yield "\n".join(lines)

    # ---- one entry -------------------------------------------------------------------------

    def step(self, explained: Explained, *, again: bool) -> list[str]:
        """The lines on one step; none where it plainly holds or was told already."""
        step = explained.step
        kind = step.verdict.kind
        if kind is Kind.PROVED:
            notes = list(self.conclusion(explained))
            if not self.style.all and not notes:
                return []
            lines = [f"{self.head(explained)}  {self._short(step)}"]
            return [*lines, *self._notes(notes)]
        if kind is Kind.CONDITIONAL:
            lines = [f"{self.head(explained)}  holds {_holds(step.verdict)}"]
            if self.style.all:
                lines += self.note(self._short(step))
            return [*lines, *self._notes(self.conclusion(explained))]
        if again and not self.style.all:
            return []
        lines = [self.head(explained), *self.source(explained.caret)]
        notes = [*_reasons(explained), *_right(explained), *self.conclusion(explained)]
        notes += self.declared(step.verdict)
        if step.first_wrong and self._of_several(step):
            notes.append("this is the first wrong line of its chain")
        return [*lines, *self._notes(notes)]

    def diagnostic(self, diagnostic: Diagnostic) -> list[str]:
        """The lines on something that could not be read."""
        place = _place(diagnostic)
        lines = [f"{self.at(place)}  {self.painted('unread')}  {diagnostic.kind}"]
        lines += self.source(place)
        return [*lines, *self._notes([diagnostic.message, diagnostic.help])]

    def warning(self, place: Place, words: str) -> str:
        """A warning in one line."""
        return f"{self.at(place)}  {self.painted('warning')}  {shown(words)}"

    def declared(self, verdict: Verdict) -> Iterator[str]:
        """What is declared where a name is missing; a list that was told is not repeated."""
        _, _, names = verdict.reason.partition(_DECLARED)
        if names and names != self.declared_told:
            yield f"declared here: {names}"
            self.declared_told = names

    def conclusion(self, explained: Explained) -> Iterator[str]:
        """What became of the conclusion, at the first wrong line or else at the last one."""
        last = self.conclusions.get(explained.step.chain)
        if last is None or last.conclusion is None or last.conclusion_latex is None:
            return
        left, right = last.conclusion_latex
        claim = f"{shortened(left, 60)} {_SIGN.get(last.relation, '=')} {shortened(right, 60)}"
        verdict = last.conclusion
        if explained.step.first_wrong and explained.step.verdict.kind is not Kind.PROVED:
            yield f"the conclusion of this chain, {claim}, {_all_the_same(verdict)}"
        elif explained.step is last and verdict.kind in _HINTS and not self._wrong_in(last.chain):
            yield f"the conclusion of this chain, {claim}, is {verdict.kind}"
            if verdict.counterexample is not None:
                yield counterexample_text(verdict.counterexample)

    # ---- parts of an entry -----------------------------------------------------------------

    def head(self, explained: Explained) -> str:
        """Place, verdict, and the name and code of what is wrong."""
        step = explained.step
        kind = str(step.verdict.kind)
        line = f"{self.at(explained.caret)}  {self.painted(kind)}"
        slug, code = explained.label
        return f"{line}  {slug} [{code}]" if code else line

    def at(self, place: Place) -> str:
        """``file:line:column``, in bold on a terminal."""
        text = f"{shown(place.file)}:{place.line}:{place.column}"
        return f"\x1b[1m{text}\x1b[0m" if self.style.colour else text

    def painted(self, word: str) -> str:
        """A verdict in its colour."""
        return f"\x1b[{_COLOURS[word]}m{word}\x1b[0m" if self.style.colour else word

    def source(self, place: Place) -> list[str]:
        """The source line with carets below the place."""
        file = self.file.sources.get(place.file)
        if file is None or place.line > len(file.line_starts):
            return []
        start = file.line_starts[place.line - 1] + place.column - 1
        end = start + 1
        if place.end_line <= len(file.line_starts):
            end = file.line_starts[place.end_line - 1] + place.end_column - 1
        line, carets = excerpt(file, Span(start, end), self.style.width - len(_GUTTER))
        if self.style.colour:
            carets = f"\x1b[1;31m{carets}\x1b[0m"
        return [f"{_GUTTER}{line}".rstrip(), f"{_GUTTER}{carets}"]

    def note(self, text: str) -> list[str]:
        """A remark below the source line, wrapped."""
        return textwrap.wrap(
            printable(text),
            max(self.style.width, 40),
            initial_indent=_NOTE,
            subsequent_indent=" " * len(_NOTE),
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _notes(self, texts: Iterable[str]) -> list[str]:
        return [line for text in texts if text for line in self.note(text)]

    def _short(self, step: Step) -> str:
        room = max(20, (self.style.width - 40) // 2)
        sides = (shortened(step.left_latex, room), shortened(step.right_latex, room))
        method = step.verdict.method
        words = f" ({STIPULATIONS[method]})" if method in STIPULATIONS else ""
        return f"{sides[0]} {_SIGN.get(step.relation, step.relation)} {sides[1]}{words}"

    def _of_several(self, step: Step) -> bool:
        return step.chain in self.conclusions or step.index > 0

    def _wrong_in(self, chain: int) -> bool:
        return any(e.step.chain == chain and e.step.first_wrong for e in self.file.steps)


def _conclusions(steps: tuple[Explained, ...]) -> dict[int, Step]:
    """The steps that carry the conclusion of their chain."""
    return {e.step.chain: e.step for e in steps if e.step.conclusion is not None}


def _order(place: Place, files: dict[str, int]) -> tuple[int, int, int]:
    return files.get(place.file, len(files)), place.line, place.column


def _place(diagnostic: Diagnostic) -> Place:
    d = diagnostic
    return Place(d.file, d.line, d.column, d.end_line, d.end_column)


def _holds(verdict: Verdict) -> str:
    """Under which conditions: ``in denominator layout, if x != 0``; empty without any."""
    layouts = [shown(c.words) for c in verdict.conditions if c.proposition is None]
    others = [shown(c.words) for c in verdict.conditions if c.proposition is not None]
    parts = [f"in {words}" for words in layouts]
    if others:
        parts.append(f"if {' and '.join(others)}")
    return ", ".join(parts)


def _reasons(explained: Explained) -> Iterator[str]:
    """Why a step is no step: the values, the shapes, or what is missing."""
    step = explained.step
    verdict = step.verdict
    if verdict.counterexample is not None:
        yield counterexample_text(verdict.counterexample)
    unread = _unread(step)
    if unread is not None:
        yield unread.message
        yield unread.help
    elif verdict.kind is not Kind.REFUTED:
        yield verdict.reason.partition(_DECLARED)[0]
    if explained.repair is not None:
        yield explained.repair.explanation
    elif explained.fallacy is not None and verdict.kind is Kind.REFUTED:
        yield explained.fallacy.explanation
    if verdict.shapes is not None and not all(shape in verdict.reason for shape in verdict.shapes):
        yield "left: {}; right: {}".format(*verdict.shapes)
    if verdict.residual is not None and verdict.kind is Kind.UNKNOWN:
        yield f"what is left: {shortened(residual_text(verdict.residual), 2 * _MOST_LATEX)}"


def _unread(step: Step) -> Problem | None:
    """Why a side could not be read, where that is what the verdict is about."""
    for node in (step.right_node, step.left_node):
        if isinstance(node, surface.Unread) and node.problem.found == step.verdict.reason:
            return node.problem
    return None


def _right(explained: Explained) -> Iterator[str]:
    """What would be right."""
    repair = explained.repair
    if repair is not None:
        latex = shortened(repair.latex, _MOST_LATEX)
        how = f"proved {_holds(repair.verdict)}".rstrip()
        if repair.side == "definition":
            yield f"it would hold with the definition {latex}  ({how})"
        else:
            left = "the left side " if repair.side == "left" else ""
            yield f"did you mean {left}{latex} ?  ({how})"
    yield explained.trouble


def _all_the_same(verdict: Verdict) -> str:
    if verdict.kind is Kind.CONDITIONAL:
        return f"is proved all the same, {_holds(verdict)}"
    if verdict.kind is Kind.PROVED:
        return "is proved all the same"
    if verdict.kind is Kind.UNKNOWN:
        return "is unknown"
    return f"is {verdict.kind} too"


def residual_text(term: Term) -> str:
    """The normal form of what is left; empty where it is nested too deeply to be written."""
    try:
        return term_text(term)
    except RecursionError:
        return ""


def counterexample_text(point: Counterexample) -> str:
    """``at n = 2, x[1] = 1, all else 0 the left side is 1/2, the right side is 0.73...``."""
    zeros = [name for name, value in point.assignment if value == "0" and "[" in name]
    told = zeros if len(zeros) > _MOST_ZEROS else []
    pairs = [f"{name} = {value}" for name, value in point.dimensions]
    pairs += [f"{name} = {value}" for name, value in point.assignment if name not in told]
    if told:
        pairs.append("all other components 0")
    at = f"at {', '.join(pairs)} " if pairs else ""
    return f"{at}the left side is {_value(point.left)}, the right side is {_value(point.right)}"


def _value(text: str) -> str:
    """A value for a person: a ball that is 0 for all that is known reads as 0."""
    middle, _, radius = text.partition(" +/- ")
    try:
        if radius and abs(float(middle)) <= float(radius):
            return f"0 +/- {radius}"
    except ValueError:
        pass
    return text
