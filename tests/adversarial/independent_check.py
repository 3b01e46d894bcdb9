"""Whether a typed statement holds at points: dimensions 1, 2, 3, ... all different, exact numbers.

Neither the refuter nor the normal form takes part: values come from ``evaluate_exactly``, points
and their admissibility from here.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import product
from math import prod
from random import Random

from admissible_places import Parts, draw, parts_of, satisfies, some_dims
from evaluate_exactly import (
    PRECISIONS,
    RADIUS,
    Place,
    Reader,
    UndecidedError,
    Value,
    ball,
    compare,
    precision,
)
from flint import arb, fmpq
from written_out import Expression, Key, NoValueError, TooLargeError, Writer

from derive.terms.obligation import Obligation
from derive.terms.term import (
    Free,
    Proposition,
)
from derive.verdict import Counterexample

#: Index values looked at in one place, at most.
MOST_INDEX_VALUES = 40


class Seen(Enum):
    """What one place says about a statement under one value of its free indices."""

    AGREES = "agrees"
    DIFFERS = "differs"
    ONE_SIDE_UNDEFINED = "one side has no value"
    UNDEFINED = "neither side has a value"
    UNDECIDED = "undecided"
    EXCLUDED = "not admissible"


@dataclass(frozen=True)
class Look:
    """One look, with the values of the sides where both have one."""

    seen: Seen
    indices: Mapping[Free, int]
    left: Value | None = None
    right: Value | None = None


# ---- looking ------------------------------------------------------------------------------------


def index_values(parts: Parts, dims: Mapping[str, int], rng: Random) -> list[dict[Free, int]]:
    """Values of the free indices: all of them, or a sample."""
    ranges = [
        range(1, (index.dim if isinstance(index.dim, int) else dims[index.dim]) + 1)
        for index in parts.free
    ]
    if prod(map(len, ranges)) <= MOST_INDEX_VALUES:
        chosen = list(product(*ranges))
    else:
        chosen = [tuple(rng.choice(r) for r in ranges) for _ in range(MOST_INDEX_VALUES)]
    return [dict(zip(parts.free, values, strict=True)) for values in chosen]


def look(
    statement: Obligation,
    place: Place,
    indices: Sequence[Mapping[Free, int]],
    conditions: Sequence[Proposition] = (),
    near_is_equal: bool = False,
) -> Iterator[Look]:
    """What the place says under each of the index values.

    Balls that overlap never decide ``<``, ``>`` or ``!=``, unless ``near_is_equal``.
    """
    writer = Writer(statement.declarations, place.dims, place.functions)
    readers = {bits: Reader(place.components) for bits in PRECISIONS}
    for at in indices:
        yield _look(statement, writer, readers, at, conditions, near_is_equal)


def _look(
    statement: Obligation,
    writer: Writer,
    readers: Mapping[int, Reader],
    at: Mapping[Free, int],
    conditions: Sequence[Proposition],
    near_is_equal: bool,
) -> Look:
    for bits in PRECISIONS:
        reader = readers[bits]
        with precision(bits):
            try:
                guards = (*statement.declarations.hypotheses, *conditions)
                truths = [reader.truth(writer.write(guard, at)) for guard in guards]
                if not all(truths):
                    return Look(Seen.EXCLUDED, at)
            except NoValueError:
                return Look(Seen.EXCLUDED, at)
            except UndecidedError:
                continue
            try:
                sides: list[Value | None] = []
                for side in (statement.left, statement.right):
                    try:
                        sides.append(reader.value(writer.write(side, at)))
                    except NoValueError:
                        sides.append(None)
                left, right = sides
                if left is None and right is None:
                    return Look(Seen.UNDEFINED, at)
                if left is None or right is None:
                    return Look(Seen.ONE_SIDE_UNDEFINED, at, left, right)
                if relation_holds(statement.operator, left, right, near_is_equal):
                    return Look(Seen.AGREES, at, left, right)
                return Look(Seen.DIFFERS, at, left, right)
            except UndecidedError:
                continue
            except TooLargeError:
                break
    return Look(Seen.UNDECIDED, at)


def relation_holds(operator: str, left: Value, right: Value, near_is_equal: bool = False) -> bool:
    """Whether the relation holds; two balls nearer than ``RADIUS`` (relative) count as equal.

    Raises UndecidedError where that would decide ``<``, ``>`` or ``!=``.
    """
    try:
        order = compare(left, right)
    except UndecidedError:
        gap = abs(ball(left) - ball(right))
        scale = 1 + abs(ball(left)) + abs(ball(right))
        if not gap < scale * arb(fmpq(RADIUS.numerator, RADIUS.denominator)):
            raise
        if operator in ("<", ">", "!=") and not near_is_equal:
            raise
        order = 0
    return {
        "=": order == 0,
        "!=": order != 0,
        "<": order < 0,
        "<=": order <= 0,
        ">": order > 0,
        ">=": order >= 0,
    }[operator]


def survey(
    statement: Obligation,
    rng: Random,
    *,
    conditions: Sequence[Proposition] = (),
    places: int = 6,
    sizes: Sequence[int] = (1, 2, 3),
) -> tuple[Counter[Seen], Look | None, Place | None]:
    """What several places say, and the first look that speaks against the statement."""
    parts = parts_of(statement, conditions)
    seen: Counter[Seen] = Counter()
    against: tuple[Look, Place] | None = None
    for _ in range(places):
        dims = some_dims(parts, rng, sizes)
        place = draw(statement, parts, dims, rng)
        if place is None:
            continue
        try:
            for one in look(statement, place, index_values(parts, dims, rng), conditions):
                seen[one.seen] += 1
                bad = one.seen in (Seen.DIFFERS, Seen.ONE_SIDE_UNDEFINED, Seen.UNDEFINED)
                if bad and (against is None or one.seen is Seen.DIFFERS is not against[0].seen):
                    against = (one, place)
        except TooLargeError:
            continue
    return seen, *(against or (None, None))


# ---- counterexamples ----------------------------------------------------------------------------


def recheck(
    statement: Obligation, found: Counterexample, conditions: Sequence[Proposition] = ()
) -> str:
    """Why the counterexample is none; empty where it is one."""
    parts = parts_of(statement, conditions)
    dims = dict(found.dimensions)
    told: dict[str, list[str]] = {}
    for name, words in found.assignment:
        told.setdefault(name, []).append(words)
    components = {}
    for name, shape in parts.shapes.items():
        lengths = [d if isinstance(d, int) else dims[d] for d in shape]
        entries = {}
        for key in product(*[range(1, length + 1) for length in lengths]):
            words = told[f"{name}[{','.join(map(str, key))}]" if key else name].pop(0)
            entries[key] = Fraction(words)
        variable = statement.declarations.variables.get(name)
        if variable is not None and not satisfies(entries, variable.conditions):
            return f"{name} does not satisfy {sorted(variable.conditions)}"
        components.update({(name, key): value for key, value in entries.items()})
    at = {index: int(told[index.name].pop(0)) for index in parts.free}
    functions = {name: _told_function(name, told) for name in parts.functions}
    (one,) = look(statement, Place(dims, components, functions), [at], conditions, True)
    if one.seen is not Seen.DIFFERS:
        return f"here it is: {one.seen.value} ({one.left}, {one.right})"
    for words, value in ((found.left, one.left), (found.right, one.right)):
        if not _is_told(words, value):
            return f"a side is said to be {words}, here it is {value}"
    return ""


def _is_told(words: str, value: Value | None) -> bool:
    """Whether a value lies where the words ("7/3", "1.25 +/- 1e-9") put it."""
    middle, _, radius = words.partition(" +/- ")
    if value is None:
        return False
    try:
        gap = abs(ball(value) - ball(Fraction(middle)))
        return not gap > ball(Fraction(radius or "0"))
    except ValueError:
        return True  # in other words, such as "about"


_POLYNOMIAL = re.compile(
    r"(?P<letter>[a-z]\d*)(?:\[(?P<key>[\d,]+)\])?(?:\^(?P<power>\d+))?|(?P<number>\d+)"
)


def _told_function(name: str, told: Mapping[str, list[str]]) -> Callable[..., Expression]:
    """The polynomials that a counterexample names: ``f(u, v)[1]`` is ``u[1]^2 - 2 v``."""

    def function(
        writer: Writer, outputs: Key, inside: Mapping[tuple[int, Key], Expression]
    ) -> Expression:
        component = f"[{','.join(map(str, outputs))}]" if outputs else ""
        pattern = re.compile(re.escape(name) + r"\([^)]*\)" + re.escape(component))
        ((words,),) = (texts for key, texts in told.items() if pattern.fullmatch(key))
        terms = []
        for sign, term in re.findall(r"(^-?|[+-] )([^+-]+)", words):
            factors = [writer.number(-1 if sign.strip() == "-" else 1)]
            for match in _POLYNOMIAL.finditer(term):
                if match["number"]:
                    factors.append(writer.number(int(match["number"])))
                    continue
                letter = match["letter"]
                slot = "uvwz".index(letter) if letter in "uvwz" else int(letter[1:]) - 1
                key = tuple(map(int, match["key"].split(","))) if match["key"] else ()
                power = int(match["power"] or 1)
                factors.append(writer.make("whole power", inside[slot, key], power))
            terms.append(writer.make("mul", *factors))
        return writer.make("add", *terms)

    return function
