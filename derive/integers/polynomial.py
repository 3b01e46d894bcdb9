"""Polynomials with integer coefficients, as read-only mappings from monomials to coefficients.

A monomial is a sorted tuple of ``(generator, exponent)`` with exponents >= 1; ``()`` is the
constant one.  What a generator number stands for, the
caller knows.  No coefficient is 0, so two
polynomials are equal as functions exactly where the mappings are equal.
"""

from collections.abc import Iterable, Mapping
from math import gcd
from typing import TypeAlias

#: ``((g, e), ...)``: generator g to the power e, and so on.
Monomial: TypeAlias = tuple[tuple[int, int], ...]
Polynomial: TypeAlias = Mapping[Monomial, int]

#: Larger results are refused, so that hostile input ends at once.
MOST_TERMS = 500
MOST_DEGREE = 64
MOST_BITS = 20_000


class TooLargeError(ValueError):
    """A polynomial outgrew the limits of this module."""


def constant(value: int) -> Polynomial:
    """The constant polynomial."""
    return {(): value} if value else {}


def generator(name: int) -> Polynomial:
    """The polynomial that is one generator."""
    return {((name, 1),): 1}


def combine(parts: Iterable[tuple[int, Polynomial]]) -> Polynomial:
    """The sum of the polynomials, each times an integer."""
    total: dict[Monomial, int] = {}
    for factor, polynomial in parts:
        for monomial, coefficient in polynomial.items():
            total[monomial] = total.get(monomial, 0) + factor * coefficient
    return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}


def multiply_monomials(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    if not left or not right:
        return left or right
    exponents = dict(left)
    for name, exponent in right:
        exponents[name] = exponents.get(name, 0) + exponent
    return tuple(sorted(exponents.items()))


def multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    """The product; raises TooLargeError beyond the limits."""
    if left == {(): 1}:
        return right
    if right == {(): 1}:
        return left
    if len(left) * len(right) > MOST_TERMS**2 or _bits(left) + _bits(right) > MOST_BITS:
        raise TooLargeError("a product of polynomials is too large")
    total: dict[Monomial, int] = {}
    for first, a in left.items():
        for second, b in right.items():
            monomial = multiply_monomials(first, second)
            total[monomial] = total.get(monomial, 0) + a * b
    if len(total) > MOST_TERMS or any(degree(monomial) > MOST_DEGREE for monomial in total):
        raise TooLargeError("a product of polynomials is too large")
    return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}


def power(base: Polynomial, exponent: int) -> Polynomial:
    """``base ** exponent`` for an exponent >= 0; raises TooLargeError beyond the limits."""
    if _bits(base) * exponent > MOST_BITS:
        raise TooLargeError("a power is too large")
    value = constant_value(base)
    if value is not None:
        return constant(value**exponent)
    if exponent > MOST_DEGREE:
        raise TooLargeError("a power is too large")
    result = constant(1)
    for _ in range(exponent):
        result = multiply(result, base)
    return result


def constant_value(polynomial: Polynomial) -> int | None:
    """The value of a constant polynomial, None for any other."""
    if not polynomial:
        return 0
    return polynomial.get(()) if len(polynomial) == 1 else None


def content(polynomial: Polynomial, *, with_constant: bool = True) -> int:
    """The greatest common divisor of the coefficients (0 where there are none)."""
    return gcd(*(c for monomial, c in polynomial.items() if monomial or with_constant))


def degree(monomial: Monomial) -> int:
    """The sum of the exponents."""
    return sum(exponent for _, exponent in monomial)


def order(polynomial: Polynomial) -> list[tuple[Monomial, int]]:
    """The terms with the highest degree first, then by generators: for display."""
    return sorted(polynomial.items(), key=lambda item: (-degree(item[0]), item[0]))


def _bits(polynomial: Polynomial) -> int:
    return max((abs(c).bit_length() for c in polynomial.values()), default=0)
