"""What SymPy says of a claim, on its own: its sums, its derivatives, its numbers.

The claim is written out at small, mostly different dimensions, SymPy differentiates it, and both
sides are evaluated to 30 digits at seeded random rational points.  The answer never decides a
verdict; where it contradicts one, the run fails.  SymPy may hang or grow: ask among ``Workers``.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle, islice
from typing import Literal

import mpmath
import sympy
from sympy.core.relational import Relational
from sympy.tensor.indexed import Idx

from derive.sympy_instances import (
    Place,
    aligned_sides,
    can_instantiate,
    dimension_symbols,
    index_values,
    numbers_at,
    size_written_out,
)

DIGITS = 30
#: Further digits that are computed.
GUARD = 20
#: Dimensions in the order of their names: the first row at which the claim, written out, has at
#: most ``LARGEST`` nodes.  The more they differ, the more SymPy can see.
SIZES = ((2, 3, 1, 4), (2, 3, 1, 2), (2, 1, 2, 2), (1, 2, 1, 2))
LARGEST = 300
#: How many values of the free indices are looked at, each at its own point, in a claim of at most
#: ``FEW_NODES``; one in larger ones.
MOST_ENTRIES, FEW_NODES = 2, 100
#: Points tried in search of ones that the hypotheses allow, at one value of the free indices each.
MOST_TRIED = 12

Answer = Literal["holds", "fails", "none"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """SymPy's answer, on how many evaluated entries it rests, and why there is none."""

    answer: Answer
    entries: int = 0
    failing: int = 0
    reason: str = ""

    @property
    def words(self) -> str:
        """One line for the report."""
        if self.answer == "none":
            return f"SymPy has no opinion: {self.reason}"
        if self.answer == "holds":
            entries = "entry" if self.entries == 1 else "entries"
            return (
                f"SymPy finds no difference, to {DIGITS} digits at {self.entries} random {entries}"
            )
        return f"SymPy finds that it fails at {self.failing} of {self.entries} random entries"


def opinion(
    identity: sympy.Basic,
    conditions: Mapping[str, tuple[str, ...]],
    hypotheses: tuple[sympy.Basic, ...],
    seed: int,
) -> Opinion:
    """SymPy's own view of the identity at random points."""
    if not can_instantiate(identity):
        return Opinion("none", reason="this is no relation between numbers")
    assert isinstance(identity, Relational)
    left, right, axes = aligned_sides(identity)
    symbols = dimension_symbols(identity)
    for sizes in SIZES:
        dims = {symbol: sizes[place % len(sizes)] for place, symbol in enumerate(symbols)}
        nodes = sum(size_written_out(side, dims) for side in (left, right))
        if nodes <= LARGEST:
            break
    else:
        return Opinion("none", reason="written out, the claim is too large")
    draw = random.Random(seed)
    entries = failing = 0
    with mpmath.workdps(DIGITS + GUARD):
        for at in islice(cycle(_spread(axes, dims)), MOST_TRIED):
            point = _Point(conditions, draw)
            try:
                if not all(numbers_at(hypotheses, dims, at, point)):
                    continue
                holds = _holds(identity.rel_op, *numbers_at((left, right), dims, at, point))
            except (ArithmeticError, ValueError, TypeError):
                continue
            entries += 1
            failing += not holds
            if entries == MOST_ENTRIES or nodes > FEW_NODES:
                break
    if not entries:
        return Opinion("none", reason="it found no point at which both sides have a value")
    return Opinion("fails" if failing else "holds", entries, failing)


def _spread(axes: tuple[Idx, ...], dims: Mapping[sympy.Symbol, int]) -> list[dict[str, int]]:
    """Values of the free indices: all 1, then as different as can be, then the others in turn."""
    every = list(index_values(axes, dims))
    every.sort(key=lambda at: -len(set(at.values())))
    first = {axis.name: 1 for axis in axes}
    return [first, *(other for other in every if other != first)]


def _holds(relation: str, left: mpmath.mpf, right: mpmath.mpf) -> bool:
    """Whether two numbers are in the relation, to ``DIGITS`` digits.

    Raises TypeError for complex numbers, ArithmeticError for infinite ones.
    """
    left, right = (mpmath.mpf(side) for side in (left, right))
    if not (mpmath.isfinite(left) and mpmath.isfinite(right)):
        raise ArithmeticError("no finite value")
    close = abs(left - right) <= mpmath.mpf(10) ** -DIGITS * (1 + abs(left))
    return bool(
        {
            "==": close,
            "!=": not close,
            "<": left < right and not close,
            "<=": left < right or close,
            ">": left > right and not close,
            ">=": left > right or close,
        }[relation]
    )


class _Point:
    """Random rational values that satisfy the condition words, drawn as they are asked for."""

    def __init__(self, conditions: Mapping[str, tuple[str, ...]], draw: random.Random) -> None:
        self.conditions = conditions
        self.draw = draw
        self.values: dict[Place, mpmath.mpf] = {}

    def __call__(self, place: Place, symbol: sympy.Symbol | None) -> mpmath.mpf:
        if place not in self.values:
            self.values[place] = self._drawn(place, symbol)
        return self.values[place]

    def _drawn(self, place: Place, symbol: sympy.Symbol | None) -> mpmath.mpf:
        name, indices = place
        words = self.conditions.get(name, ())
        if {"one-hot", "sums to 1"} & set(words):
            return mpmath.mpf(set(indices) == {1})
        if symbol is not None and symbol.is_integer:
            return mpmath.mpf(self.draw.randint(1, 9))
        value = Fraction(self.draw.randint(1, 40), self.draw.randint(7, 19))
        positive = symbol is not None and symbol.is_nonnegative
        if (
            not positive
            and not {"positive", "nonnegative"} & set(words)
            and self.draw.random() < 0.5
        ):
            value = -value
        return mpmath.mpf(value.numerator) / value.denominator
