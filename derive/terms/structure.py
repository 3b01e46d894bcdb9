"""Walking over terms: parts, free indices, substitution of indices and of names.

Two tables know the parts of every node and how many binders each part stands under: one to map
over them, one to look at them; every other operation is written with these.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from derive.terms.term import (
    Add,
    And,
    Apply,
    Argument,
    Bound,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dim,
    Dimension,
    Element,
    ForAll,
    Free,
    Index,
    Indicator,
    InverseEntry,
    Mul,
    Node,
    Not,
    Number,
    Or,
    Position,
    Pow,
    Product,
    SameIndex,
    Sum,
    Term,
    Undefined,
    Where,
)

N = TypeVar("N", bound=Node)
PartMap = Callable[[Any, int], Any]
IndexMap = Callable[[Index], Index]


def map_parts(node: Node, part: PartMap, index: IndexMap) -> Node:
    """The same node over mapped parts; ``part`` also gets the number of binders it passes."""
    return _MAP_PARTS[type(node)](node, part, index)


def _leaf(node: Any, part: PartMap, index: IndexMap) -> Node:
    return cast(Node, node)


_MAP_PARTS: dict[type[Node], Callable[[Any, PartMap, IndexMap], Node]] = {
    Number: _leaf,
    Dimension: _leaf,
    Undefined: _leaf,
    Determinant: _leaf,
    Element: lambda n, part, index: (
        Element(n.name, tuple([index(i) for i in n.indices])) if n.indices else n
    ),
    Add: lambda n, part, index: Add(tuple([part(t, 0) for t in n.terms])),
    Mul: lambda n, part, index: Mul(tuple([part(t, 0) for t in n.factors])),
    Pow: lambda n, part, index: Pow(part(n.base, 0), part(n.exponent, 0)),
    Apply: lambda n, part, index: Apply(n.function, tuple([part(t, 0) for t in n.arguments])),
    Sum: lambda n, part, index: Sum(n.dim, part(n.body, 1)),
    Product: lambda n, part, index: Product(n.dim, part(n.body, 1)),
    Delta: lambda n, part, index: Delta(index(n.left), index(n.right)),
    Position: lambda n, part, index: Position(index(n.index)),
    Indicator: lambda n, part, index: Indicator(part(n.condition, 0)),
    Where: lambda n, part, index: Where(
        part(n.condition, 0), part(n.then, 0), part(n.otherwise, 0)
    ),
    Derivative: lambda n, part, index: Derivative(
        part(n.body, 0), Element(n.variable.name, tuple(map(index, n.variable.indices)))
    ),
    Call: lambda n, part, index: Call(
        n.name,
        tuple(map(index, n.outputs)),
        tuple(Argument(a.dims, part(a.body, len(a.dims))) for a in n.arguments),
        tuple((slot, tuple(map(index, indices))) for slot, indices in n.partials),
    ),
    InverseEntry: lambda n, part, index: InverseEntry(n.matrix, index(n.row), index(n.column)),
    Compare: lambda n, part, index: Compare(n.operator, part(n.left, 0), part(n.right, 0)),
    SameIndex: lambda n, part, index: SameIndex(index(n.left), index(n.right)),
    Not: lambda n, part, index: Not(part(n.inner, 0)),
    And: lambda n, part, index: And(tuple(part(p, 0) for p in n.parts)),
    Or: lambda n, part, index: Or(tuple(part(p, 0) for p in n.parts)),
    ForAll: lambda n, part, index: ForAll(n.dim, part(n.body, 1)),
}


def parts(node: Node) -> tuple[Node, ...]:
    """The immediate subterms and propositions, in order (bodies keep their loose ``Bound``)."""
    return tuple([part for part, _ in _CONTENTS[type(node)](node)[0]])


def subterms(node: Node) -> Iterator[Node]:
    """The node and all its parts, outermost first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        found = _CONTENTS[type(current)](current)[0]
        stack.extend([part for part, _ in reversed(found)])


#: Parts with the number of binders they stand under, and the node's own indices.
Contents = tuple[tuple[tuple[Node, int], ...], tuple[Index, ...]]

_NOTHING: Contents = ((), ())

_CONTENTS: dict[type[Node], Callable[[Any], Contents]] = {
    Number: lambda n: _NOTHING,
    Dimension: lambda n: _NOTHING,
    Undefined: lambda n: _NOTHING,
    Determinant: lambda n: _NOTHING,
    Element: lambda n: ((), n.indices),
    Add: lambda n: (tuple([(t, 0) for t in n.terms]), ()),
    Mul: lambda n: (tuple([(t, 0) for t in n.factors]), ()),
    Pow: lambda n: (((n.base, 0), (n.exponent, 0)), ()),
    Apply: lambda n: (tuple([(t, 0) for t in n.arguments]), ()),
    Sum: lambda n: (((n.body, 1),), ()),
    Product: lambda n: (((n.body, 1),), ()),
    Delta: lambda n: ((), (n.left, n.right)),
    Position: lambda n: ((), (n.index,)),
    Indicator: lambda n: (((n.condition, 0),), ()),
    Where: lambda n: (((n.condition, 0), (n.then, 0), (n.otherwise, 0)), ()),
    Derivative: lambda n: (((n.body, 0),), n.variable.indices),
    Call: lambda n: (
        tuple([(a.body, len(a.dims)) for a in n.arguments]),
        (*n.outputs, *(index for _, indices in n.partials for index in indices)),
    ),
    InverseEntry: lambda n: ((), (n.row, n.column)),
    Compare: lambda n: (((n.left, 0), (n.right, 0)), ()),
    SameIndex: lambda n: ((), (n.left, n.right)),
    Not: lambda n: (((n.inner, 0),), ()),
    And: lambda n: (tuple([(p, 0) for p in n.parts]), ()),
    Or: lambda n: (tuple([(p, 0) for p in n.parts]), ()),
    ForAll: lambda n: (((n.body, 1),), ()),
}


def free_indices(node: Node) -> tuple[Free, ...]:
    """The named indices, each once, in the order of their first place.

    Indices of a node itself count before those of its parts.
    """
    try:
        return node._free
    except AttributeError:
        pass
    inner, own = _CONTENTS[type(node)](node)
    found: dict[Free, None] = {}
    for index in own:
        if isinstance(index, Free):
            found[index] = None
    for part, _ in inner:
        for index in free_indices(part):
            found[index] = None
    result = tuple(found)
    object.__setattr__(node, "_free", result)
    return result


def element_names(node: Node) -> frozenset[str]:
    """The names of all variables whose components occur."""
    try:
        return node._names
    except AttributeError:
        pass
    names: set[str] = set()
    if isinstance(node, Element):
        names.add(node.name)
    elif isinstance(node, Derivative):
        names.add(node.variable.name)
    elif isinstance(node, InverseEntry | Determinant):
        names.add(node.matrix)
    for part, _ in _CONTENTS[type(node)](node)[0]:
        names |= element_names(part)
    result = frozenset(names)
    object.__setattr__(node, "_names", result)
    return result


def tree_size(node: Node) -> int:
    """The number of nodes when the term is written out; shared parts count each time."""
    try:
        return node._size
    except AttributeError:
        pass
    total = 1 + sum(tree_size(part) for part, _ in _CONTENTS[type(node)](node)[0])
    object.__setattr__(node, "_size", total)
    return total


def loose_binders(node: Node) -> int:
    """How many enclosing binders the node refers to: one more than its deepest loose ``Bound``."""
    try:
        return node._loose
    except AttributeError:
        pass
    inner, own = _CONTENTS[type(node)](node)
    deepest = 0
    for index in own:
        if isinstance(index, Bound) and index.depth >= deepest:
            deepest = index.depth + 1
    for part, binders in inner:
        deepest = max(deepest, loose_binders(part) - binders)
    object.__setattr__(node, "_loose", deepest)
    return deepest


def substitute_indices(node: N, change: Mapping[Free, Index]) -> N:
    """Replace free indices; a ``Bound`` put in is counted from the outside of ``node``."""
    if not change:
        return node

    def under(current: Node, depth: int) -> Node:
        if not any(index in change for index in free_indices(current)):
            return current

        def replace(index: Index) -> Index:
            if isinstance(index, Free) and index in change:
                new = change[index]
                return Bound(new.depth + depth) if isinstance(new, Bound) else new
            return index

        return map_parts(current, lambda p, binders: under(p, depth + binders), replace)

    return cast(N, under(node, 0))


def open_binder(body: N, index: Index, binders: int = 1) -> N:
    """Replace the variable of the outermost of ``binders`` enclosing binders by an index."""

    def under(current: Node, depth: int) -> Node:
        if loose_binders(current) <= depth:
            return current

        def replace(found: Index) -> Index:
            if isinstance(found, Bound):
                if found.depth == depth:
                    return index
                if found.depth > depth:
                    return Bound(found.depth - 1)
            return found

        return map_parts(current, lambda p, more: under(p, depth + more), replace)

    return cast(N, under(body, binders - 1))


def bind(body: N, index: Free) -> N:
    """Turn a free index into the variable of a new nearest binder."""

    def under(current: Node, depth: int) -> Node:
        if loose_binders(current) <= depth and index not in free_indices(current):
            return current

        def replace(found: Index) -> Index:
            if found == index:
                return Bound(depth)
            if isinstance(found, Bound) and found.depth >= depth:
                return Bound(found.depth + 1)
            return found

        return map_parts(current, lambda p, more: under(p, depth + more), replace)

    return cast(N, under(body, 0))


def sum_over(index: Free, body: Term) -> Sum:
    """The sum of ``body`` over all values of ``index``."""
    return Sum(index.dim, bind(body, index))


def product_over(index: Free, body: Term) -> Product:
    """The product of ``body`` over all values of ``index``."""
    return Product(index.dim, bind(body, index))


@dataclass(frozen=True, slots=True)
class Definition:
    """``name[indices] := body``: what a name stands for, under its own free indices."""

    name: str
    indices: tuple[Free, ...]
    body: Term


def unfold(node: N, definitions: Mapping[str, Definition]) -> N:
    """Replace every component of a defined name by the body of its definition, to the end.

    Under a derivative by a defined name, that name is the variable and stays.
    """
    if not definitions:
        return node

    def descend(current: Node, _binders: int) -> Node:
        if isinstance(current, Derivative) and current.variable.name in definitions:
            held = current.variable.name
            others = {name: d for name, d in definitions.items() if name != held}
            return Derivative(unfold(current.body, others), current.variable)
        if isinstance(current, Element) and current.name in definitions:
            definition = definitions[current.name]
            change = dict(zip(definition.indices, current.indices, strict=True))
            return descend(substitute_indices(definition.body, change), 0)
        return map_parts(current, descend, lambda index: index)

    return cast(N, descend(node, 0))


def index_dim(index: Index, binders: tuple[Dim, ...] = ()) -> Dim:
    """The dimension of an index; ``binders`` lists the enclosing ones, nearest first."""
    if isinstance(index, Bound):
        return binders[index.depth]
    return index.dim
