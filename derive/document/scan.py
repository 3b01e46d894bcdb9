"""What a scanner of Markdown or LaTeX collects, and how a document is made of it."""

import re
from dataclasses import dataclass, field, replace

from derive.document.model import Block, Diagnostic, Display, Document, Prose, Section
from derive.document.sources import SourceMap
from derive.reader.macros import MAX_TOKENS, Macro, Macros, expand
from derive.reader.problems import Problem, Span
from derive.reader.tokens import tokenize

#: More of these are not looked at: every formula, heading and block costs time for the others too.
MOST_DISPLAYS, MOST_HEADINGS, MOST_BLOCKS, MOST_PROBLEMS = 50_000, 10_000, 1_000, 1_000
#: The most tokens to which the macros of a document may expand in all its formulas together.
MOST_EXPANDED = 1_000_000
#: The most characters of all declaration blocks together.
MOST_DECLARED = 100_000

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
    """Make a document of what a scanner has found, up to so much of each kind; the rest is told."""
    findings = _expandable(_bounded(findings))
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


def _bounded(findings: Findings) -> Findings:
    """The findings without those that are too many, and a problem where the first of them is."""
    declared = 0
    blocks: list[tuple[int, str]] = []
    for start, content in findings.blocks[:MOST_BLOCKS]:
        declared += len(content)
        if declared > MOST_DECLARED:
            break
        blocks.append((start, content))
    kept = (
        ("formulas", [display.start for display in findings.displays], MOST_DISPLAYS),
        ("headings", [heading.start for heading in findings.headings], MOST_HEADINGS),
        ("declarations", [start for start, _ in findings.blocks], len(blocks)),
        ("problems", [problem.span.start for problem in findings.problems], MOST_PROBLEMS),
    )
    told = [
        Problem(
            "too-many",
            Span(starts[most], starts[most] + 1),
            f"more {what} than are looked at in one document",
            "",
            "split the document; from here on they are passed over",
        )
        for what, starts, most in kept
        if len(starts) > most
    ]
    return Findings(
        findings.displays[:MOST_DISPLAYS],
        findings.headings[:MOST_HEADINGS],
        blocks,
        findings.excluded,
        findings.macros,
        [*findings.problems[:MOST_PROBLEMS], *told],
    )


def _expandable(findings: Findings) -> Findings:
    """The findings without the formulas from which on macros have grown too much in all."""
    macros = Macros.of(findings.macros)
    using = [
        place
        for place, display in enumerate(findings.displays)
        if any(name in display.latex for name in macros.by_name)
    ]
    if len(using) * MAX_TOKENS <= MOST_EXPANDED:
        return findings
    grown = 0
    for place in using:
        display = findings.displays[place]
        tokens, _ = tokenize(display.latex)
        expanded, problems = expand(tokens, macros, display.start)
        grown += MAX_TOKENS if problems else len(expanded)
        if grown > MOST_EXPANDED:
            words = f"macros that expand to more than {MOST_EXPANDED:,} tokens in all"
            help_ = "write the formulas out; from here on they are passed over"
            problem = Problem("too-many", Span(display.start, display.end), words, "", help_)
            return replace(
                findings,
                displays=findings.displays[:place],
                problems=[*findings.problems, problem],
            )
    return findings


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
