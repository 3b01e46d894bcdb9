r"""Matrices written out: all cells, or a pattern with dots of symbolic size.

A pattern such as ``[x_1, x_2, \vdots, x_n]`` is read by comparing its first and last cells: what
is 1 in the first and n in the last is the running index.  Cells between have to fit the pattern.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from derive.elaborate.indices import is_last, last_of
from derive.elaborate.problems import MalformedError, NotCoveredError
from derive.elaborate.value import Value, fresh_axis
from derive.reader import surface
from derive.reader.problems import Span
from derive.terms.structure import map_parts, substitute_indices
from derive.terms.term import (
    Delta,
    Dim,
    Fixed,
    Free,
    Index,
    Mul,
    Node,
    SameIndex,
    Term,
    Where,
    number,
)

if TYPE_CHECKING:
    from derive.elaborate.elaborator import Elaborator

Cell = surface.Node | None


def matrix_value(elaborator: "Elaborator", node: surface.Matrix) -> Value:
    """The value of a matrix as written."""
    if node.environment in ("vmatrix", "Vmatrix"):
        raise NotCoveredError("a determinant or norm of a matrix written out", node.span)
    rows = [row for row in node.rows if any(cell is not None for cell in row)]
    width = max(len(row) for row in rows)
    padded = [[*row, *([None] * (width - len(row)))] for row in rows]
    if any(isinstance(cell, surface.Dots) for row in padded for cell in row):
        if width == 1:
            return _pattern_vector(elaborator, [row[0] for row in padded], node, row=False)
        if len(padded) == 1:
            return _pattern_vector(elaborator, padded[0], node, row=True)
        return _pattern_matrix(elaborator, padded, node)
    return _written_out(elaborator, padded, node)


def _written_out(elaborator: "Elaborator", rows: list[list[Cell]], node: surface.Matrix) -> Value:
    cells = [[_cell(elaborator, cell) for cell in row] for row in rows]
    height, width = len(cells), len(cells[0])
    if width == 1:
        axis = fresh_axis(height)
        return Value(_selected([row[0] for row in cells], axis), (axis,))
    if height == 1:
        axis = fresh_axis(width)
        return Value(_selected(cells[0], axis), (axis,), row=True)
    down, across = fresh_axis(height), fresh_axis(width)
    return Value(_selected([_selected(row, across) for row in cells], down), (down, across))


def _selected(cells: list[Term], axis: Free) -> Term:
    term = cells[-1]
    for place in range(len(cells) - 1, 0, -1):
        term = Where(SameIndex(axis, Fixed(place, axis.dim)), cells[place - 1], term)
    return term


def _cell(elaborator: "Elaborator", cell: Cell) -> Term:
    if cell is None:
        return number(0)
    found = elaborator.value(cell)
    if found.axes:
        raise NotCoveredError(f"a {found.shape_words} as an entry is not judged", cell.span)
    return found.term


def _pattern_vector(
    elaborator: "Elaborator", cells: list[Cell], node: surface.Matrix, *, row: bool
) -> Value:
    written = [cell for cell in cells if cell is not None and not isinstance(cell, surface.Dots)]
    if len(written) < 2:
        raise MalformedError("a pattern needs its first and its last entry", node.span)
    terms = [_cell(elaborator, cell) for cell in written]
    generic, axis = _generalised(terms[0], terms[-1], node.span)
    for place, (cell, term) in enumerate(zip(written[:-1], terms[:-1], strict=True), start=1):
        _fits(generic, axis, Fixed(place, axis.dim), term, cell.span)
    return Value(generic, (axis,), row)


def _pattern_matrix(
    elaborator: "Elaborator", rows: list[list[Cell]], node: surface.Matrix
) -> Value:
    corners = (rows[0][0], rows[0][-1], rows[-1][0], rows[-1][-1])
    if any(isinstance(corner, surface.Dots) for corner in corners) or corners[0] is None:
        raise NotCoveredError("this pattern of dots is read but not judged", node.span)
    first, last_column, last_row, last = (_cell(elaborator, corner) for corner in corners)
    if corners[1] is None and corners[2] is None and corners[3] is not None:
        generic, down = _generalised(first, last, node.span)
        across = fresh_axis(down.dim)
        generic = Mul((Delta(down, across), generic))
        _diagonal_fits(elaborator, rows, generic, (down, across), node.span)
        return Value(generic, (down, across))
    if any(corner is None for corner in corners):
        raise NotCoveredError("this pattern of dots is read but not judged", node.span)
    by_row, down = _generalised(first, last_row, node.span)
    last_by_row, other_down = _generalised(last_column, last, node.span)
    last_by_row = substitute_indices(last_by_row, {other_down: down})
    generic, across = _generalised(by_row, last_by_row, node.span)
    for place, cell in _placed(rows, (down.dim, across.dim), node.span):
        expected = substitute_indices(generic, dict(zip((down, across), place, strict=True)))
        if _cell(elaborator, cell) != expected:
            raise _misfit(cell.span)
    return Value(generic, (down, across))


def _diagonal_fits(
    elaborator: "Elaborator",
    rows: list[list[Cell]],
    generic: Mul,
    axes: tuple[Free, Free],
    span: Span,
) -> None:
    """Entries on the diagonal fit the pattern, all others are 0."""
    down, _ = axes
    for place, cell in _placed(rows, (down.dim, down.dim), span):
        on_diagonal = place[0] == place[1]
        entry = substitute_indices(generic.factors[1], {down: place[0]})
        if _cell(elaborator, cell) != (entry if on_diagonal else number(0)):
            raise _misfit(cell.span)


def _placed(
    rows: list[list[Cell]], dims: tuple[Dim, Dim], span: Span
) -> list[tuple[tuple[Index, Index], surface.Node]]:
    """The written entries with their places: counted before the dots, or the last ones."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    down = _places(rows, dims[0])
    across = _places(columns, dims[1])
    found = []
    for row, i in zip(rows, down, strict=True):
        for cell, j in zip(row, across, strict=True):
            if cell is None or isinstance(cell, surface.Dots):
                continue
            if i is None or j is None:
                raise NotCoveredError("this pattern of dots is read but not judged", span)
            found.append(((i, j), cell))
    return found


def _places(lines: list[list[Cell]], dim: Dim) -> list[Index | None]:
    places: list[Index | None] = []
    dotted = False
    for number_, line in enumerate(lines, start=1):
        dotted = dotted or all(cell is None or isinstance(cell, surface.Dots) for cell in line)
        if number_ == len(lines):
            places.append(Fixed(dim, dim) if isinstance(dim, int) else last_of(dim))
        else:
            places.append(None if dotted else Fixed(number_, dim))
    return places


def _misfit(span: Span) -> MalformedError:
    return MalformedError("an entry does not fit the pattern of the others", span)


def _generalised(first: Term, last: Term, span: Span) -> tuple[Term, Free]:
    """The term with a running index: 1 in ``first`` where ``last`` has the last place."""
    dims: set[Dim] = set()

    def meet(a: Index, b: Index) -> Index:
        if a == b:
            return a
        if isinstance(a, Fixed) and a.value == 1 and is_last(b):
            dims.add(a.dim)
            return Free("running", a.dim)
        raise NotCoveredError("the pattern from the first to the last entry is not judged", span)

    generic = _zipped(first, last, meet, span)
    if len(dims) != 1:
        raise NotCoveredError(
            "the pattern has no running index: nothing is 1 in the first entry and the "
            "dimension in the last",
            span,
        )
    axis = fresh_axis(dims.pop())
    return substitute_indices(generic, {Free("running", axis.dim): axis}), axis


def _zipped(first: Term, last: Term, meet: Callable[[Index, Index], Index], span: Span) -> Term:
    indices_last = iter(_indices_in_order(last))

    def replace(index: Index) -> Index:
        return meet(index, next(indices_last))

    def descend(part: Node, _binders: int) -> Node:
        return map_parts(part, descend, replace)

    if _skeleton(first) != _skeleton(last):
        raise NotCoveredError("the pattern from the first to the last entry is not judged", span)
    result = descend(first, 0)
    assert isinstance(result, Term)
    return result


def _indices_in_order(term: Node) -> list[Index]:
    found: list[Index] = []

    def note(index: Index) -> Index:
        found.append(index)
        return index

    def descend(part: Node, _binders: int) -> Node:
        return map_parts(part, descend, note)

    descend(term, 0)
    return found


def _skeleton(term: Node) -> Node:
    def descend(part: Node, _binders: int) -> Node:
        return map_parts(part, descend, lambda _index: Fixed(0, 0))

    return descend(term, 0)


def _fits(generic: Term, axis: Free, place: Index, written: Term, span: Span) -> None:
    if substitute_indices(generic, {axis: place}) != written:
        raise _misfit(span)
