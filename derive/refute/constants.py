"""The exact value of terms that are made of numbers alone, such as the exponent in ``x^(1/2)``."""

from fractions import Fraction
from math import prod

from derive.terms.term import Add, Mul, Number, Pow, Term

#: Larger exponents are left to the evaluation, which rounds where numbers grow.
_LARGEST_EXPONENT = 64


def constant_value(node: Term) -> Fraction | None:
    """The value of a term of numbers, sums, products and integer powers; None for any other."""
    match node:
        case Number(value):
            return value
        case Add(parts) | Mul(parts):
            values = [constant_value(part) for part in parts]
            known = [value for value in values if value is not None]
            if len(known) < len(values):
                return None
            return (
                sum(known, Fraction(0)) if isinstance(node, Add) else prod(known, start=Fraction(1))
            )
        case Pow(base, exponent):
            b, e = constant_value(base), constant_value(exponent)
            if (
                b is None
                or e is None
                or e.denominator != 1
                or abs(e) > _LARGEST_EXPONENT
                or (b == 0 and e < 0)
            ):
                return None
            return b**e.numerator
    return None
