"""What SymPy says of a claim, on its own: its sums, its derivatives, its numbers.

The claim is written out at small, mostly different dimensions, SymPy differentiates it, and both
sides are evaluated to 30 digits at seeded random rational points.  The answer never decides a
verdict; where it contradicts one, the run fails.  SymPy may hang or grow: ask in a ``Worker``.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import sympy
from sympy.core.relational import Relational
from sympy.tensor.indexed import Idx

from derive.sympy_instances import (
    Place,
    aligned_sides,
    can_instantiate,
    dimension_symbols,
    index_values,
    size_written_out,
    written_out,
)

DIGITS = 30
#: Further digits in which SymPy computes.
GUARD = 20
#: Dimensions, by the names of their symbols: small, and different as far as they go.
SIZES = (2, 3, 1, 2)
#: How many values of the free indices are looked at, each at its own point.
MOST_ENTRIES = 2
#: Values of the free indices tried in search of ones that the hypotheses allow.
MOST_TRIED = 12
#: Nodes of a claim, written out, above which SymPy is not asked.
LARGEST = 2_500

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
            return f"SymPy finds no difference, to {DIGITS} digits at {self.entries} random {entries}"
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
    dims = {s: SIZES[n % len(SIZES)] for n, s in enumerate(dimension_symbols(identity))}
    if sum(size_written_out(side, dims) for side in (left, right)) > LARGEST:
        return Opinion("none", reason="written out, the claim is too large")
    draw = random.Random(seed)
    entries = failing = 0
    for at in _spread(axes, dims):
        point = _Point(conditions, draw)
        (given,) = written_out((sympy.And(*hypotheses, evaluate=False),), dims, at, point)
        if given != sympy.true:
            continue
        sides = written_out((left, right), dims, at, point)
        holds = _holds(identity.rel_op, *sides)
        if holds is None:
            continue
        entries += 1
        failing += not holds
        if entries == MOST_ENTRIES:
            break
    if not entries:
        return Opinion("none", reason="it found no point at which both sides have a value")
    return Opinion("fails" if failing else "holds", entries, failing)


def _spread(axes: tuple[Idx, ...], dims: Mapping[sympy.Symbol, int]) -> Iterator[dict[str, int]]:
    """Values of the free indices: all 1, then as different as can be, then the others in turn."""
    every = list(index_values(axes, dims))
    every.sort(key=lambda at: -len(set(at.values())))
    first = {axis.name: 1 for axis in axes}
    for number, at in enumerate([first, *(other for other in every if other != first)]):
        if number == MOST_TRIED:
            return
        yield at


def _holds(relation: str, left: sympy.Expr, right: sympy.Expr) -> bool | None:
    """Whether two numbers are in the relation, to ``DIGITS`` digits; None if one is no number."""
    try:
        a, b = (sympy.N(side, DIGITS + GUARD // 2) for side in (left, right))
    except (ArithmeticError, ValueError, TypeError):
        return None
    if not all(isinstance(value, sympy.Number) and value.is_finite for value in (a, b)):
        return None
    close = bool(abs(a - b) <= sympy.Rational(1, 10**DIGITS) * (1 + abs(a)))
    return {
        "==": close,
        "!=": not close,
        "<": bool(a < b) and not close,
        "<=": bool(a < b) or close,
        ">": bool(a > b) and not close,
        ">=": bool(a > b) or close,
    }[relation]


class _Point:
    """Random rational values that satisfy the condition words, drawn as they are asked for."""

    def __init__(self, conditions: Mapping[str, tuple[str, ...]], draw: random.Random) -> None:
        self.conditions = conditions
        self.draw = draw
        self.values: dict[Place, sympy.Expr] = {}

    def __call__(self, place: Place, symbol: sympy.Symbol | None) -> sympy.Expr:
        if place not in self.values:
            self.values[place] = self._drawn(place, symbol)
        return self.values[place]

    def _drawn(self, place: Place, symbol: sympy.Symbol | None) -> sympy.Expr:
        name, indices = place
        words = self.conditions.get(name, ())
        if {"one-hot", "sums to 1"} & set(words):
            return sympy.Integer(int(set(indices) == {1}))
        if symbol is not None and symbol.is_integer:
            return sympy.Integer(self.draw.randint(1, 9))
        value = Fraction(self.draw.randint(1, 40), self.draw.randint(7, 19))
        positive = symbol is not None and symbol.is_nonnegative
        if not positive and not {"positive", "nonnegative"} & set(words) and self.draw.random() < 0.5:
            value = -value
        return sympy.Float(sympy.Rational(value.numerator, value.denominator), DIGITS + GUARD)
