from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.integers.interval import (
    monomial_range,
    polynomial_range,
    power_range,
    product_range,
    root_ceiling,
    root_floor,
)

ends = st.one_of(st.none(), st.integers(-5, 5))
ranges = st.tuples(ends, ends).filter(lambda r: None in r or r[0] <= r[1])


def members(known):
    low, high = known
    return range(-9 if low is None else low, (9 if high is None else high) + 1)


def contains(known, number):
    low, high = known
    return (low is None or low <= number) and (high is None or number <= high)


@settings(deadline=None, max_examples=100)
@given(ranges, ranges)
def test_a_product_lies_in_its_range(left, right):
    result = product_range(left, right)
    products = [a * b for a, b in product(members(left), members(right))]
    assert all(contains(result, p) for p in products)
    if None not in left + right:
        assert result == (min(products), max(products))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ((1, None), (2, 3), (2, None)),
        ((None, -1), (2, 3), (None, -2)),
        ((None, None), (0, 0), (0, 0)),
        ((None, None), (1, 2), (None, None)),
        ((0, None), (None, 0), (None, 0)),
        ((-1, None), (1, None), (None, None)),
        ((None, -2), (None, -3), (6, None)),
    ],
)
def test_products_with_open_ends(left, right, expected):
    assert product_range(left, right) == expected
    assert product_range(right, left) == expected


@settings(deadline=None, max_examples=100)
@given(ranges, st.integers(1, 4))
def test_a_power_lies_in_its_range(base, exponent):
    result = power_range(base, exponent)
    powers = [b**exponent for b in members(base)]
    assert all(contains(result, p) for p in powers)
    if None not in base:
        assert result == (min(powers), max(powers))


def test_a_square_is_not_negative():
    assert power_range((None, None), 2) == (0, None)
    assert power_range((None, None), 3) == (None, None)
    assert power_range((None, -2), 2) == (4, None)


@settings(deadline=None, max_examples=100)
@given(ranges, ranges, st.integers(-4, 4).filter(bool), st.integers(-4, 4).filter(bool))
def test_a_polynomial_lies_in_its_range(first, second, a, b):
    terms = [(((0, 1),), a), (((0, 2), (1, 1)), b), ((), 3)]
    result = polynomial_range(terms, [first, second])
    for x, y in product(members(first), members(second)):
        assert contains(result, a * x + b * x * x * y + 3)


def test_a_linear_term():
    assert monomial_range(((0, 1),), -2, [(1, None)]) == (None, -2)


@settings(deadline=None, max_examples=100)
@given(st.integers(-(10**40), 10**40), st.integers(1, 5))
def test_roots_are_exact(number, exponent):
    if number < 0 and exponent % 2 == 0:
        return
    low, high = root_floor(number, exponent), root_ceiling(number, exponent)
    assert low**exponent <= number < (low + 1) ** exponent
    assert (high - 1) ** exponent < number <= high**exponent or number == high == 0
