"""Polynomials over atoms: sums, products, powers, and the primitive factor of each."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.coq import polynomials
from derive.coq.polynomials import Poly, atom, constant
from derive.coq.printing import NotExportableError
from derive.terms.term import Element, Term

X, Y = Element("x"), Element("y")
POINT = {X: Fraction(3, 2), Y: Fraction(-5, 7)}


def value(poly: Poly) -> Fraction:
    """The polynomial at a fixed point, apart from the code under test."""
    total = Fraction(0)
    for monomial, coefficient in poly.items():
        for base, exponent in monomial:
            coefficient *= POINT[base] ** exponent  # type: ignore[index]
        total += coefficient
    return total


def _poly(entries: list[tuple[int, int, int]]) -> Poly:
    total: Poly = {}
    for number, x, y in entries:
        term = {polynomials.sorted_monomial(((X, x), (Y, y))): Fraction(number, 3)}
        total = polynomials.add(total, term if number else {})
    return total


POLYS = st.lists(
    st.tuples(st.integers(-6, 6), st.integers(-2, 2), st.integers(-2, 2)), max_size=4
).map(_poly)


@settings(deadline=None, max_examples=100)
@given(POLYS, POLYS)
def test_sums_and_products_are_those_of_the_values(one: Poly, other: Poly) -> None:
    assert value(polynomials.add(one, other)) == value(one) + value(other)
    assert value(polynomials.multiply(one, other)) == value(one) * value(other)
    assert value(polynomials.power(one, 2)) == value(one) ** 2


@settings(deadline=None, max_examples=100)
@given(POLYS)
def test_the_content_times_the_rest_is_the_polynomial(poly: Poly) -> None:
    if not poly:
        return
    scale, common, rest = polynomials.content(poly)
    assert polynomials.multiply({common: scale}, rest) == dict(poly)
    assert polynomials.content(rest) == (Fraction(1), (), rest)


def test_opposite_polynomials_have_the_same_primitive_part() -> None:
    poly = polynomials.add(atom(X), polynomials.multiply(constant(-1), atom(Y)))
    opposite = polynomials.multiply(constant(-2), poly)
    assert polynomials.content(poly)[2] == polynomials.content(opposite)[2]


@pytest.mark.parametrize("term", [X, Y])
def test_a_large_power_is_not_written_out(term: Term) -> None:
    with pytest.raises(NotExportableError, match="the power 65"):
        polynomials.power(atom(term), 65)


def test_a_large_product_is_not_written_out() -> None:
    long = {polynomials.sorted_monomial(((X, n),)): Fraction(1) for n in range(1, 301)}
    with pytest.raises(NotExportableError, match="too many terms"):
        polynomials.multiply(long, long)
