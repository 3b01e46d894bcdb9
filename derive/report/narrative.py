"""The report model told as blocks: the summary, what is wrong, then part by part.

This is the one place that decides what a report says and in which order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache

from derive.report.document import (
    Badge,
    Block,
    Code,
    Column,
    Figure,
    Heading,
    Link,
    Math,
    PageBreak,
    Paragraph,
    Run,
    Runs,
    Table,
    Text,
    Title,
)
from derive.report.drawing import drawing
from derive.report.fitting import (
    component_box,
    displayed,
    equation,
    inline,
    is_flat,
    rich,
    value_box,
    without_dollars,
)
from derive.report.model import ClaimEntry, PartSection, Report
from derive.report.proof_narrative import derivation_blocks, proof_blocks, term_block
from derive.report.term_layout import TermLayout
from derive.report.wording import (
    MEANINGS,
    audit_words,
    axiom_words,
    coq_words,
    counted,
    cross_check_words,
    expectation_words,
    figures_words,
    relative_error,
    surprise_words,
)
from derive.verdict import Condition, Counterexample, Kind, Verdict

_COLUMNS = (
    Column("part", 2.4),
    Column("claim", 20.2),
    Column("verdict", 6.0),
    Column("method", 7.4),
    Column("error", 4.2, "right"),
)

_PART_COLUMNS = (Column("part", 2.4), Column("about", 21.0), Column("verdicts", 19.0))

#: So many claims are named in the summary if their verdicts are not the expected ones.
_SURPRISES = 8


@lru_cache(maxsize=1)
def blocks(report: Report) -> tuple[Block, ...]:
    """The whole report; kept, since LaTeX and PDF are made of the same one.

    Times are left out: the same input has to give the same bytes.
    """
    layout = TermLayout(dict(report.notation))
    anchors = {entry.name: f"claim-{place}" for place, entry in enumerate(report.entries, 1)}
    parts = (block for part in report.parts for block in _part(part, anchors, layout))
    tables = (*_wrong(report, anchors), *_all_claims(report, anchors))
    return (*_summary(report, anchors), PageBreak(), *tables, PageBreak(), *parts)


def _summary(report: Report, anchors: Mapping[str, str]) -> Iterable[Block]:
    engines = ", ".join(f"{name} {version}" for name, version in report.engines)
    lines: list[Runs] = [(Text(f"{report.source} · {report.date.isoformat()}"),)]
    lines.append((Text(f"seed {report.seed} · {engines}" if engines else f"seed {report.seed}"),))
    yield Title(rich(report.title), tuple(lines))
    total = sum(number for _, number in report.counts)
    runs: list[Run] = [Text(f"{counted(total, 'claim')}: ")]
    for kind, number in report.counts:
        if number:
            runs += [*([Text(", ")] if len(runs) > 1 else []), Text(f"{number} "), Badge(kind)]
    yield Paragraph((*runs, Text(".")), "Verdicts")
    yield Paragraph((Text(expectation_words(report)), *_surprises(report, anchors)), "Expected")
    yield Paragraph((Text(cross_check_words(report)),), "Cross-check")
    if audit_words(report):
        yield Paragraph((Text(audit_words(report)),), "Audit")
    if coq_words(report):
        words = " ".join(filter(None, (coq_words(report), axiom_words(report))))
        yield Paragraph((Text(words),), "Coq")
    found = [kind for kind, number in report.counts if number]
    meanings: list[Run] = []
    for kind in found:
        meanings += [*([Text("; ")] if meanings else []), Badge(kind), Text(f" {MEANINGS[kind]}")]
    yield Paragraph((*meanings, Text(".")), "Meaning")
    yield Heading(1, (Text("The parts"),), "The parts")
    yield Table(_PART_COLUMNS, tuple(_part_row(part, anchors) for part in report.parts))


def _part_row(part: PartSection, anchors: Mapping[str, str]) -> tuple[Runs, ...]:
    kinds = [entry.verdict.kind for entry in part.entries]
    verdicts = ((Text(f"{kinds.count(kind)} "), Badge(kind)) for kind in Kind if kinds.count(kind))
    first = anchors[part.entries[0].name]
    return (Text(part.part),), (Link(first, rich(part.title)),), _separated(verdicts, ", ")


def _all_claims(report: Report, anchors: Mapping[str, str]) -> Iterable[Block]:
    yield Heading(1, (Text("All claims"),), "All claims")
    yield Table(_COLUMNS, tuple(_table_row(entry, anchors) for entry in report.entries))


def _surprises(report: Report, anchors: Mapping[str, str]) -> Runs:
    runs: list[Run] = []
    for entry in report.surprises[:_SURPRISES]:
        runs += [Text(", " if runs else " "), Link(anchors[entry.name], (Code(entry.name),))]
    more = len(report.surprises) - _SURPRISES
    return (*runs, Text(f" and {more} more." if more > 0 else ".")) if runs else ()


def _table_row(entry: ClaimEntry, anchors: Mapping[str, str]) -> tuple[Runs, ...]:
    verdict: Runs = (Badge(entry.verdict.kind),)
    if not entry.as_expected:
        same = entry.expected == entry.verdict.kind
        verdict += (Text(f" ({'not so' if same else entry.expected} expected)"),)
    error = relative_error(entry.cross_check)
    failed = entry.cross_check is not None and not entry.cross_check.passed
    return (
        (Text(entry.part),),
        (Link(anchors[entry.name], rich(entry.title)),),
        verdict,
        (Text(entry.method, "quiet"),),
        (*rich(error), *((Text(" failed", "strong"),) if failed else ())),
    )


def _wrong(report: Report, anchors: Mapping[str, str]) -> Iterable[Block]:
    if not report.wrong_in_source:
        return
    title = "What is wrong in the source, and what is right"
    yield Heading(1, (Text(title),), title)
    for row in report.wrong_in_source:
        place: Run = Text(row.place, "strong")
        if row.claim in anchors:
            place = Link(anchors[row.claim], (place,))
        runs: Runs = (place, Text("\u2002"), Badge(row.kind))
        reason = (Text(". "), *rich(row.reason)) if row.reason else ()
        yield Paragraph((*runs, *reason), keep=True)
        yield replace(displayed(row.written_latex, "written"), keep=True)
        yield displayed(row.right_latex, "right")


def _part(part: PartSection, anchors: Mapping[str, str], layout: TermLayout) -> Iterable[Block]:
    runs: Runs = (Text(f"{part.part}\u2002", "quiet"), *rich(part.title))
    yield Heading(1, runs, f"{part.part}  {without_dollars(part.title)}")
    for entry in part.entries:
        yield from _entry(entry, anchors[entry.name], layout)


def _entry(entry: ClaimEntry, anchor: str, layout: TermLayout) -> Iterable[Block]:
    title = without_dollars(entry.title)
    yield Heading(2, rich(entry.title), title, anchor, entry.verdict.kind)
    origin = f"   {entry.source}" if entry.source else ""
    yield Paragraph((Code(entry.name), Text(origin, "quiet")), keep=True)
    yield displayed(entry.claim_latex)
    yield from _definitions(entry.definitions_latex)
    if entry.assumptions:
        yield Paragraph(_separated(rich(words) for words in entry.assumptions), "Assumed")
    yield Paragraph(_verdict_runs(entry, layout), "Verdict")
    if entry.verdict.kind is Kind.UNKNOWN and entry.verdict.residual is not None:
        yield term_block(entry.verdict.residual, layout, "Left over")
    if entry.corrected:
        yield from _correction(entry)
    yield from derivation_blocks(entry.derivation)
    if entry.verdict.proof:
        yield from proof_blocks(entry.verdict.proof, layout)
    if entry.rechecked:
        yield Paragraph(rich(" ".join(entry.rechecked)), "Re-checked")
    if entry.cross_check:
        runs: Runs = (*rich(entry.cross_check.quantity), Text(": "))
        runs = runs if entry.cross_check.quantity else ()
        yield Paragraph((*runs, *rich(figures_words(entry.cross_check))), "Cross-check")
    if entry.second_opinion:
        yield Paragraph(rich(entry.second_opinion), "Second opinion")
    if entry.note:
        yield Paragraph(rich(entry.note), "Note")
    for plot in entry.plots:
        yield Figure(drawing(plot), rich(plot.title), rich(plot.caption))


def _definitions(sources: tuple[str, ...]) -> Iterable[Block]:
    """The definitions: flat ones in a row, each taller one as a display."""
    flat = [latex for latex in sources if is_flat(latex)]
    label = "Where"
    if flat:
        yield Paragraph(_separated(inline(latex) for latex in flat), label)
        label = ""
    for latex in sources:
        if latex not in flat:
            yield displayed(latex, label)
            label = ""


def _separated(groups: Iterable[Runs], separator: str = ";  ") -> Runs:
    runs: list[Run] = []
    for group in groups:
        runs += [*([Text(separator)] if runs else []), *group]
    return tuple(runs)


def _verdict_runs(entry: ClaimEntry, layout: TermLayout) -> Runs:
    runs = (Badge(entry.verdict.kind), Text(": "), *verdict_details(entry.verdict, layout))
    if entry.method:
        runs = (*runs, Text(f"\u2002{entry.method}", "quiet"))
    surprise = surprise_words(entry)
    return (*runs, Text(f"\u2002{surprise}", "strong")) if surprise else runs


def verdict_details(verdict: Verdict, layout: TermLayout) -> Runs:
    """What a verdict must carry, as a sentence."""
    match verdict.kind:
        case Kind.PROVED:
            runs: Runs = (Text("for all values of the variables and all dimensions"),)
        case Kind.CONDITIONAL:
            conditions = (_condition(condition, layout) for condition in verdict.conditions)
            runs = (Text("proved, if "), *_separated(conditions, ", and "))
        case Kind.REFUTED if verdict.counterexample:
            runs = _counterexample(verdict.counterexample)
        case _:
            runs = rich(verdict.reason) if verdict.reason else (Text(MEANINGS[verdict.kind]),)
    if verdict.shapes and "shape" not in verdict.reason:
        left, right = verdict.shapes
        runs = (*runs, Text(f"; the left side has shape {left}, the right side {right}"))
    if verdict.kind is Kind.UNKNOWN and verdict.counterexample:
        runs = (*runs, Text("; "), *_counterexample(verdict.counterexample))
    return (*runs, Text("."))


def _condition(condition: Condition, layout: TermLayout) -> Runs:
    if condition.proposition is None:
        return rich(condition.words)
    return (Math(layout.proposition(condition.proposition)),)


def _counterexample(point: Counterexample) -> Runs:
    pairs = [*((name, str(value)) for name, value in point.dimensions), *point.assignment]
    equations = ((Math(equation(component_box(n), value_box(v))),) for n, v in pairs)
    place: Runs = (Text("at "), *_separated(equations, ", ")) if pairs else (Text("everywhere"),)
    left, right = Math(value_box(point.left)), Math(value_box(point.right))
    runs = (*place, Text(" the left side is "), left, Text(", the right side is "), right)
    if not point.bits:
        return runs
    return (*runs, Text(f" (disjoint balls at {point.bits} bits)", "quiet"))


def _correction(entry: ClaimEntry) -> Iterable[Block]:
    corrected = entry.corrected
    if corrected is None:
        return
    words: Runs = (Badge(corrected.verdict.kind), Text(" as "), Code(corrected.name))
    if corrected.verdict.kind is Kind.CONDITIONAL:
        conditions = _separated((rich(c.words) for c in corrected.verdict.conditions), ", and ")
        words = (*words, Text(", if "), *conditions)
    yield Paragraph(words, "Right is", keep=True)
    yield displayed(corrected.latex)
