"""The proof of an integer claim as data: rule applications on indicators of propositions.

``[P]`` is 1 where P holds, else 0.  Every step is an equation ``before = after`` that is true
under its conditions, so a kernel can check it alone and a report can print it alone.
"""

from collections.abc import Mapping, Sequence
from math import prod
from types import MappingProxyType
from typing import TypeAlias

from derive.integers.branches import Branch
from derive.integers.contract import (
    BoundStep,
    ChoiceStep,
    Conflict,
    Event,
    Limit,
    LinearStep,
    Row,
)
from derive.integers.formula import FALSE, All, Formula, Literal, Some, as_proposition, relation_of
from derive.integers.linear import GIVEN
from derive.terms.term import (
    NEGATED,
    ONE,
    ZERO,
    And,
    Compare,
    Indicator,
    Not,
    Number,
    Operator,
    Or,
    Proposition,
    Term,
    number,
)
from derive.verdict import Case, Proof, Step

Item: TypeAlias = Limit | Literal | Row

RULES: Mapping[str, str] = MappingProxyType(
    {
        "arithmetic": "the value of a term without variables",
        "declared range": "what the declarations say of a variable: [x >= 1] = 1",
        "collect terms": "everything on one side, in lowest terms, bounds rounded to integers",
        "clear denominators": "multiply by the denominator, whose sign is the condition",
        "floor": "q <= t < q + 1 for q = floor(t), cleared of the denominator",
        "divisor count": "1 <= divisor_count(t) <= t for a positive integer t",
        "lower bound": "[x >= a] = 1, as all other terms of the first condition are bounded",
        "upper bound": "[x <= b] = 1, as all other terms of the first condition are bounded",
        "write out": "definitions by cases and denominators in the assumptions, written out",
        "case distinction": "the assumptions imply that one of the alternatives holds",
        "only case left": "every other part of the disjunction contradicts the conditions",
        "add inequalities": "a sum of positive multiples of the conditions, rounded to integers",
        "use equation": "a multiple of the equation added to the first condition",
        "multiply": "the first condition times a factor that the others make nonnegative",
        "range of product": "the range of a product from the ranges of its factors",
        "contradiction": "the conditions leave no integer",
        "exhaust range": "every integer point within the conditions is tried",
    }
)


def closed_case(branch: Branch, generators: Sequence[Term]) -> Case:
    """A branch that holds nowhere: by the conflict of its state, or by a linear contradiction."""
    conflict = branch.state.conflict or Conflict(None, ())
    start: tuple[Item, ...] = (branch.end,) if branch.end else conflict.used
    if branch.end is None and isinstance(conflict.formula, Literal):
        start = (conflict.formula, *start)
    recorder = _Recorder(branch, generators)
    recorder.record(start)
    premises = tuple(recorder.shown(item) for item in start)
    if branch.end is None and conflict.formula == FALSE:
        return _case(branch, recorder, Step("collect terms", branch.indicator, ZERO))
    if branch.end is None and isinstance(conflict.formula, Some):
        choice = as_proposition(conflict.formula)
        recorder.choices.append(choice)
        premises = (choice, *premises)
    return _case(branch, recorder, Step("contradiction", branch.indicator, ZERO, premises))


def exhausted_case(
    branch: Branch,
    generators: Sequence[Term],
    variables: Sequence[int],
    points: Sequence[Proposition] = (),
) -> Case:
    """A branch that holds at the listed points of its finite range and nowhere else."""
    recorder = _Recorder(branch, generators)
    limits = branch.state.limits(variables)
    recorder.record(limits)
    result = Indicator(Or(tuple(points))) if points else ZERO
    premises = tuple(recorder.shown(limit) for limit in limits)
    return _case(branch, recorder, Step("exhaust range", branch.indicator, result, premises))


def _case(branch: Branch, recorder: "_Recorder", last: Step) -> Case:
    assumed = branch.indicator
    found = [
        Step("case distinction", assumed, Indicator(And((*branch.assumptions, choice))))
        for choice in recorder.choices
    ]
    steps = (*branch.distinctions, *found, *recorder.steps, last)
    return Case(branch.assumptions, steps, branch.indicator, last.after)


def points_tried(proof: Proof) -> int:
    """How many integer points the finite ranges of a proof hold, over all its cases."""
    return sum(
        _box_size(step.conditions)
        for case in proof.cases
        for step in case.steps
        if step.rule == "exhaust range"
    )


def _box_size(limits: Sequence[Proposition]) -> int:
    ends: dict[Term, dict[str, int]] = {}
    for limit in limits:
        if isinstance(limit, Compare) and isinstance(limit.right, Number):
            ends.setdefault(limit.left, {})[limit.operator] = int(limit.right.value)
    return prod(end["<="] - end[">="] + 1 for end in ends.values())


class _Recorder:
    """Writes down what an item rests on, each thing once, in the order of its derivation."""

    def __init__(self, branch: Branch, generators: Sequence[Term]) -> None:
        self._branch = branch
        self._generators = list(generators)
        self._trail = branch.state.trail or []
        self._rows: set[Row] = set()
        self.steps: list[Step] = []
        self.choices: list[Proposition] = []

    def shown(self, item: Item) -> Proposition:
        """A limit, literal or row as a proposition."""
        if isinstance(item, Limit):
            operator: Operator = "<=" if item.upper else ">="
            return Compare(operator, self._generators[item.generator], number(item.value))
        if isinstance(item, Row):
            return relation_of(
                dict(item.polynomial), "=" if item.equation else "<=", self._generators
            )
        return item.shown

    def record(self, start: Sequence[Item]) -> None:
        """Add the steps from which the items follow."""
        needed: dict[Limit | Formula, None] = {}
        for item in start:
            needed |= dict.fromkeys(_leaves(item))
        origins: dict[Limit, BoundStep | LinearStep] = {}
        relevant: list[Event] = []
        for event in reversed(self._trail):
            if isinstance(event, ChoiceStep):
                if not any(item in needed for item in _conjuncts(event.remaining)):
                    continue
                needed |= dict.fromkeys((event.choice, *event.used))
                self.choices.append(as_proposition(event.choice))
            else:
                if event.limit not in needed:
                    continue
                origins[event.limit] = event
                needed |= dict.fromkeys(leaf for item in event.premises for leaf in _leaves(item))
            relevant.append(event)
        for limit in needed:
            if isinstance(limit, Limit) and limit not in origins:
                self._fact("declared range", self.shown(limit), ())
        chosen = [
            item
            for event in relevant
            if isinstance(event, ChoiceStep)
            for item in _conjuncts(event.remaining)
        ]
        for literal in needed:
            if isinstance(literal, Literal) and literal not in chosen:
                self._literal(literal)
        for event in reversed(relevant):
            self._event(event)
        for item in start:
            if isinstance(item, Row):
                self._row(item)

    def _literal(self, literal: Literal) -> None:
        if literal.source is None:
            self._fact(literal.rule, literal.shown, literal.conditions)
            return
        assumptions = self._branch.assumptions
        stated: set[Proposition] = set().union(*(_stated(p, True) for p in assumptions))
        if literal.shown in stated:
            return
        if literal.source not in stated:
            written_out = Indicator(And((*assumptions, literal.source)))
            self.steps.append(Step("write out", self._branch.indicator, written_out))
        if literal.source != literal.shown:
            before, after = Indicator(literal.source), Indicator(literal.shown)
            self.steps.append(Step(literal.rule, before, after, literal.conditions))

    def _event(self, event: Event) -> None:
        match event:
            case ChoiceStep(choice, remaining, used):
                before, after = as_proposition(choice), as_proposition(remaining)
                premises = tuple(map(self.shown, used))
                step = Step("only case left", Indicator(before), Indicator(after), premises)
                self.steps.append(step)
            case LinearStep(_, row):
                self._row(row)
            case BoundStep(limit, literal, used):
                if literal.shown != self.shown(limit):
                    rule = "upper bound" if limit.upper else "lower bound"
                    premises = (literal.shown, *map(self.shown, used))
                    self._fact(rule, self.shown(limit), premises)

    def _row(self, row: Row) -> None:
        if row in self._rows:
            return
        self._rows.add(row)
        for parent in row.parents:
            if isinstance(parent, Row):
                self._row(parent)
        if row.rule == GIVEN:
            return
        premises = tuple(self.shown(parent) for parent in row.parents)
        self._fact(row.rule, self.shown(row), premises)

    def _fact(self, rule: str, fact: Proposition, premises: tuple[Proposition, ...]) -> None:
        step = Step(rule, Indicator(fact), ONE, premises)
        if step not in self.steps:
            self.steps.append(step)


def _leaves(item: Item) -> list[Limit | Literal]:
    """The limits and literals that a row was made from; anything else itself."""
    found: dict[Limit | Literal, None] = {}
    seen: set[Row] = set()
    stack: list[Item] = [item]
    while stack:
        current = stack.pop()
        if not isinstance(current, Row):
            found[current] = None
        elif current not in seen:
            seen.add(current)
            stack.extend(reversed(current.parents))
    return list(found)


def _conjuncts(formula: Formula) -> Sequence[Formula]:
    return formula.parts if isinstance(formula, All) else (formula,)


def _stated(proposition: Proposition, holds: bool) -> set[Proposition]:
    """What an assumption says outright."""
    match proposition:
        case Not(inner):
            return _stated(inner, not holds)
        case And(parts) if holds:
            return set().union(*(_stated(part, True) for part in parts))
        case Or(parts) if not holds:
            return set().union(*(_stated(part, False) for part in parts))
        case Compare(operator, left, right) if not holds:
            return {Compare(NEGATED[operator], left, right)}
    return {proposition} if holds else set()
