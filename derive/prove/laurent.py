"""Sparse Laurent polynomials with exact rational coefficients.

Generators are small integers (ids of kernels, see ``normal_form``).  An exponent may be negative
(the kernel was proven non-zero, or the condition is recorded) or fractional (the kernel was
proven positive).  All functions are pure; a polynomial is never changed after it is made.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import TypeAlias

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

Exponent: TypeAlias = int | Fraction
Monomial: TypeAlias = tuple[tuple[int, Exponent], ...]
Poly: TypeAlias = dict[Monomial, fmpq]

UNIT: Monomial = ()
_ZERO = fmpq(0)
_ONE = fmpq(1)


class TooLargeError(Exception):
    """A size limit was reached; the verdict is ``unknown``, never a wrong one."""


class _Fuel:
    """Work that a proof may still do, counted in monomials and so the same on every machine."""

    left = 0


#: Work for one proof; the largest proof of the catalogue takes a fiftieth of it.
FUEL = 300_000


def refuel() -> None:
    """Begin a proof with a full tank."""
    _Fuel.left = FUEL


def spend(work: int) -> None:
    """Take work off; raises ``TooLargeError`` when none is left (design: rule 5)."""
    _Fuel.left -= work
    if _Fuel.left < 0:
        raise TooLargeError("the proof takes too much work")


#: The most monomials a polynomial may have.
MAX_MONOMIALS = 20_000


#: The most bits a coefficient may have where it is written as a term.
MAX_BITS = 12_800

#: The highest degree of a polynomial that is divided or factored.
MAX_DEGREE = 1_000


def bits(value: fmpq) -> int:
    """The size of a number: bits of its numerator or denominator."""
    return max(int(value.p).bit_length(), int(value.q).bit_length())


def constant(value: fmpq | int) -> Poly:
    """The constant polynomial."""
    return {UNIT: fmpq(value)} if value else {}


def generator(identifier: int, exponent: Exponent = 1) -> Poly:
    """A power of one generator."""
    return {((identifier, exponent),): _ONE}


def as_exponent(value: Fraction) -> Exponent:
    """The exponent with integers as ``int``, so that equal exponents look equal."""
    return value.numerator if value.denominator == 1 else value


def add(left: Poly, right: Poly, scale: fmpq = _ONE) -> Poly:
    """``left + scale * right``."""
    if not right or not scale:
        return left
    spend(len(right))
    result = dict(left)
    for monomial, coefficient in right.items():
        value = result.get(monomial, _ZERO) + scale * coefficient
        if value:
            result[monomial] = value
        else:
            result.pop(monomial, None)
    return result


def scale(poly: Poly, factor: fmpq) -> Poly:
    """``factor * poly``."""
    if not factor:
        return {}
    return {monomial: coefficient * factor for monomial, coefficient in poly.items()}


def multiply_monomials(left: Monomial, right: Monomial) -> Monomial:
    """The product of two monomials; exponents that add up to 0 vanish."""
    if not left:
        return right
    if not right:
        return left
    exponents = dict(left)
    for identifier, exponent in right:
        total = exponents.get(identifier, 0) + exponent
        if total:
            exponents[identifier] = total if isinstance(total, int) else as_exponent(total)
        else:
            del exponents[identifier]
    return tuple(sorted(exponents.items()))


def multiply(left: Poly, right: Poly) -> Poly:
    """``left * right``."""
    if len(left) * len(right) > MAX_MONOMIALS * 20:
        raise TooLargeError(f"a product of {len(left)} by {len(right)} monomials")
    spend(len(left) * len(right))
    result: Poly = {}
    for m1, c1 in left.items():
        for m2, c2 in right.items():
            monomial = multiply_monomials(m1, m2)
            value = result.get(monomial, _ZERO) + c1 * c2
            if value:
                result[monomial] = value
            else:
                result.pop(monomial, None)
    if len(result) > MAX_MONOMIALS:
        raise TooLargeError(f"a polynomial of {len(result)} monomials")
    return result


def power(poly: Poly, exponent: int) -> Poly:
    """``poly ** exponent`` for a non-negative integer exponent."""
    if len(poly) == 1:
        ((monomial, coefficient),) = poly.items()
        return {scale_exponents(monomial, exponent): coefficient**exponent}
    if exponent > 64:
        raise TooLargeError(f"a sum of {len(poly)} monomials to the power {exponent}")
    result = constant(1)
    for _ in range(exponent):
        result = multiply(result, poly)
    return result


def scale_exponents(monomial: Monomial, factor: Exponent) -> Monomial:
    """The monomial to a power."""
    if not factor:
        return UNIT
    return tuple((i, as_exponent(Fraction(e * factor))) for i, e in monomial)


def generators(poly: Poly) -> set[int]:
    """The ids of the generators that occur."""
    return {identifier for monomial in poly for identifier, _ in monomial}


def common_monomial(poly: Poly) -> Monomial:
    """The greatest Laurent monomial that divides every term (least exponent of each generator)."""
    monomials = iter(poly)
    least = dict(next(monomials))
    for monomial in monomials:
        exponents = dict(monomial)
        for identifier in least.keys() | exponents.keys():
            least[identifier] = min(least.get(identifier, 0), exponents.get(identifier, 0))
    return tuple(sorted((i, e) for i, e in least.items() if e))


def divide_monomial(poly: Poly, monomial: Monomial) -> Poly:
    """``poly / monomial``."""
    if not monomial:
        return poly
    inverse = tuple((i, -e) for i, e in monomial)
    return {multiply_monomials(m, inverse): c for m, c in poly.items()}


@lru_cache(maxsize=64)
def _context(count: int) -> fmpq_mpoly_ctx:
    return fmpq_mpoly_ctx.get(tuple(f"g{i}" for i in range(count)), Ordering.lex)


class _Dense:
    """A bridge to flint: generators in a row, fractional exponents scaled to integers."""

    def __init__(self, polys: Iterable[Poly]) -> None:
        denominators: dict[int, int] = {}
        for poly in polys:
            for monomial in poly:
                for identifier, exponent in monomial:
                    denominators[identifier] = lcm(
                        denominators.get(identifier, 1), Fraction(exponent).denominator
                    )
        self.row = sorted(denominators)
        self.place = {identifier: place for place, identifier in enumerate(self.row)}
        self.denominators = [denominators[identifier] for identifier in self.row]
        self.context = _context(len(self.row))

    def to_flint(self, poly: Poly) -> fmpq_mpoly:
        terms = {}
        for monomial, coefficient in poly.items():
            exponents = [0] * len(self.row)
            for identifier, exponent in monomial:
                place = self.place[identifier]
                exponents[place] = int(exponent * self.denominators[place])
                if exponents[place] > MAX_DEGREE:
                    raise TooLargeError(f"a polynomial of degree {exponents[place]}")
            terms[tuple(exponents)] = coefficient
        return self.context.from_dict(terms)

    def from_flint(self, poly: fmpq_mpoly) -> Poly:
        result: Poly = {}
        for exponents, coefficient in poly.to_dict().items():
            monomial = tuple(
                (identifier, as_exponent(Fraction(int(exponent), denominator)))
                for identifier, denominator, exponent in zip(
                    self.row, self.denominators, exponents, strict=True
                )
                if exponent
            )
            result[monomial] = coefficient
        return result


def factor(poly: Poly) -> tuple[fmpq, list[tuple[Poly, int]]]:
    """Rational content and irreducible factors of a polynomial without negative exponents.

    Fractional powers count as generators of their own (the least one that occurs).
    """
    spend(50 + 20 * len(poly))
    dense = _Dense((poly,))
    content, factors = dense.to_flint(poly).factor()
    return fmpq(content), [(dense.from_flint(f), int(e)) for f, e in factors]


def divide(poly: Poly, divisor: Poly) -> Poly | None:
    """The exact quotient, or None; neither may have negative exponents."""
    if not generators(divisor) <= generators(poly):
        return None
    spend(50 + 20 * len(poly))
    dense = _Dense((poly, divisor))
    quotient, remainder = divmod(dense.to_flint(poly), dense.to_flint(divisor))
    return None if remainder else dense.from_flint(quotient)


def substitute_values(poly: Poly, values: Mapping[int, int]) -> Poly:
    """The polynomial with some generators set to numbers (0 needs non-negative exponents)."""
    result: Poly = {}
    for monomial, coefficient in poly.items():
        value = coefficient
        rest = []
        for identifier, exponent in monomial:
            if identifier in values:
                value = value * values[identifier] ** int(exponent)
            else:
                rest.append((identifier, exponent))
        if value:
            result = add(result, {tuple(rest): value})
    return result
