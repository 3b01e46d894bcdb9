"""One-hot vectors: inside a proof ``y`` is the delta of its class, outside it is ``y`` again."""

from derive.terms.declarations import Declarations
from derive.terms.structure import bind, free_indices, map_parts
from derive.terms.term import (
    ONE,
    Compare,
    Delta,
    Dim,
    Element,
    ForAll,
    Free,
    Index,
    Node,
    Or,
    Proposition,
    SameIndex,
)

_CLASS = "class of "


def class_index(name: str, dim: Dim) -> Free:
    """The place of the 1 in the one-hot vector ``name``: no name in a document has a space."""
    return Free(f"{_CLASS}{name}", dim)


def is_class_index(index: Index) -> bool:
    """Whether an index is the place of the 1 in a one-hot vector."""
    return isinstance(index, Free) and index.name.startswith(_CLASS)


def is_one_hot_vector(name: str, declarations: Declarations) -> bool:
    """Whether the variable is a vector that is declared one-hot."""
    return len(declarations.shape(name)) == 1 and declarations.has(name, "one-hot")


def without_classes(condition: Proposition, declarations: Declarations) -> Proposition:
    """The condition in terms of the vectors: ``delta(class of y, i) = y[i]``.

    What else is said of the class is said of every index ``k`` with ``y[k] = 1``.
    """
    for name, variable in sorted(declarations.variables.items()):
        if not is_one_hot_vector(name, declarations):
            continue
        hot = class_index(name, variable.shape[0])
        condition = _with_components(condition, name, hot)
        if hot in free_indices(condition):
            elsewhere = Compare("!=", Element(name, (hot,)), ONE)
            condition = ForAll(hot.dim, bind(Or((elsewhere, condition)), hot))
    return condition


def _with_components(condition: Proposition, name: str, hot: Free) -> Proposition:
    def descend(node: Node, _binders: int) -> Node:
        if hot not in free_indices(node):
            return node
        match node:
            case Delta(left, right):
                return Element(name, (_other(left, right, hot),))
            case SameIndex(left, right):
                return Compare("=", Element(name, (_other(left, right, hot),)), ONE)
        return map_parts(node, descend, lambda index: index)

    made = descend(condition, 0)
    assert isinstance(made, Proposition)
    return made


def _other(left: Index, right: Index, hot: Free) -> Index:
    return right if left == hot else left
