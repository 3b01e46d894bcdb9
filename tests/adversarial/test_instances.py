"""What is proved for every dimension holds, exactly, in ranges of 1 to 5 elements.

In turn every dimension letter takes each of the lengths 1 to 5 while all others take other lengths.
Sides are equal as rationals, or as balls whose distance and radii are below 1e-25.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from random import Random

import pytest
from evaluate_exactly import RADIUS, Value, ball
from flint import arb, fmpq
from independent_check import Look, Seen, draw, index_values, look, parts_of
from integer_check import integers_against

from derive.claim import Claim
from derive.judge_sympy import judge_readings
from derive.sympy_terms import obligation_from_sympy
from derive.terms.obligation import Obligation, Statement
from derive.terms.term import Proposition
from derive.verdict import Kind
from identities import ALL

LENGTHS = range(1, 6)

#: Index values looked at in one place.
MOST = 4

EXPECTED = [c for c in ALL if c.expected in (Kind.PROVED, Kind.CONDITIONAL)]


def is_narrow(value: Value | None) -> bool:
    """Whether the number is known exactly, or to 1e-25 in relation to its size."""
    if isinstance(value, Fraction):
        return True
    assert value is not None
    bound = arb(fmpq(RADIUS.numerator, RADIUS.denominator)) * (1 + abs(ball(value)))
    return bool(value.rad() < bound)


@cache
def proved(name: str) -> tuple[Obligation | Statement, tuple[Proposition, ...]]:
    """What of the claim is proved, and under which conditions."""
    claim = next(claim for claim in EXPECTED if claim.name == name)
    verdict, identity = judge_readings(claim)
    assert verdict.holds
    statement = obligation_from_sympy(
        identity, conditions=claim.conditions, hypotheses=claim.hypotheses
    )
    return statement, tuple(c.proposition for c in verdict.conditions if c.proposition is not None)


def looks(
    name: str, statement: Obligation, conditions: tuple[Proposition, ...]
) -> Iterator[tuple[dict[str, int], Look]]:
    """What places say of the statement, with the lengths of its dimensions there."""
    parts = parts_of(statement, conditions)
    rng = Random(name)
    for turn in range(len(LENGTHS)):
        dims = {
            letter: max(LENGTHS[(turn + place) % len(LENGTHS)], parts.fixed.get(letter, 1))
            for place, letter in enumerate(parts.letters)
        }
        found: list[Look] = []
        while not any(one.seen is not Seen.EXCLUDED for one in found):
            place = draw(statement, parts, dims, rng)
            assert place is not None
            values = index_values(parts, dims, rng)
            if found and len(values) <= MOST:
                break  # there are no such indices in so short a range
            found = list(
                look(statement, place, rng.sample(values, min(MOST, len(values))), conditions)
            )
        for one in found:
            yield dims, one


@pytest.mark.parametrize("claim", EXPECTED, ids=lambda claim: claim.name)
def test_instances(claim: Claim) -> None:
    statement, conditions = proved(claim.name)
    if isinstance(statement, Statement):
        assert integers_against(statement, conditions, largest=70) == ""
        return
    seen: Counter[Seen] = Counter()
    for dims, one in looks(claim.name, statement, conditions):
        seen[one.seen] += 1
        assert one.seen in (Seen.AGREES, Seen.EXCLUDED), (dims, one)
        if one.seen is Seen.AGREES:
            assert is_narrow(one.left)
            assert is_narrow(one.right)
    assert seen[Seen.AGREES] >= len(LENGTHS) - 1


def test_lengths_can_all_differ() -> None:
    """No claim has more dimension letters than there are lengths, and most have several."""
    statements = [proved(claim.name)[0] for claim in EXPECTED]
    letters = [len(parts_of(s).letters) for s in statements if isinstance(s, Obligation)]
    assert max(letters) <= len(LENGTHS)
    assert sum(count >= 2 for count in letters) > 50
