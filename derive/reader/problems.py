"""What went wrong while reading, as plain data: a kind, a span, and words for a person.

Spans are offsets into the text that was read (a display's LaTeX, a declarations block); the
document that owns the text turns them into file, line and column.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]


class Span(NamedTuple):
    """A half-open range `start <= offset < end` of the text that was read."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to tell: `found` says what stands there, `expected` what could, `help` what to do.

    `kind` is a stable, readable slug such as `unbalanced-brace`. A warning says which of several
    readings was taken; an error means that the side could not be read.
    """

    kind: str
    span: Span
    found: str
    expected: str = ""
    help: str = ""
    severity: Severity = "error"

    @property
    def message(self) -> str:
        """The finding in one line: what was found and, where known, what was expected."""
        return f"{self.found}; expected {self.expected}" if self.expected else self.found


class ReadFailure(Exception):  # noqa: N818 - it is caught inside the reader, never shown
    """Stops reading one side; carries the `Problem` that becomes that side."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def failure(kind: str, span: Span, found: str, expected: str = "", help: str = "") -> ReadFailure:
    """Build the exception for an error of this kind at this span."""
    return ReadFailure(Problem(kind, span, found, expected, help))
