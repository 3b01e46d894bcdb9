"""Formula boxes printed as LaTeX mathematics, without dollar signs."""

import re

from derive.report.escape import latex_text
from derive.report.formula import (
    Box,
    Brace,
    Fenced,
    Fraction,
    Grid,
    Letter,
    Numeral,
    OperatorName,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Styled,
    Symbol,
    Words,
)
from derive.report.symbols import OPERATORS

_SIMPLE_BASES = (Letter, Numeral, Symbol, OperatorName, Styled, Fenced, Sign)


def latex_formula(box: Box) -> str:
    """Return the LaTeX of a formula box (amsmath, and ``\\mathbb`` for capitals)."""
    match box:
        case Letter(text) | Numeral(text) | Sign(text):
            return text.replace(":=", r"\mathrel{:=}")
        case Symbol(name):
            return rf"\{name}"
        case OperatorName(name, limits):
            if name in OPERATORS:
                return rf"\{name}"
            words = r"\,".join(map(latex_text, name.split()))
            return rf"\operatorname{'*' if limits else ''}{{{words}}}"
        case Words(text):
            return rf"\text{{{latex_text(text)}}}"
        case Space(name):
            return rf"\{name}"
        case Row(items):
            return glued(map(latex_formula, items))
        case Fraction(top, bottom):
            return rf"\frac{{{latex_formula(top)}}}{{{latex_formula(bottom)}}}"
        case Root(body, degree):
            index = f"[{{{latex_formula(degree)}}}]" if degree else ""
            return rf"\sqrt{index}{{{latex_formula(body)}}}"
        case Script(base, below, above):
            text = latex_formula(base)
            text = text if isinstance(base, _SIMPLE_BASES) else f"{{{text}}}"
            text += f"_{{{latex_formula(below)}}}" if below else ""
            return text + (f"^{{{latex_formula(above)}}}" if above else "")
        case Fenced(opening, body, closing):
            pieces = [rf"\left{_delimiter(opening)}", latex_formula(body)]
            return glued([*pieces, rf"\right{_delimiter(closing)}"])
        case Styled(style, body):
            return rf"\{style}{{{latex_formula(body)}}}"
        case Brace(body, label, over):
            text = rf"\{'over' if over else 'under'}brace{{{latex_formula(body)}}}"
            return text + (f"{'^' if over else '_'}{{{latex_formula(label)}}}" if label else "")
        case Grid():
            return _grid(box)


def glued(pieces: "map[str] | list[str]") -> str:
    """Return the pieces in a row, a blank where a command would run into a letter."""
    text = ""
    for piece in pieces:
        gap = " " if re.search(r"\\[A-Za-z]+\*?\Z", text) and piece[:1].isalpha() else ""
        text += gap + piece
    return text


def _delimiter(name: str) -> str:
    if not name:
        return "."
    if name in "{}":
        return "\\" + name
    return name if len(name) == 1 else "\\" + name


def _grid(grid: Grid) -> str:
    # A cell that starts with [ or * would be an argument of the line end before it.
    rows = [
        " & ".join(_cell(latex_formula(cell), first=place == 0) for place, cell in enumerate(cells))
        for cells in grid.rows
    ]
    name = "matrix" if grid.kind == "matrix" else grid.kind
    body = rf"\begin{{{name}}}{{}}" + r" \\ ".join(rows) + rf"\end{{{name}}}"
    if grid.opening or grid.closing:
        return rf"\left{_delimiter(grid.opening)}{body}\right{_delimiter(grid.closing)}"
    return body


def _cell(text: str, first: bool) -> str:
    return "{}" + text if first and text[:1] in {"[", "*"} else text
