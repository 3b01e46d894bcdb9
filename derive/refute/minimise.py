"""From a point where a relation fails to the one that reads best: small, mostly 0, few digits.

Greedy and bounded: smaller dimensions first, then whole variables at 0 or 1, then runs of their
components, then one by one.  Only points at which the relation still certainly fails are taken.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import combinations, islice
from random import Random
from typing import TypeAlias

from derive.refute.admissible import Entries, places, satisfies
from derive.refute.evaluate import Point
from derive.refute.points import Space
from derive.refute.problem import Failure, PointKind, Problem
from derive.refute.readable import READABLE, reading_cost
from derive.refute.repair import Equations, changed
from derive.refute.ring import ExhaustedError
from derive.refute.scope import Fuel

#: How many points are tried to make a counterexample easier to read.
TRIES = 250

#: How many choices of the indices that stay are tried for a smaller dimension.
_KEPT = 6

#: Components are cleared one by one where a variable has fewer than twice as many.
_SHORTEST_BLOCK = 8

#: The precisions at which they are tried: what needs more is not easier to read.
_PRECISIONS = (128, 256)

ZERO, ONE = Fraction(0), Fraction(1)

_Cost: TypeAlias = tuple[int, tuple[int, ...]]


class _Reduction:
    """The best point so far, and how often another may still be tried."""

    def __init__(
        self, problem: Problem, equations: Equations, point: Point, failure: Failure, fuel: Fuel
    ) -> None:
        self.problem = problem
        self.equations = equations
        self.point = point
        self.failure = failure
        self.fuel = fuel
        self.tries = TRIES

    def accept(self, point: Point | None) -> bool:
        """Take the point, or the one that repairs its equations, if the relation fails there."""
        if point is None or self.tries <= 0:
            return False
        self.tries -= 1
        try:
            if self.equations:
                repaired = self.equations.repair(point, Random(0), self.fuel)
                if repaired is not point and _reading_cost(repaired) >= _reading_cost(self.point):
                    return False
                point = repaired
            outcome = self.problem.judge(point, self.fuel, _PRECISIONS)
        except (ExhaustedError, RecursionError):
            return False
        if outcome.kind is not PointKind.FAILS or outcome.failure is None:
            return False
        self.point, self.failure = point, outcome.failure
        return True


def minimise(
    problem: Problem,
    space: Space,
    equations: Equations,
    point: Point,
    failure: Failure,
    fuel: Fuel,
) -> tuple[Point, Failure]:
    """A point that reads best among those near by, and how the relation fails there."""
    reduction = _Reduction(problem, equations, point, failure, fuel)
    improved = True
    while improved and reduction.tries > 0:
        improved = any(
            [
                _shrink_dimensions(reduction, space),
                _simplify_variables(reduction, space),
                _clear_blocks(reduction, space),
                _simplify_components(reduction, space),
                _simplify_functions(reduction, space),
            ]
        )
    return reduction.point, reduction.failure


def _shrink_dimensions(reduction: _Reduction, space: Space) -> bool:
    improved = False
    for letter in sorted(space.letters, key=lambda a: -reduction.point.dimensions[a]):
        least = space.least.get(letter, 1)
        for length in range(least, reduction.point.dimensions[letter]):
            if any(reduction.accept(p) for p in _smaller(reduction.point, space, letter, length)):
                improved = True
                break
    return improved


def _smaller(point: Point, space: Space, letter: str, length: int) -> Iterator[Point | None]:
    """Points with a smaller dimension: some of its indices left out, else all zeros, or ones."""
    dimensions = {**point.dimensions, letter: length}
    ways = combinations(range(1, point.dimensions[letter] + 1), length)
    for kept in islice(ways, _KEPT):
        values: dict[str, Entries] = {}
        for name in space.names:
            axes = space.program.declarations.shape(name)
            old = point.values[name]
            cut = {
                key: old[
                    tuple(
                        kept[index - 1] if axis == letter else index
                        for index, axis in zip(key, axes, strict=True)
                    )
                ]
                for key in places(space.shape(name, dimensions))
            }
            entries = (
                cut if _fits(space, name, cut) else space.entries(name, [*cut.values()], dimensions)
            )
            if entries is None:
                break
            values[name] = entries
        else:
            yield Point(dimensions, values, point.instances)
    for number in (ZERO, ONE):
        rest = space.point(dimensions, (number,) * space.size(dimensions), 0)
        if rest is not None:
            yield Point(dimensions, rest.values, point.instances)


def _simplify_variables(reduction: _Reduction, space: Space) -> bool:
    """Whole variables at 0, at 1, at 1 in their first component, or at 1, 2, 3, ..."""
    improved = False
    for name in space.names:
        entries = reduction.point.values[name]
        size = len(entries)
        for numbers in (
            (ZERO,) * size,
            (ONE,) * size,
            (ONE,) + (ZERO,) * (size - 1),
            tuple(map(Fraction, range(1, size + 1))),
        ):
            simple = space.entries(name, numbers, reduction.point.dimensions)
            if simple is None or _cost(simple.values()) >= _cost(entries.values()):
                continue
            if reduction.accept(changed(reduction.point, name, simple)):
                improved = True
                break
    return improved


def _clear_blocks(reduction: _Reduction, space: Space) -> bool:
    """Runs of components at 0, ever shorter ones: in a long variable few of them matter."""
    improved = False
    for name in space.names:
        keys = tuple(reduction.point.values[name])
        length = len(keys) // 2
        while length >= _SHORTEST_BLOCK:
            for start in range(0, len(keys), length):
                entries = reduction.point.values[name]
                block = [key for key in keys[start : start + length] if entries[key]]
                if not block or reduction.tries <= 0:
                    continue
                point = changed(reduction.point, name, dict.fromkeys(block, ZERO))
                if _fits(space, name, point.values[name]) and reduction.accept(point):
                    improved = True
            length //= 2
    return improved


def _simplify_components(reduction: _Reduction, space: Space) -> bool:
    improved = False
    for name in space.names:
        for key, number in tuple(reduction.point.values[name].items()):
            for easier in READABLE:
                if reading_cost(easier) >= reading_cost(number) or reduction.tries <= 0:
                    break
                point = changed(reduction.point, name, _with_mirror(space, name, key, easier))
                if _fits(space, name, point.values[name]) and reduction.accept(point):
                    improved = True
                    break
    return improved


def _simplify_functions(reduction: _Reduction, space: Space) -> bool:
    improved = False
    for name in space.functions:
        current = reduction.point.instances[name]
        for variant in range(current.variant):
            instances = {**reduction.point.instances, name: type(current)(name, variant)}
            point = Point(reduction.point.dimensions, reduction.point.values, instances)
            if reduction.accept(point):
                improved = True
                break
    return improved


def _with_mirror(
    space: Space, name: str, key: tuple[int, ...], number: Fraction
) -> dict[tuple[int, ...], Fraction]:
    """The change of one component, and of the one across the diagonal of a symmetric matrix."""
    declarations = space.program.declarations
    if any(declarations.has(name, word) for word in ("symmetric", "positive definite")):
        return {key: number, key[::-1]: number}
    return {key: number}


def _fits(space: Space, name: str, entries: Entries) -> bool:
    variable = space.program.declarations.variables.get(name)
    return variable is None or satisfies(entries, variable.conditions)


def _reading_cost(point: Point) -> tuple[int, _Cost]:
    """How hard a point is to read: its dimensions, then its entries."""
    numbers = [number for entries in point.values.values() for number in entries.values()]
    return sum(point.dimensions.values()), _cost(numbers)


def _cost(numbers: Iterable[Fraction]) -> _Cost:
    """How hard numbers are to read: how many are not 0, and how long they are."""
    costs = sorted((reading_cost(number)[0] for number in numbers if number), reverse=True)
    return len(costs), tuple(costs)
