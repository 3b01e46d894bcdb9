"""All integer points of a branch within finite ranges: halving the ranges, pruning with bounds.

Which points are left out is decided by ``contract``; whether a single point counts is decided
by the caller's test on the point itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from derive.integers.contract import SEARCH_ROUNDS, State, contract
from derive.integers.interval import Range

Values: TypeAlias = tuple[int, ...]


#: So many points on a line are tried one by one.
SHORT = 16


@dataclass(slots=True)
class Budget:
    """How many boxes and points may still be looked at."""

    boxes: int


class OutOfBudgetError(ValueError):
    """The search ended before its time."""


def all_points(
    state: State, variables: Sequence[int], test: Callable[[Values], bool], budget: Budget
) -> list[Values]:
    """Every point that passes the test; raises OutOfBudgetError where it takes too long."""
    return _search(state, variables, test, budget, None)


def improve(
    best: list[Values],
    state: State,
    variables: Sequence[int],
    test: Callable[[Values], bool],
    budget: Budget,
) -> None:
    """Put the point that passes the test and comes first in the order of ``size`` into ``best``.

    A point that is there already is kept if it comes earlier.  Raises OutOfBudgetError where it
    takes too long; what was found until then stands in ``best``.
    """
    _search(state, variables, test, budget, best)


def size(point: Values) -> tuple[int, Values]:
    """The order of readability: by the largest absolute value, then lexicographic."""
    return max(map(abs, point), default=0), point


def clip(state: State, variables: Sequence[int], radius: int) -> None:
    """Keep the variables within ``-radius .. radius``."""
    for name in variables:
        low, high = state.ranges[name]
        low = -radius if low is None else max(low, -radius)
        high = radius if high is None else min(high, radius)
        state.ranges[name] = (low, high)


def _search(
    state: State,
    variables: Sequence[int],
    test: Callable[[Values], bool],
    budget: Budget,
    best: list[Values] | None,
) -> list[Values]:
    """Depth first, the half nearer to zero first; ``best`` holds the smallest point so far."""
    found: list[Values] = []
    root = state.copy()
    stack: list[tuple[State, set[int] | None]] = [(root, None)]
    while stack:
        budget.boxes -= 1
        if budget.boxes < 0:
            raise OutOfBudgetError
        current, changed = stack.pop()
        if best:
            clip(current, variables, size(best[0])[0])
            changed = None
        if any(low is None or high is None or low > high for low, high in _box(current, variables)):
            continue
        if not contract(current, changed, SEARCH_ROUNDS):
            continue
        box = _box(current, variables)
        spans = [(high or 0) - (low or 0) for low, high in box]
        wide = [place for place, span in enumerate(spans) if span]
        if len(wide) <= 1 and sum(spans) < SHORT:
            for point in _line(box):
                budget.boxes -= 1
                if not test(point):
                    continue
                if best is None:
                    found.append(point)
                elif not best or size(point) < size(best[0]):
                    best[:] = [point]
            continue
        if changed is None:
            _forget_plain_limits(current)
        place = min(wide, key=lambda p: spans[p])
        low, high = box[place]
        middle = ((low or 0) + (high or 0)) // 2
        halves = [(low, middle), (middle + 1, high)]
        halves.sort(key=lambda half: -min(abs(half[0] or 0), abs(half[1] or 0)))
        for half in halves:
            child = current.copy()
            child.ranges[variables[place]] = half
            stack.append((child, {variables[place]}))
    return found


def _box(state: State, variables: Sequence[int]) -> list[Range]:
    return [state.ranges[name] for name in variables]


def _line(box: list[Range]) -> Iterator[Values]:
    """The points of a box that is wide in one direction at most."""
    return product(*(range(low or 0, (high or 0) + 1) for low, high in box))


def _forget_plain_limits(state: State) -> None:
    """Limits of a single generator are in the ranges already."""
    state.literals = [
        literal
        for literal in state.literals
        if literal.relation == "!="
        or len(literal.generators) > 1
        or literal.handles[0].exponent > 1
    ]
