"""Moving a point onto an equation that a hypothesis states, such as ``sum of y = 1``.

One component is changed at a time, to where the secant through two exact values vanishes; for an
equation that is linear in some component that is the solution.  Others are left as they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import TypeAlias

from derive.refute.admissible import Entries, satisfies
from derive.refute.evaluate import PRECISIONS, Point, precision, root_scope, sizes
from derive.refute.frame import index_values
from derive.refute.program import Program
from derive.refute.ring import (
    ExhaustedError,
    Key,
    UndecidedError,
    UndefinedError,
    to_fraction,
)
from derive.refute.scope import Fuel, Routine
from derive.terms.structure import open_binder
from derive.terms.term import And, Compare, ForAll, Free, Proposition, sub

#: How many components are tried for one equation.
_TRIES = 8

#: One equation under particular index values.
_Case: TypeAlias = tuple[Routine, Key]


class Equations:
    """The equations in hypotheses, each as ``left - right``, compiled."""

    def __init__(self, program: Program, guards: Sequence[Proposition]) -> None:
        self._program = program
        self._residuals: list[tuple[Routine, tuple[Free, ...], frozenset[Free]]] = []
        for guard in guards:
            for equation, bound in _equations(guard, ()):
                routine, parameters = program.routine(sub(equation.left, equation.right))
                self._residuals.append((routine, parameters, frozenset(bound)))

    def __bool__(self) -> bool:
        return bool(self._residuals)

    def repair(self, point: Point, rng: Random, fuel: Fuel) -> Point:
        """The point, moved onto the equations one after the other where a secant leads there."""
        lengths = sizes(point)
        settled: list[_Case] = []
        for routine, parameters, bound in self._residuals:
            chosen = {p: rng.randint(1, lengths[p.dim]) for p in parameters if p not in bound}
            for key in index_values(tuple(p.dim for p in parameters), lengths):
                at = dict(zip(parameters, key, strict=True))
                if all(at[index] == value for index, value in chosen.items()):
                    case = routine, key
                    point = self._onto(point, case, settled, rng, fuel)
                    settled.append(case)
        return point

    def _onto(
        self, point: Point, case: _Case, settled: Sequence[_Case], rng: Random, fuel: Fuel
    ) -> Point:
        """Move onto one equation without leaving those that are settled."""
        start = self._residual(point, case, fuel)
        if not start:
            return point
        names = [name for name in point.values if name in case[0].names]
        components = [(name, place) for name in names for place in point.values[name]]
        for name, place in rng.sample(components, min(_TRIES, len(components))):
            number = point.values[name][place]
            moved = self._residual(changed(point, name, {place: number + 1}), case, fuel)
            if moved is None or moved == start:
                continue
            solved = changed(point, name, {place: number - start / (moved - start)})
            variable = self._program.declarations.variables.get(name)
            if variable and not satisfies(solved.values[name], variable.conditions):
                continue
            if all(
                self._residual(solved, other, fuel) == 0
                for other in (case, *settled)
                if name in other[0].names
            ):
                return solved
        return point

    def _residual(self, point: Point, case: _Case, fuel: Fuel) -> Fraction | None:
        """The exact value of ``left - right``, or None if there is none."""
        routine, key = case
        try:
            with precision(PRECISIONS[0]):
                return to_fraction(root_scope(self._program, point, fuel)[routine][key])
        except (UndefinedError, UndecidedError, ExhaustedError):
            return None


def changed(point: Point, name: str, components: Mapping[Key, Fraction]) -> Point:
    """The point with other values for these components of a variable."""
    entries: Entries = {**point.values[name], **components}
    return Point(point.dimensions, {**point.values, name: entries}, point.instances)


def _equations(
    proposition: Proposition, bound: tuple[Free, ...]
) -> Iterator[tuple[Compare, tuple[Free, ...]]]:
    """The equations that must hold, and the indices for all of whose values they must."""
    match proposition:
        case Compare("="):
            yield proposition, bound
        case And(parts):
            for part in parts:
                yield from _equations(part, bound)
        case ForAll(dim, body):
            index = Free(f"({len(bound) + 1})", dim)  # no declared index has such a name
            yield from _equations(open_binder(body, index), (*bound, index))
