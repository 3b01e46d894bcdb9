"""Sums and products over a range of known, small length, written out term by term."""

from typing import TypeVar, cast

from derive.terms.structure import map_parts, open_binder, subterms
from derive.terms.term import Fixed, Node, Product, Sum, Term, add, mul

#: The longest range that is written out, and the most summands one term may get.
LONGEST = 8
MOST_SUMMANDS = 256

N = TypeVar("N", bound=Node)


def has_short_range(term: Term) -> bool:
    """Whether a sum or product over a short range of known length occurs."""
    return any(_is_short(node) for node in subterms(term))


def written_out(term: N) -> N:
    """The same term with every short sum and product written out, the inner ones first.

    A term that would get too long stays as it is.
    """

    def descend(node: Node, _binders: int) -> Node:
        node = map_parts(node, descend, lambda index: index)
        if isinstance(node, Sum | Product) and isinstance(node.dim, int) and _is_short(node):
            values = range(1, node.dim + 1)
            terms = tuple(open_binder(node.body, Fixed(value, node.dim)) for value in values)
            return add(*terms) if isinstance(node, Sum) else mul(*terms)
        return node

    if _growth(term) > MOST_SUMMANDS:
        return term
    return cast(N, descend(term, 0))


def _is_short(node: Node) -> bool:
    return isinstance(node, Sum | Product) and isinstance(node.dim, int) and node.dim <= LONGEST


def _growth(term: Node) -> int:
    growth = 1
    for node in subterms(term):
        if isinstance(node, Sum | Product) and isinstance(node.dim, int) and _is_short(node):
            growth *= node.dim
    return growth
