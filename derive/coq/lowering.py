"""Terms in the few nodes that proofs know, convertible to what the statement says.

Sums and products become binary, defined functions what they stand for, order comparisons
indicators of positive numbers.  ``Printer.term`` of both terms is equal for Coq by unfolding alone.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import count
from typing import TypeVar

from derive.coq.printing import NotExportableError
from derive.terms.structure import map_parts, subterms
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Compare,
    Delta,
    Element,
    Indicator,
    Mul,
    Node,
    Not,
    Number,
    Pow,
    Proposition,
    SameIndex,
    Term,
    Undefined,
    Where,
    apply,
)

N = TypeVar("N", bound=Node)

_HALF = Number(Fraction(1, 2))


def minus(term: Term) -> Term:
    """``- term``."""
    return Mul((MINUS_ONE, term))


def with_roots(node: N) -> N:
    """The node with 1/2 as one number in exponents: a root as read is ``s^(1 * 2^-1)``.

    As a root it has a value at 0; ``Rpower`` has none.  Beside powers that are written with
    ``Rpower`` (see ``has_other_powers``) roots are, too: a proof knows one of the two.
    """

    def descend(current: Node, _binders: int) -> Node:
        current = map_parts(current, descend, lambda index: index)
        if isinstance(current, Pow) and not isinstance(current.exponent, Number):
            value = _constant(current.exponent)
            if value is not None and abs(value) == _HALF.value:
                return Pow(current.base, Number(value))
        return current

    return descend(node, 0)  # type: ignore[return-value]


def has_other_powers(node: Node) -> bool:
    """Whether a power is neither an integer one nor a root: ``x^(3/2)``, ``x^c``."""
    for part in subterms(node):
        if isinstance(part, Pow):
            value = _constant(part.exponent)
            if value is None or (value.denominator != 1 and abs(value) != _HALF.value):
                return True
    return False


def _constant(term: Term) -> Fraction | None:
    """The value of a quotient of numbers."""
    match term:
        case Number(value):
            return value
        case Mul(factors):
            product = Fraction(1)
            for factor in factors:
                known = _constant(factor)
                if known is None:
                    return None
                product *= known
            return product
        case Pow(Number(base), exponent) if exponent == MINUS_ONE and base:
            return 1 / base
    return None


def without_cases(term: Term, fresh: Iterator[int] | None = None) -> Term:
    """Indicators and case distinctions by ``positive_indicator``: what the statement prints.

    Where a definition by cases has no value, a number stands of which nothing is known: the
    statement holds for all values of it, so it matters only times 0 (``f(x) [x > 0]`` is 0 at all
    other x, whether or not f has a value there).  Each place has its own, by the numbers of
    ``fresh``.
    """
    numbers = count(1) if fresh is None else fresh

    def descend(node: Term, _binders: int) -> Term:
        match node:
            case Indicator(condition):
                return descend(_indicator(condition), 0)
            case Where(condition, then, otherwise):
                one = _indicator(condition)
                other = Add((ONE, minus(one)))
                return descend(Add((Mul((one, then)), Mul((other, otherwise)))), 0)
            case Undefined():
                return Element(f"\0undefined{next(numbers)}")
            case Pow(base, Number(value)) if value == -_HALF.value:
                return Pow(Pow(descend(base, 0), _HALF), MINUS_ONE)
        return map_parts(node, descend, lambda index: index)  # type: ignore[return-value]

    return descend(term, 0)


def _indicator(condition: Proposition) -> Term:
    match condition:
        case Compare(operator, left, right):
            above, below = _positive(left, right), _positive(right, left)
            found: dict[str, Term] = {
                ">": above,
                "<": below,
                ">=": Add((ONE, minus(below))),
                "<=": Add((ONE, minus(above))),
                "=": Add((ONE, minus(above), minus(below))),
                "!=": Add((above, below)),
            }
            return found[operator]
        case SameIndex(left, right):
            return Delta(left, right)
        case Not(inner):
            return Add((ONE, minus(_indicator(inner))))
    raise NotExportableError("a case distinction by several conditions at once")


def _positive(left: Term, right: Term) -> Term:
    if right == ZERO:
        return apply("positive_indicator", left)
    if left == ZERO:
        return apply("positive_indicator", minus(right))
    return apply("positive_indicator", Add((left, minus(right))))


def lowered(term: Term) -> Term:
    """The term in core nodes; ``term`` has no cases (see ``without_cases``)."""

    def descend(node: Term, _binders: int) -> Term:
        match node:
            case Add(terms):
                return _fold(Add, [descend(t, 0) for t in terms])
            case Mul(factors):
                if factors[0] == MINUS_ONE and len(factors) > 1:
                    return minus(_fold(Mul, [descend(f, 0) for f in factors[1:]]))
                return _fold(Mul, [descend(f, 0) for f in factors])
            case Pow(base, exponent):
                return _power(descend(base, 0), exponent, descend(exponent, 0))
            case Apply(function, arguments):
                return _function(function, tuple(descend(a, 0) for a in arguments))
        return map_parts(node, descend, lambda index: index)  # type: ignore[return-value]

    return descend(term, 0)


def _fold(node: type[Add] | type[Mul], parts: list[Term]) -> Term:
    total = parts[0]
    for part in parts[1:]:
        total = node((total, part))
    return total


def _power(base: Term, exponent: Term, core: Term) -> Term:
    match exponent:
        case Number(value) if value.denominator == 1:
            if value == 0:
                return ONE
            if value < -1:
                return Pow(Pow(base, Number(-value)), MINUS_ONE)
            return Pow(base, exponent)
        case Number(value) if value == _HALF.value:
            return apply("sqrt", base)
    return apply("exp", Mul((core, apply("log", base))))


def _function(function: str, arguments: tuple[Term, ...]) -> Term:
    if len(arguments) != 1:
        return Apply(function, arguments)
    (x,) = arguments
    up, down = apply("exp", x), apply("exp", minus(x))
    half = Pow(TWO, MINUS_ONE)
    difference, total = Mul((Add((up, minus(down))), half)), Mul((Add((up, down)), half))
    positive = apply("positive_indicator", x)
    match function:
        case "sigmoid":
            return Pow(Add((ONE, down)), MINUS_ONE)
        case "softplus":
            return apply("log", Add((ONE, up)))
        case "sinh":
            return difference
        case "cosh":
            return total
        case "tanh":
            return Mul((difference, Pow(total, MINUS_ONE)))
        case "sign":
            return Add((positive, minus(apply("positive_indicator", minus(x)))))
        case "tan":
            return Mul((apply("sin", x), Pow(apply("cos", x), MINUS_ONE)))
        case "ceiling":
            return minus(apply("floor", minus(x)))
    return Apply(function, arguments)
