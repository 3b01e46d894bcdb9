"""Typed values: a term with axes, and the algebra of scalars, vectors and matrices.

A value has an ordered tuple of axes (free indices with fresh names); a vector has one, and is a
column unless ``row`` says otherwise; a matrix has two (row, column).  Every operation checks
shapes first and then builds a term: ``A x`` is ``sum_j A[i, j] x[j]``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from derive.elaborate.problems import IllTypedError
from derive.reader.problems import Span
from derive.terms.structure import substitute_indices, sum_over
from derive.terms.term import Add, Delta, Dim, Free, Index, Mul, Term, neg

_serial = count()


@dataclass(frozen=True, slots=True)
class Value:
    """``term`` under ``axes``; ``row`` marks a vector that lies (the transpose of a column)."""

    term: Term
    axes: tuple[Free, ...] = ()
    row: bool = False

    @property
    def dims(self) -> tuple[Dim, ...]:
        """The dimensions of the axes."""
        return tuple(axis.dim for axis in self.axes)

    @property
    def shape_words(self) -> str:
        """``scalar``, ``vector n``, ``row vector n``, ``n x m``."""
        if not self.axes:
            return "scalar"
        words = " x ".join(map(str, self.dims))
        if len(self.axes) == 1:
            return f"row vector {words}" if self.row else f"vector {words}"
        return words

    def at(self, *indices: Index) -> Term:
        """The component at the given indices."""
        return substitute_indices(self.term, dict(zip(self.axes, indices, strict=True)))


def fresh_axis(dim: Dim) -> Free:
    """An axis whose name no document can write."""
    return Free(f"_{next(_serial)}", dim)


def renewed(value: Value) -> Value:
    """The same value under fresh axes, so that no two factors share one."""
    axes = tuple(fresh_axis(axis.dim) for axis in value.axes)
    return replace(value, term=value.at(*axes), axes=axes)


def tensor(dims: tuple[Dim, ...], component: Callable[..., Term], *, row: bool = False) -> Value:
    """The value whose component at ``i, j, ...`` is ``component(i, j, ...)``."""
    axes = tuple(fresh_axis(dim) for dim in dims)
    return Value(component(*axes), axes, row)


def same_shape(left: Value, right: Value) -> bool:
    """Whether two values can be added or compared."""
    return left.dims == right.dims and (len(left.axes) != 1 or left.row == right.row)


def add_values(left: Value, right: Value, sign: str, span: Span) -> Value:
    """``left + right`` or ``left - right``, entry by entry; a scalar spreads over a tensor."""
    if left.axes and right.axes and not same_shape(left, right):
        raise IllTypedError(
            f"a {left.shape_words} and a {right.shape_words} are added",
            span,
            left.shape_words,
            right.shape_words,
        )
    big = left if left.axes else right
    first = left.at(*big.axes) if left.axes else left.term
    second = right.at(*big.axes) if right.axes else right.term
    # Flat, so that a sum of thousands of terms is no tree of that depth.
    before = first.terms if isinstance(first, Add) else (first,)
    return replace(big, term=Add((*before, neg(second) if sign == "-" else second)))


def negated(value: Value) -> Value:
    """``-value``."""
    return replace(value, term=neg(value.term))


def transposed(value: Value, span: Span) -> Value:
    """The transpose of a matrix, a row from a column, a scalar as it is."""
    if not value.axes:
        return value
    if len(value.axes) == 1:
        return replace(value, row=not value.row)
    if len(value.axes) == 2:
        return replace(value, axes=value.axes[::-1])
    raise IllTypedError(
        f"the transpose of an array with {len(value.axes)} axes",
        span,
        value.shape_words,
        "matrix",
    )


def multiply(left: Value, right: Value, operator: str, span: Span) -> Value:
    r"""The product: scaling, matrix product, outer product, or ``\cdot`` of two vectors."""
    if operator in ("\\odot", "\\circ"):
        return entrywise(left, right, span)
    if not left.axes or not right.axes:
        return _scaled(left, right)
    left, right = renewed(left), renewed(right)
    if operator == "\\otimes":
        axes = (*left.axes, *right.axes)
        return Value(Mul((left.term, right.term)), axes)
    if len(left.axes) == 1 and len(right.axes) == 1:
        return _vectors(left, right, operator, span)
    if len(left.axes) > 2 or len(right.axes) > 2:
        raise _no_product(left, right, span)
    if (len(left.axes) == 1 and not left.row) or (len(right.axes) == 1 and right.row):
        raise _no_product(left, right, span)
    if left.axes[-1].dim != right.axes[0].dim:
        raise _no_product(left, right, span)
    inner = left.axes[-1]
    term = sum_over(inner, Mul((left.term, right.at(inner, *right.axes[1:]))))
    axes = (*left.axes[:-1], *right.axes[1:])
    return Value(term, axes, row=len(axes) == 1 and len(left.axes) == 1)


def _scaled(left: Value, right: Value) -> Value:
    tensor_side = left if left.axes else right
    before = left.term.factors if isinstance(left.term, Mul) else (left.term,)
    return replace(tensor_side, term=Mul((*before, right.term)))


def _vectors(left: Value, right: Value, operator: str, span: Span) -> Value:
    inner = (left.row and not right.row) or (operator == "\\cdot" and left.row == right.row)
    if inner:
        if left.axes[0].dim != right.axes[0].dim:
            raise _no_product(left, right, span)
        axis = left.axes[0]
        return Value(sum_over(axis, Mul((left.term, right.at(axis)))))
    if right.row and not left.row:
        return Value(Mul((left.term, right.term)), (*left.axes, *right.axes))
    raise _no_product(left, right, span)


def _no_product(left: Value, right: Value, span: Span) -> IllTypedError:
    return IllTypedError(
        f"a {left.shape_words} times a {right.shape_words} has no meaning: "
        "the inner dimensions have to agree",
        span,
        left.shape_words,
        right.shape_words,
    )


def entrywise(left: Value, right: Value, span: Span) -> Value:
    """The product entry by entry of two values of one shape."""
    if left.axes and right.axes and not same_shape(left, right):
        raise IllTypedError(
            f"a {left.shape_words} and a {right.shape_words} are multiplied entry by entry",
            span,
            left.shape_words,
            right.shape_words,
        )
    if not left.axes or not right.axes:
        return _scaled(left, right)
    return replace(left, term=Mul((left.term, right.at(*left.axes))))


def mapped(value: Value, function: Callable[[Term], Term]) -> Value:
    """A scalar function of every entry."""
    return replace(value, term=function(value.term))


def diagonal(value: Value, span: Span) -> Value:
    """``diag``: a matrix with the vector on its diagonal, or the diagonal of a square matrix."""
    if len(value.axes) == 1:
        axis = value.axes[0]
        other = fresh_axis(axis.dim)
        return Value(Mul((Delta(axis, other), value.term)), (axis, other))
    if len(value.axes) == 2 and value.dims[0] == value.dims[1]:
        axis = fresh_axis(value.dims[0])
        return Value(value.at(axis, axis), (axis,))
    raise IllTypedError(
        f"diag of a {value.shape_words}", span, value.shape_words, "vector or square matrix"
    )


def trace(value: Value, span: Span) -> Value:
    """The sum of the diagonal of a square matrix."""
    if len(value.axes) != 2 or value.dims[0] != value.dims[1]:
        raise IllTypedError(
            f"the trace of a {value.shape_words}", span, value.shape_words, "square matrix"
        )
    axis = fresh_axis(value.dims[0])
    return Value(sum_over(axis, value.at(axis, axis)))


def squared_norm(value: Value) -> Term:
    """The sum of the squares of all entries."""
    return summed(value, lambda entry: Mul((entry, entry)))


def summed(value: Value, function: Callable[[Term], Term]) -> Term:
    """The sum of a scalar function of all entries."""
    term = function(value.term)
    for axis in value.axes:
        term = sum_over(axis, term)
    return term
