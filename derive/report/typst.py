"""The report as one Typst source, for a PDF without TeX: no packages, no files, no network.

All text stands in string literals, so nothing in it is read as markup or code.
"""

import re
from collections.abc import Iterable

from derive.report.document import (
    Badge,
    Block,
    Code,
    Figure,
    Formula,
    Heading,
    Link,
    Math,
    PageBreak,
    Paragraph,
    Run,
    Runs,
    StepRow,
    Steps,
    Table,
    Text,
    Title,
    Verbatim,
)
from derive.report.drawing import Drawing, Stroke
from derive.report.escape import typst_string, typst_text
from derive.report.fitting import rich, without_dollars
from derive.report.formula import Box, width
from derive.report.model import Report
from derive.report.narrative import blocks
from derive.report.palette import COLOURS, SERIES_COLOURS, VERDICT_COLOURS
from derive.report.typst_formula import typst_formula

_PREAMBLE = """
#set page(paper: "a4", margin: (x: 27.5mm, top: 24mm, bottom: 26mm), numbering: "1")
#set text(font: "New Computer Modern", size: 10.5pt, lang: "en")
#set par(justify: true, leading: 0.6em, spacing: 0.75em)
#show math.equation: set text(font: "New Computer Modern Math")
#let quiet(body) = text(fill: colour-quiet, body)
#let code(body) = text(font: "DejaVu Sans Mono", size: 0.78em, body)
#let margin = 6.1em
#show math.equation.where(block: true): set align(left)
#let lowered(body) = pad(top: 0.15em, body)
#let label-text(label) = text(size: 8.4pt, fill: colour-quiet, label)
#let fact(label, keep, body) = block(sticky: keep, grid(
  columns: (margin, 1fr), lowered(label-text(label)), body))
#let shown(label, keep, size, body) = block(sticky: keep, above: 0.85em, below: 0.85em, grid(
  columns: (margin, 1fr), align: horizon, label-text(label), text(size: size * 1em, body)))
#let lines(..parts) = stack(spacing: 0.5em, ..parts.pos().enumerate().map(
  ((n, part)) => pad(left: if n > 0 { 2em } else { 0em }, part)))
#let step(number, rule, hang, body) = block(breakable: false, above: 0.55em, below: 0.55em, grid(
  columns: (margin, 1fr, 8.6em), column-gutter: (0em, 0.6em), align: hang,
  pad(left: 1em, lowered(label-text(number))),
  { set par(justify: false, spacing: 0.5em); text(size: 0.92em, body) },
  { set par(justify: false); lowered(text(size: 8.6pt, style: "italic", fill: colour-quiet, rule)) }
))
#show heading.where(level: 1): it => block(above: 2em, below: 0.8em, sticky: true, width: 100%,
  stroke: (bottom: 0.5pt + colour-rule), inset: (bottom: 0.35em),
  text(size: 12.5pt, weight: "bold", fill: colour-accent, it.body))
#show heading.where(level: 2): it => block(par(justify: false,
  text(size: 10.5pt, weight: "bold", it.body)))
#let claim(title, badge) = block(above: 1.5em, below: 0.7em, sticky: true, grid(
  columns: (1fr, auto), column-gutter: 1.5em, title, badge))
"""

_HANG = {"top": "center + top", "right": "right + horizon", "left": "left + bottom"}

#: Formulas narrower than this, in em, are not broken inside a line of text.
_UNBROKEN = 10.0
_TONES = {"plain": "", "strong": "#strong", "quiet": "#quiet", "emphasis": "#emph"}


def typst_report(report: Report) -> str:
    """Return the whole report as Typst source."""
    colours = {**COLOURS, **{str(kind): code for kind, code in VERDICT_COLOURS.items()}}
    defined = "".join(f'#let colour-{name} = rgb("{code}")\n' for name, code in colours.items())
    title = typst_string(without_dollars(report.title))
    body = "\n\n".join(map(_block, blocks(report)))
    return f"#set document(title: {title})\n{defined}{_PREAMBLE}\n{body}\n"


def _block(block: Block) -> str:
    match block:
        case Title(runs, lines):
            below = " \\ ".join(map(_runs, lines))
            title = f'#text(size: 18pt, weight: "bold", fill: colour-accent)[{_runs(runs)}]'
            return f"{title}\n\n#text(size: 9pt)[#quiet[{below}]]\n#v(0.6em)"
        case Heading(1, runs):
            return f"#heading(level: 1)[{_runs(runs)}]"
        case Heading(_, runs, _, anchor, badge):
            shown = _run(Badge(badge)) if badge else ""
            return f"#claim[#heading(level: 2)[{_runs(runs)}] <{anchor}>][{shown}]"
        case Paragraph(runs, None, keep):
            return f"#block(sticky: {_bool(keep)})[{_runs(runs)}]"
        case Paragraph(runs, label, keep):
            return f"#fact({typst_string(label or '')}, {_bool(keep)})[{_runs(runs)}]"
        case Formula(lines, scale, label, keep):
            return f"#shown({typst_string(label)}, {_bool(keep)}, {scale}, {_lines(lines)})"
        case Verbatim(text, label, keep):
            code = f"par(justify: false)[{_code(text)}]"
            return f"#shown({typst_string(label)}, {_bool(keep)}, 1, {code})"
        case Steps(rows):
            return "\n".join(map(_step, rows))
        case Table():
            return _table(block)
        case Figure(picture, title, caption):
            drawn = f"{_picture(picture)}\n\n#text(size: 9pt)[{_runs(caption)}]"
            return f"#block(breakable: false, above: 1.2em)[*{_runs(title)}*\n\n{drawn}]"
        case PageBreak():
            return "#pagebreak(weak: true)"


def _bool(value: bool) -> str:
    return "true" if value else "false"


def _runs(runs: Runs) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    match run:
        case Text(text, tone):
            return f"{_TONES[tone]}[{typst_text(text)}]" if tone != "plain" else typst_text(text)
        case Code(text):
            return _code(text)
        case Math(box):
            # A short formula stays on one line.
            inner = f"${typst_formula(box)}$"
            return f"#box({inner});" if width(box) < _UNBROKEN else inner
        case Badge(kind):
            return f'#text(fill: colour-{kind}, weight: "bold", "{kind}");'
        case Link(anchor, runs):
            return f"#link(<{anchor}>)[{_runs(runs)}]"


def _code(text: str) -> str:
    """Text in typewriter type that may break after punctuation."""
    literal = typst_string(re.sub(r"([^A-Za-z0-9 ])", "\\1\n", text), line_end="\\u{200b}")
    return f"#code({literal});"


def _lines(lines: Iterable[Box]) -> str:
    parts = ", ".join(f"$ {typst_formula(line)} $" for line in lines)
    return f"lines({parts})"


def _step(step: StepRow) -> str:
    pieces = []
    match step.formula:
        case Formula(lines, scale):
            pieces.append(f"#text(size: {scale}em, {_lines(lines)})")
        case Verbatim(text):
            pieces.append(_code(text))
    if step.remark:
        pieces.append(f"#text(size: 9pt)[{_runs(step.remark)}]")
    number, rule = typst_string(step.number), typst_string(step.rule)
    single = isinstance(step.formula, Formula) and len(step.formula.lines) == 1
    hang = "horizon" if single and not step.remark else "top"
    return f"#step({number}, {rule}, {hang})[{'#parbreak()'.join(pieces)}]"


def _table(table: Table) -> str:
    widths = ", ".join(f"{column.width}fr" for column in table.columns)
    aligns = ", ".join(column.align for column in table.columns)
    heads = ", ".join(f"quiet({typst_string(column.head)})" for column in table.columns)
    cells = ",\n".join(", ".join(f"[{_runs(cell)}]" for cell in row) for row in table.rows)
    return (
        "#[#set text(size: 9.2pt)\n#set par(justify: false, leading: 0.5em)\n"
        f"#table(columns: ({widths}), align: ({aligns}), stroke: none, "
        "inset: (x: 2.5pt, y: 3pt),\ntable.hline(stroke: 0.8pt), "
        f"table.header({heads}, table.hline(stroke: 0.4pt)),\n{cells},\n"
        "table.hline(stroke: 0.8pt))]"
    )


def _picture(picture: Drawing) -> str:
    pieces = [_stroke(stroke, picture.height) for stroke in picture.strokes]
    for label in picture.labels:
        x, y = label.at[0], picture.height - label.at[1]
        hang = _HANG[label.hang]
        text = f"align({hang}, text(size: 8.5pt)[{_runs(rich(label.text))}])"
        hung = f"box(width: 0pt, height: 0pt, place({hang}, box(width: 180pt, {text})))"
        pieces.append(f"#place(top + left, dx: {x:.2f}pt, dy: {y:.2f}pt, {hung})")
    size = f"width: {picture.width:g}pt, height: {picture.height:g}pt"
    return f"#box({size})[{''.join(pieces)}]"


def _stroke(stroke: Stroke, height: float) -> str:
    code = {-1: COLOURS["axis"], -2: COLOURS["grid"]}.get(stroke.colour)
    code = code or SERIES_COLOURS[stroke.colour % len(SERIES_COLOURS)]
    (x, y), *rest = stroke.points
    moves = "".join(f", curve.line(({x:.2f}pt, {height - y:.2f}pt))" for x, y in rest)
    pen = f'(paint: rgb("{code}"), thickness: {stroke.weight}pt, join: "round")'
    start = f"curve.move(({x:.2f}pt, {height - y:.2f}pt))"
    return f"#place(top + left, curve(stroke: {pen}, {start}{moves}))"
