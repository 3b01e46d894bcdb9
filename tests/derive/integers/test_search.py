from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.integers.contract import State
from derive.integers.formula import literal
from derive.integers.search import Budget, OutOfBudgetError, all_points, clip, improve, size
from derive.terms.term import Element

GENERATORS = [Element("k"), Element("s")]
X, Y = ((0, 1),), ((1, 1),)


def state_of(ranges, *polynomials):
    state = State(list(ranges))
    for polynomial, relation in polynomials:
        state.assume(literal(polynomial, relation, GENERATORS, None, "collect terms"))
    return state


small = st.integers(-4, 4)


@settings(deadline=None, max_examples=60)
@given(small.filter(bool), small.filter(bool), small, st.integers(1, 7))
def test_all_points_and_the_smallest(a, b, c, modulus):
    state = state_of([(-20, 30), (-7, 40)], ({X: a, Y: b, **({(): c} if c else {})}, "<="))

    def test(point):
        k, s = point
        return a * k + b * s + c <= 0 and (k * s + 1) % modulus == 0

    brute = [p for p in product(range(-20, 31), range(-7, 41)) if test(p)]
    assert sorted(all_points(state, [0, 1], test, Budget(10**5))) == brute
    best = []
    improve(best, state, [0, 1], test, Budget(10**5))
    assert best == ([min(brute, key=size)] if brute else [])


def test_an_earlier_point_is_kept():
    best = [(1, 1)]
    improve(best, state_of([(-9, 9)] * 2), [0, 1], lambda point: point == (2, 0), Budget(1000))
    assert best == [(1, 1)]
    improve(best, state_of([(-9, 9)] * 2), [0, 1], lambda point: point == (1, -1), Budget(1000))
    assert best == [(1, -1)]


def test_the_budget_ends_the_search():
    state = state_of([(1, 10**12)] * 2)
    with pytest.raises(OutOfBudgetError):
        all_points(state, [0, 1], lambda point: False, Budget(100))
    best = []
    with pytest.raises(OutOfBudgetError):
        improve(best, state, [0, 1], lambda point: point == (1, 2), Budget(100))
    assert best == [(1, 2)]


def test_pruning_makes_huge_ranges_searchable():
    # k = 10^9 s and k + s = 3 * 10^9 + 3
    state = state_of(
        [(1, 10**12)] * 2,
        ({X: 1, Y: -(10**9)}, "="),
        ({X: 1, Y: 1, (): -3 * 10**9 - 3}, "="),
    )
    assert all_points(state, [0, 1], lambda point: True, Budget(200)) == [(3 * 10**9, 3)]


def test_the_state_is_left_as_it_was():
    state = state_of([(-3, 3)] * 2, ({X: 1, Y: 1}, "="))
    all_points(state, [0, 1], lambda point: True, Budget(1000))
    assert state.ranges == [(-3, 3)] * 2


def test_no_variables():
    assert all_points(state_of([]), [], lambda point: True, Budget(5)) == [()]
    assert all_points(state_of([]), [], lambda point: False, Budget(5)) == []


def test_clip():
    state = state_of([(None, None), (5, None)])
    clip(state, [0, 1], 16)
    assert state.ranges == [(-16, 16), (5, 16)]


def test_order_of_size():
    points = [(3, 0), (-1, 1), (1, -1), (0, 0), (1, 1), (-3, 3)]
    assert sorted(points, key=size) == [(0, 0), (-1, 1), (1, -1), (1, 1), (-3, 3), (3, 0)]
    assert size(()) == (0, ())
