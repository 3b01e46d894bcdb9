"""Formula boxes printed as Typst mathematics, without dollar signs.

Every box becomes tokens apart by blanks, so that Typst can join no two of them into a name, a
function call or a shorthand; characters that mean something to Typst are escaped.
"""

from derive.report.escape import typst_string
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
from derive.report.symbols import ACCENTS, ALPHABETS, DELIMITERS, SIGNS, SPACES, SYMBOLS

_ESCAPED = frozenset("()[]{}/,;:.!?|")


def typst_formula(box: Box) -> str:
    """Return the Typst mathematics of a formula box."""
    match box:
        case Letter(text) | Numeral(text):
            return text
        case Sign(text):
            character = _character(SIGNS[text])
            # As a delimiter or a relation it would keep a distance from its neighbours.
            return f'class("normal", {character})' if text in {"|", r"\|"} else character
        case Symbol(name):
            return SYMBOLS[name]
        case OperatorName(name, limits):
            return f"op({typst_string(name)}{', limits: #true' if limits else ''})"
        case Words(text):
            # Typst keeps the blanks between tokens around a string as spaces.
            return typst_string(text.strip() or text)
        case Space(name):
            return f"#h({SPACES[name]}em)"
        case Row(items):
            return " ".join(map(typst_formula, items)) if items else '""'
        case Fraction(top, bottom):
            return f"frac({typst_formula(top)}, {typst_formula(bottom)})"
        case Root(body, degree):
            if degree is None:
                return f"sqrt({typst_formula(body)})"
            return f"root({typst_formula(degree)}, {typst_formula(body)})"
        case Script(base, below, above):
            scripts = f", b: {typst_formula(below)}" if below else ""
            scripts += f", t: {typst_formula(above)}" if above else ""
            return f"attach({typst_formula(base)}{scripts})"
        case Fenced(opening, body, closing):
            inner = (_delimiter(opening), typst_formula(body), _delimiter(closing))
            return f"lr({' '.join(filter(None, inner))})"
        case Styled(style, body):
            text = typst_formula(body)
            for function in reversed(ALPHABETS.get(style) or (ACCENTS[style],)):
                text = f"{function}({text})"
            return text
        case Brace(body, label, over):
            name = "overbrace" if over else "underbrace"
            labelled = f", {typst_formula(label)}" if label else ""
            return f"{name}({typst_formula(body)}{labelled})"
        case Grid():
            return _grid(box)


def _character(character: str) -> str:
    return "\\" + character if character in _ESCAPED else character


def _delimiter(name: str) -> str:
    return _character(DELIMITERS[name]) if name else ""


def _grid(grid: Grid) -> str:
    rows = [[typst_formula(cell) for cell in cells] for cells in grid.rows]
    if grid.kind == "aligned":
        return " \\ ".join(" & ".join(cells) for cells in rows)
    if grid.kind == "cases":
        return f"cases({', '.join(' & #h(1em) '.join(cells) for cells in rows)})"
    delimiters = [f'"{DELIMITERS[d]}"' if d else "#none" for d in (grid.opening, grid.closing)]
    body = "; ".join(", ".join(cells) for cells in rows)
    return f"mat(row-gap: #0.5em, delim: #({', '.join(delimiters)}), {body})".replace(
        "#none", "none"
    )
