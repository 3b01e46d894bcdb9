from itertools import product
from math import gcd

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.integers.contract import Limit, Row, State
from derive.integers.evaluate import holds
from derive.integers.formula import as_proposition, every, literal, relation_of
from derive.integers.linear import consequences
from derive.terms.term import Element

K, S, N = Element("k"), Element("s"), Element("n")
GENERATORS = [K, S, N, *(Element(f"x{i}") for i in range(6))]
FREE = (None, None)
X, Y, Z = ((0, 1),), ((1, 1),), ((2, 1),)


def lit(polynomial, relation="<="):
    return literal(polynomial, relation, GENERATORS, None, "collect terms")


def state_of(*formulas, ranges=(FREE, FREE, FREE)):
    state = State(list(ranges))
    state.assume(every(*formulas))
    return state


@pytest.mark.parametrize(
    ("formulas", "ranges"),
    [
        # k <= s, s <= n, n <= k - 1
        ([lit({X: 1, Y: -1}), lit({Y: 1, Z: -1}), lit({Z: 1, X: -1, (): 1})], (FREE,) * 3),
        # k + s = 2 n, k - s = 2 n + 1 has the wrong parity
        (
            [lit({X: 1, Y: 1, Z: -2}, "="), lit({X: 1, Y: -1, Z: -2, (): -1}, "=")],
            (FREE,) * 3,
        ),
        # k = s n and k s = s^2 n + s
        (
            [lit({X: 1, ((1, 1), (2, 1)): -1}, "="),
             lit({((0, 1), (1, 1)): 1, ((1, 2), (2, 1)): -1, Y: -1}, "=")],
            (FREE, (1, None), FREE),
        ),
        # k^2 <= k - 1 for k >= 1
        ([lit({((0, 2),): 1, X: -1, (): 1})], ((1, None), FREE, FREE)),
    ],
)  # fmt: skip
def test_contradictions(formulas, ranges):
    found = consequences(state_of(*formulas, ranges=ranges), [])
    assert isinstance(found, Row)
    constant = dict(found.polynomial)[()]
    divisor = gcd(*(c for monomial, c in found.polynomial if monomial))
    assert constant % divisor if found.equation and divisor else constant > 0


def test_limits_of_a_bounded_polygon():
    square = [lit({X: a, Y: b, (): -9}) for a in (1, -1) for b in (1, -1)]
    found = consequences(state_of(*square), [0, 1])
    assert {limit for limit, _ in found} == {
        Limit(g, upper, value) for g in (0, 1) for upper, value in ((True, 9), (False, -9))
    }


def test_nothing_follows_from_nothing():
    assert consequences(state_of(lit({X: 1, Y: -1})), [0, 1]) == ()


coefficients = st.integers(-4, 4)
rows = st.builds(
    lambda a, b, c, d, relation: lit(
        {m: v for m, v in ((X, a), (Y, b), (Z, c), ((), d)) if v}, relation
    ),
    coefficients,
    coefficients,
    coefficients,
    st.integers(-6, 6),
    st.sampled_from(["=", "<=", "<="]),
)
products = st.builds(
    lambda a, b, d: lit({m: v for m, v in ((((0, 1), (1, 1)), a), (Z, b), ((), d)) if v}),
    coefficients,
    coefficients,
    st.integers(-6, 6),
)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.one_of(rows, products), min_size=1, max_size=5), st.booleans())
def test_consequences_hold_at_every_solution(formulas, positive):
    low = 1 if positive else None
    state = state_of(*formulas, ranges=((low, None),) * 3)
    if state.conflict is not None:
        return
    found = consequences(state, [0, 1, 2])
    proposition = as_proposition(every(*formulas))
    for values in product(range(low or -4, 5), repeat=3):
        point = dict(zip(GENERATORS, values, strict=False))
        if not holds(proposition, point):
            continue
        assert not isinstance(found, Row), point
        for limit, row in found:
            number = values[limit.generator]
            assert number <= limit.value if limit.upper else number >= limit.value
            assert holds(relation_of(dict(row.polynomial), "<=", GENERATORS), point)


def test_too_many_rows_end_without_result():
    many = [
        lit({((g, 1),): 1 + (g * i) % 5, (((g + 1) % 9, 1),): -1 - i % 3, (): -i})
        for g in range(9)
        for i in range(6)
    ]
    state = State([FREE] * 9)
    state.literals = [known for known in many if hasattr(known, "terms")]
    assert isinstance(consequences(state, [0]), Row | tuple)
