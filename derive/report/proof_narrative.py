"""A proof told step by step, with the long ones abridged, and a derivation as it was written."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from derive.report.abbreviations import Abbreviation, abbreviated
from derive.report.document import (
    Badge,
    Block,
    Formula,
    Math,
    Paragraph,
    Runs,
    StepRow,
    Steps,
    Text,
)
from derive.report.fitting import STEP_WIDTH, displayed, equation, fitted, inline, rich
from derive.report.formula import Box, Sign, is_tall, row, width
from derive.report.latex_math import read_or_none
from derive.report.model import WrittenStep
from derive.report.symbols import SIGNS, SYMBOLS
from derive.report.term_layout import TermLayout
from derive.report.wording import counted
from derive.terms.plain import term_text
from derive.terms.structure import subterms
from derive.terms.term import And, Node, Proposition, Term
from derive.verdict import Case, Proof, Step, Verdict

#: Of a longer case, the first and the last steps are shown; of many cases, the first ones.
_FIRST, _LAST = 5, 2
_CASES = 2

#: A formula of more nodes is not printed; one that takes more lines is left out of a step.
_MAX_NODES = 130
_MAX_LINES = 3


@dataclass(frozen=True, slots=True)
class _Shown:
    """A step to be shown, with its number."""

    number: int
    rule: str
    before: Term
    after: Term
    conditions: tuple[Proposition, ...]


def proof_blocks(proof: Proof, layout: TermLayout) -> Iterator[Block]:
    """The cases of a proof with their steps, and what both sides come to in each."""
    several = len(proof.cases) > 1
    if several:
        intro = f"{counted(len(proof.cases), 'case')}, which together cover everything."
        yield Paragraph((Text(intro),), "Proof", keep=True)
    shown = proof.cases if len(proof.cases) <= _CASES + 1 else proof.cases[:_CASES]
    for case in shown:
        yield from _case_blocks(case, layout, "" if several else "Proof")
    if len(shown) < len(proof.cases):
        rest = proof.cases[len(shown) :]
        number = counted(sum(len(case.steps) for case in rest), "step")
        words = f"{counted(len(rest), 'more case')} not shown, {number}, by {_rules(rest)}."
        yield Paragraph((Text(words, "quiet"),), "")


def _rules(cases: tuple[Case, ...]) -> str:
    return _counted_rules(tuple(step for case in cases for step in case.steps))


def _counted_rules(steps: tuple[Step, ...]) -> str:
    counts = Counter(rule_words(step.rule) for step in steps)
    return ", ".join(f"{rule} ({n}×)" if n > 1 else rule for rule, n in counts.items())


def _case_blocks(case: Case, layout: TermLayout, label: str) -> Iterator[Block]:
    head: Runs = ()
    if case.assumptions:
        assumption = And(case.assumptions) if len(case.assumptions) > 1 else case.assumptions[0]
        head = (Text("Case "), Math(layout.proposition(assumption)), Text(". "))
    count = f"{counted(len(case.steps), 'step')}." if case.steps else "No step is needed."
    yield Paragraph((*head, Text(count, "quiet")), label, keep=True)
    numbered = list(enumerate(case.steps, 1))
    long = len(numbered) > _FIRST + _LAST + 1
    chosen = [*numbered[:_FIRST], *numbered[-_LAST:]] if long else numbered
    terms = tuple(chain.from_iterable((step.before, step.after) for _, step in chosen))
    abbreviations, terms = abbreviated((*terms, case.left, case.right))
    for place, abbreviation in enumerate(abbreviations):
        yield from _introduction(abbreviation, "Here " if place == 0 else "and ", layout)
    shown = [
        _Shown(number, rule_words(step.rule), terms[2 * n], terms[2 * n + 1], step.conditions)
        for n, (number, step) in enumerate(chosen)
    ]
    rows = [_step_row(step, layout) for step in shown]
    if long:
        hidden = case.steps[_FIRST:-_LAST]
        words = f"{len(hidden)} steps not shown, by {_counted_rules(hidden)}"
        rows.insert(_FIRST, StepRow("⋯", "", None, (Text(words, "quiet"),)))
    if rows:
        yield Steps(tuple(_merged(rows)))
    yield from _conclusion(terms[-2], terms[-1], layout)


def _introduction(name: Abbreviation, start: str, layout: TermLayout) -> Iterator[Block]:
    """What a name stands for, in one line if it is short."""
    head = layout.term(name.head)
    box = equation(head, layout.term(name.body))
    words = Text(start, "quiet")
    formula = fitted(box, lambda: "")
    if width(box) < STEP_WIDTH:
        yield Paragraph((words, Math(box)), "", keep=True)
    elif isinstance(formula, Formula):
        yield Paragraph((words,), "", keep=True)
        yield formula
    else:
        yield Paragraph((words, Math(head), Text(" for a formula too long to be shown.")), "")


def _step_row(step: _Shown, layout: TermLayout) -> StepRow:
    number = str(step.number)
    if _size(step.before) + _size(step.after) > _MAX_NODES:
        return StepRow(number, step.rule, None)
    before, after, conditions = layout.step(step.before, step.after, step.conditions)
    formula = fitted(equation(before, after), lambda: "", STEP_WIDTH)
    if not isinstance(formula, Formula) or len(formula.lines) > _MAX_LINES:
        return StepRow(number, step.rule, None)
    return StepRow(number, step.rule, formula, _joined("given ", conditions, ", "))


def _merged(rows: list[StepRow]) -> Iterator[StepRow]:
    """The rows, with neighbours that show no formula put into one."""
    waiting: list[StepRow] = []
    for current in (*rows, None):
        if current is not None and current.formula is None and not current.remark:
            waiting.append(current)
            continue
        if waiting:
            first, last = waiting[0].number, waiting[-1].number
            number = first if first == last else f"{first}–{last}"
            rules = ", ".join(dict.fromkeys(row.rule for row in waiting))
            yield StepRow(number, rules, None, (Text("formula too long to be shown", "quiet"),))
            waiting = []
        if current is not None:
            yield current


def _joined(start: str, boxes: tuple[Box, ...], between: str) -> Runs:
    runs = ((Text(between if place else start), Math(box)) for place, box in enumerate(boxes))
    return tuple(chain.from_iterable(runs))


def _conclusion(left: Term, right: Term, layout: TermLayout) -> Iterator[Block]:
    if left == right:
        yield from _said("Both sides come to ", left, layout)
    else:
        yield from _said("The left side comes to ", left, layout)
        yield from _said("and the right side to ", right, layout)


def _said(words: str, term: Term, layout: TermLayout) -> Iterator[Block]:
    """Words and a term, in one line if it is a small one."""
    if _size(term) <= _MAX_NODES:
        box = layout.term(term)
        if width(box) < STEP_WIDTH and not is_tall(box):
            yield Paragraph((Text(words), Math(box), Text(".")), "")
            return
        formula = fitted(box, lambda: "")
        if isinstance(formula, Formula) and len(formula.lines) <= _MAX_LINES:
            yield Paragraph((Text(words),), "", keep=True)
            yield formula
            return
    yield Paragraph((Text(f"{words}a normal form that is too long to be shown."),), "")


def _size(node: Node) -> int:
    """The number of nodes, counted no further than is needed here."""
    return sum(1 for _ in islice(subterms(node), _MAX_NODES + 1))


def term_block(term: Term, layout: TermLayout, label: str = "") -> Block:
    """A term as a display; words where it is too long."""
    if _size(term) > _MAX_NODES:
        return Paragraph((Text("a formula too long to be shown", "quiet"),), label)
    return fitted(layout.term(term), lambda: term_text(term), label=label)


def rule_words(rule: str) -> str:
    """The name of a rule as words."""
    return rule.replace("_", " ").replace("-", " ")


def derivation_blocks(steps: tuple[WrittenStep, ...]) -> Iterator[Block]:
    """The derivation as the source wrote it, with the verdict of every step."""
    if steps:
        yield Paragraph((), "As written", keep=True)
        yield Steps(tuple(map(_written_row, steps)))


def _written_row(step: WrittenStep) -> StepRow:
    left, right = read_or_none(step.left_latex), read_or_none(step.right_latex)
    relation = _relation(step.relation)
    source = f"{step.left_latex} {step.relation} {step.right_latex}"
    if left is None or right is None or relation is None:
        formula = displayed(source, room=STEP_WIDTH)
    else:
        formula = fitted(row((left, relation, right)), lambda: source, STEP_WIDTH)
    return StepRow("", step.place, formula, _written_remark(step, step.verdict))


def _written_remark(step: WrittenStep, verdict: Verdict) -> Runs:
    remark: Runs = (Badge(verdict.kind),)
    words = "; ".join(filter(None, (step.fallacy, verdict.reason)))
    remark += (Text(": "), *rich(words)) if words else ()
    if step.repair_latex:
        remark += (Text(". Right would be "), *inline(step.repair_latex))
    return remark


def _relation(relation: str) -> Box | None:
    if relation in SIGNS:
        return Sign(relation)
    name = relation.removeprefix("\\")
    return read_or_none(relation) if name in SYMBOLS else None
