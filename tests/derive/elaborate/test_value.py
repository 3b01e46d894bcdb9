"""The algebra of scalars, vectors and matrices: shapes first, then terms."""

import pytest

from derive.elaborate import value as values
from derive.elaborate.problems import IllTypedError
from derive.elaborate.value import Value, tensor
from derive.reader.problems import Span
from derive.terms.term import Element, number

HERE = Span(0, 1)


def named(name: str, *dims: str, row: bool = False) -> Value:
    return tensor(dims, lambda *indices: Element(name, indices), row=row)


C, X, Y = named("c"), named("x", "n"), named("y", "n")
A, W = named("A", "n", "n"), named("W", "m", "n")
XT = values.transposed(X, HERE)

SHAPES = [
    (C, X, "", "vector n"),
    (W, X, "", "vector m"),
    (XT, A, "", "row vector n"),
    (XT, X, "", "scalar"),
    (X, XT, "", "n x n"),
    (X, Y, "\\cdot", "scalar"),
    (X, Y, "\\odot", "vector n"),
    (X, Y, "\\otimes", "n x n"),
    (W, A, "", "m x n"),
    (C, W, "", "m x n"),
]


@pytest.mark.parametrize(("left", "right", "operator", "shape"), SHAPES)
def test_shape_of_product(left: Value, right: Value, operator: str, shape: str) -> None:
    assert values.multiply(left, right, operator, HERE).shape_words == shape


REFUSED = [(X, Y, ""), (X, A, ""), (A, XT, ""), (W, W, ""), (X, named("b", "m"), "\\odot")]


@pytest.mark.parametrize(("left", "right", "operator"), REFUSED)
def test_product_without_a_meaning(left: Value, right: Value, operator: str) -> None:
    with pytest.raises(IllTypedError) as told:
        values.multiply(left, right, operator, HERE)
    assert (told.value.left, told.value.right) == (left.shape_words, right.shape_words)


def test_a_value_times_itself_keeps_its_axes_apart() -> None:
    square = values.multiply(X, values.transposed(X, HERE), "", HERE)
    assert len(set(square.axes)) == 2


def test_column_and_row_are_not_added() -> None:
    with pytest.raises(IllTypedError, match="a vector n and a row vector n are added"):
        values.add_values(X, XT, "+", HERE)


def test_scalar_spreads_over_a_tensor() -> None:
    assert values.add_values(C, W, "+", HERE).shape_words == "m x n"
    assert values.add_values(W, Value(number(1)), "-", HERE).shape_words == "m x n"


def test_trace_and_diagonal_need_a_square_matrix() -> None:
    with pytest.raises(IllTypedError, match="the trace of a m x n"):
        values.trace(W, HERE)
    with pytest.raises(IllTypedError, match="diag of a m x n"):
        values.diagonal(W, HERE)
    assert values.diagonal(X, HERE).shape_words == "n x n"
    assert values.diagonal(A, HERE).shape_words == "vector n"
