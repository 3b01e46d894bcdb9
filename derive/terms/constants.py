"""What exponents are by their form: exact numbers, or integers at every point."""

from fractions import Fraction
from math import prod

from derive.terms.declarations import Declarations
from derive.terms.term import (
    Add,
    Apply,
    Delta,
    Dimension,
    Element,
    Indicator,
    Mul,
    Number,
    Position,
    Pow,
    Product,
    Sum,
    Term,
)

#: Larger exponents are left to the evaluation, which rounds where numbers grow.
_LARGEST_EXPONENT = 64

_INTEGER_VALUED = frozenset({"floor", "ceiling", "sign", "step", "flat", "divisor_count"})


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


def is_integral(node: Term, declarations: Declarations) -> bool:
    """Whether a term is an integer by its form, at every point.

    An integer power has a value at any base (0 ** 0 = 1; a negative one not at 0); any other power
    is a real one, and has none at a negative base, nor at 0 unless the exponent is positive.
    """
    constant = constant_value(node)
    if constant is not None:
        return constant.denominator == 1
    match node:
        case Dimension() | Position() | Delta() | Indicator():
            return True
        case Element(name) if name in declarations.definitions:
            return is_integral(declarations.definitions[name].body, declarations)
        case Element(name):
            return declarations.has(name, "integer")
        case Pow(base, Number(exponent)) if exponent >= 0 and exponent.denominator == 1:
            return is_integral(base, declarations)
        case Add(parts) | Mul(parts):
            return all(is_integral(part, declarations) for part in parts)
        case Apply(function):
            return function in _INTEGER_VALUED
        case Sum(_, body) | Product(_, body):
            return is_integral(body, declarations)
    return False
