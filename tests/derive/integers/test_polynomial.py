import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.integers.polynomial import (
    TooLargeError,
    combine,
    constant,
    constant_value,
    content,
    degree,
    generator,
    multiply,
    order,
    power,
)

X, Y = generator(0), generator(1)
polynomials = st.lists(
    st.tuples(st.integers(-3, 3), st.integers(0, 2), st.integers(0, 2)), max_size=4
).map(
    lambda terms: combine(
        (c, multiply(power(X, a) if a else constant(1), power(Y, b) if b else constant(1)))
        for c, a, b in terms
    )
)


def at(polynomial, values):
    total = 0
    for monomial, coefficient in polynomial.items():
        for name, exponent in monomial:
            coefficient *= values[name] ** exponent
        total += coefficient
    return total


@settings(deadline=None, max_examples=100)
@given(polynomials, polynomials, st.integers(-3, 3), st.integers(0, 3), st.integers(-4, 4))
def test_arithmetic_agrees_with_numbers(p, q, factor, exponent, value):
    values = (value, 3 - value)
    assert at(combine([(1, p), (factor, q)]), values) == at(p, values) + factor * at(q, values)
    assert at(multiply(p, q), values) == at(p, values) * at(q, values)
    assert at(power(p, exponent), values) == at(p, values) ** exponent


@settings(deadline=None, max_examples=50)
@given(polynomials, polynomials)
def test_the_form_is_unique(p, q):
    square = multiply(combine([(1, p), (1, q)]), combine([(1, p), (1, q)]))
    expanded = combine([(1, multiply(p, p)), (2, multiply(q, p)), (1, multiply(q, q))])
    assert square == expanded


def test_constants():
    assert constant(0) == {}
    assert constant_value({}) == 0
    assert constant_value(constant(7)) == 7
    assert constant_value(X) is None
    assert constant_value(combine([(1, X), (1, constant(7))])) is None


def test_content_and_order():
    polynomial = combine([(6, X), (9, multiply(X, Y)), (4, constant(1))])
    assert content(polynomial) == 1
    assert content(polynomial, with_constant=False) == 3
    assert order(polynomial) == [(((0, 1), (1, 1)), 9), (((0, 1),), 6), ((), 4)]
    assert degree(((0, 2), (1, 3))) == 5


@pytest.mark.parametrize(
    "build",
    [
        lambda: power(X, 65),
        lambda: power(constant(10**9), 10**9),
        lambda: multiply(power(X, 60), power(Y, 5)),
        lambda: power(combine((1, generator(g)) for g in range(40)), 3),
        lambda: multiply(constant(2**15000), constant(2**15000)),
    ],
)
def test_too_large_is_refused(build):
    with pytest.raises(TooLargeError, match="is too large"):
        build()
