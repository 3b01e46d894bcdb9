"""Candidate points, the most readable first, then seeded random ones.

Dimensions are pairwise different, so that no transpose and no exchange of two indices goes
unseen.  Declared conditions hold by construction; hypotheses are met by bounds and by repair
where that is easy (and are checked by whoever takes the points).
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from math import prod
from random import Random
from types import MappingProxyType
from typing import NamedTuple

from derive.refute.admissible import Entries, admit
from derive.refute.bounds import Bounds
from derive.refute.evaluate import Point
from derive.refute.instances import VARIANTS, Instance
from derive.refute.program import Program
from derive.refute.readable import READABLE
from derive.refute.ring import ExhaustedError
from derive.terms.term import Proposition

ZERO, ONE = Fraction(0), Fraction(1)

#: Dimensions run over so many lengths, or over as many as there are letters if those are more.
LARGEST_DIMENSION = 4

#: Points with more components are not tried.
LARGEST_POINT = 10_000

#: With more letters, orders of the lengths are drawn, not listed.
_LISTED_LETTERS = 4

_SCALES = (Fraction(10), Fraction(1, 10), Fraction(100), Fraction(1, 1000), Fraction(1000))


class _Part(NamedTuple):
    """One variable of a point: its shape, number of components, condition words."""

    shape: tuple[int, ...]
    size: int
    words: frozenset[str]


class Space:
    """What a point of a program consists of, and which values are allowed."""

    def __init__(
        self,
        program: Program,
        guards: Sequence[Proposition],
        least: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """``least`` are the lengths below which a statement has no value."""
        self.program = program
        self.least = least
        self.names = tuple(program.names)
        self.letters = tuple(program.letters)
        self.functions = tuple(program.functions)
        self.bounds = (Bounds(guards, everywhere=True), Bounds(guards, everywhere=False))
        self._layouts: dict[tuple[int, ...], dict[str, _Part]] = {}

    def shape(self, name: str, dimensions: Mapping[str, int]) -> tuple[int, ...]:
        """The lengths of a variable's axes."""
        return self._layout(dimensions)[name].shape

    def size(self, dimensions: Mapping[str, int]) -> int:
        """The number of components of all variables; ExhaustedError if there are too many."""
        size = sum(part.size for part in self._layout(dimensions).values())
        if size > LARGEST_POINT:
            raise ExhaustedError
        return size

    def entries(
        self, name: str, raw: Sequence[Fraction], dimensions: Mapping[str, int], way: int = 0
    ) -> Entries | None:
        """Admissible entries near the raw numbers; None where the construction fails."""
        return self._entries(name, self._layout(dimensions)[name], raw, way)

    def _entries(
        self, name: str, part: "_Part", raw: Sequence[Fraction], way: int
    ) -> Entries | None:
        return admit(self.bounds[way % 2].draw(name, raw), part.shape, part.words)

    def _layout(self, dimensions: Mapping[str, int]) -> dict[str, "_Part"]:
        """The shape, size and condition words of every variable."""
        key = tuple(dimensions.values())
        found = self._layouts.get(key)
        if found is None:
            found = {}
            for name in self.names:
                variable = self.program.declarations.variables.get(name)
                dims = variable.shape if variable else ()
                words = variable.conditions if variable else frozenset()
                shape = tuple([d if isinstance(d, int) else dimensions[d] for d in dims])
                found[name] = _Part(shape, prod(shape), words)
            self._layouts[key] = found
        return found

    def instances(self, variant: int) -> dict[str, Instance]:
        """A polynomial for every unknown function."""
        return {
            name: Instance(name, (variant + place) % VARIANTS)
            for place, name in enumerate(self.functions)
        }

    def point(
        self, dimensions: Mapping[str, int], raw: Sequence[Fraction], variant: int, way: int = 0
    ) -> Point | None:
        """The point with these dimensions, its entries taken in order; None if there is none."""
        values: dict[str, Entries] = {}
        start = 0
        for name, part in self._layout(dimensions).items():
            end = start + part.size
            entries = self._entries(name, part, raw[start:end], way)
            if entries is None:
                return None
            values[name] = entries
            start = end
        return Point(dimensions, values, self.instances(variant))


def candidates(space: Space, rng: Random) -> Iterator[Point | None]:
    """Points without end, None where a construction failed; one point if nothing can be chosen.

    The first ones are simple; among them are all zeros and all ones.
    """
    if not (space.names or space.letters or space.functions):
        yield space.point({}, (), 0)
        return
    lengths = dimension_choices(space.letters, rng, space.least)
    smallest = next(lengths)
    size = space.size(smallest)
    turn = 0
    if size == 1 and not space.letters:
        for turn, number in enumerate(READABLE[:9]):
            yield space.point(smallest, (number,), turn)
    else:
        yield space.point(smallest, (ZERO,) * size, 0)
        yield space.point(smallest, (ONE,) * size, 1)
        larger = next(lengths)
        turn = 2
        yield space.point(larger, _counting(space.size(larger)), turn)
    while True:
        turn += 1
        dimensions = next(lengths)
        yield space.point(dimensions, _random(rng, turn, space.size(dimensions)), turn, turn)


def dimension_choices(
    letters: Sequence[str], rng: Random, least: Mapping[str, int] = MappingProxyType({})
) -> Iterator[dict[str, int]]:
    """Pairwise different lengths for the letters, small ones first, over and over.

    They start at 1, or where a letter has a ``least`` length, there.
    """
    largest = max(LARGEST_DIMENSION, len(letters))
    if len(letters) > _LISTED_LETTERS:
        choice = list(range(1, largest + 1))
        while True:
            yield _raised(letters, choice, least)
            rng.shuffle(choice)
    listed = sorted(permutations(range(1, largest + 1), len(letters)), key=lambda c: (sum(c), c))
    while True:
        for lengths in listed:
            yield _raised(letters, lengths, least)


def _raised(
    letters: Sequence[str], lengths: Sequence[int], least: Mapping[str, int]
) -> dict[str, int]:
    """Different lengths, raised by the least ones; they stay different."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    for letter, length in zip(letters, lengths, strict=True):
        raised = length + least.get(letter, 1) - 1
        while raised in taken:
            raised += 1
        taken.add(raised)
        found[letter] = raised
    return found


def _counting(size: int) -> list[Fraction]:
    """1, -1, 2, -2, 3, ..."""
    return [Fraction((-1) ** place * (place // 2 + 1)) for place in range(size)]


#: The numbers of easy points, and of generic ones.
_EASY = READABLE[:9]
_GENERIC = tuple(Fraction(n, d) for d in range(1, 6) for n in range(-9, 10))


def _random(rng: Random, turn: int, size: int) -> list[Fraction]:
    """Easy numbers in two of three turns, else generic ones; sometimes very large or small."""
    numbers = rng.choices(_EASY if turn % 3 else _GENERIC, k=size)
    if turn % 8 == 7:
        scale = _SCALES[turn // 8 % len(_SCALES)]
        numbers = [number * scale if rng.randrange(2) else number for number in numbers]
    return numbers
