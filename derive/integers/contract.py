"""Bounds for integers, derived one literal at a time from bounds that are known already.

From ``p <= 0`` and the ranges of all other generators follows a bound for each generator that
stands in ``p``; an equation is two inequalities (interval constraint propagation; Benhamou and
Older 1997).  Bounds are rounded to integers.  Every bound that is derived can leave a record:
the literal, and the earlier bounds that were used.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import TypeAlias

from derive.integers.formula import All, Formula, Handle, Literal, Some
from derive.integers.interval import (
    Range,
    monomial_range,
    polynomial_range,
    root_ceiling,
    root_floor,
)
from derive.integers.polynomial import Monomial

#: Limits with more bits, which may grow from round to round, are noted only from plain relations.
MOST_BITS = 64
#: Rounds over all literals, as bounds may creep on and on; and within a search, which halves the
#: ranges itself.
MOST_ROUNDS = 12
SEARCH_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Limit:
    """``generator <= value`` (upper) or ``generator >= value``."""

    generator: int
    upper: bool
    value: int


@dataclass(frozen=True, slots=True)
class BoundStep:
    """A limit that follows from a literal and earlier limits."""

    limit: Limit
    literal: Literal
    used: tuple[Limit, ...]

    @property
    def premises(self) -> tuple[Literal | Limit, ...]:
        """What the limit rests on."""
        return (self.literal, *self.used)


@dataclass(frozen=True, slots=True)
class ChoiceStep:
    """All parts of a disjunction but one contradict earlier limits and literals."""

    choice: Some
    remaining: Formula
    used: "tuple[Limit | Literal, ...]"


@dataclass(frozen=True, slots=True)
class Conflict:
    """No integers are left: by a formula with limits and literals, or by two limits alone."""

    formula: Formula | None
    used: "tuple[Limit | Literal, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """``polynomial <= 0`` (or ``= 0``) with its derivation from literals, limits and other rows.

    Rows share parents, so they are compared by identity.
    """

    polynomial: tuple[tuple[Monomial, int], ...]
    equation: bool
    rule: str
    parents: tuple["Row | Literal | Limit", ...]


@dataclass(frozen=True, slots=True)
class LinearStep:
    """A limit that follows by elimination of the other variables."""

    limit: Limit
    row: Row

    @property
    def premises(self) -> tuple[Row]:
        """What the limit rests on."""
        return (self.row,)


Event: TypeAlias = BoundStep | LinearStep | ChoiceStep


@dataclass(slots=True)
class State:
    """What is known in one branch: ranges, literals that hold, disjunctions still open.

    ``trail`` records the derivation where it is a list; ``conflict`` is set when the branch has
    no integer point.
    """

    ranges: list[Range]
    literals: list[Literal] = field(default_factory=list)
    choices: list[Some] = field(default_factory=list)
    trail: list[Event] | None = None
    conflict: Conflict | None = None

    def copy(self, *, traced: bool = False) -> "State":
        """An independent copy; the trail is copied only where it is asked for."""
        trail = list(self.trail or ()) if traced else None
        return State(
            list(self.ranges), list(self.literals), list(self.choices), trail, self.conflict
        )

    def assume(self, formula: Formula) -> None:
        """Add a formula to what holds."""
        match formula:
            case Literal():
                opposite = self.opposite(formula)
                if opposite is not None:
                    self.conflict = self.conflict or Conflict(formula, (opposite,))
                elif formula not in self.literals:
                    self.literals.append(formula)
            case All(parts):
                for part in parts:
                    self.assume(part)
            case Some(()):
                self.conflict = self.conflict or Conflict(formula, ())
            case Some():
                self.choices.append(formula)

    def opposite(self, literal: Literal) -> Literal | None:
        """A literal that holds and says ``p != 0`` where this one says ``p = 0``, or conversely."""
        if literal.relation == "<=":
            return None
        wanted = "!=" if literal.relation == "=" else "="
        for known in self.literals:
            if known.relation == wanted and known.terms == literal.terms:
                return known
        return None

    def limits(self, generators: Sequence[int]) -> tuple[Limit, ...]:
        """The finite ends of the ranges of the generators."""
        found = []
        for generator in dict.fromkeys(generators):
            low, high = self.ranges[generator]
            if low is not None:
                found.append(Limit(generator, False, low))
            if high is not None:
                found.append(Limit(generator, True, high))
        return tuple(found)


def contract(state: State, changed: Set[int] | None = None, rounds: int = MOST_ROUNDS) -> bool:
    """Tighten the ranges as far as the rounds allow; False if the branch is empty.

    With ``changed``, the branch was contracted before and only the ranges of these generators
    are new since.
    """
    for _ in range(rounds):
        if state.conflict is not None:
            return False
        before = list(state.ranges)
        for literal in state.literals:
            concerned = changed is None or not changed.isdisjoint(literal.generators)
            if concerned and not _revise(state, literal):
                return False
        asserted = len(state.literals)
        if state.choices and not _revise_choices(state):
            return False
        changed = {g for g, known in enumerate(state.ranges) if known != before[g]}
        if len(state.literals) != asserted:
            changed = None
        elif not changed:
            return True
    return True


def truth(formula: Formula, ranges: Sequence[Range]) -> bool | None:
    """Whether the formula holds, or fails, all over the ranges; None if neither is evident."""
    if isinstance(formula, Literal):
        low, high = polynomial_range(formula.terms, ranges)
        if formula.relation == "<=":
            if high is not None and high <= 0:
                return True
            return False if low is not None and low > 0 else None
        if (low is not None and low > 0) or (high is not None and high < 0):
            return formula.relation == "!="
        return formula.relation == "=" if low == 0 == high else None
    deciding = isinstance(formula, Some)
    open_parts = False
    for part in formula.parts:
        value = truth(part, ranges)
        if value is deciding:
            return deciding
        open_parts = open_parts or value is None
    return None if open_parts else not deciding


def generators_of(formula: Formula) -> list[int]:
    """The generators that occur."""
    if isinstance(formula, Literal):
        return list(formula.generators)
    return [name for part in formula.parts for name in generators_of(part)]


def _revise_choices(state: State) -> bool:
    """A disjunction all of whose parts but one are ruled out is that part; a true one is done."""
    choices, state.choices = state.choices, []
    for choice in choices:
        values = [truth(part, state.ranges) for part in choice.parts]
        if True in values:
            continue
        used: dict[Limit | Literal, None] = {}
        possible: list[Formula] = []
        for part, value in zip(choice.parts, values, strict=True):
            opposed = None if value is False else _opposed(state, part)
            if opposed is not None:
                used[opposed] = None
            elif value is None:
                possible.append(part)
            elif state.trail is not None:
                used |= dict.fromkeys(state.limits(generators_of(part)))
        if len(possible) > 1:
            state.choices.append(choice)
        elif not possible:
            state.conflict = Conflict(choice, tuple(used))
            return False
        else:
            if state.trail is not None:
                state.trail.append(ChoiceStep(choice, possible[0], tuple(used)))
            state.assume(possible[0])
    return True


def _opposed(state: State, part: Formula) -> Literal | None:
    for item in part.parts if isinstance(part, All) else (part,):
        if isinstance(item, Literal):
            opposite = state.opposite(item)
            if opposite is not None:
                return opposite
    return None


def _revise(state: State, literal: Literal) -> bool:
    if literal.relation == "!=":
        if truth(literal, state.ranges) is False:
            state.conflict = Conflict(literal, state.limits(generators_of(literal)))
            return False
        return True
    if literal.relation == "=" and not _revise_at_most(state, literal, -1):
        return False
    return _revise_at_most(state, literal, 1)


def _revise_at_most(state: State, literal: Literal, sign: int) -> bool:
    """Use ``sign * p <= 0``."""
    lows = [
        monomial_range(monomial, sign * coefficient, state.ranges)[0]
        for monomial, coefficient in literal.terms
    ]
    known = sum(low for low in lows if low is not None)
    unknown = [place for place, low in enumerate(lows) if low is None]
    if not unknown and known > 0:
        state.conflict = Conflict(literal, _used(state, literal, sign, None))
        return False
    for handle in literal.handles:
        low, high = state.ranges[handle.generator]
        if low is not None and low == high:
            continue
        if any(place not in handle.members for place in unknown):
            continue
        rest = known - sum(lows[place] or 0 for place in handle.members)
        if not _bound_power(state, literal, handle, sign, -rest):
            return False
    return True


def _bound_power(state: State, literal: Literal, handle: Handle, sign: int, most: int) -> bool:
    """Use ``cofactor * generator ** exponent <= most``, for a cofactor of known sign."""
    scaled = [(monomial, sign * coefficient) for coefficient, monomial in handle.cofactor]
    least, largest = polynomial_range(scaled, state.ranges)
    if least is not None and least > 0:
        divisor = least if most >= 0 else largest
        upper: int | None = -1 if divisor is None else most // divisor
        lower = None
    elif largest is not None and largest < 0:
        divisor = largest if most >= 0 else least
        upper = None
        lower = 1 if divisor is None else _ceiling(-most, -divisor)
    else:
        return True
    limits = _limits_of_base(state.ranges[handle.generator], handle, lower, upper)
    if limits is None:
        state.conflict = Conflict(literal, _used(state, literal, sign, handle))
        return False
    for limit in limits:
        low, high = state.ranges[handle.generator]
        if limit.value.bit_length() > MOST_BITS and len(literal.handles) > 1:
            continue
        if limit.upper:
            if high is not None and high <= limit.value:
                continue
            high = limit.value
        else:
            if low is not None and low >= limit.value:
                continue
            low = limit.value
        if state.trail is not None:
            used = _used(state, literal, sign, handle)
            state.trail.append(BoundStep(limit, literal, used))
        state.ranges[handle.generator] = (low, high)
        if low is not None and high is not None and low > high:
            state.conflict = Conflict(None, state.limits([handle.generator]))
            return False
    return True


def _limits_of_base(
    known: Range, handle: Handle, lower: int | None, upper: int | None
) -> tuple[Limit, ...] | None:
    """From ``lower <= generator ** exponent <= upper`` to the generator; None if impossible."""
    name, exponent = handle.generator, handle.exponent
    if exponent % 2:
        if upper is not None:
            return (Limit(name, True, root_floor(upper, exponent)),)
        return (Limit(name, False, root_ceiling(lower or 0, exponent)),)
    if upper is not None:
        if upper < 0:
            return None
        root = root_floor(upper, exponent)
        return Limit(name, False, -root), Limit(name, True, root)
    if lower is None or lower <= 0:
        return ()
    root = root_ceiling(lower, exponent)
    low, high = known
    if low is not None and low > -root:
        return (Limit(name, False, root),)
    if high is not None and high < root:
        return (Limit(name, True, -root),)
    return ()


def _ceiling(number: int, divisor: int) -> int:
    return -(-number // divisor)


def _used(state: State, literal: Literal, sign: int, handle: Handle | None) -> tuple[Limit, ...]:
    """The limits from which a bound for the handle's generator follows."""
    if state.trail is None:
        return ()
    found: dict[Limit, None] = {}
    for place, (monomial, coefficient) in enumerate(literal.terms):
        if handle is not None and place in handle.members:
            continue
        names = [name for name, _ in monomial]
        limits = state.limits(names)
        if len(monomial) == 1 and monomial[0][1] == 1:
            needs_upper = sign * coefficient < 0
            limits = tuple(limit for limit in limits if limit.upper is needs_upper)
        found.update(dict.fromkeys(limits))
    if handle is not None:
        names = [name for _, monomial in handle.cofactor for name, _ in monomial]
        if handle.exponent % 2 == 0:
            names.append(handle.generator)
        found.update(dict.fromkeys(state.limits(names)))
    return tuple(found)
