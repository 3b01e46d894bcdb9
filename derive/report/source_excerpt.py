"""One line of source with carets below it, cut to the width of a terminal.

Every character is one cell or two, as terminals draw it; tabs are four blanks, and what a terminal
would obey instead of showing (control characters, direction marks) is replaced.
"""

import unicodedata

from derive.document.sources import SourceFile
from derive.reader.problems import Span

_TAB = 4
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_CUT = "..."

#: Fewest columns that an excerpt is cut to.
LEAST_WIDTH = 30


def shown(text: str) -> str:
    """The text on one line: blanks for white space, a mark for what can't be printed."""
    return printable(" ".join(text.split()))


def printable(text: str) -> str:
    """The text with a mark for each character that can't be printed, such as a line end."""
    return "".join(c if c.isprintable() else _REPLACEMENT for c in text)


def shortened(text: str, most: int) -> str:
    """The text as ``shown``, with its middle left out where it has more characters than that."""
    if len(text) > 4 * most:
        # White space may shrink it, but nobody reads more than this.
        text = f"{text[: 2 * most]} {text[-2 * most :]}"
    text = shown(text)
    if len(text) <= most:
        return text
    head = (most - 5) * 2 // 3
    return f"{text[:head].rstrip()} {_CUT} {text[len(text) - (most - 5 - head) :].lstrip()}"


def excerpt(file: SourceFile, place: Span, width: int) -> tuple[str, str]:
    """The line in which ``place`` begins, at most ``width`` columns of it, and the carets.

    ``place`` counts in the text of the file; carets end with the line.  Of a long line the part
    around the place is taken, so that the cost does not depend on its length.
    """
    width = max(width, LEAST_WIDTH)
    line = file.line_starts[file.place(place.start).line - 1]
    begin = max(line, place.start - width)
    text = file.window(begin, place.start - begin + 2 * width)
    start = min(place.start - begin, len(text))
    end = max(start, min(place.end - begin, len(text)))
    cells = [_cell(character) for character in text]
    whole = begin == line and sum(columns for _, columns in cells) <= width
    first, last = (0, len(cells)) if whole else _window(cells, start, end, width)
    before = _CUT if begin > line or first else ""
    after = _CUT if last < len(cells) else ""
    drawn = before + "".join(drawing for drawing, _ in cells[first:last]) + after
    indent = len(before) + sum(columns for _, columns in cells[first:start])
    carets = sum(columns for _, columns in cells[start : min(end, last)])
    return drawn.rstrip(), " " * indent + "^" * max(1, carets)


def _window(cells: list[tuple[str, int]], start: int, end: int, width: int) -> tuple[int, int]:
    """Which cells to show: as much of the place as fits, and something before it."""
    room = width - 2 * len(_CUT)
    needed = sum(columns for _, columns in cells[start:end])
    lead = max(room // 4, min(room * 2 // 3, room - needed))
    first, used = start, 0
    while first > 0 and used + cells[first - 1][1] <= lead:
        first -= 1
        used += cells[first][1]
    last = start
    while last < len(cells) and used + cells[last][1] <= room:
        used += cells[last][1]
        last += 1
    while first > 0 and used + cells[first - 1][1] <= room:
        first -= 1
        used += cells[first][1]
    return first, last


def _cell(character: str) -> tuple[str, int]:
    """How a character is drawn, and how many columns that takes."""
    if character == "\t":
        return " " * _TAB, _TAB
    if character == " ":
        return character, 1
    if unicodedata.combining(character):
        return character, 0
    if not character.isprintable():
        return _REPLACEMENT, 1
    return character, 2 if unicodedata.east_asian_width(character) in "WF" else 1
