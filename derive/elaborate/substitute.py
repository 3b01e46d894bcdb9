"""Putting a value in place of a name, once: what is put in is not looked at again."""

from derive.elaborate.value import Value
from derive.terms.structure import map_parts, substitute_indices
from derive.terms.term import Derivative, Element, Node, Term


class UnderDerivativeError(Exception):
    """The name is differentiated by inside the term, so it can't be replaced there."""


def substitute_name(term: Term, name: str, value: Value) -> Term:
    """``term`` with every component of ``name`` replaced by that of ``value``.

    Raises ``UnderDerivativeError`` where a derivative by ``name`` stands in the term.
    """

    def descend(node: Node, _binders: int) -> Node:
        if isinstance(node, Element) and node.name == name:
            change = dict(zip(value.axes, node.indices, strict=True))
            return substitute_indices(value.term, change)
        if isinstance(node, Derivative) and node.variable.name == name:
            raise UnderDerivativeError(name)
        return map_parts(node, descend, lambda index: index)

    result = descend(term, 0)
    assert isinstance(result, Term)
    return result
