"""The search for the nearest statement that holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.elaborate.conditions import OPERATORS
from derive.judge import judge as default_judge
from derive.reader.surface import Node
from derive.repair.definitions import with_repaired_definition
from derive.repair.edits import Written, edited, written
from derive.repair.model import FAILING, Place, Repair
from derive.repair.near_misses.relations import other_relations
from derive.repair.near_misses.table import NEAR_MISSES
from derive.repair.setting import Change, Setting, bound_letters, letters_in_use
from derive.repair.therefore import equals_for_therefore
from derive.repair.trial import Bench, Judge, Tried
from derive.terms.structure import element_names, subterms, unfold
from derive.terms.term import Derivative
from derive.verdict import Kind

if TYPE_CHECKING:
    from derive.check import DefinitionTaken, Step

#: Statements tried for one step, and edits that may be combined in one with several faults.
BUDGET, ROUNDS = 200, 3
#: Statements with fewer faults that are edited further.
_KEPT = 2
#: Changes of one kind to numbers that are tried where different variables stand on the two sides.
_HOPES = 4


@dataclass(frozen=True, slots=True)
class _State:
    """A statement on the way: both sides, what was changed, and what is still wrong."""

    left: Written
    right: Written
    changes: tuple[Change, ...]
    tried: Tried


def repair_step(
    step: "Step",
    *,
    judge: Judge = default_judge,
    budget: int = BUDGET,
    chain: Sequence["Step"] = (),
    definitions: Sequence["DefinitionTaken"] = (),
) -> Repair | None:
    """The nearest near miss of a failing step that is proved, perhaps under conditions.

    ``chain`` holds the steps of its chain in order (for an equals sign that means "therefore"),
    ``definitions`` what the document defined before it (for a slip in a definition).  At most
    ``budget`` statements are tried; the result depends on nothing but the arguments.
    """
    if step.verdict.kind not in FAILING or step.scope is None:
        return None
    if not isinstance(step.left_node, Node) or not isinstance(step.right_node, Node):
        return None
    if step.relation not in OPERATORS:
        return None
    try:
        bench = Bench(step, judge, budget)
        left = written(step.left_latex, step.left_node)
        right = written(step.right_latex, step.right_node)
        return (
            with_repaired_definition(step, definitions, bench, left, right)
            or equals_for_therefore(step, chain, bench)
            or _nearest(step, bench, left, right)
        )
    except RecursionError:  # nested too deeply to be looked at part by part
        return None


def _nearest(step: "Step", bench: Bench, left: Written, right: Written) -> Repair | None:
    if step.relation not in ("=", ":=", "\\equiv"):
        return _relation(step, bench, left, right)
    start = bench.attempt(left, step.relation, right)
    states = [_State(left, right, (), start)]
    seen = {(left.latex, right.latex)}
    for _ in range(ROUNDS):
        better: list[_State] = []
        for state in states:
            for found in _neighbours(step, bench, state, seen):
                if found.tried.verdict is not None:
                    return _repair(step, left, right, found)
                if len(better) < _KEPT and _nearer(found.tried, state.tried):
                    better.append(found)
        states = better
        if step.verdict.kind is Kind.REFUTED:
            break
    return None


def _neighbours(
    step: "Step", bench: Bench, state: _State, seen: set[tuple[str, str]]
) -> Iterator[_State]:
    kind = step.verdict.kind
    settings = _settings(bench, state)
    same_names = _same_names(step)
    for miss in NEAR_MISSES:
        if kind not in miss.verdicts or (bench.defining and not miss.defines):
            continue
        left_over = None if same_names or not miss.keeps_names else _HOPES
        for setting in settings:
            for change in miss.changes(setting):
                if left_over == 0 or bench.fuel <= 0:
                    break
                if not miss.anywhere and not _at_fault(change, state.tried):
                    continue
                side = _changed(setting, change, bench, seen)
                if side is None:
                    continue
                sides = (side, setting.other) if setting.is_left else (setting.other, side)
                tried = bench.attempt(sides[0], step.relation, sides[1])
                if left_over is not None:
                    left_over -= 1
                yield _State(*sides, (*state.changes, change), tried)


def _changed(
    setting: Setting, change: Change, bench: Bench, seen: set[tuple[str, str]]
) -> Written | None:
    """The side after a change, read again; None if it was tried before or can't be read."""
    try:
        latex = edited(setting.side.latex, change.edits)
    except ValueError:
        return None
    key = (latex, setting.other.latex) if setting.is_left else (setting.other.latex, latex)
    if not latex or key in seen:
        return None
    seen.add(key)
    return bench.read(latex)


def _settings(bench: Bench, state: _State) -> tuple[Setting, ...]:
    """The right side first: it is what the author wrote anew in the step."""
    both = (state.left.node, state.right.node)
    letters = letters_in_use(both, bench.scope, bench.layout)
    for index in bench.ranges:
        letters.setdefault(index.name, index.dim)
    bound = {letter for side in both for letter in bound_letters(side)}
    free = tuple(letter for letter in letters if letter not in bound)
    right = Setting(state.right, state.left, bench.scope, bench.layout, False, letters, free)
    left = Setting(state.left, state.right, bench.scope, bench.layout, True, letters, free)
    if bench.defining:
        return (right,)
    if state.tried.broken:
        return (left,) if state.tried.on_left else (right,)
    return (right, left)


def _at_fault(change: Change, tried: Tried) -> bool:
    """Whether a change touches the place that has no meaning (anything, if there is none)."""
    if tried.error is None or not tried.broken:
        return True
    start, end = tried.error.span
    return any(edit.start <= end and start <= edit.end for edit in change.edits)


def _same_names(step: "Step") -> bool:
    """Whether the same variables stand on both sides, so that a number may be all that is wrong."""
    statement = step.statement
    if statement is None:
        return False
    sides = (statement.left, statement.right)
    if any(isinstance(part, Derivative) for side in sides for part in subterms(side)):
        return True
    names = [element_names(unfold(side, statement.declarations.definitions)) for side in sides]
    return names[0] == names[1]


def _nearer(new: Tried, old: Tried) -> bool:
    """Whether a statement without meaning has fewer faults than the one it came from."""
    if new.error is None or old.error is None:
        return False
    if new.broken != old.broken:
        return new.broken < old.broken
    return new.error.message != old.error.message and new.error.span.start > old.error.span.start


def _repair(step: "Step", left: Written, right: Written, found: _State) -> Repair:
    assert found.tried.verdict is not None
    changed_left = found.left.latex != left.latex
    changed_right = found.right.latex != right.latex
    place: Place = "left" if changed_left else "right"
    latex = found.left.latex if changed_left else found.right.latex
    if changed_left and changed_right:
        place = "both"
        latex = f"{found.left.latex} {step.relation} {found.right.latex}"
    words = dict.fromkeys(change.explanation for change in found.changes)
    return Repair(latex, place, found.tried.verdict, "; ".join(words), found.changes[0].code)


def _relation(step: "Step", bench: Bench, left: Written, right: Written) -> Repair | None:
    if step.verdict.kind is not Kind.REFUTED:
        return None
    for relation, words in other_relations(step.relation):
        tried = bench.attempt(left, relation, right)
        if tried.verdict is not None:
            latex = f"{left.latex} {relation} {right.latex}"
            return Repair(latex, "both", tried.verdict, words, "DRV607")
    return None
