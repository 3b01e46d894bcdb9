"""A proof told step by step, with the long ones abridged, and a derivation as it was written."""

from collections import Counter
from itertools import chain, islice

from derive.report.document import Badge, Block, Math, Paragraph, Runs, StepRow, Steps, Text
from derive.report.fitting import STEP_WIDTH, displayed, equation, fitted, inline, rich
from derive.report.formula import Box, Sign, is_tall, row, width
from derive.report.latex_math import read_or_none
from derive.report.model import WrittenStep
from derive.report.plain_terms import step_text, term_text
from derive.report.symbols import SIGNS, SYMBOLS
from derive.report.term_layout import TermLayout
from derive.report.wording import counted
from derive.terms.structure import subterms
from derive.terms.term import Node, Term
from derive.verdict import Case, Proof, Step

#: Of a longer case, the first and the last steps are shown.
_FIRST, _LAST = 9, 4

#: A formula of more nodes than this is not printed.
MAX_NODES = 220


def proof_blocks(proof: Proof, layout: TermLayout) -> tuple[Block, ...]:
    """The cases of a proof with their steps, and what both sides come to in each."""
    blocks: list[Block] = []
    several = len(proof.cases) > 1
    if several:
        intro = f"{counted(len(proof.cases), 'case')} which together cover everything."
        blocks.append(Paragraph((Text(intro),), "Proof", keep=True))
    for case in proof.cases:
        blocks += _case_blocks(case, layout, "" if several else "Proof")
    return tuple(blocks)


def _case_blocks(case: Case, layout: TermLayout, label: str) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if not case.steps:
        head = (*_case_head(case, layout), Text("No step is needed.", "quiet"))
        return (Paragraph(head, label), *_conclusion(case, layout))
    count = Text(f"{counted(len(case.steps), 'step')}.", "quiet")
    blocks.append(Paragraph((*_case_head(case, layout), count), label, keep=True))
    blocks.append(Steps(tuple(_step_rows(case.steps, layout))))
    return (*blocks, *_conclusion(case, layout))


def _case_head(case: Case, layout: TermLayout) -> Runs:
    assumptions = tuple(map(layout.proposition, case.assumptions))
    return (*_joined("Case ", assumptions, " and "), Text(". ")) if assumptions else ()


def _step_rows(steps: tuple[Step, ...], layout: TermLayout) -> list[StepRow]:
    if len(steps) <= _FIRST + _LAST + 1:
        return [_step_row(number, step, layout) for number, step in enumerate(steps, 1)]
    hidden = steps[_FIRST:-_LAST]
    rules = Counter(step.rule for step in hidden)
    listed = ", ".join(
        f"{rule_words(rule)} ({times}×)" if times > 1 else rule_words(rule)
        for rule, times in rules.items()
    )
    rows = [_step_row(number, step, layout) for number, step in enumerate(steps[:_FIRST], 1)]
    remark = (Text(f"{len(hidden)} steps not shown, by {listed}", "quiet"),)
    rows.append(StepRow("⋯", "", None, remark))
    start = len(steps) - _LAST + 1
    rows += [_step_row(number, step, layout) for number, step in enumerate(steps[-_LAST:], start)]
    return rows


def _step_row(number: int, step: Step, layout: TermLayout) -> StepRow:
    rule = rule_words(step.rule)
    if _is_huge(step.before) or _is_huge(step.after):
        remark = (Text("too long to be shown", "quiet"),)
        return StepRow(str(number), rule, None, remark)
    before, after, conditions = layout.step(step)
    formula = fitted(equation(before, after), lambda: _plain(step), STEP_WIDTH)
    return StepRow(str(number), rule, formula, _joined("given ", conditions, ", "))


def _plain(step: Step) -> str:
    before, after, _ = step_text(step.before, step.after)
    return f"{before} = {after}"


def _joined(start: str, boxes: tuple[Box, ...], between: str) -> Runs:
    runs = ((Text(between if place else start), Math(box)) for place, box in enumerate(boxes))
    return tuple(chain.from_iterable(runs))


def _conclusion(case: Case, layout: TermLayout) -> tuple[Block, ...]:
    if case.left == case.right:
        return _said("Both sides come to ", case.left, layout)
    left = _said("The left side comes to ", case.left, layout)
    return (*left, *_said("and the right side to ", case.right, layout))


def _said(words: str, term: Term, layout: TermLayout) -> tuple[Block, ...]:
    """Words and a term, in one line if it is a small one."""
    if not _is_huge(term):
        box = layout.term(term)
        if width(box) < STEP_WIDTH and not is_tall(box):
            return (Paragraph((Text(words), Math(box)), ""),)
    return (Paragraph((Text(words),), "", keep=True), term_block(term, layout))


def _is_huge(node: Node) -> bool:
    return next(islice(subterms(node), MAX_NODES, None), None) is not None


def term_block(term: Term, layout: TermLayout, label: str = "") -> Block:
    """A term as a display; words where it is too long."""
    if _is_huge(term):
        return Paragraph((Text("a formula too long to be shown", "quiet"),), label)
    return fitted(layout.term(term), lambda: term_text(term), label=label)


def rule_words(rule: str) -> str:
    """The name of a rule as words."""
    return rule.replace("_", " ").replace("-", " ")


def derivation_blocks(steps: tuple[WrittenStep, ...]) -> tuple[Block, ...]:
    """The derivation as the source wrote it, with the verdict of every step."""
    if not steps:
        return ()
    rows = tuple(_written_row(step) for step in steps)
    return (Paragraph((), "As written", keep=True), Steps(rows))


def _written_row(step: WrittenStep) -> StepRow:
    left, right = read_or_none(step.left_latex), read_or_none(step.right_latex)
    relation = _relation(step.relation)
    source = f"{step.left_latex} {step.relation} {step.right_latex}"
    if left is None or right is None or relation is None:
        formula = displayed(source, room=STEP_WIDTH)
    else:
        formula = fitted(row((left, relation, right)), lambda: source, STEP_WIDTH)
    remark: Runs = (Badge(step.verdict.kind),)
    words = "; ".join(filter(None, (step.fallacy, step.verdict.reason)))
    remark += (Text(": "), *rich(words)) if words else ()
    if step.repair_latex:
        remark += (Text(". Right would be "), *inline(step.repair_latex))
    return StepRow("", step.place, formula, remark)


def _relation(relation: str) -> Box | None:
    if relation in SIGNS:
        return Sign(relation)
    name = relation.removeprefix("\\")
    return read_or_none(relation) if name in SYMBOLS else None
