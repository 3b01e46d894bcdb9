"""Declarations from a file of their own, put over a document by `scope "TEXT"` lines."""

import re

from derive.document.model import Block, Diagnostic, Document, diagnostic_at
from derive.document.sources import SourceFile, SourceMap
from derive.reader.problems import Problem, Span

_SCOPE = re.compile(r"^[ \t]*scope\b(?P<rest>[^\n]*)$", re.MULTILINE)
_QUOTED = re.compile(r'[ \t]*"(?P<text>[^"\n]+)"[ \t]*(?:#.*)?\r?$')


def outside_blocks(
    text: str, path: str, document: Document
) -> tuple[tuple[Block, ...], tuple[Diagnostic, ...]]:
    """Cut a declarations file at its scopes and put each part over the document.

    What stands before the first scope holds for the whole document. `scope "TEXT"` opens a section
    at the first line that contains TEXT; it ends where, in the document, the next scope begins.
    """
    source = SourceMap.whole(SourceFile.of(path, text))
    problems: list[Problem] = []
    parts: list[tuple[int, int, int]] = []
    start, begins = 0, 0
    known = True
    for match in _SCOPE.finditer(text):
        if known:
            parts.append((begins, start, match.start()))
        start = match.end()
        where = _find(match, document, problems)
        known = where is not None
        begins = where or 0
    if known:
        parts.append((begins, start, len(text)))
    openings = sorted({where for where, first, _ in parts if first})
    blocks = []
    for where, first, last in parts:
        later = [opening for opening in openings if opening > where]
        until = later[0] if first and later else len(document.text)
        blocks.append(Block(text[first:last], where, until, source, first))
    told = tuple(diagnostic_at(problem, source, 0) for problem in problems)
    return tuple(blocks), told


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
