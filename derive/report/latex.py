"""The report as one LaTeX file: amsmath, booktabs, longtable, xcolor and hyperref, nothing else.

Plots are drawn with LaTeX's own picture environment.  The file is ASCII and compiles in two runs
of pdflatex.
"""

import math
import re
from collections.abc import Iterable
from itertools import pairwise

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
from derive.report.escape import latex_code, latex_text
from derive.report.fitting import rich, without_dollars
from derive.report.formula import Box
from derive.report.latex_formula import latex_formula
from derive.report.model import Report
from derive.report.narrative import blocks
from derive.report.palette import COLOURS, SERIES_COLOURS, VERDICT_COLOURS
from derive.report.symbols import COMMANDS

_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage{amsmath}
\usepackage{booktabs}
\usepackage{longtable}
\usepackage{xcolor}
\usepackage[hidelinks,bookmarksopen,pdfencoding=auto]{hyperref}
\DeclareMathAlphabet{\mathbb}{U}{msb}{m}{n}
% Two runs on the same input give the same bytes: dates come from SOURCE_DATE_EPOCH.
\ifdefined\pdftrailerid\pdftrailerid{}\fi
\ifdefined\pdfsuppressptexinfo\pdfsuppressptexinfo=15\fi
\setlength{\textwidth}{155mm}\setlength{\oddsidemargin}{2.1mm}
\setlength{\topmargin}{-12mm}\setlength{\textheight}{240mm}
\setlength{\headheight}{0pt}\setlength{\headsep}{0pt}\setlength{\footskip}{11mm}
\setlength{\parindent}{0pt}\setlength{\parskip}{4pt plus 1pt}
\setlength{\emergencystretch}{3em}\tolerance=3000 \raggedbottom\frenchspacing
\clubpenalty=10000 \widowpenalty=10000
\setlength{\abovedisplayskip}{5pt plus 2pt}\setlength{\belowdisplayskip}{5pt plus 2pt}
\setlength{\abovedisplayshortskip}{3pt plus 2pt}\setlength{\belowdisplayshortskip}{4pt plus 2pt}
\setcounter{secnumdepth}{-2}\LTleft=0pt\LTright=0pt\setlength{\tabcolsep}{4pt}
\allowdisplaybreaks[1]
\newcommand{\quiet}[1]{\textcolor{quiet}{#1}}
\newlength{\margin}\setlength{\margin}{6.4em}
\newcommand{\fact}[1]{\noindent\hangindent=\margin
  \makebox[\margin][l]{\footnotesize\sffamily\color{quiet}#1}\ignorespaces}
\newcommand{\anchor}[1]{\raisebox{1.2\baselineskip}[0pt][0pt]{\hypertarget{#1}{}}}
\newcommand{\roomfor}[1]{\par\penalty0 \ifdim\pagetotal>0pt
  \ifdim\dimexpr\pagegoal-\pagetotal\relax<#1\relax\newpage\fi\fi}
\newcounter{partmark}\newif\ifheaded
\newcommand{\heading}[2]{\roomfor{11\baselineskip}\addvspace{18pt plus 4pt}%
  \stepcounter{partmark}\pdfbookmark[1]{#1}{part.\arabic{partmark}}%
  {\large\bfseries\color{accent}\noindent\strut#2\par}\nobreak\nointerlineskip
  {\color{rule}\hrule height .5pt}\nobreak\vskip3pt\headedtrue}
\newcommand{\claim}[4]{\ifheaded\headedfalse\else\roomfor{6\baselineskip}\fi%
  \addvspace{12pt plus 3pt}%
  \pdfbookmark[2]{#2}{bookmark.#1}%
  \noindent\anchor{#1}\begin{minipage}[t]{\dimexpr\linewidth-7em}\raggedright
  \bfseries #3\end{minipage}\hfill#4\par\nobreak}
\newcommand{\steprow}[3]{\par\noindent
  \begin{minipage}[t]{\margin}\footnotesize\quad\quiet{#1}\end{minipage}%
  \begin{minipage}[t]{24.6em}\raggedright\small #3\end{minipage}\hfill
  \begin{minipage}[t]{8.6em}\raggedright\footnotesize\itshape\leavevmode\quiet{#2}\end{minipage}%
  \par\vskip1pt}
\newcommand{\dotted}[6]{\put(#1,#2){\multiput(0,0)(#3,#4){#5}{%
  \makebox(0,0){\rule{#6pt}{#6pt}}}}}
"""

_SIZES = {1.0: "", 0.92: r"\small ", 0.85: r"\footnotesize ", 0.78: r"\scriptsize "}
_TONES = {"plain": "", "strong": r"\textbf", "quiet": r"\quiet", "emphasis": r"\emph"}
_KEPT = {True: r"\nobreak", False: ""}
_HANG = {"top": "[t]", "right": "[r]", "left": "[bl]"}

#: Distance between the dots of a sloping line, in points.
_DOT_DISTANCE = 0.3


def latex_report(report: Report) -> str:
    """Return the whole report as LaTeX source."""
    colours = {**COLOURS, **{_colour(kind): code for kind, code in VERDICT_COLOURS.items()}}
    colours |= {f"series{place}": code for place, code in enumerate(SERIES_COLOURS)}
    defined = "".join(
        rf"\definecolor{{{name}}}{{HTML}}{{{code}}}" + "\n" for name, code in colours.items()
    )
    title = _bookmark(without_dollars(report.title))
    setup = rf"\hypersetup{{pdftitle={{{title}}},pdfcreator={{}},pdfproducer={{}}}}" + "\n"
    body = "\n".join(map(_block, blocks(report)))
    return f"{_PREAMBLE}{defined}{setup}\\begin{{document}}\n{body}\n\\end{{document}}\n"


def _block(block: Block) -> str:
    match block:
        case Title(runs, lines):
            below = r"\\".join(map(_runs, lines))
            title = rf"{{\LARGE\bfseries\textcolor{{accent}}{{{_runs(runs)}}}\par}}"
            return rf"{title}\vskip2pt{{\small\color{{quiet}}{below}\par}}\vskip8pt" + "\n"
        case Heading(1, runs, bookmark):
            mark = _bookmark(bookmark)
            return rf"\heading{{{mark}}}{{{_runs(runs)}}}" + "\n"
        case Heading(_, runs, bookmark, anchor, badge):
            shown = _run(Badge(badge)) if badge else ""
            mark = _bookmark(bookmark)
            return rf"\claim{{{anchor}}}{{{mark}}}{{{_runs(runs)}}}{{{shown}}}" + "\n"
        case Paragraph(runs, label, keep):
            margin = "" if label is None else _label(label)
            return f"{margin}{_runs(runs)}\\par{_KEPT[keep]}\n"
        case Formula():
            return _display(block)
        case Verbatim(text, label, keep):
            shown = rf"{{\raggedright\small {latex_code(text)}\par}}"
            return f"{_label(label)}{shown}{_KEPT[keep]}\n"
        case Steps(rows):
            return "".join(map(_step, rows)) + r"\vskip2pt" + "\n"
        case Table():
            return _table(block)
        case Figure(picture, title, caption):
            shown = rf"{{\small\bfseries {_runs(title)}\par}}{_picture(picture)}\par"
            words = rf"{{\footnotesize {_runs(caption)}\par}}"
            return (
                rf"\vskip6pt\noindent\begin{{minipage}}{{\linewidth}}{shown}{words}\end{{minipage}}"
                + "\n"
            )
        case PageBreak():
            return "\\clearpage\n"


def _label(label: str) -> str:
    return rf"\fact{{{latex_text(label)}}}"


def _runs(runs: Runs) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    match run:
        case Text(text, tone):
            # A colour command swallows the blank after it.
            bare = text.lstrip(" ")
            return " " * (bare != text) + rf"{_TONES[tone]}{{{latex_text(bare)}}}"
        case Code(text):
            return rf"{{\small {latex_code(text)}}}"
        case Math(box):
            formula = latex_formula(box)
            return f"${formula}$" if formula else ""  # two dollar signs would begin a display
        case Badge(kind):
            return rf"\textcolor{{{_colour(kind)}}}{{\bfseries {kind}}}"
        case Link(anchor, runs):
            return rf"\hyperlink{{{anchor}}}{{{_runs(runs)}}}"


def _colour(kind: str) -> str:
    return kind.replace("-", "")


def _display(formula: Formula) -> str:
    lines = f"{_SIZES[formula.scale]}{_formula_lines(formula.lines)}"
    kept = _KEPT[formula.keep]
    return rf"\par\vskip2pt{_label(formula.label)}{{{lines}\par}}{kept}\vskip2pt{kept}" + "\n"


def _formula_lines(lines: Iterable[Box]) -> str:
    return r"\\*\hspace*{2em}".join(rf"$\displaystyle {latex_formula(line)}$" for line in lines)


def _step(step: StepRow) -> str:
    pieces = []
    match step.formula:
        case Formula(lines, scale):
            pieces.append(f"{_SIZES[min(scale, 0.92)]}{_formula_lines(lines)}")
        case Verbatim(text):
            pieces.append(rf"\footnotesize {latex_code(text)}")
    if step.remark:
        pieces.append(rf"{{\footnotesize {_runs(step.remark)}}}")
    number, rule, cell = latex_text(step.number), latex_text(step.rule), r"\\".join(pieces)
    return rf"\steprow{{{number}}}{{{rule}}}{{{cell}}}" + "\n"


def _table(table: Table) -> str:
    columns = "@{}" + "".join(rf"p{{{column.width}em}}" for column in table.columns) + "@{}"
    heads = " & ".join(
        f"{_alignment(column.align)}\\quiet{{{latex_text(column.head)}}}"
        for column in table.columns
    )
    rows = "\n".join(
        " & ".join(
            f"{_alignment(column.align)}{_runs(cell)}"
            for column, cell in zip(table.columns, row, strict=True)
        )
        + r" \tabularnewline"
        for row in table.rows
    )
    head = rf"\toprule {heads} \tabularnewline\midrule\endhead\bottomrule\endfoot"
    return rf"{{\small\begin{{longtable}}{{{columns}}}{head}" + f"\n{rows}\n\\end{{longtable}}}}\n"


def _alignment(align: str) -> str:
    return r"\raggedleft " if align == "right" else r"\raggedright "


def _picture(picture: Drawing) -> str:
    lines = [
        rf"\setlength{{\unitlength}}{{1pt}}\begin{{picture}}({picture.width:g},{picture.height:g})"
    ]
    lines += map(_stroke, picture.strokes)
    for label in picture.labels:
        x, y = label.at
        text = _runs(rich(label.text))
        lines.append(
            rf"\put({x:.2f},{y:.2f}){{\makebox(0,0){_HANG[label.hang]}{{\footnotesize {text}}}}}"
        )
    return "\n".join((*lines, r"\end{picture}"))


def _stroke(stroke: Stroke) -> str:
    colour = {-1: "axis", -2: "grid"}.get(
        stroke.colour, f"series{stroke.colour % len(SERIES_COLOURS)}"
    )
    pieces = (_segment(a, b, stroke.weight) for a, b in pairwise(stroke.points))
    return rf"{{\color{{{colour}}}\linethickness{{{stroke.weight}pt}}{''.join(pieces)}}}%"


def _segment(start: tuple[float, float], end: tuple[float, float], weight: float) -> str:
    """A straight segment: a rule along an axis, otherwise a row of small squares."""
    (x, y), length = start, math.dist(start, end)
    across, up = end[0] - x, end[1] - y
    if abs(up) < 1e-6 or abs(across) < 1e-6:
        line = (
            f"{math.copysign(1, across):.0f},0"
            if abs(up) < 1e-6
            else f"0,{math.copysign(1, up):.0f}"
        )
        return rf"\put({x:.2f},{y:.2f}){{\line({line}){{{length:.2f}}}}}"
    dots = max(2, math.ceil(length / _DOT_DISTANCE) + 1)
    step = (across / (dots - 1), up / (dots - 1))
    return rf"\dotted{{{x:.2f}}}{{{y:.2f}}}{{{step[0]:.4f}}}{{{step[1]:.4f}}}{{{dots}}}{{{weight}}}"


def _bookmark(text: str) -> str:
    """Text for the PDF outline: ASCII letters, digits and a few marks; symbols by their name."""
    named = "".join(
        character if character.isascii() else COMMANDS.get(character, "") for character in text
    )
    return re.sub(r"[^A-Za-z0-9 .,:;()+*/=<>!?'-]", "", named)
