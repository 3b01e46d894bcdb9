"""Places of links and steps in the source, and the LaTeX as it was written there."""

from dataclasses import dataclass

from derive.checking.results import Place
from derive.document.model import Display, Document
from derive.reader import surface
from derive.reader.problems import Span

#: How much of a source line is kept for display.
MOST_SHOWN = 2_000


@dataclass(frozen=True, slots=True)
class Link:
    """One side of a chain that may run over several displays."""

    node: surface.Side
    display: Display

    @property
    def latex(self) -> str:
        """The side as written."""
        span = self.node.span
        return self.display.latex[span.start : span.end].strip()


def place_of(document: Document, left: Link, right: Link) -> Place:
    """From the beginning of one link to the end of another."""
    start = document.place(left.display.start + left.node.span.start)
    end = document.place(right.display.start + right.node.span.end)
    return Place(start.file, start.line, start.column, end.line, end.column)


def step_place(document: Document, links: list[Link], index: int) -> Place:
    """The place of the right side, which is what a step writes anew."""
    right = links[index + 1]
    return place_of(document, right, right)


def part_place(document: Document, link: Link, span: Span) -> Place:
    """The place of a part of a display, such as the span of an error."""
    start = document.place(link.display.start + span.start)
    end = document.place(link.display.start + span.end)
    return Place(start.file, start.line, start.column, end.line, end.column)


def source_line(document: Document, place: Place) -> str:
    """The line of the source on which a place begins."""
    for file in document.source.files:
        if file.path == place.file and place.line <= len(file.line_starts):
            return file.window(file.line_starts[place.line - 1], MOST_SHOWN)
    return ""
