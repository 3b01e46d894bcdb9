"""A report as blocks of content, before any format: what is said, in which order.

``narrative`` writes these blocks from the report model; each format has one printer for them.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from derive.report.drawing import Drawing
from derive.report.formula import Box
from derive.verdict import Kind


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text; ``tone`` says how loud."""

    text: str
    tone: Literal["plain", "strong", "quiet", "emphasis"] = "plain"


@dataclass(frozen=True, slots=True)
class Code:
    """Text in typewriter type, shown as it stands; it may break after punctuation."""

    text: str


@dataclass(frozen=True, slots=True)
class Math:
    """A formula inside a line."""

    box: Box


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict as a coloured word."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Link:
    """Runs that lead to the heading with this anchor."""

    anchor: str
    runs: "Runs"


Run: TypeAlias = Text | Code | Math | Badge | Link
Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """The title of the whole report, with lines under it."""

    runs: Runs
    lines: tuple[Runs, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 is a part, level 2 a claim; ``badge`` stands at its right end."""

    level: Literal[1, 2]
    runs: Runs
    bookmark: str
    anchor: str = ""
    badge: Kind | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``label`` says in the margin what it is about, None leaves out the margin.

    ``keep`` keeps it on the page of what follows.
    """

    runs: Runs
    label: str | None = None
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """A displayed formula in lines, at ``scale`` times the size of the text."""

    lines: tuple[Box, ...]
    scale: float = 1.0
    label: str = ""
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A formula that cannot be set, as its source."""

    text: str
    label: str = ""
    keep: bool = False


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a proof: its number, the rule, the formula (or words for it), its conditions."""

    number: str
    rule: str
    formula: Formula | Verbatim | None
    remark: Runs = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps one below another."""

    rows: tuple[StepRow, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: its head, width in em of the table's text, alignment."""

    head: str
    width: float
    align: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that may run over pages."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Runs, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing with a title and a caption."""

    drawing: Drawing
    title: Runs
    caption: Runs


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block: TypeAlias = (
    Title | Heading | Paragraph | Formula | Verbatim | Steps | Table | Figure | PageBreak
)
