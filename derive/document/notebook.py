"""The Markdown cells of a Jupyter notebook as one text, every character traced to the JSON."""

import json
import re
from collections.abc import Iterator

from derive.document.sources import SourceFile, SourceMap, Stitch
from derive.reader.problems import Problem, Span

_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u.{4}|.)")


def markdown_cells(file: SourceFile) -> tuple[str, SourceMap, list[Problem]]:
    """Return the text of all Markdown cells, a blank line apart, and where it comes from.

    What is no notebook gives an empty text and a problem whose span counts in the file.
    """
    try:
        content = json.loads(file.text)
    except (ValueError, RecursionError) as error:
        place = error.pos if isinstance(error, json.JSONDecodeError) else 0
        return "", SourceMap.whole(file), [_no_notebook(place, "text that is not JSON")]
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        return "", SourceMap.whole(file), [_no_notebook(0, "JSON without a list of cells")]
    pieces: list[str] = []
    stitches: list[Stitch] = []
    length = 0
    for kind, strings in _cells(file.text):
        if kind != "markdown":
            continue
        for start, end in strings:
            for text, origin in _decoded(file.text, start, end):
                stitches.append(Stitch(length, 0, origin))
                pieces.append(text)
                length += len(text)
        stitches.append(Stitch(length, 0, strings[-1][1] if strings else 0))
        pieces.append("\n\n")
        length += 2
    source = SourceMap.of([file], stitches or [Stitch(0, 0, 0)])
    return "".join(pieces), source, []


def _no_notebook(place: int, found: str) -> Problem:
    return Problem(
        "invalid-notebook",
        Span(place, place + 1),
        found,
        "a Jupyter notebook (version 4)",
        "open and save it with Jupyter",
    )


def _cells(text: str) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield each cell's type and the ranges of its source strings, quotes left out."""
    path: list[str | int] = []
    key: str | None = None
    cell_type, strings = "", list[tuple[int, int]]()
    awaiting_key = False
    for match in _JSON.finditer(text):
        token = match.group()
        first = token[0]
        if first in "{[":
            path.append("" if first == "{" else 0)
            awaiting_key = first == "{"
        elif first in "}]":
            if len(path) == 3 and path[0] == "cells" and first == "}":
                yield cell_type, strings
                cell_type, strings = "", []
            path.pop()
            awaiting_key = False
        elif first == ",":
            last = path[-1]
            awaiting_key = isinstance(last, str)
            if isinstance(last, int):
                path[-1] = last + 1
        elif first == '"' and awaiting_key:
            key = json.loads(token, strict=False)
            path[-1] = key or ""
            awaiting_key = False
        elif first == '"' and len(path) >= 3 and path[0] == "cells":
            if len(path) == 3 and path[2] == "cell_type":
                cell_type = token[1:-1]
            elif path[2] == "source" and len(path) <= 4:
                strings.append((match.start() + 1, match.end() - 1))


def _decoded(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """Yield the pieces of a JSON string with their offsets; each escape is a piece."""
    position = start
    for match in _ESCAPE.finditer(text, start, end):
        if match.start() > position:
            yield text[position : match.start()], position
        yield json.loads(f'"{match.group()}"'), match.start()
        position = match.end()
    if position < end:
        yield text[position:end], position
