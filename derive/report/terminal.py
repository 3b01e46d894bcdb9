"""The report as text for a terminal: the table of claims, then what the verdicts carry.

Colours only where they are asked for.  Text from documents cannot move the cursor: whatever is
not printable is left out.
"""

import textwrap
from collections.abc import Mapping
from types import MappingProxyType

from derive.report.fitting import without_dollars
from derive.report.model import ClaimEntry, Report
from derive.report.wording import (
    MEANINGS,
    audit_words,
    coq_words,
    count_words,
    cross_check_words,
    expectation_words,
    milliseconds,
    plain_error,
    surprise_words,
)
from derive.terms.plain import proposition_text, term_text
from derive.verdict import Counterexample, Kind, Verdict

#: ANSI colours of the verdicts; bold for what asks for a person.
_ANSI: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.PROVED: "32",
        Kind.CONDITIONAL: "34",
        Kind.REFUTED: "1;33",
        Kind.ILL_TYPED: "1;35",
        Kind.MALFORMED: "1;35",
        Kind.UNKNOWN: "1;37",
    }
)

_HEADS = ("part", "claim", "verdict", "method", "ms", "error")
_RIGHT_ALIGNED = frozenset({"ms", "error"})
_NARROWEST = {"claim": 16, "method": 11}
_GAP = "  "


def terminal_report(report: Report, width: int = 80, colour: bool = False) -> str:
    """The whole report: table, details of the verdicts, summary; it ends with a line end."""
    sections = (table(report, width, colour), details(report, width, colour), summary(report))
    return "\n\n".join(filter(None, sections)) + "\n"


def summary(report: Report) -> str:
    """How many of each verdict, as expected or not; the cross-check; kernel and Coq if asked."""
    lines = (
        count_words(report),
        expectation_words(report),
        cross_check_words(report),
        audit_words(report),
        coq_words(report),
    )
    return "\n".join(filter(None, lines))


def table(report: Report, width: int = 80, colour: bool = False) -> str:
    """One line a claim, at most ``width`` columns wide: names and methods are cut where needed."""
    rows = [_cells(entry) for entry in report.entries]
    widths = _column_widths([dict(zip(_HEADS, _HEADS, strict=True)), *rows], width)
    lines = [_line(dict(zip(_HEADS, _HEADS, strict=True)), widths)]
    lines.append(_GAP.join("-" * widths[head] for head in _HEADS))
    for entry, row in zip(report.entries, rows, strict=True):
        line = _line(row, widths)
        if colour:
            shown = row["verdict"].ljust(widths["verdict"])
            line = line.replace(shown, _coloured(shown, entry.verdict.kind), 1)
        lines.append(line)
    return "\n".join(lines)


def _cells(entry: ClaimEntry) -> dict[str, str]:
    mark = "" if entry.as_expected else " (!)"
    failed = entry.cross_check is not None and not entry.cross_check.passed
    values = (
        entry.part,
        entry.name,
        f"{entry.verdict.kind}{mark}",
        entry.method,
        milliseconds(entry.milliseconds),
        plain_error(entry.cross_check) + (" (!)" if failed else ""),
    )
    return {head: printable(value) for head, value in zip(_HEADS, values, strict=True)}


def _column_widths(rows: list[dict[str, str]], width: int) -> dict[str, int]:
    widths = {head: max(len(row[head]) for row in rows) for head in _HEADS}
    for head in ("method", "claim"):
        excess = sum(widths.values()) + len(_GAP) * (len(_HEADS) - 1) - width
        if excess > 0:
            widths[head] = max(min(_NARROWEST[head], widths[head]), widths[head] - excess)
    return widths


def _line(row: dict[str, str], widths: dict[str, int]) -> str:
    cells = []
    for head, size in widths.items():
        cell = row[head] if len(row[head]) <= size else row[head][: size - 2] + ".."
        cells.append(cell.rjust(size) if head in _RIGHT_ALIGNED else cell.ljust(size))
    return _GAP.join(cells).rstrip()


def details(report: Report, width: int = 80, colour: bool = False) -> str:
    """What every verdict other than an expected ``proved`` carries, claim by claim."""
    return "\n".join(
        line
        for entry in report.entries
        if entry.verdict.kind is not Kind.PROVED or not entry.as_expected or entry.problems
        for line in claim_details(entry, width, colour)
    )


def claim_details(entry: ClaimEntry, width: int = 80, colour: bool = False) -> list[str]:
    """The verdict on one claim with conditions, counterexample, shapes, and what is right."""
    kind = entry.verdict.kind
    verdict = _coloured(kind, kind) if colour else str(kind)
    lines = [f"{printable(entry.name)}: {verdict}"]
    texts = [*verdict_lines(entry.verdict), surprise_words(entry)]
    if entry.corrected:
        texts.append(f"right is {entry.corrected.name} ({entry.corrected.verdict.kind})")
    for text in filter(None, texts):
        shown = printable(without_dollars(text))
        lines += textwrap.wrap(shown, max(width, 30), initial_indent="  ", subsequent_indent="    ")
    return lines


def verdict_lines(verdict: Verdict) -> list[str]:
    """What a verdict must carry, one line of plain text each."""
    lines = [f"if {condition_text(verdict, n)}" for n in range(len(verdict.conditions))]
    if verdict.counterexample:
        lines.append(counterexample_text(verdict.counterexample))
    if verdict.kind not in (Kind.PROVED, Kind.CONDITIONAL, Kind.REFUTED):
        lines.append(verdict.reason or MEANINGS[verdict.kind])
    if verdict.shapes and "shape" not in verdict.reason:
        lines.append("shapes: left {}, right {}".format(*verdict.shapes))
    if verdict.kind is Kind.UNKNOWN and verdict.residual is not None:
        lines.append(f"left over: {term_text(verdict.residual)}")
    return lines


def condition_text(verdict: Verdict, place: int) -> str:
    """One condition of a verdict in words."""
    condition = verdict.conditions[place]
    if condition.words or condition.proposition is None:
        return condition.words
    return proposition_text(condition.proposition)


def counterexample_text(point: Counterexample) -> str:
    """``at n = 2, x[1] = 0 the left side is 0, the right side is 1``."""
    pairs = [*((name, str(value)) for name, value in point.dimensions), *point.assignment]
    place = ", ".join(f"{name} = {value}" for name, value in pairs)
    sides = f"the left side is {point.left}, the right side is {point.right}"
    return f"at {place} {sides}" if place else f"everywhere {sides}"


def printable(text: str) -> str:
    """The text without control characters, on one line."""
    return "".join(c if c.isprintable() else " " if c in "\n\t" else "" for c in text)


def _coloured(text: str, kind: Kind) -> str:
    return f"\x1b[{_ANSI[kind]}m{text}\x1b[0m"
