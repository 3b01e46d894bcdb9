from fractions import Fraction
from math import ceil

import pytest

from derive.integers.evaluate import BeyondReachError, certain, divisor_count, holds, value
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    And,
    Compare,
    Dimension,
    Element,
    Fixed,
    Indicator,
    Not,
    Or,
    Pow,
    SameIndex,
    Undefined,
    Where,
    add,
    apply,
    div,
    mul,
    neg,
    number,
    sub,
)

K = Element("k")
D = Dimension("d")


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (add(K, D, Dimension(4)), 17),
        (sub(K, number(9)), -2),
        (mul(K, div(ONE, TWO)), Fraction(7, 2)),
        (Pow(K, TWO), 49),
        (Pow(K, number(-2)), Fraction(1, 49)),
        (Pow(neg(K), number(-1)), Fraction(-1, 7)),
        (Pow(ZERO, ZERO), 1),
        (apply("floor", div(K, TWO)), 3),
        (apply("floor", div(neg(K), TWO)), -4),
        (apply("ceiling", div(neg(K), TWO)), -3),
        (apply("abs", neg(K)), 7),
        (apply("max", K, D), 7),
        (apply("divisor_count", number(12)), 6),
        (Indicator(Compare("<", K, D)), 0),
        (Where(Compare(">", K, D), ONE, Undefined()), 1),
        (Where(Compare("<", K, D), ONE, Undefined()), None),
        (div(ONE, ZERO), None),
        (mul(ZERO, div(ONE, ZERO)), None),
        (apply("floor", div(ONE, ZERO)), None),
        (apply("divisor_count", ZERO), None),
        (apply("divisor_count", neg(K)), None),
        (apply("divisor_count", div(K, TWO)), None),
    ],
)
def test_value(term, expected):
    assert value(term, {K: 7, D: 6}) == expected


@pytest.mark.parametrize(
    ("term", "message"),
    [
        (apply("exp", K), "exp has no exact rational value here"),
        (apply("sqrt", K), "a fractional power is not rational in general"),
        (Pow(number(10**9), number(10**9)), "a power is too large"),
        (apply("divisor_count", number(10**12 + 1)), "1000000000001 is too large to count its"),
    ],
)
def test_beyond_reach(term, message):
    with pytest.raises(BeyondReachError, match=message):
        value(term, {K: 7})


def test_divisor_count_by_its_definition():
    for number_ in range(1, 300):
        assert divisor_count(number_) == sum(number_ % d == 0 for d in range(1, number_ + 1))
    assert divisor_count(2**10 * 3**4) == 55
    assert divisor_count(999983) == 2  # a prime


NOWHERE = Compare("=", div(K, ZERO), ONE)
TRUE, FALSE = Compare("=", K, K), Compare("<", K, K)


@pytest.mark.parametrize(
    ("proposition", "true", "sure"),
    [
        (NOWHERE, False, None),
        (Compare("!=", div(K, ZERO), ONE), False, None),
        (Not(NOWHERE), True, None),
        (And((NOWHERE, TRUE)), False, None),
        (And((NOWHERE, FALSE)), False, False),
        (Or((NOWHERE, TRUE)), True, True),
        (Or((NOWHERE, FALSE)), False, None),
        (Or((NOWHERE, Not(NOWHERE))), True, None),
        (And(()), True, True),
        (Or(()), False, False),
        (Not(FALSE), True, True),
    ],
)
def test_a_relation_with_an_undefined_side_is_false(proposition, true, sure):
    assert holds(proposition, {K: 1}) is true
    assert certain(proposition, {K: 1}) is sure


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
def test_relations(operator):
    python = {"=": "__eq__", "!=": "__ne__", "<": "__lt__", "<=": "__le__", ">": "__gt__"}
    for left in (-1, 0, 1):
        expected = getattr(left, python.get(operator, "__ge__"))(0)
        assert holds(Compare(operator, number(left), ZERO), {}) is expected


def test_ceiling_of_quotients():
    for top in range(-9, 10):
        term = apply("ceiling", div(number(top), number(4)))
        assert value(term, {}) == ceil(Fraction(top, 4))


def test_other_propositions_are_refused():
    same = SameIndex(Fixed(1, 2), Fixed(1, 2))
    for judge in (holds, certain):
        with pytest.raises(BeyondReachError, match="SameIndex is not decided at a point"):
            judge(same, {})


def test_a_reciprocal_of_a_reciprocal():
    assert value(Pow(Pow(K, MINUS_ONE), MINUS_ONE), {K: 3}) == 3
    assert value(Pow(Pow(K, MINUS_ONE), MINUS_ONE), {K: 0}) is None
