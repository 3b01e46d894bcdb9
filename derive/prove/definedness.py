"""Which terms evidently have a value everywhere: a walk over the structure, without algebra.

It only saves work: what is not evidently total is normalised, which records what it needs.
"""

from collections.abc import Mapping

from derive.terms.structure import Definition
from derive.terms.term import (
    Add,
    Apply,
    Call,
    Delta,
    Determinant,
    Dimension,
    Element,
    Fixed,
    Mul,
    Number,
    Position,
    Pow,
    Product,
    Sum,
    Term,
)

#: Functions with a value, and finite derivatives from both sides, at every real argument.
_TOTAL = frozenset(
    {
        *("exp", "sin", "cos", "atan", "erf", "pi", "sinh", "cosh", "tanh"),
        *("sigmoid", "softplus", "relu", "abs", "max", "min"),
    }
)
_POSITIVE = frozenset({"exp", "pi", "cosh", "sigmoid", "softplus"})

Definitions = Mapping[str, Definition]


def is_total(term: Term, definitions: Definitions) -> bool:
    """Whether the term evidently has a value for all values of its variables."""
    match term:
        case Number() | Dimension() | Determinant():
            return True
        case Position(index):
            return not isinstance(index, Fixed)
        case Delta(left, right):
            return not isinstance(left, Fixed) and not isinstance(right, Fixed)
        case Element(name, indices):
            if any(isinstance(index, Fixed) for index in indices):
                return False
            defined = definitions.get(name)
            return defined is None or is_total(defined.body, definitions)
        case Add(parts) | Mul(parts):
            return all(is_total(part, definitions) for part in parts)
        case Pow(base, Number(value)):
            if value.denominator == 1 and value >= 0:
                return is_total(base, definitions)
            return is_positive(base, definitions)
        case Apply("log", (argument,)):
            return is_positive(argument, definitions)
        case Apply(function, arguments):
            return function in _TOTAL and all(is_total(a, definitions) for a in arguments)
        case Call() if not any(isinstance(index, Fixed) for index in term.outputs):
            return all(is_total(a.body, definitions) for a in term.arguments)
        case Sum(_, body) | Product(_, body):
            return is_total(body, definitions)
    return False


def is_positive(term: Term, definitions: Definitions) -> bool:
    """Whether the term evidently has a value > 0 for all values of its variables."""
    match term:
        case Number(value):
            return value > 0
        case Dimension() | Position():
            return True
        case Element(name) if name in definitions:
            return is_positive(definitions[name].body, definitions)
        case Add(parts) | Mul(parts):
            return all(is_positive(part, definitions) for part in parts)
        case Pow(base, Number()):
            return is_positive(base, definitions)
        case Apply(function, arguments):
            return function in _POSITIVE and all(is_total(a, definitions) for a in arguments)
        case Sum(_, body) | Product(_, body):
            return is_positive(body, definitions)
    return False
