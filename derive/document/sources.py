r"""From an offset in a document's text back to file, line and column.

The text of a document may be stitched together: `.tex` files with their `\input`s, the Markdown
cells of a notebook with JSON escapes resolved. A `SourceMap` is the list of stitches.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

_NEWLINE = re.compile(r"\r\n|\r|\n")


class Place(NamedTuple):
    """A place in a file; line and column count from 1, columns in characters."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as read: its path as given, its text, the offset at which each line begins."""

    path: str
    text: str
    line_starts: tuple[int, ...]

    @staticmethod
    def of(path: str, text: str) -> "SourceFile":
        """Index the lines of a text."""
        starts = (0, *(match.end() for match in _NEWLINE.finditer(text)))
        return SourceFile(path, text, starts)

    def place(self, offset: int) -> Place:
        """Return the place of an offset; beyond the end it is the end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self.line_starts, offset)
        return Place(self.path, line, offset - self.line_starts[line - 1] + 1)

    def window(self, start: int, length: int) -> str:
        """Return so many characters from an offset on, no further than the end of its line."""
        return _NEWLINE.split(self.text[start : start + length], maxsplit=1)[0]


class Stitch(NamedTuple):
    """From `start` on, the text is that of file number `file`, from `origin` on."""

    start: int
    file: int
    origin: int


@dataclass(frozen=True, slots=True)
class SourceMap:
    """Where each stretch of a text comes from; stitches in order of `start`, the first at 0."""

    files: tuple[SourceFile, ...]
    stitches: tuple[Stitch, ...]
    starts: tuple[int, ...]

    @staticmethod
    def of(files: Iterable[SourceFile], stitches: Iterable[Stitch]) -> "SourceMap":
        """Build the map from stitches in order."""
        ordered = tuple(stitches)
        return SourceMap(tuple(files), ordered, tuple(stitch.start for stitch in ordered))

    @staticmethod
    def whole(file: SourceFile) -> "SourceMap":
        """Return the map of a text that is one file."""
        return SourceMap.of([file], [Stitch(0, 0, 0)])

    def origin(self, offset: int) -> tuple[SourceFile, int]:
        """Return the file and the offset in it that an offset of the text comes from."""
        index = bisect_right(self.starts, offset) - 1
        stitch = self.stitches[max(index, 0)]
        distance = offset - stitch.start
        if index + 1 < len(self.stitches):
            following = self.stitches[index + 1]
            if following.file == stitch.file and following.origin > stitch.origin:
                distance = min(distance, following.origin - stitch.origin)
        return self.files[stitch.file], stitch.origin + distance

    def place(self, offset: int) -> Place:
        """Return file, line and column of an offset of the text."""
        file, origin = self.origin(offset)
        return file.place(origin)
