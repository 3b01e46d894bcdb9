"""Formulas made to fit: broken into lines, then set smaller, then shown as text."""

import re
from collections.abc import Callable

from derive.report.document import Code, Formula, Math, Runs, Text, Verbatim
from derive.report.formula import (
    Box,
    Grid,
    Numeral,
    Script,
    Sign,
    Symbol,
    Words,
    broken_lines,
    is_tall,
    row,
    width,
)
from derive.report.latex_math import read_or_none
from derive.report.term_layout import name_box

#: The width of the text, and of the formulas beside the rules of a proof, in em of the text.
TEXT_WIDTH = 32.5
STEP_WIDTH = 24.0

#: Sizes to try, largest first.
_SCALES = (1.0, 0.92, 0.85, 0.78)
_MAX_LINES = 8

#: More characters of a formula's source than this are not shown.
_MAX_VERBATIM = 700

_NUMBER = re.compile(r"(-?)(\d+(?:\.\d+)?)(?:e([+-]?\d+))?")
_RATIONAL = re.compile(r"(-?)(\d+)/(\d+)")
_COMPONENT = re.compile(r"(.+)\[(\d+(?: ?, ?\d+)*)\]")


def fitted(
    box: Box, source: Callable[[], str], room: float = TEXT_WIDTH, label: str = ""
) -> Formula | Verbatim:
    """The formula in lines of at most ``room`` em, smaller where it must, else as its source."""
    for scale in _SCALES:
        limit = room / scale
        if width(box) <= limit:
            return Formula((box,), scale, label)
        lines = _lines(box, limit)
        widest = max(width(line) + (2 if place else 0) for place, line in enumerate(lines))
        if len(lines) <= _MAX_LINES and widest <= limit:
            return Formula(lines, scale, label)
    return Verbatim(clipped(source()), label)


def _lines(box: Box, limit: float) -> tuple[Box, ...]:
    if isinstance(box, Grid) and box.kind == "aligned":
        return tuple(line for cells in box.rows for line in broken_lines(row(cells), limit))
    return broken_lines(box, limit)


def clipped(text: str, most: int = _MAX_VERBATIM) -> str:
    """The text, cut where it gets too long, which it then says."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]} ... ({len(text)} characters)"


def displayed(latex: str, label: str = "", room: float = TEXT_WIDTH) -> Formula | Verbatim:
    """A formula of a document as a display; as its source where the allow-list lacks something."""
    box = read_or_none(latex)
    if box is None:
        return Verbatim(clipped(latex), label)
    return fitted(box, lambda: latex, room, label)


def inline(latex: str) -> Runs:
    """A formula of a document inside a line."""
    box = read_or_none(latex)
    if box is None or isinstance(box, Grid) or width(box) > TEXT_WIDTH:
        return (Code(clipped(latex)),)
    return (Math(box),)


def is_flat(latex: str) -> bool:
    """Whether a formula of a document fits into a line of text without growing it."""
    box = read_or_none(latex)
    return box is not None and not is_tall(box) and width(box) < TEXT_WIDTH


def rich(text: str) -> Runs:
    """Plain text whose ``$...$`` parts are formulas; a dollar alone, or an empty pair, is text."""
    pieces = text.split("$")
    if len(pieces) % 2 == 0:
        return (Text(text),)
    runs: list[Text | Code | Math] = []
    for place, piece in enumerate(pieces):
        if place % 2 == 0:
            runs.extend((Text(piece),) if piece else ())
        elif not piece.strip():
            runs.append(Text(f"${piece}$"))
        else:
            box = read_or_none(piece)
            runs.append(Code(piece) if box is None else Math(box))
    return tuple(runs)


def without_dollars(text: str) -> str:
    """Rich text for a place that has no formulas: the dollar signs around formulas left out."""
    pieces = text.split("$")
    return text if len(pieces) % 2 == 0 else "".join(pieces)


def value_box(text: str) -> Box:
    """An exact number or an enclosure (``1/2``, ``-1.5e-7``, ``1.313 +/- 1e-15``) as a formula."""
    middle, plus_minus, radius = text.partition(" +/- ")
    if plus_minus and _NUMBER.fullmatch(radius):
        return row((value_box(middle), Symbol("pm"), value_box(radius)))
    if match := _RATIONAL.fullmatch(text):
        sign, top, bottom = match.groups()
        return _signed(sign, row((Numeral(top), Sign("/"), Numeral(bottom))))
    if match := _NUMBER.fullmatch(text):
        sign, digits, exponent = match.groups()
        if exponent is None:
            return _signed(sign, Numeral(digits))
        power = _signed("-" if exponent.startswith("-") else "", Numeral(exponent.lstrip("+-0")))
        ten = Script(Numeral("10"), None, power)
        return _signed(sign, ten if digits == "1" else row((Numeral(digits), Symbol("cdot"), ten)))
    return Words(text)


def _signed(sign: str, box: Box) -> Box:
    return row((Sign("-"), box)) if sign else box


def component_box(name: str) -> Box:
    """A name as a counterexample spells it (``x``, ``W[1,2]``) as a formula."""
    match = _COMPONENT.fullmatch(name)
    if not match:
        return name_box(name)
    base, indices = name_box(match[1]), match[2].replace(" ", "").split(",")
    items: list[Box] = []
    for index in indices:
        items += [*([Sign(",")] if items else []), Numeral(index)]
    if isinstance(base, Script):
        below = row((base.below, Sign(","), *items)) if base.below else row(items)
        return Script(base.base, below, base.above)
    return Script(base, row(items))


def equation(left: Box, right: Box) -> Box:
    """``left = right``."""
    return row((left, Sign("="), right))
