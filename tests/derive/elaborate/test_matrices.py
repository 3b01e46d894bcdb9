"""Matrices written out: numbers, patterns with dots, and what fits no pattern."""

import pytest

from derive.elaborate.declare import scope_with
from derive.elaborate.elaborator import Elaborator
from derive.elaborate.problems import ElaborationError
from derive.elaborate.scope import Scope
from derive.reader.chains import read_display
from derive.reader.declarations import parse_declarations


def shape(latex: str) -> str:
    entries, _ = parse_declarations("n, m : dimension\nx : R^n\nW : R^{m x n}")
    scope, _ = scope_with(Scope(), entries)
    side = read_display(latex, scope.names).chains[0].sides[0]
    return Elaborator(scope).value(side).shape_words


def matrix(body: str) -> str:
    return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"


GOOD = [
    (r"1 \\ 2 \\ 3", "vector 3"),
    (r"1 & 2", "row vector 2"),
    (r"1 & 2 \\ 3 & 4", "2 x 2"),
    (r"x_1 \\ \vdots \\ x_n", "vector n"),
    (r"x_1 \\ x_2 \\ \vdots \\ x_n", "vector n"),
    (r"x_1 & \dots & x_n", "row vector n"),
    (r"W_{11} & \dots & W_{1n} \\ \vdots & \ddots & \vdots \\ W_{m1} & \dots & W_{mn}", "m x n"),
    (r"x_1 & & \\ & \ddots & \\ & & x_n", "n x n"),
]


@pytest.mark.parametrize(("body", "expected"), GOOD)
def test_shape(body: str, expected: str) -> None:
    assert shape(matrix(body)) == expected


BAD = [
    (r"x_1 \\ x_3 \\ \vdots \\ x_n", "an entry does not fit the pattern of the others"),
    (
        r"W_{11} & W_{13} & \dots & W_{1n} \\ \vdots & & \ddots & \vdots \\ "
        r"W_{m1} & W_{m2} & \dots & W_{mn}",
        "an entry does not fit the pattern of the others",
    ),
    (
        r"1 \\ 2 \\ \vdots \\ n",
        "the pattern from the first to the last entry is not judged",
    ),
    (
        r"c \\ \vdots \\ c",
        "the pattern has no running index: nothing is 1 in the first entry and the dimension "
        "in the last",
    ),
    (r"x_1 \\ \vdots", "a pattern needs its first and its last entry"),
    (r"x & x", "a vector n as an entry is not judged"),
]


@pytest.mark.parametrize(("body", "message"), BAD)
def test_no_pattern(body: str, message: str) -> None:
    with pytest.raises(ElaborationError) as told:
        shape(matrix(body))
    assert told.value.message == message


def test_a_determinant_written_out_is_no_matrix() -> None:
    with pytest.raises(ElaborationError, match="a determinant or norm of a matrix written out"):
        shape(r"\begin{vmatrix} 1 & 2 \\ 3 & 4 \end{vmatrix}")
