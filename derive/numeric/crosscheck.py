"""Claims against networks: the closed form of a claim, lambdified, beside the network's number.

Arrays are drawn with seeded generators on pairwise different dimensions.  Hostile inputs
(|x| = 800, ties, zeros, one class, a batch of one) are evaluated with mpmath, whose exponents
don't overflow, so that the network's stable formulas are judged by exact ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy.core.relational import Relational
from sympy.tensor.indexed import Idx

from derive.claim import Array, Claim
from derive.numeric.lambdified import Function, Values, compiled
from derive.sympy_instances import aligned_sides, dimension_symbols, index_values, variables

#: Largest error, relative to 1 + |value|, that counts as agreement.
TOLERANCE = 1e-9
SEEDS = 6
#: Sizes of the dimensions, in the order of their names; hostile inputs are smaller.
SIZES, HOSTILE_SIZES = (2, 3, 4, 5), (2, 3, 1, 2)
#: How many values of the free indices are compared at each random and each hostile point.
MOST_ENTRIES, MOST_HOSTILE_ENTRIES = 24, 3
#: Digits for hostile inputs.
DIGITS = 40
LARGE = 800.0

#: Hostile inputs, and the sizes that they change.
_HOSTILE: Mapping[str, Mapping[str, int]] = {
    "|x| = 800": {},
    "zeros": {},
    "ties": {},
    "one class": {"m": 1},
    "a batch of one": {"N": 1},
}
#: Where kinks lie: a claim that was proved off its kinks says nothing there.
_AT_KINKS = ("zeros", "ties")


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """What the comparison gave; errors are relative to 1 + |value|."""

    points: int
    seeds: int
    dimensions: tuple[tuple[str, int], ...]
    largest_error: float
    hostile: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the claim and the network agree everywhere."""
        return self.largest_error <= TOLERANCE


def cross_check(
    claim: Claim, identity: sympy.Basic | None = None, *, seed: int, off_kinks: bool = False
) -> CrossCheck | None:
    """Compare a claim with its network quantity; None if it names none, or cannot be compared.

    Of an equation the right side is compared, of another relation the left one.  ``identity``
    is the reading of the claim to compare (its own identity if not given).  ``off_kinks`` leaves
    out zeros and ties.  Raises ValueError where the quantity hasn't the axes of the claim.
    """
    identity = claim.identity if identity is None else identity
    if claim.quantity is None or not isinstance(identity, Relational):
        return None
    comparison = _Comparison.of(claim, identity)
    sizes = comparison.sizes(SIZES)
    seeds = SEEDS if comparison.has_variables else 1
    error, points = 0.0, 0
    for turned in comparison.rotations(sizes):
        worst, compared = comparison.at_random(seed, seeds, turned)
        error, points = max(error, worst), points + compared
    hostile = []
    for name, changed in _HOSTILE.items():
        if not comparison.can_be(name) or (off_kinks and name in _AT_KINKS):
            continue
        small = comparison.sizes(HOSTILE_SIZES)
        small |= {s: changed[s.name] for s in small if s.name in changed}
        worst, compared = comparison.at_hostile(name, seed, small)
        if compared:
            hostile.append(name)
            error, points = max(error, worst), points + compared
    named = tuple((symbol.name, size) for symbol, size in sizes.items())
    return CrossCheck(points, seeds, named, error, tuple(hostile))


@dataclass(frozen=True)
class _Comparison:
    """A claim compiled for comparison: one side and the hypotheses."""

    claim: Claim
    dimensions: tuple[sympy.Symbol, ...]
    axes: tuple[Idx, ...]
    shapes: Mapping[str, tuple[sympy.Basic, ...]]
    scalars: Mapping[str, sympy.Symbol]
    function: Function

    @classmethod
    def of(cls, claim: Claim, identity: Relational) -> "_Comparison":
        left, right, axes = aligned_sides(identity)
        side = right if identity.rel_op == "==" else left
        dimensions = dimension_symbols(identity, *claim.hypotheses)
        shapes, scalars = variables(identity, *claim.hypotheses)
        function = compiled((side, *claim.hypotheses), (*shapes, *scalars), dimensions, axes)
        return cls(claim, dimensions, axes, shapes, scalars, function)

    def sizes(self, available: tuple[int, ...]) -> dict[sympy.Symbol, int]:
        return {s: available[n % len(available)] for n, s in enumerate(self.dimensions)}

    @property
    def has_variables(self) -> bool:
        """Whether there is anything but dimensions and numbers."""
        return bool(self.shapes or self.scalars)

    def rotations(self, sizes: dict[sympy.Symbol, int]) -> list[dict[sympy.Symbol, int]]:
        """The sizes; where they are all that varies, each dimension with each of the sizes."""
        turns = len(sizes) if not self.has_variables else 1
        values = list(sizes.values())
        return [
            dict(zip(sizes, values[turn:] + values[:turn], strict=True))
            for turn in range(max(turns, 1))
        ]

    def can_be(self, hostile: str) -> bool:
        """Whether the hostile input changes anything here."""
        changed = _HOSTILE[hostile]
        if changed:
            return any(symbol.name in changed for symbol in self.dimensions)
        return self.has_variables

    def at_random(
        self, seed: int, seeds: int, sizes: Mapping[sympy.Symbol, int]
    ) -> tuple[float, int]:
        """The largest error over all seeds, and how many entries were compared."""
        drawn = [
            self._drawn(sizes, np.random.default_rng([seed, number]), "") for number in range(seeds)
        ]
        entries = _some(self.axes, sizes, MOST_ENTRIES, np.random.default_rng([seed]))
        with np.errstate(all="ignore"):
            values = [np.stack([point[name] for point in drawn]) for name in drawn[0]]
            closed, allowed = self._evaluated(values, sizes, entries, seeds)
            network = np.stack([self._network(point, sizes, entries) for point in drawn])
            errors = np.abs(closed - network) / (1 + np.abs(network))
        return _largest(errors[allowed].tolist()), int(allowed.sum())

    def at_hostile(
        self, name: str, seed: int, sizes: Mapping[sympy.Symbol, int]
    ) -> tuple[float, int]:
        """The same at one hostile point, with exact arithmetic, where the claim has a value."""
        rng = np.random.default_rng([seed, 99])
        point = self._drawn(sizes, rng, name)
        entries = _some(self.axes, sizes, MOST_HOSTILE_ENTRIES, rng)
        with np.errstate(all="ignore"):
            network = self._network(point, sizes, entries)
        errors = []
        with mpmath.workdps(DIGITS):
            exact = [_exact(point[name][np.newaxis]) for name in point]
            for place, value in enumerate(network.tolist()):
                entry = {axis: indices[place : place + 1] for axis, indices in entries.items()}
                try:
                    closed, allowed = self._evaluated(exact, sizes, entry, 1)
                except (ZeroDivisionError, ValueError):
                    continue  # the claim has no value here
                if allowed.all():
                    difference = abs(mpmath.mpf(value) - closed[0, 0].real)
                    errors.append(float(difference / (1 + abs(value))))
        return _largest(errors), len(errors)

    def _evaluated(
        self,
        values: list[Array],
        sizes: Mapping[sympy.Symbol, int],
        entries: Mapping[str, Array],
        points: int,
    ) -> tuple[Array, Array]:
        """The side, and where the hypotheses allow it: an axis of points, one of entries."""
        given = map(Values, values)
        side, *hypotheses = self.function(*given, *sizes.values(), *entries.values())
        shape = points, len(next(iter(entries.values()), [0]))
        allowed = np.ones(shape, dtype=bool)
        for hypothesis in hypotheses:
            allowed &= hypothesis
        return np.broadcast_to(np.asarray(side), shape), allowed

    def _network(
        self,
        point: Mapping[str, Array],
        sizes: Mapping[sympy.Symbol, int],
        entries: Mapping[str, Array],
    ) -> Array:
        """The entries of the network's number."""
        assert self.claim.quantity is not None
        numbers = {symbol.name: np.asarray(float(size)) for symbol, size in sizes.items()}
        found = np.asarray(self.claim.quantity({**numbers, **point}), dtype=float)
        shape = tuple(_length(axis.upper, sizes) for axis in self.axes)
        if found.shape != shape:
            raise ValueError(
                f"claim {self.claim.name}: its quantity has shape {found.shape}, "
                f"the claim's entries {shape}"
            )
        if not shape:
            return found.reshape(1)
        selected: Array = found[tuple(indices - 1 for indices in entries.values())]
        return selected

    def _drawn(
        self, sizes: Mapping[sympy.Symbol, int], rng: np.random.Generator, kind: str
    ) -> dict[str, Array]:
        """A value for every variable: normal numbers, or a hostile input."""
        values: dict[str, Array] = {}
        for name, shape in self.shapes.items():
            lengths = tuple(_length(length, sizes) for length in shape)
            words = self.claim.conditions.get(name, ())
            is_weight = len(shape) > 1 and str(shape[0]) != "N"
            values[name] = _array(words, lengths, rng, "" if is_weight else kind)
        for name, symbol in self.scalars.items():
            words = self.claim.conditions.get(name, ())
            if symbol.is_integer:
                values[name] = np.asarray(float(rng.integers(1, 9)))
                continue
            if symbol.is_positive:
                words = (*words, "positive")
            values[name] = _array(
                words, (), rng, "" if self.shapes and kind == "|x| = 800" else kind
            )
        return values


def _some(
    axes: tuple[Idx, ...],
    sizes: Mapping[sympy.Symbol, int],
    most: int,
    rng: np.random.Generator,
) -> dict[str, Array]:
    """Values of the free indices, an array for each axis: all of them, or ``most`` at random."""
    every = list(index_values(axes, sizes))
    if len(every) > most:
        every = [every[place] for place in sorted(rng.choice(len(every), most, replace=False))]
    return {axis.name: np.array([at[axis.name] for at in every]) for axis in axes}


def _array(
    words: tuple[str, ...], shape: tuple[int, ...], rng: np.random.Generator, kind: str
) -> Array:
    if "one-hot" in words:
        return np.asarray(np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])])
    if "sums to 1" in words:
        value = rng.uniform(0.1, 1, shape)
        return np.asarray(value / value.sum(axis=-1, keepdims=True))
    value = np.asarray(rng.normal(size=shape))
    if "positive" in words:
        return np.abs(value)
    if kind == "zeros":
        return np.zeros(shape)
    if kind == "ties":
        return np.full(shape, 0.75)
    if kind == "|x| = 800":
        value = np.asarray(np.where(value < 0, -LARGE, LARGE) + value)
    return np.abs(value) if "nonnegative" in words else value


def _exact(value: Array) -> Any:
    found = np.empty(value.shape, dtype=object)
    for place in np.ndindex(*value.shape):
        found[place] = mpmath.mpf(float(value[place]))
    return found


def _largest(errors: list[float]) -> float:
    """The largest error; infinite where one is no number."""
    return max((e if e == e else float("inf") for e in errors), default=0.0)


def _length(length: sympy.Basic, sizes: Mapping[sympy.Symbol, int]) -> int:
    return sizes[length] if length in sizes else int(length)
