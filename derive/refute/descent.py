"""Moving towards failure: where an order relation fails only in a small region.

An equation that is false fails almost everywhere, so points at random find that.  An inequality
may fail in a region that they miss; a pattern search (Hooke and Jeeves, 1961) over exact steps
goes downhill from the points where it holds most narrowly.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from derive.refute.admissible import satisfies
from derive.refute.evaluate import Point
from derive.refute.problem import Problem
from derive.refute.repair import changed
from derive.refute.ring import ExhaustedError
from derive.refute.scope import Fuel

#: From how many points to start.
_STARTS = 3

_STEPS = tuple(Fraction(1, 2**halvings) for halvings in range(15))


def downhill(problem: Problem, points: Sequence[Point], looks: int, fuel: Fuel) -> Iterator[Point]:
    """Points at which an order relation is nearest to failing, or seems to fail.

    ``looks`` is the number of points to look at on the way from each start.
    """
    slacks = [(_slack(problem, point, fuel), number) for number, point in enumerate(points)]
    started = sorted((slack, number) for slack, number in slacks if slack is not None)
    for slack, number in started[:_STARTS]:
        yield _descend(problem, points[number], slack, looks, fuel)


def _descend(problem: Problem, point: Point, slack: float, looks: int, fuel: Fuel) -> Point:
    """Change one component by a step wherever that lowers the slack, then halve the step."""
    for step in _STEPS:
        moved = True
        while moved and slack >= 0:
            moved = False
            for name, key in [(n, k) for n, entries in point.values.items() for k in entries]:
                for change in (step, -step):
                    looks -= 1
                    if looks < 0:
                        return point
                    other = changed(point, name, {key: point.values[name][key] + change})
                    variable = problem.declarations.variables.get(name)
                    if variable and not satisfies(other.values[name], variable.conditions):
                        continue
                    lower = _slack(problem, other, fuel)
                    if lower is not None and lower < slack:
                        point, slack, moved = other, lower, True
                        break
    return point


def _slack(problem: Problem, point: Point, fuel: Fuel) -> float | None:
    try:
        return problem.slack(point, fuel)
    except ExhaustedError:
        return None
