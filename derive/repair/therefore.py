r"""An equals sign that means "therefore": ``6 = \frac{64 - k}{s} + 1 = 5``.

Where ``a = b`` and ``c = d`` say the same because ``a - b`` is ``c - d`` (or the opposite), the
second equation follows from the first; the repaired reading has an arrow between the two.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from derive.reader.surface import Addition, Node
from derive.repair.edits import Written, edited, written
from derive.repair.model import Repair
from derive.repair.near_misses.arithmetic import superfluous_terms
from derive.repair.setting import Setting
from derive.repair.trial import Bench, Tried
from derive.terms.obligation import Obligation
from derive.terms.term import Add, neg
from derive.verdict import Kind, Verdict

if TYPE_CHECKING:
    from derive.check import Step

_WORDS = "'=' stands for 'therefore': the second equation follows from the first, it is not equal"


def equals_for_therefore(step: "Step", chain: Sequence["Step"], bench: Bench) -> Repair | None:
    """The reading in which the step begins a new equation that follows from the one before."""
    if step.verdict.kind is not Kind.REFUTED or step.relation != "=":
        return None
    place = next((k for k, other in enumerate(chain) if other is step), None)
    if place is None:
        return None
    for first, second in _equations(step, chain, place, bench):
        verdict = _same(first, second, bench)
        if verdict is not None:
            shown = [f"{left.latex} = {right.latex}" for left, right in (first, second)]
            return Repair(" \\Rightarrow ".join(shown), "both", verdict, _WORDS, "DRV604")
    return None


_Equation = tuple[Written, Written]


def _equations(
    step: "Step", chain: Sequence["Step"], place: int, bench: Bench
) -> Iterator[tuple[_Equation, _Equation]]:
    """Pairs of equations: (the one before, this side = the next one), and ``a = f = b``."""
    here = _sides(step)
    for first, second in ((place - 1, place + 1), (place - 2, place)):
        if first < 0 or second >= len(chain) or any(k.verdict.holds for k in chain[first:second]):
            continue
        one, two = _sides(chain[first]), _sides(chain[second])
        if one is not None and two is not None and not chain[second].verdict.holds:
            yield one, two
    before = _sides(chain[place - 1]) if place else None
    if before is None or here is None or chain[place - 1].verdict.holds:
        return
    function = here[0]
    if isinstance(function.node, Addition):
        setting = Setting(function, here[1], bench.scope, bench.layout, True, {}, ())
        for change in superfluous_terms(setting):
            shorter = bench.read(edited(function.latex, change.edits))
            if shorter is not None and len(shorter.latex) < len(function.latex):
                yield before, (shorter, here[1])


def _sides(step: "Step") -> _Equation | None:
    if not isinstance(step.left_node, Node) or not isinstance(step.right_node, Node):
        return None
    if step.relation != "=":
        return None
    left = written(step.left_latex, step.left_node)
    return left, written(step.right_latex, step.right_node)


def _same(first: _Equation, second: _Equation, bench: Bench) -> Verdict | None:
    """Whether the difference of one equation is that of the other, or its opposite."""
    one = bench.statement(first[0].node, "=", first[1].node)
    two = bench.statement(second[0].node, "=", second[1].node)
    if isinstance(one, Tried) or isinstance(two, Tried):
        return None
    left = Add((one.left, neg(one.right)))
    for right in (Add((two.left, neg(two.right))), Add((two.right, neg(two.left)))):
        verdict = bench.verdict(Obligation("=", left, right, one.declarations))
        if verdict is not None:
            return verdict
    return None
