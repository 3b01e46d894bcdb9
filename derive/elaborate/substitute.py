"""Putting a value in place of a name, once: what is put in is not looked at again."""

from typing import TypeVar, cast

from derive.elaborate.value import Value
from derive.terms.structure import element_names, map_parts, substitute_indices
from derive.terms.term import Derivative, Element, Node

N = TypeVar("N", bound=Node)


class UnderDerivativeError(Exception):
    """The name is differentiated by inside the term, so it can't be replaced there."""


def substitute_name(term: N, name: str, value: Value, *, under_derivatives: bool = False) -> N:
    """``term`` with every component of ``name`` replaced by that of ``value``.

    Raises ``UnderDerivativeError`` where a derivative by ``name`` stands in the term, unless the
    value is a variable of its own (``under_derivatives``).
    """

    def descend(node: Node, _binders: int) -> Node:
        if name not in element_names(node):
            return node
        if isinstance(node, Element) and node.name == name:
            change = dict(zip(value.axes, node.indices, strict=True))
            return substitute_indices(value.term, change)
        if isinstance(node, Derivative) and node.variable.name == name:
            if not under_derivatives:
                raise UnderDerivativeError(name)
            variable = descend(node.variable, 0)
            assert isinstance(variable, Element)
            body = descend(node.body, 0)
            return Derivative(body, variable)  # type: ignore[arg-type]
        return map_parts(node, descend, lambda index: index)

    return cast(N, descend(term, 0))


def rename_name(term: N, name: str, new: str) -> N:
    """``term`` with a name written otherwise, under derivatives too."""

    def descend(node: Node, _binders: int) -> Node:
        if name not in element_names(node):
            return node
        if isinstance(node, Element):
            return Element(new, node.indices)
        if isinstance(node, Derivative) and node.variable.name == name:
            body = descend(node.body, 0)
            return Derivative(body, Element(new, node.variable.indices))  # type: ignore[arg-type]
        return map_parts(node, descend, lambda index: index)

    return cast(N, descend(term, 0))
