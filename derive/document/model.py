"""A document as data: text, displays, sections, declaration blocks, prose."""

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from derive.document.sources import Place, SourceMap
from derive.reader.macros import NO_MACROS, Macros
from derive.reader.problems import Problem, Severity, Span

# Of a long line, half of this before the place and twice this in all is shown.
_WINDOW = 100


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A problem at its place in a file.

    `source` is the line it stands in, or of a very long line the part around the place, which then
    begins `source_start` characters into the line.
    """

    kind: str
    severity: Severity
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    found: str
    expected: str
    help: str
    source: str
    source_start: int = 0

    @property
    def message(self) -> str:
        """The finding in one line."""
        return f"{self.found}; expected {self.expected}" if self.expected else self.found

    def render(self) -> str:
        """Return place, message, source line with a caret, and what to do."""
        head = f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message}"
        source = self.source.replace("\t", " ")
        first = self.column - 1 - self.source_start
        last = (
            self.end_column - 1 - self.source_start if self.end_line == self.line else len(source)
        )
        width = max(1, min(last, len(source)) - first)
        caret = " " * first + "^" * width
        lines = [f"{head} [{self.kind}]", f"   | {source}", f"   | {caret}"]
        if self.help:
            lines.append(f"   = {self.help}")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Display:
    r"""A formula: its LaTeX without the delimiters, and where that begins in the document's text.

    `kind` is `display` or `inline`; `environment` the LaTeX environment (`align`), if one delimits
    it. `latex[i]` is `document.text[start + i]`, except that quote marks of a Markdown block quote
    are blanks.
    """

    kind: Literal["display", "inline"]
    latex: str
    start: int
    end: int
    environment: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the span that it covers; `path` is its title below those above it."""

    level: int
    title: str
    path: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """Declarations as text; they hold from `holds_from` to `holds_until` of the document's text.

    `source` and `offset` say where the block's own text stands, in the document or outside.
    """

    text: str
    holds_from: int
    holds_until: int
    source: SourceMap
    offset: int

    def place(self, offset: int) -> Place:
        """Return the place of an offset of the block's text."""
        return self.source.place(self.offset + offset)

    def diagnostic(self, problem: Problem) -> Diagnostic:
        """Put a problem in the block's text at its place."""
        return diagnostic_at(problem, self.source, self.offset)


@dataclass(frozen=True, slots=True)
class Prose:
    """Text between formulas, code and comments left out."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read; everything is in the order of the text."""

    path: str
    text: str
    source: SourceMap
    displays: tuple[Display, ...]
    sections: tuple[Section, ...]
    blocks: tuple[Block, ...]
    prose: tuple[Prose, ...]
    macros: Macros = NO_MACROS
    diagnostics: tuple[Diagnostic, ...] = field(default=())

    def place(self, offset: int) -> Place:
        """Return file, line and column of an offset of the document's text."""
        return self.source.place(offset)

    def diagnostic(self, problem: Problem, offset: int = 0) -> Diagnostic:
        """Put a problem at its place; its span counts from `offset` (a display's `start`)."""
        return diagnostic_at(problem, self.source, offset)

    def section_at(self, offset: int) -> Section:
        """Return the innermost section that an offset stands in."""
        index = bisect_right(self.sections, offset, key=lambda section: section.start) - 1
        while self.sections[index].end <= offset and index > 0:
            index -= 1
        return self.sections[max(index, 0)]


def diagnostic_at(problem: Problem, source: SourceMap, offset: int) -> Diagnostic:
    """Put a problem, whose span counts from `offset` of a text, at its place in a file."""
    span = Span(problem.span.start + offset, problem.span.end + offset)
    start = source.place(span.start)
    end = source.place(span.end)
    if end.file != start.file or end < start:
        end = Place(start.file, start.line, start.column + 1)
    file, origin = source.origin(span.start)
    before = start.column - 1 if start.column <= _WINDOW else _WINDOW // 2
    return Diagnostic(
        problem.kind,
        problem.severity,
        start.file,
        start.line,
        start.column,
        end.line,
        end.column,
        problem.found,
        problem.expected,
        problem.help,
        file.window(origin - before, 2 * _WINDOW),
        start.column - 1 - before,
    )
