"""A slip in an earlier definition that makes later steps false.

A definition whose summand lacks the index of its sum is taken literally; a step that is false
under it is tried under the definition that was meant.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from derive.chain import definition_taken
from derive.elaborate.problems import ElaborationError
from derive.elaborate.scope import Scope
from derive.reader import surface
from derive.reader.chains import read_display
from derive.reader.surface import Node
from derive.repair.edits import Written, edited, written
from derive.repair.model import Repair
from derive.repair.near_misses.indices import summands_without_index
from derive.repair.setting import Setting, letters_in_use
from derive.repair.trial import Bench, Tried
from derive.verdict import Kind

if TYPE_CHECKING:
    from derive.check import DefinitionTaken, Step


def with_repaired_definition(
    step: "Step",
    definitions: Sequence["DefinitionTaken"],
    bench: Bench,
    left: Written,
    right: Written,
) -> Repair | None:
    """The step as written under a repaired definition of a name that it uses, if it then holds."""
    if step.verdict.kind is not Kind.REFUTED:
        return None
    used = {
        part.spelling
        for side in (left.node, right.node)
        for part in surface.walk(side)
        if isinstance(part, surface.Name)
    }
    for definition in definitions:
        if definition.name not in used or definition.name not in bench.scope.definitions:
            continue
        for latex, scope, words in _repaired(definition.name, definition.latex, bench):
            original, bench.scope = bench.scope, scope
            try:
                statement = bench.statement(left.node, step.relation, right.node)
                found = None if isinstance(statement, Tried) else bench.verdict(statement)
            finally:
                bench.scope = original
            if found is not None:
                sentence = f"with {latex} the step holds: in that definition {words}"
                return Repair(latex, "definition", found, sentence, "DRV401")
    return None


def _repaired(name: str, latex: str, bench: Bench) -> list[tuple[str, Scope, str]]:
    """The definition with its summands under their indices, and the scope that it makes."""
    reading = read_display(latex, bench.names)
    if len(reading.chains) != 1 or len(reading.chains[0].sides) != 2:
        return []
    first, second = reading.chains[0].sides
    if not isinstance(first, Node) or not isinstance(second, Node):
        return []
    left = written(latex[first.span.start : first.span.end], first)
    right = written(latex[second.span.start : second.span.end], second)
    before = _without(bench.scope, name)
    letters = letters_in_use((left.node, right.node), before, bench.layout)
    setting = Setting(right, left, before, bench.layout, False, letters, ())
    found = []
    for change in summands_without_index(setting):
        text = edited(right.latex, change.edits)
        side = bench.read(text)
        if side is None:
            continue
        try:
            taken = definition_taken(left.node, side.node, "=", before, bench.layout)
        except ElaborationError:
            continue
        if taken is not None:
            found.append((f"{left.latex} = {text}", taken.scope, change.explanation))
    return found


def _without(scope: Scope, name: str) -> Scope:
    """The scope before the definition."""
    kept = {key: value for key, value in scope.definitions.items() if key != name}
    return replace(scope, definitions=kept)
