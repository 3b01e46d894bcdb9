"""Bounds that hypotheses put on single variables, so that points are drawn inside them.

Only a help to draw: whether a point satisfies a hypothesis is always checked on the point.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from derive.refute.conditions import HOLDS
from derive.refute.readable import READABLE, reading_cost
from derive.terms.constants import constant_value
from derive.terms.structure import free_indices
from derive.terms.term import And, Compare, Element, ForAll, Not, Proposition

_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_DENIED = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}

#: A relation to a constant: ``(operator, constant)``.
Bound: TypeAlias = tuple[str, Fraction]


class Bounds:
    """Relations ``x op constant`` by the name of x, and the easiest numbers that satisfy them.

    A bound on ``x[i]`` under a free index i is put on all components of x, or ``everywhere`` is
    False and it is left out.
    """

    def __init__(self, propositions: Iterable[Proposition], everywhere: bool) -> None:
        found: dict[str, list[Bound]] = {}
        for proposition in propositions:
            for element, bound in _bounds(proposition, denied=False):
                if everywhere or not free_indices(element):
                    found.setdefault(element.name, []).append(bound)
        self._bounds: Mapping[str, tuple[Bound, ...]] = {n: tuple(b) for n, b in found.items()}
        self._options = {name: _options(bounds) for name, bounds in self._bounds.items()}

    def draw(self, name: str, numbers: Sequence[Fraction]) -> Sequence[Fraction]:
        """The numbers where they satisfy the bounds, else ones that do, chosen by them."""
        bounds = self._bounds.get(name)
        if bounds is None:
            return numbers
        options = self._options[name]
        if not options:
            return numbers
        return [
            number
            if _within(number, bounds)
            else options[(abs(number.numerator) + number.denominator - 1) % len(options)]
            for number in numbers
        ]


def _within(number: Fraction, bounds: Iterable[Bound]) -> bool:
    return all(
        (number > constant) - (number < constant) in HOLDS[operator]
        for operator, constant in bounds
    )


def _options(bounds: tuple[Bound, ...]) -> tuple[Fraction, ...]:
    """Easy numbers within the bounds, also near them and between them; at most twelve."""
    constants = sorted({constant for _, constant in bounds})
    numbers = set(READABLE)
    for constant in constants:
        numbers |= {constant + step for step in (0, 1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 2))}
    for low, high in pairwise(constants):
        numbers |= {low + (high - low) * Fraction(part, 4) for part in (1, 2, 3)}
    inside = [number for number in numbers if _within(number, bounds)]
    return tuple(sorted(inside, key=reading_cost)[:12])


def _bounds(proposition: Proposition, denied: bool) -> Iterator[tuple[Element, Bound]]:
    match proposition:
        case Not(inner):
            yield from _bounds(inner, not denied)
        case And(parts) if not denied:
            for part in parts:
                yield from _bounds(part, denied)
        case ForAll(_, body) if not denied:
            yield from _bounds(body, denied)
        case Compare(operator, left, right):
            relation = _DENIED[operator] if denied else operator
            if isinstance(left, Element) and (constant := constant_value(right)) is not None:
                yield left, (relation, constant)
            if isinstance(right, Element) and (constant := constant_value(left)) is not None:
                yield right, (_TURNED[relation], constant)
