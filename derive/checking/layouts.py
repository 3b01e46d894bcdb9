"""One layout of derivatives for a whole chain, and when it is a condition of the verdicts."""

from collections.abc import Iterator
from dataclasses import replace

from derive.checking.results import Step
from derive.elaborate.elaborator import Layout
from derive.elaborate.scope import Scope
from derive.reader import surface
from derive.terms.structure import subterms
from derive.terms.term import Derivative
from derive.verdict import Condition, Kind, Verdict

LAYOUTS: tuple[Layout, ...] = ("numerator", "denominator", "gradient rows")

WORDS = {
    "numerator": "numerator layout",
    "denominator": "denominator layout",
    "gradient rows": "numerator layout with gradients as rows",
}


def layouts(scope: Scope) -> Iterator[Layout]:
    """The declared layout alone; else all, numerator layout first."""
    if scope.layout is not None:
        yield scope.layout
        return
    yield from LAYOUTS


def is_fine(verdict: Verdict | None) -> bool:
    """Whether a verdict finds nothing wrong."""
    return verdict is None or verdict.kind in (Kind.PROVED, Kind.CONDITIONAL, Kind.UNKNOWN)


def matters(steps: list[Step]) -> bool:
    """Whether another layout could make a line true that fails under this one."""
    if all(is_fine(step.verdict) and is_fine(step.conclusion) for step in steps):
        return False
    return any(_has_derivative(step) for step in steps)


def _has_derivative(step: Step) -> bool:
    for node in (step.left_node, step.right_node):
        if node is None or isinstance(node, surface.Unread):
            continue
        if any(isinstance(n, surface.Derivative | surface.Nabla) for n in surface.walk(node)):
            return True
    statement = step.statement
    return statement is not None and any(
        isinstance(t, Derivative)
        for side in (statement.left, statement.right)
        for t in subterms(side)
    )


def better(steps: list[Step], than: list[Step]) -> bool:
    """Whether a line that fails there holds here, and no line is worse off.

    So no refutation is ever hidden: not by a layout that breaks another line, and not by one in
    which the line is merely not decided.
    """
    improved = False
    for here, there in zip(steps, than, strict=True):
        if here.verdict.holds and not is_fine(there.verdict):
            improved = True
        elif _rank(here.verdict) != _rank(there.verdict):
            return False
    return improved


def _rank(verdict: Verdict) -> int:
    return 2 if verdict.holds else int(is_fine(verdict))


def under_condition(steps: list[Step], plain: list[Step], layout: Layout) -> list[Step]:
    """What holds in this layout but not in numerator layout holds on that condition."""
    return [
        replace(
            step,
            verdict=_conditional(step.verdict, first.verdict, layout),
            conclusion=(
                None
                if step.conclusion is None
                else _conditional(step.conclusion, first.conclusion, layout)
            ),
        )
        for step, first in zip(steps, plain, strict=True)
    ]


def _conditional(verdict: Verdict, plain: Verdict | None, layout: Layout) -> Verdict:
    if not verdict.holds or verdict.method == "definition":
        return verdict
    if plain is not None and plain.holds:
        return plain
    condition = Condition(WORDS[layout])
    return replace(verdict, kind=Kind.CONDITIONAL, conditions=(condition, *verdict.conditions))
