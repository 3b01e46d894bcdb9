"""Exact values of terms and propositions at an integer point, by the definitions alone.

This is the judge of every single point: the search only decides which points need not be
looked at.  It shares no code with the translation to polynomials.

Partial functions follow the logic of partial terms (Beeson, Foundations of Constructive
Mathematics, 1985, VI.1; Farmer 1990): a relation in which a side is undefined is false, and the
connectives are the classical ones.  So a point at which ``(64 - k)/s = 5`` divides by zero is no
solution, ``Not`` of that relation is true there, and ``(64 - k)/s != 5``, a relation itself, is
false there.
"""

import operator as relation
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import floor, isqrt
from typing import TypeAlias

from derive.terms.functions import FUNCTIONS, unfold_function
from derive.terms.term import (
    Add,
    And,
    Apply,
    Compare,
    Dimension,
    Element,
    Indicator,
    Mul,
    Not,
    Number,
    Operator,
    Or,
    Pow,
    Proposition,
    Term,
    Undefined,
    Where,
)

Point: TypeAlias = Mapping[Term, int]
#: Integers stay integers: most values are.
Rational: TypeAlias = int | Fraction

#: divisor_count is trial division; beyond this it is not attempted.
LARGEST_FACTORED = 10**12
#: Integer powers whose result would have more bits than this are not attempted.
MOST_BITS = 100_000


class BeyondReachError(ValueError):
    """A value is defined, but too large to be computed here, or of an unknown kind."""


RELATIONS: Mapping[Operator, Callable[[Rational, Rational], bool]] = {
    "=": relation.eq,
    "!=": relation.ne,
    "<": relation.lt,
    "<=": relation.le,
    ">": relation.gt,
    ">=": relation.ge,
}


def divisor_count(number: int) -> int:
    """The number of positive divisors of a positive integer."""
    if number > LARGEST_FACTORED:
        raise BeyondReachError(f"{number} is too large to count its divisors")
    count, divisor = 1, 2
    root = isqrt(number)
    while divisor <= root:
        exponent = 0
        while number % divisor == 0:
            number //= divisor
            exponent += 1
        if exponent:
            count *= exponent + 1
            root = isqrt(number)
        divisor += 1
    return count * 2 if number > 1 else count


def value(term: Term, point: Point) -> Rational | None:
    """The exact value, or None where the term is undefined.

    Raises BeyondReachError for a term that has no exact rational value here.
    """
    match term:
        case Number(exact):
            return exact.numerator if exact.denominator == 1 else exact
        case Dimension(dim) if isinstance(dim, int):
            return dim
        case Element() | Dimension():
            return point[term]
        case Add(terms):
            total: Rational = 0
            for part in terms:
                summand = value(part, point)
                if summand is None:
                    return None
                total += summand
            return total
        case Mul(factors):
            product: Rational = 1
            for part in factors:
                factor = value(part, point)
                if factor is None:
                    return None
                product *= factor
            return product
        case Pow(base, exponent):
            return _power(value(base, point), value(exponent, point))
        case Apply(function, arguments):
            return _apply(function, arguments, point)
        case Indicator(condition):
            return int(holds(condition, point))
        case Where(condition, then, otherwise):
            return value(then if holds(condition, point) else otherwise, point)
        case Undefined():
            return None
    raise BeyondReachError(f"{type(term).__name__} has no exact rational value here")


def _power(base: Rational | None, exponent: Rational | None) -> Rational | None:
    """``0 ** 0`` is 1 here, the empty product."""
    if base is None or exponent is None or (base == 0 and exponent < 0):
        return None
    if exponent.denominator != 1:
        raise BeyondReachError("a fractional power is not rational in general")
    times = int(exponent)
    bits = max(abs(base.numerator).bit_length(), base.denominator.bit_length())
    if bits * abs(times) > MOST_BITS:
        raise BeyondReachError("a power is too large")
    return base**times if times >= 0 else 1 / Fraction(base**-times)


def _apply(function: str, arguments: tuple[Term, ...], point: Point) -> Rational | None:
    if function in FUNCTIONS:
        meaning = unfold_function(function, arguments)
        if meaning is not None:
            return value(meaning, point)
    values = [value(argument, point) for argument in arguments]
    if any(v is None for v in values):
        return None
    if function == "floor" and values[0] is not None:
        return floor(values[0])
    if function == "divisor_count" and values[0] is not None:
        if values[0].denominator != 1 or values[0] < 1:
            return None
        return divisor_count(values[0].numerator)
    raise BeyondReachError(f"{function} has no exact rational value here")


def holds(proposition: Proposition, point: Point) -> bool:
    """Whether it is true, where a relation with an undefined side is false."""
    match proposition:
        case Compare(operator, left, right):
            first, second = value(left, point), value(right, point)
            return first is not None and second is not None and RELATIONS[operator](first, second)
        case Not(inner):
            return not holds(inner, point)
        case And(parts):
            return all(holds(part, point) for part in parts)
        case Or(parts):
            return any(holds(part, point) for part in parts)
    raise BeyondReachError(f"{type(proposition).__name__} is not decided at a point")


def certain(proposition: Proposition, point: Point) -> bool | None:
    """True or false whatever an undefined relation is taken to be; None where that matters."""
    match proposition:
        case Compare(operator, left, right):
            first, second = value(left, point), value(right, point)
            if first is None or second is None:
                return None
            return RELATIONS[operator](first, second)
        case Not(inner):
            result = certain(inner, point)
            return None if result is None else not result
        case And(parts):
            results = [certain(part, point) for part in parts]
            return False if False in results else None if None in results else True
        case Or(parts):
            results = [certain(part, point) for part in parts]
            return True if True in results else None if None in results else False
    raise BeyondReachError(f"{type(proposition).__name__} is not decided at a point")
