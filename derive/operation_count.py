"""How many scalar operations a formula takes, as a polynomial in its dimensions.

An operation is an addition, subtraction, multiplication, division or power of two scalars, or one
value of a function.  Signs and the numbers themselves cost nothing.  The formula is evaluated as it
stands, from left to right, and every part once for each value of the indices that occur in it:
what does not depend on an index is not evaluated again (Golub and Van Loan, Matrix Computations,
2013, section 1.1).
"""

from collections.abc import Iterator
from fractions import Fraction

from derive.terms.structure import free_indices, open_binder
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    Add,
    Apply,
    Dim,
    Dimension,
    Element,
    Free,
    Mul,
    Node,
    Number,
    Pow,
    Product,
    Sum,
    Term,
    add,
    mul,
    number,
    sub,
)


def operation_count(term: Term, axes: tuple[Free, ...]) -> Term:
    """The number of operations to evaluate ``term`` for all values of the ``axes``.

    Raises ValueError for a free index that is none of the axes, and for a term that is no
    formula to be evaluated (a derivative, a definition by cases).
    """
    stray = [index.name for index in free_indices(term) if index not in axes]
    if stray:
        raise ValueError(
            f"the index {stray[0]} is no axis of the count; there are: "
            + (", ".join(axis.name for axis in axes) or "none")
        )
    return add(*(_times(cost, indices) for cost, indices in _operations(term, 0)))


def _operations(term: Term, depth: int) -> Iterator[tuple[Term, tuple[Free, ...]]]:
    """The cost of each node for one value of its indices, with these indices."""
    parts: tuple[Term, ...]
    match term:
        case Number() | Dimension() | Element():
            return
        case Add(parts):
            cost = len(parts) - 1
        case Mul(parts):
            parts = tuple(part for part in parts if not _is_sign(part))
            divisors = tuple(_divisor(part) for part in parts)
            starts_from_one = all(p is not d for p, d in zip(parts, divisors, strict=True))
            cost = len(parts) - (not starts_from_one)
            parts = divisors
        case Pow(base, exponent):
            parts, cost = (base, exponent), 1
        case Apply(_, parts):
            cost = 1
        case Sum(dim, body) | Product(dim, body):
            index = Free(f"operand {depth}", dim)
            yield sub(_length(dim), ONE), free_indices(term)
            yield from _operations(open_binder(body, index), depth + 1)
            return
        case _:
            raise ValueError(f"the operations of a {_words(term)} are not counted")
    if cost > 0:
        yield number(cost), free_indices(term)
    for part in parts:
        yield from _operations(part, depth)


def _divisor(factor: Term) -> Term:
    """A factor 1/b divides by b: that is the one operation which the product counts."""
    match factor:
        case Pow(base, Number(exponent)) if exponent == Fraction(-1):
            return base
        case _:
            return factor


def _is_sign(term: Term) -> bool:
    return term in (ONE, MINUS_ONE)


def _times(cost: Term, indices: tuple[Free, ...]) -> Term:
    return mul(cost, *(_length(index.dim) for index in indices))


def _length(dim: Dim) -> Term:
    return number(dim) if isinstance(dim, int) else Dimension(dim)


def _words(node: Node) -> str:
    return type(node).__name__.lower()
