"""Names for large subterms that come again and again, so that a proof can be read.

``log(exp(sum_l W[k,l] h[l] + b[k])/...)`` in every step hides what a step does; ``ln(A_k/B)``
shows it.  Subterms that differ in the letters of their indices alone share one name, which then
carries those indices.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import cast

from derive.terms.arrangement import used_names
from derive.terms.structure import free_indices, loose_binders, map_parts, parts, subterms
from derive.terms.term import (
    Add,
    Apply,
    Bound,
    Element,
    Fixed,
    Free,
    Index,
    Mul,
    Node,
    Pow,
    Product,
    Sum,
    Term,
)

_NAMES = ("A", "B", "C", "D", "E", "F", "G", "H", "P", "Q", "U", "V")
_PARAMETERS = ("k", "l", "j", "i", "p", "q", "r", "s")
_COMPOSITE = (Add, Apply, Mul, Pow, Product, Sum)

#: A subterm gets a name if its number of nodes is in this range and it comes this often.
_LEAST_SIZE, _MOST_SIZE, _LEAST_COUNT = 7, 40, 3
_MOST_NAMES, _MOST_PARAMETERS = 4, 3

#: Where no term has more nodes than this, everything can be read as it is.
_LARGE = 24


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """``name[parameters] := body``, for reading only."""

    head: Element
    body: Term


@dataclass(frozen=True, slots=True)
class _Shape:
    """A subterm up to the letters of its indices: the pattern, and the letters it has here."""

    pattern: Term
    indices: tuple[Index, ...]


def abbreviated(terms: tuple[Term, ...]) -> tuple[tuple[Abbreviation, ...], tuple[Term, ...]]:
    """Return names for the large repeated subterms, and the terms written with them.

    A body may use names that come after it.
    """
    if not any(_is_large(term) for term in terms):
        return (), terms
    used = used_names(*terms)
    names = [name for name in _NAMES if name not in used]
    found: list[Abbreviation] = []
    shapes: dict[Node, _Shape | None] = {}
    for name in names[:_MOST_NAMES]:
        everything = (*terms, *(abbreviation.body for abbreviation in found))
        best = _most_saving(everything, shapes)
        if best is None:
            break
        done: dict[Node, Node] = {}
        terms = tuple(_replaced(term, best, name, shapes, done) for term in terms)
        found = [Abbreviation(a.head, _replaced(a.body, best, name, shapes, done)) for a in found]
        parameters = tuple(Free(letter, "") for letter in _PARAMETERS[: _count(best)])
        found.append(Abbreviation(Element(name, parameters), best))
    return tuple(found), terms


def _is_large(term: Term) -> bool:
    return next(islice(subterms(term), _LARGE, None), None) is not None


def _count(pattern: Term) -> int:
    return sum(isinstance(i, Free) and i.dim == "" for i in _loose_indices(pattern))


def _most_saving(terms: tuple[Term, ...], shapes: dict[Node, _Shape | None]) -> Term | None:
    """The pattern whose name would save most nodes; None if no one is worth a name."""
    sizes: dict[Node, int] = {}
    for term in terms:
        _measure(term, sizes)
    counts: Counter[Term] = Counter()
    for node, number in _occurrences(terms, sizes).items():
        if _LEAST_SIZE <= sizes[node] <= _MOST_SIZE and isinstance(node, _COMPOSITE):
            shape = _shape(node, shapes)
            if shape:
                counts[shape.pattern] += number
                sizes.setdefault(shape.pattern, sizes[node])
    worth = [
        ((sizes[pattern] - 2) * (number - 1), place, pattern)
        for place, (pattern, number) in enumerate(counts.items())
        if number >= _LEAST_COUNT
    ]
    return max(worth, key=lambda entry: (entry[0], -entry[1]))[2] if worth else None


def _measure(node: Node, sizes: dict[Node, int]) -> int:
    """The number of nodes of the node; each different one is looked at once, parts first."""
    size = sizes.get(node)
    if size is None:
        size = 1 + sum([_measure(part, sizes) for part in parts(node)])
        sizes[node] = size
    return size


def _occurrences(terms: tuple[Term, ...], sizes: Mapping[Node, int]) -> dict[Node, int]:
    """How often each node occurs in the terms; in the order of ``sizes``."""
    counts = dict.fromkeys(sizes, 0)
    for term in terms:
        counts[term] += 1
    for node in sorted(sizes, key=lambda node: -sizes[node]):  # a node is larger than its parts
        for part in parts(node):
            counts[part] += counts[node]
    return counts


def _shape(node: Term, shapes: dict[Node, _Shape | None]) -> _Shape | None:
    if node not in shapes:
        indices = _loose_indices(node)
        if len(indices) > _MOST_PARAMETERS:
            shapes[node] = None
        else:
            letters = dict(zip(indices, _PARAMETERS, strict=False))
            change = {index: Free(letter, "") for index, letter in letters.items()}
            shapes[node] = _Shape(_renamed(node, change), indices)
    return shapes[node]


def _loose_indices(node: Node) -> tuple[Index, ...]:
    """Free indices and those bound outside of the node, each once, in order; as seen from it."""
    if not loose_binders(node):
        return free_indices(node)
    found: dict[Index, None] = {}

    def descend(current: Node, depth: int) -> Node:
        def index(seen: Index) -> Index:
            if isinstance(seen, Bound):
                if seen.depth >= depth:
                    found[Bound(seen.depth - depth)] = None
            elif not isinstance(seen, Fixed):
                found[seen] = None
            return seen

        return map_parts(current, lambda part, more: descend(part, depth + more), index)

    descend(node, 0)
    return tuple(found)


def _renamed(node: Term, change: Mapping[Index, Free]) -> Term:
    def descend(current: Node, depth: int) -> Node:
        def index(seen: Index) -> Index:
            if isinstance(seen, Bound):
                outside = seen.depth >= depth
                return change[Bound(seen.depth - depth)] if outside else seen
            return change.get(seen, seen)

        return map_parts(current, lambda part, more: descend(part, depth + more), index)

    return cast(Term, descend(node, 0))


def _replaced(
    term: Term, pattern: Term, name: str, shapes: dict[Node, _Shape | None], done: dict[Node, Node]
) -> Term:
    """The term with the name for every subterm of the pattern; ``done`` remembers the parts."""

    def descend(node: Node, _binders: int) -> Node:
        found = done.get(node)
        if found is None:
            found = done[node] = replaced(node)
        return found

    def replaced(node: Node) -> Node:
        if isinstance(node, _COMPOSITE):
            shape = shapes.get(node)
            if shape and shape.pattern == pattern:
                return Element(name, shape.indices)
        return map_parts(node, descend, lambda index: index)

    return cast(Term, descend(term, 0))
