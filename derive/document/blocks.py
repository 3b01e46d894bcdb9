"""Declarations from a file of their own, put over a document by `scope "TEXT"` lines."""

import re
from dataclasses import dataclass

from derive.document.model import Block, Diagnostic, Document, diagnostic_at
from derive.document.sources import SourceFile, SourceMap
from derive.reader.problems import Problem, Span

_SCOPE = re.compile(r"^(?P<indent>[ \t]*)scope\b(?P<rest>[^\n]*)$", re.MULTILINE)
_QUOTED = re.compile(r'[ \t]*"(?P<text>[^"\n]+)"[ \t]*(?:#.*)?\r?$')


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of the file: where it begins to hold, how far it is indented, its text."""

    holds_from: int
    indent: int
    start: int
    end: int


def outside_blocks(
    text: str, path: str, document: Document
) -> tuple[tuple[Block, ...], tuple[Diagnostic, ...]]:
    """Cut a declarations file at its scopes and put each part over the document.

    What stands before the first scope holds for the whole document. `scope "TEXT"` opens a section
    at the first line that contains TEXT; it ends where, in the document, the next scope begins
    that is not indented further. A scope that is indented stands inside the one before it.
    """
    source = SourceMap.whole(SourceFile.of(path, text))
    problems: list[Problem] = []
    parts: list[_Part] = []
    start, begins, indent = 0, 0, -1
    known = True
    for match in _SCOPE.finditer(text):
        if known:
            parts.append(_Part(begins, indent, start, match.start()))
        start, indent = match.end(), len(match["indent"])
        where = _find(match, document, problems)
        known = where is not None
        begins = _before_display(where or 0, document)
    if known:
        parts.append(_Part(begins, indent, start, len(text)))
    blocks = []
    for part in parts:
        ends = [
            other.holds_from
            for other in parts
            if other.holds_from > part.holds_from and 0 <= other.indent <= part.indent
        ]
        until = min(ends, default=len(document.text))
        blocks.append(
            Block(text[part.start : part.end], part.holds_from, until, source, part.start)
        )
    told = tuple(diagnostic_at(problem, source, 0) for problem in problems)
    return tuple(blocks), told


def _before_display(offset: int, document: Document) -> int:
    """The beginning of the display that an offset stands in; else the offset itself."""
    inside = (d.start for d in document.displays if d.start <= offset < d.end)
    return min(inside, default=offset)


def _find(match: re.Match[str], document: Document, problems: list[Problem]) -> int | None:
    """Return the offset of the first line of the document with the text of a scope."""
    span = Span(match.start(), match.end())
    quoted = _QUOTED.match(match.group("rest"))
    if quoted is None:
        problems.append(
            Problem(
                "broken-scope", span, "a scope without a text", 'scope "TEXT" in straight quotes'
            )
        )
        return None
    wanted = quoted.group("text")
    offset = document.text.find(wanted)
    if offset < 0:
        problems.append(
            Problem(
                "scope-not-found",
                span,
                f'no line of {document.path} contains "{wanted}"',
                "a text that stands in the document",
                "copy it from the document; the declarations below it were left out",
            )
        )
        return None
    return document.text.rfind("\n", 0, offset) + 1
