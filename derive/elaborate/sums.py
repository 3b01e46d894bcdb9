"""Sums and products over ranges: limits, guards such as ``i != k``, shadowed and unused indices."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from derive.elaborate.problems import MalformedError, NotCoveredError
from derive.elaborate.scope import dimension_of
from derive.elaborate.value import Value
from derive.elaborate.words import ungrouped
from derive.reader import surface
from derive.reader.names import spelling
from derive.terms.structure import (
    map_parts,
    product_over,
    substitute_indices,
    subterms,
    sum_over,
)
from derive.terms.term import (
    Dim,
    Fixed,
    Free,
    Index,
    Node,
    Not,
    Position,
    Proposition,
    SameIndex,
    Term,
    Where,
    add,
    mul,
    number,
)

if TYPE_CHECKING:
    from derive.elaborate.elaborator import Elaborator

#: A numeric range longer than this is not judged.
MOST_WRITTEN_OUT = 10_000

#: A numeric range up to this is written out where its index stands as a number.
MOST_TERMS = 32

_KINDS = {"sum": "sum", "prod": "product"}


@dataclass(frozen=True, slots=True)
class _Limits:
    """The letters that are bound, their range, what is added to their value, and a guard."""

    letters: tuple[str, ...]
    dim: Dim | None
    shift: int = 0
    guard: Callable[[], Proposition] | None = None


def big_operator_value(elaborator: "Elaborator", node: surface.BigOperator) -> Value:
    """A sum or product over 1..n, over the axis on which its index stands, or with i != k."""
    if node.operator not in _KINDS:
        elaborator.value(node.body)  # an object that is never introduced is the graver finding
        raise NotCoveredError(f"{node.operator} over a range is read but not judged", node.span)
    limits = _limits(elaborator, node)
    indices = elaborator.indices
    saved, shifts = dict(indices.bound), dict(indices.shifts)
    used_before = set(indices.used)
    opened: list[tuple[str, Free]] = []
    for letter in limits.letters:
        if letter in indices.bound:
            words = f"the index {letter} shadows an outer {letter}; the inner one wins"
            elaborator.warn(words, node.span)
        opened.append((letter, indices.open_bound(letter, limits.dim)))
        if limits.shift:
            indices.shifts[letter] = limits.shift
    try:
        body = elaborator.value(node.body)
        guard = limits.guard() if limits.guard is not None else None
    finally:
        unused = [letter for letter, _ in opened if letter not in indices.used]
        indices.bound, indices.shifts = saved, shifts
        indices.used = (indices.used - set(limits.letters)) | used_before
    for letter in unused:
        _unused(elaborator, letter, limits.dim, node)
    term = body.term
    if guard is not None:
        # Where, not a factor: what stands under a false guard needs no value.
        term = Where(guard, term, number(0 if node.operator == "sum" else 1))
    over = sum_over if node.operator == "sum" else product_over
    for letter, free in reversed(opened):
        known = indices.known_dim(free)
        if known is None:
            raise MalformedError(f"the range of the index {letter} is not known", node.span)
        closed = Free(free.name, known)
        term = substitute_indices(term, {free: closed})
        written = _written_out(term, closed, node.operator)
        term = written if written is not None else over(closed, term)
    if node.operator == "prod" and body.axes:
        elaborator.warn("a product of arrays is taken entry by entry", node.span)
    return Value(term, body.axes, body.row)


def _written_out(term: Term, index: Free, operator: str) -> Term | None:
    """A short numeric range term by term, where the index stands as a number too."""
    if not isinstance(index.dim, int) or index.dim > MOST_TERMS:
        return None
    if not any(isinstance(p, Position) and p.index == index for p in subterms(term)):
        return None
    terms = [_with_value(term, index, value) for value in range(1, index.dim + 1)]
    return add(*terms) if operator == "sum" else mul(*terms)


def _with_value(term: Term, index: Free, value: int) -> Term:
    def descend(node: Node, _binders: int) -> Node:
        if isinstance(node, Position) and node.index == index:
            return number(value)
        return map_parts(node, descend, lambda i: i)

    result = descend(term, 0)
    assert isinstance(result, Term)
    return substitute_indices(result, {index: Fixed(value, index.dim)})


def _unused(
    elaborator: "Elaborator", letter: str, dim: Dim | None, node: surface.BigOperator
) -> None:
    kind = _KINDS[node.operator]
    if dim is None:
        raise MalformedError(
            f"the {kind} over {letter} has no range: {letter} stands nowhere under it", node.span
        )
    part = "summand" if kind == "sum" else "factor"
    elaborator.warn(f"the {part} does not depend on its index {letter}", node.span)


def _limits(elaborator: "Elaborator", node: surface.BigOperator) -> _Limits:
    lower = ungrouped(node.lower) if node.lower is not None else None
    if lower is None:
        raise MalformedError(f"a {_KINDS[node.operator]} without its index", node.span)
    if isinstance(lower, surface.Name):
        return _Limits((lower.spelling,), _upper(elaborator, node.upper, 0))
    if isinstance(lower, surface.Sequence):
        letters = tuple(i.spelling for i in lower.items if isinstance(i, surface.Name))
        if len(letters) == len(lower.items) == len(set(letters)):
            return _Limits(letters, _upper(elaborator, node.upper, 0))
    if isinstance(lower, surface.Relation) and len(lower.sides) == 2:
        left, right = lower.sides
        if isinstance(left, surface.Name) and lower.relations[0] == "=":
            return _from(elaborator, left.spelling, right, node)
        if isinstance(left, surface.Name) and lower.relations[0] == "\\ne":
            return _without(elaborator, left.spelling, right, node)
    raise NotCoveredError("this range is read but not judged", lower.span)


def _from(
    elaborator: "Elaborator", letter: str, start: surface.Node, node: surface.BigOperator
) -> _Limits:
    start = ungrouped(start)
    if not (isinstance(start, surface.Number) and start.text.isdigit()):
        raise NotCoveredError("a range that does not start at a number is not judged", node.span)
    shift = int(start.text) - 1
    if node.upper is None and shift:
        raise NotCoveredError("a range without its end is not judged", node.span)
    return _Limits((letter,), _upper(elaborator, node.upper, shift), shift)


def _without(
    elaborator: "Elaborator", letter: str, other: surface.Node, node: surface.BigOperator
) -> _Limits:
    indices = elaborator.indices

    def guard() -> Proposition:
        inner = indices.bound[letter]
        known = indices.known_dim(inner)
        if known is None:
            raise MalformedError(f"the range of {letter} is not known", node.span)
        indices.used.add(letter)
        return Not(SameIndex(inner, _other(known)))

    def _other(dim: Dim) -> Index:
        if spelling(other) == letter:
            raise MalformedError(f"the index {letter} is compared with itself", node.span)
        return indices.named_by(other, dim)

    return _Limits((letter,), _upper(elaborator, node.upper, 0), 0, guard)


def _upper(elaborator: "Elaborator", node: surface.Node | None, shift: int) -> Dim | None:
    """The number of values of an index that runs from ``shift + 1`` to the upper limit."""
    if node is None:
        return None
    node = ungrouped(node)
    found = dimension_of(node, elaborator.scope)
    if isinstance(found, int):
        count = found - shift
        if count < 1:
            raise NotCoveredError("an empty range is not judged", node.span)
        if count > MOST_WRITTEN_OUT:
            raise NotCoveredError(f"a range of {count} is too long to judge", node.span)
        return count
    if found is not None and shift == 0:
        return found
    # n - 1 as the end of 0..n-1
    if shift == -1 and isinstance(node, surface.Addition) and node.signs == ("", "-"):
        first, second = node.terms
        count_of = dimension_of(first, elaborator.scope)
        if isinstance(count_of, str) and spelling(second) == "1":
            return count_of
    _introduced(elaborator, node)
    raise NotCoveredError(f"the upper limit {spelling(node) or '?'} is not judged", node.span)


def _introduced(elaborator: "Elaborator", node: surface.Node) -> None:
    for part in surface.walk(node):
        if isinstance(part, surface.Name) and not elaborator.has_meaning(part.spelling):
            dims = ", ".join(sorted(elaborator.scope.dimensions)) or "none"
            raise MalformedError(
                f"the upper limit {part.spelling} is never introduced as a dimension; "
                f"dimensions: {dims}",
                node.span,
            )
