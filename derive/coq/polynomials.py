"""Laurent polynomials over atoms: what both sides of an equation are brought to.

An atom is a lowered term that nothing splits further: a component, ``exp(u)``, ``ln(u)``, a sum.
Exponents may be negative; Coq asks for a proof that such an atom is not 0.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import gcd, lcm
from typing import TypeAlias

from derive.coq.printing import NotExportableError
from derive.terms.ordering import key
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    ZERO,
    Add,
    Mul,
    Number,
    Pow,
    Term,
)

Monomial: TypeAlias = tuple[tuple[Term, int], ...]
Poly: TypeAlias = Mapping[Monomial, Fraction]

#: Larger polynomials are not written out.
MOST_TERMS = 400


def constant(value: Fraction | int) -> Poly:
    """A number."""
    return {(): Fraction(value)} if value else {}


def atom(term: Term, exponent: int = 1) -> Poly:
    """An atom to a power."""
    return {((term, exponent),): Fraction(1)}


def add(left: Poly, right: Poly) -> Poly:
    """``left + right``."""
    total = dict(left)
    for monomial, coefficient in right.items():
        value = total.get(monomial, Fraction(0)) + coefficient
        if value:
            total[monomial] = value
        else:
            total.pop(monomial, None)
    return total


def multiply(left: Poly, right: Poly) -> Poly:
    """``left * right``."""
    if len(left) * len(right) > MOST_TERMS * 10:
        raise NotExportableError("a product with too many terms")
    total: dict[Monomial, Fraction] = {}
    for one, a in left.items():
        for other, b in right.items():
            monomial = multiply_monomials(one, other)
            value = total.get(monomial, Fraction(0)) + a * b
            if value:
                total[monomial] = value
            else:
                total.pop(monomial, None)
    if len(total) > MOST_TERMS:
        raise NotExportableError("a polynomial with too many terms")
    return total


def power(poly: Poly, exponent: int) -> Poly:
    """``poly ^ exponent`` for an exponent >= 0."""
    if exponent > 64:
        raise NotExportableError(f"the power {exponent}")
    total = constant(1)
    for _ in range(exponent):
        total = multiply(total, poly)
    return total


def multiply_monomials(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials."""
    exponents = dict(left)
    for base, exponent in right:
        exponents[base] = exponents.get(base, 0) + exponent
    return sorted_monomial(exponents.items())


def sorted_monomial(factors: Iterable[tuple[Term, int]]) -> Monomial:
    """The monomial of these powers, in canonical order."""
    return tuple(sorted(((b, e) for b, e in factors if e), key=lambda factor: key(factor[0])))


def sorted_terms(poly: Poly) -> list[tuple[Monomial, Fraction]]:
    """The monomials in canonical order."""
    return sorted(poly.items(), key=lambda item: tuple((key(b), e) for b, e in item[0]))


def content(poly: Poly) -> tuple[Fraction, Monomial, Poly]:
    """``coefficient * monomial * rest``, the rest primitive: no common factor, first sign +."""
    terms = sorted_terms(poly)
    numerator = gcd(*(c.numerator for _, c in terms))
    denominator = lcm(*(c.denominator for _, c in terms))
    scale = Fraction(numerator, denominator) * (1 if terms[0][1] > 0 else -1)
    lowest: dict[Term, int] = {}
    for base in dict.fromkeys(b for monomial, _ in terms for b, _ in monomial):
        exponents = [dict(monomial).get(base, 0) for monomial, _ in terms]
        lowest[base] = min(exponents)
    common = sorted_monomial(lowest.items())
    inverse = tuple((base, -e) for base, e in common)
    rest = {multiply_monomials(monomial, inverse): c / scale for monomial, c in terms}
    if len(rest) == 1:
        return scale, common, rest
    # The sign of the rest must not depend on the common factor that was taken out.
    if sorted_terms(rest)[0][1] < 0:
        return -scale, common, {monomial: -c for monomial, c in rest.items()}
    return scale, common, rest


def factored(poly: Poly) -> tuple[Fraction, Monomial]:
    """A coefficient and powers of atoms, what has several terms being one atom of its own."""
    scale, common, rest = content(poly)
    if len(rest) > 1:
        common = multiply_monomials(common, ((to_term(rest), 1),))
    return scale, common


def to_term(poly: Poly) -> Term:
    """The polynomial as a lowered term, in canonical order."""
    terms = [monomial_term(monomial, c) for monomial, c in sorted_terms(poly)]
    return folded(Add, terms) if terms else ZERO


def monomial_term(monomial: Monomial, coefficient: Fraction = Fraction(1)) -> Term:
    """A coefficient times powers of atoms."""
    factors: list[Term] = [] if coefficient == 1 else [Number(coefficient)]
    factors += [power_term(base, exponent) for base, exponent in monomial]
    if coefficient == -1 and monomial:
        return Mul((MINUS_ONE, folded(Mul, factors[1:])))
    return folded(Mul, factors) if factors else ONE


def power_term(base: Term, exponent: int) -> Term:
    """An integer power of an atom."""
    size = abs(exponent)
    raised = base if size == 1 else Pow(base, Number(Fraction(size)))
    return Pow(raised, MINUS_ONE) if exponent < 0 else raised


def folded(node: type[Add] | type[Mul], parts: list[Term]) -> Term:
    """A binary sum or product, from the left."""
    total = parts[0]
    for part in parts[1:]:
        total = node((total, part))
    return total
