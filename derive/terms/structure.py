"""Walking over terms: parts, free indices, substitution of indices and of names.

``map_parts`` is the one place that knows the parts of every node and how many binders each
part stands under; every other operation is written with it.
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
    match node:
        case Number() | Dimension() | Undefined() | Determinant():
            return node
        case Element(name, indices):
            return Element(name, tuple(map(index, indices))) if indices else node
        case Add(terms):
            return Add(tuple([part(t, 0) for t in terms]))
        case Mul(factors):
            return Mul(tuple([part(t, 0) for t in factors]))
        case Pow(base, exponent):
            return Pow(part(base, 0), part(exponent, 0))
        case Apply(function, arguments):
            return Apply(function, tuple([part(t, 0) for t in arguments]))
        case Sum(dim, body):
            return Sum(dim, part(body, 1))
        case Product(dim, body):
            return Product(dim, part(body, 1))
        case Delta(left, right):
            return Delta(index(left), index(right))
        case Position(place):
            return Position(index(place))
        case Indicator(condition):
            return Indicator(part(condition, 0))
        case Where(condition, then, otherwise):
            return Where(part(condition, 0), part(then, 0), part(otherwise, 0))
        case Derivative(body, variable):
            return Derivative(
                part(body, 0), Element(variable.name, tuple(map(index, variable.indices)))
            )
        case Call(name, outputs, arguments, partials):
            return Call(
                name,
                tuple(map(index, outputs)),
                tuple(Argument(a.dims, part(a.body, len(a.dims))) for a in arguments),
                tuple((slot, tuple(map(index, indices))) for slot, indices in partials),
            )
        case InverseEntry(matrix, row, column):
            return InverseEntry(matrix, index(row), index(column))
        case Compare(operator, left, right):
            return Compare(operator, part(left, 0), part(right, 0))
        case SameIndex(left, right):
            return SameIndex(index(left), index(right))
        case Not(inner):
            return Not(part(inner, 0))
        case And(parts):
            return And(tuple(part(p, 0) for p in parts))
        case Or(parts):
            return Or(tuple(part(p, 0) for p in parts))
        case ForAll(dim, body):
            return ForAll(dim, part(body, 1))
    raise TypeError(f"not a term or proposition: {type(node).__name__}")


def parts(node: Node) -> tuple[Node, ...]:
    """The immediate subterms and propositions, in order (bodies keep their loose ``Bound``)."""
    found: list[Node] = []

    def keep(part: Node, _binders: int) -> Node:
        found.append(part)
        return part

    map_parts(node, keep, lambda index: index)
    return tuple(found)


def subterms(node: Node) -> Iterator[Node]:
    """The node and all its parts, outermost first."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(parts(current)))


def free_indices(node: Node) -> tuple[Free, ...]:
    """The named indices, each once, in the order of their first place."""
    try:
        return node._free
    except AttributeError:
        pass
    found: dict[Free, None] = {}

    def note(index: Index) -> Index:
        if isinstance(index, Free):
            found[index] = None
        return index

    def descend(part: Node, _binders: int) -> Node:
        found.update(dict.fromkeys(free_indices(part)))
        return part

    map_parts(node, descend, note)
    result = tuple(found)
    object.__setattr__(node, "_free", result)
    return result


def element_names(node: Node) -> frozenset[str]:
    """The names of all variables whose components occur."""
    names = set()
    for part in subterms(node):
        if isinstance(part, Element):
            names.add(part.name)
        elif isinstance(part, Derivative):
            names.add(part.variable.name)
        elif isinstance(part, InverseEntry | Determinant):
            names.add(part.matrix)
    return frozenset(names)


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
    """Replace every component of a defined name by the body of its definition, to the end."""
    if not definitions:
        return node

    def descend(current: Node, _binders: int) -> Node:
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
