"""What a scanner of Markdown or LaTeX collects, and how a document is made of it."""

import re
from dataclasses import dataclass, field

from derive.document.model import Block, Diagnostic, Display, Document, Prose, Section
from derive.document.sources import SourceMap
from derive.reader.macros import Macro, Macros
from derive.reader.problems import Problem, Span

_BLANK_LINE = re.compile(r"\n[ \t>]*\r?\n")


@dataclass(slots=True)
class Heading:
    """A heading: its level (1 is the highest), title and offset."""

    level: int
    title: str
    start: int


@dataclass(slots=True)
class Findings:
    """Everything found in one text, in order."""

    displays: list[Display] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    blocks: list[tuple[int, str]] = field(default_factory=list)
    excluded: list[tuple[int, int]] = field(default_factory=list)
    macros: list[Macro] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Paragraphs:
    """Ends of paragraphs, looked up from left to right in linear time."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.start = 0
        self.stop = -1

    def end(self, position: int) -> int:
        """Return the offset of the blank line that ends the paragraph at a position."""
        if not self.start <= position < self.stop:
            match = _BLANK_LINE.search(self.text, position)
            self.start = position
            self.stop = match.start() if match else len(self.text)
        return self.stop


class Closers:
    """Searches for closing delimiters; a failed search is not repeated in its range."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.dead: dict[str, int] = {}

    def find(self, pattern: re.Pattern[str], position: int, end: int) -> re.Match[str] | None:
        """Return the first match at or after a position and before an end."""
        if position < self.dead.get(pattern.pattern, -1) and end <= self.dead[pattern.pattern]:
            return None
        match = pattern.search(self.text, position, end)
        if match is None:
            self.dead[pattern.pattern] = end
        return match


def document_of(
    path: str,
    text: str,
    source: SourceMap,
    findings: Findings,
    diagnostics: tuple[Diagnostic, ...] = (),
) -> Document:
    """Make a document of what a scanner has found."""
    sections = _sections(path, findings.headings, len(text))
    document = Document(
        path,
        text,
        source,
        tuple(findings.displays),
        sections,
        (),
        _prose(text, findings),
        Macros.of(findings.macros),
        diagnostics,
    )
    blocks = tuple(
        Block(content, start, document.section_at(start).end, source, start)
        for start, content in findings.blocks
    )
    told = tuple(document.diagnostic(problem) for problem in findings.problems)
    return Document(
        path,
        text,
        source,
        document.displays,
        sections,
        blocks,
        document.prose,
        document.macros,
        (*diagnostics, *told),
    )


def _sections(path: str, headings: list[Heading], length: int) -> tuple[Section, ...]:
    """Return the whole document as section 0, then one section per heading."""
    ends: dict[int, int] = {}
    open_: list[int] = []
    for number, heading in enumerate(headings):
        while open_ and headings[open_[-1]].level >= heading.level:
            ends[open_.pop()] = heading.start
        open_.append(number)
    sections = [Section(0, "", (), 0, length)]
    trail: list[Heading] = []
    for number, heading in enumerate(headings):
        while trail and trail[-1].level >= heading.level:
            trail.pop()
        trail.append(heading)
        titles = tuple(above.title for above in trail)
        end = ends.get(number, length)
        sections.append(Section(heading.level, heading.title, titles, heading.start, end))
    return tuple(sections)


def _prose(text: str, findings: Findings) -> tuple[Prose, ...]:
    prose = []
    position = 0
    for start, end in [*sorted(findings.excluded), (len(text), len(text))]:
        if text[position:start].strip():
            prose.append(Prose(text[position:start], position, start))
        position = max(position, end)
    return tuple(prose)


def unclosed(kind: str, start: int, opening: str, closing: str) -> Problem:
    """Say that a delimiter of formulas or comments is never closed."""
    return Problem(
        kind,
        Span(start, start + len(opening)),
        f"{opening} that is never closed",
        closing,
        f"add the missing {closing}; what follows is read as text",
    )
