"""An obligation as a question to points: is this point admissible, and does the relation hold?"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from math import gcd, prod

from flint import arb

from derive.refute.conditions import HOLDS
from derive.refute.evaluate import PRECISIONS, Point, precision, root_scope, sizes
from derive.refute.program import Program
from derive.refute.ring import (
    Key,
    UndecidedError,
    UndefinedError,
    Value,
    ball,
    difference,
    primal,
)
from derive.refute.scope import Fuel, Routine, Scope
from derive.terms.declarations import Declarations
from derive.terms.obligation import Obligation
from derive.terms.structure import element_names, free_indices, map_parts, subterms
from derive.terms.term import Fixed, Free, Index, Operator, Proposition, Term

#: At most so many values of the free indices are tried at one point, spread over all of them.
INDEX_VALUES = 64


class PointKind(Enum):
    """What a point says about a relation."""

    FAILS = "fails"
    AGREES = "agrees"
    UNDEFINED = "undefined"
    UNDECIDED = "undecided"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Failure:
    """Where and how a relation fails: index values, both sides at the precision ``bits``."""

    indices: tuple[int, ...]
    left: Value
    right: Value
    bits: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a point says; ``failure`` belongs to ``PointKind.FAILS``."""

    kind: PointKind
    failure: Failure | None = None


def _least_lengths(
    nodes: Sequence[Term | Proposition], declarations: Declarations
) -> dict[str, int]:
    """The least length of each symbolic dimension at which every fixed index is in range."""
    least: dict[str, int] = {}

    def note(index: Index) -> Index:
        if isinstance(index, Fixed) and isinstance(index.dim, str):
            least[index.dim] = max(index.value, least.get(index.dim, 1))
        return index

    waiting: list[Term | Proposition] = list(nodes)
    unfolded: set[str] = set()
    while waiting:
        node = waiting.pop()
        for part in subterms(node):
            map_parts(part, lambda inner, _binders: inner, note)
        for name in sorted(element_names(node) - unfolded):
            unfolded.add(name)
            if name in declarations.definitions:
                waiting.append(declarations.definitions[name].body)
    return least


class _Call:
    """A routine, and where its parameters stand among the free indices."""

    def __init__(self, routine: Routine, parameters: Sequence[Free], free: Sequence[Free]) -> None:
        self.routine = routine
        self.places = [free.index(parameter) for parameter in parameters]
        self.all_in_order = self.places == list(range(len(free)))

    def value(self, scope: Scope, indices: Key) -> Value:
        if self.all_in_order:
            return scope[self.routine][indices]
        return scope[self.routine][tuple([indices[place] for place in self.places])]


class Problem:
    """A compiled obligation with the hypotheses and conditions that a point must satisfy.

    Raises ValueError for terms that do not fit their declarations.
    """

    def __init__(self, obligation: Obligation, conditions: tuple[Proposition, ...]) -> None:
        self.operator: Operator = obligation.operator
        self.declarations = obligation.declarations
        self.guards = (*obligation.declarations.hypotheses, *conditions)
        self.program = Program(obligation.declarations)
        nodes: tuple[Term | Proposition, ...] = (
            obligation.left,
            obligation.right,
            *self.guards,
        )
        self.least = _least_lengths(nodes, obligation.declarations)
        free = {index for node in nodes for index in free_indices(node)}
        self.free = tuple(sorted(free, key=lambda index: (index.name, str(index.dim))))
        self._left, self._right, *self._guards = [
            _Call(*self.program.routine(node), self.free) for node in nodes
        ]

    def judge(
        self,
        point: Point,
        fuel: Fuel,
        precisions: Sequence[int] = PRECISIONS,
        most: int = INDEX_VALUES,
        turn: int = 0,
    ) -> Outcome:
        """What the point says, over all values of the free indices.

        A failure outweighs all; then what is undecided, what agrees, what is undefined.  Where
        there are more than ``most`` index values, evenly spread ones are tried, others in each
        ``turn``.  A point at which a fixed index lies outside its range gives no value.
        """
        if any(point.dimensions.get(dim, least) < least for dim, least in self.least.items()):
            return Outcome(PointKind.UNDEFINED)
        open_cases = self._index_values(point, most, turn)
        seen: set[PointKind] = set()
        for bits in precisions:
            undecided = []
            with precision(bits):
                scope = root_scope(self.program, point, fuel)
                for indices in open_cases:
                    try:
                        kind, left, right = self._case(scope, indices, bits)
                    except UndecidedError:
                        undecided.append(indices)
                        continue
                    if kind is PointKind.FAILS:
                        return Outcome(kind, Failure(indices, left, right, bits))
                    seen.add(kind)
            open_cases = undecided
            if not open_cases:
                break
        if open_cases:
            return Outcome(PointKind.UNDECIDED)
        for kind in (PointKind.AGREES, PointKind.UNDEFINED):
            if kind in seen:
                return Outcome(kind)
        return Outcome(PointKind.EXCLUDED)

    def slack(self, point: Point, fuel: Fuel) -> float | None:
        """How far an order relation is from failing, over all index values; None if undefined.

        Only a guide for a search: floats decide nothing.
        """
        towards = 1 if self.operator in (">", ">=") else -1
        slacks = []
        with precision(PRECISIONS[0]):
            scope = root_scope(self.program, point, fuel)
            for indices in self._index_values(point, INDEX_VALUES, 0):
                try:
                    kind, left, right = self._case(scope, indices, PRECISIONS[0])
                except UndecidedError:
                    continue
                if kind in (PointKind.AGREES, PointKind.FAILS):
                    slacks.append(float(ball(difference(left, right)).mid()) * towards)
        return min(slacks, default=None)

    def _index_values(self, point: Point, most: int, turn: int) -> list[Key]:
        lengths = [sizes(point)[index.dim] for index in self.free]
        count = prod(lengths)
        step = -(-count // most)
        while step > 1 and gcd(step, count) > 1:  # else one index might never change
            step += 1
        return [_nth(number, lengths) for number in range(turn % step, count, step)]

    def _case(self, scope: Scope, indices: Key, bits: int) -> tuple[PointKind, Value, Value]:
        """One value of the free indices.  Raises UndecidedError."""
        try:
            for guard in self._guards:
                if guard.value(scope, indices) != 1:
                    return PointKind.EXCLUDED, 0, 0
        except UndefinedError:
            return PointKind.EXCLUDED, 0, 0
        try:
            left = self._left.value(scope, indices)
            right = self._right.value(scope, indices)
        except UndefinedError:
            return PointKind.UNDEFINED, 0, 0
        return (
            (PointKind.AGREES if holds(self.operator, left, right, bits) else PointKind.FAILS),
            left,
            right,
        )


def _nth(number: int, lengths: Sequence[int]) -> Key:
    """The index values with this number when all are listed, the last one fastest."""
    values = []
    for length in reversed(lengths):
        number, rest = divmod(number, length)
        values.append(rest + 1)
    return tuple(reversed(values))


def holds(operator: Operator, left: Value, right: Value, bits: int) -> bool:
    """Whether the relation holds, or at least is not seen to fail.

    False is certain: unequal rationals, or disjoint balls.  Balls that overlap pass for equal
    values if they are small (2^-(bits/2) in relation to the values or to 1).  Raises
    UndecidedError where equality is the question and the balls are not small, and where it
    would decide (as in ``<``).
    """
    gap = primal(difference(left, right))
    if gap > 0:
        return 1 in HOLDS[operator]
    if gap < 0:
        return -1 in HOLDS[operator]
    if gap == 0:
        return 0 in HOLDS[operator]
    if 0 in HOLDS[operator] and _is_small(abs(ball(gap)), left, right, bits):
        return True
    raise UndecidedError


def _is_small(gap: arb, left: Value, right: Value, bits: int) -> bool:
    tolerance = _tolerance(bits)
    return gap < tolerance or gap < tolerance * (abs(ball(left)) + abs(ball(right)))


@cache
def _tolerance(bits: int) -> arb:
    return arb(2) ** (-bits // 2)
