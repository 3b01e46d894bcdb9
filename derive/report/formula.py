"""Formula boxes: the layout of a formula, between what it means and how a format spells it.

Terms and the LaTeX of documents are both turned into these boxes, and one printer a format turns
boxes into LaTeX or Typst.  A box holds only symbols of the allow-list and plain text that the
printers escape, so nothing from outside reaches a typesetter as code.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from derive.report.symbols import BIG, BREAKS, RELATIONS, SPACES


@dataclass(frozen=True, slots=True)
class Letter:
    """One italic letter."""

    text: str


@dataclass(frozen=True, slots=True)
class Numeral:
    """Digits, perhaps with a decimal point."""

    text: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol of ``symbols.SYMBOLS``, by its LaTeX command."""

    name: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A character of ``symbols.SIGNS``: an operator, punctuation, a bracket that does not grow."""

    text: str


@dataclass(frozen=True, slots=True)
class OperatorName:
    """The upright name of a function; ``limits`` puts scripts below and above it in a display."""

    name: str
    limits: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Upright text inside a formula."""

    text: str


@dataclass(frozen=True, slots=True)
class Space:
    """A space of ``symbols.SPACES``, by its LaTeX spelling."""

    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """Boxes side by side."""

    items: tuple["Box", ...]


@dataclass(frozen=True, slots=True)
class Fraction:
    """Top over bottom with a rule."""

    top: "Box"
    bottom: "Box"


@dataclass(frozen=True, slots=True)
class Root:
    """A root; ``degree`` is None for the square root."""

    body: "Box"
    degree: "Box | None" = None


@dataclass(frozen=True, slots=True)
class Script:
    """A base with a subscript, a superscript, or both."""

    base: "Box"
    below: "Box | None" = None
    above: "Box | None" = None


@dataclass(frozen=True, slots=True)
class Fenced:
    """A body between delimiters of ``symbols.DELIMITERS`` that grow with it; empty for none."""

    opening: str
    body: "Box"
    closing: str


@dataclass(frozen=True, slots=True)
class Styled:
    """A body in an alphabet of ``symbols.ALPHABETS`` or under an accent of ``symbols.ACCENTS``."""

    style: str
    body: "Box"


@dataclass(frozen=True, slots=True)
class Brace:
    """A body under (``over``) or over a curly brace, with a label beyond it."""

    body: "Box"
    label: "Box | None"
    over: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in rows: a matrix with delimiters, a definition by cases, or aligned lines."""

    kind: Literal["matrix", "cases", "aligned"]
    rows: tuple[tuple["Box", ...], ...]
    opening: str = ""
    closing: str = ""


Box: TypeAlias = (
    Letter
    | Numeral
    | Symbol
    | Sign
    | OperatorName
    | Words
    | Space
    | Row
    | Fraction
    | Root
    | Script
    | Fenced
    | Styled
    | Brace
    | Grid
)

EMPTY = Row(())

_SCRIPT_SIZE = 0.72


def row(items: Iterable[Box]) -> Box:
    """Boxes side by side, nested rows made flat; a single one stands for itself."""
    flat: list[Box] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Row) else (item,))
    return flat[0] if len(flat) == 1 else Row(tuple(flat))


def items_of(box: Box) -> tuple[Box, ...]:
    """The boxes of a row, or the box alone."""
    return box.items if isinstance(box, Row) else (box,)


def is_tall(box: Box) -> bool:
    """Whether brackets around the box have to grow."""
    match box:
        case Fraction() | Grid() | Brace():
            return True
        case Symbol(name):
            return name in BIG
        case Row(items):
            return any(map(is_tall, items))
        case Script(base):
            return is_tall(base)
        case Root(body) | Styled(body=body) | Fenced(body=body):
            return is_tall(body)
        case _:
            return False


def parenthesised(body: Box, opening: str = "(", closing: str = ")") -> Box:
    """The body in round brackets (or others), which grow where they have to."""
    if is_tall(body) or opening not in {"(", "["}:
        return Fenced(opening, body, closing)
    return row((Sign(opening), body, Sign(closing)))


def width(box: Box) -> float:
    """The width of a box as it is printed, estimated in em of the running text."""
    match box:
        case Letter(text):
            return 0.78 if text.isupper() or text in "mw" else 0.53
        case Numeral(text):
            return 0.51 * len(text)
        case Symbol(name):
            if name in BIG:
                return 1.4
            return 1.3 if name in BREAKS else 0.8 if name[0].isupper() or name == "nabla" else 0.62
        case Sign(text):
            return 1.35 if text in BREAKS else 0.4
        case OperatorName(name):
            return 0.5 * len(name) + 0.17
        case Words(text):
            return 0.47 * len(text)
        case Space(name):
            return SPACES[name]
        case Row(items):
            return sum(map(width, items))
        case Fraction(top, bottom):
            return max(width(top), width(bottom)) + 0.3
        case Root(body):
            return width(body) + 0.9
        case Script(base, below, above):
            scripts = max(width(s) if s else 0.0 for s in (below, above)) * _SCRIPT_SIZE
            if isinstance(base, Symbol) and base.name in BIG:
                return max(1.4, scripts + 0.2)
            return width(base) + scripts
        case Fenced(opening, body, closing):
            each = 0.75 if is_tall(body) else 0.5
            return width(body) + each * (bool(opening) + bool(closing))
        case Styled(body=body):
            return 1.08 * width(body)
        case Brace(body, label):
            return max(width(body), _SCRIPT_SIZE * width(label) if label else 0.0)
        case Grid(kind, rows):
            columns = max(map(len, rows), default=0)
            gap = 0.0 if kind == "aligned" else 1.0
            widest = (
                max(width(cells[c]) if c < len(cells) else 0.0 for cells in rows)
                for c in range(columns)
            )
            return sum(widest) + gap * max(columns - 1, 0) + 1.0


def broken_lines(box: Box, limit: float) -> tuple[Box, ...]:
    """The box as lines of at most ``limit`` em, broken before relations, then before plus or minus.

    Lines after the first get two em less.  A line that has no place to break stays too wide.
    """
    if width(box) <= limit:
        return (box,)
    lines: list[Box] = []
    current: list[Box] = []
    used = 0.0
    for piece in _pieces(box, RELATIONS):
        for chunk in _chunks(piece, limit - 2):
            more = width(chunk)
            if current and used + more > limit - (2 if lines else 0):
                lines.append(row(current))
                current, used = [], 0.0
            current.append(chunk)
            used += more
    if current:
        lines.append(row(current))
    return tuple(lines)


def _chunks(piece: Box, limit: float) -> Iterator[Box]:
    """The piece whole if it is narrow, else cut at signs, inside brackets only if it has to be."""
    if width(piece) <= limit:
        yield piece
        return
    for chunk in _pieces(piece, BREAKS):
        yield from _pieces(chunk, BREAKS, inside=1) if width(chunk) > limit else (chunk,)


def _pieces(box: Box, breaks: frozenset[str], inside: int = 0) -> tuple[Box, ...]:
    """The box cut before every symbol of ``breaks`` within at most ``inside`` plain brackets."""
    pieces: list[list[Box]] = [[]]
    depth = 0
    for item in items_of(box):
        name = item.text if isinstance(item, Sign) else getattr(item, "name", "")
        if isinstance(item, Sign):
            depth += (name in {"(", "[", r"\{"}) - (name in {")", "]", r"\}"})
        if depth <= inside and name in breaks and pieces[-1] and _ends_operand(pieces[-1][-1]):
            pieces.append([])
        pieces[-1].append(item)
    return tuple(row(piece) for piece in pieces if piece)


def _ends_operand(box: Box) -> bool:
    """Whether a sign after this box joins two operands (so that it is no sign of a number)."""
    if isinstance(box, Sign):
        return box.text in {")", "]", "|", "!", r"\|", r"\}"}
    return not (isinstance(box, Symbol) and box.name in BREAKS)
