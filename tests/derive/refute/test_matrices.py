from fractions import Fraction

import pytest
from flint import fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.refute.matrices import LARGEST, cofactor, determinant
from derive.refute.ring import Dual, ExhaustedError, exact, slope

numbers = st.fractions(min_value=-5, max_value=5, max_denominator=4).map(exact)
matrices = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(numbers, min_size=n, max_size=n), min_size=n, max_size=n)
)


@settings(deadline=None, max_examples=25)
@given(matrices)
def test_agrees_with_exact_elimination(rows: list[list[int]]) -> None:
    assert determinant(rows) == fmpq_mat(rows).det()


@settings(deadline=None, max_examples=25)
@given(matrices)
def test_rows_times_cofactors(rows: list[list[int]]) -> None:
    size = len(rows)
    for i in range(size):
        total = sum(rows[0][k] * cofactor(rows, i, k) for k in range(size))  # type: ignore[misc,operator]
        assert total == (determinant(rows) if i == 0 else 0)


def test_slopes_of_a_singular_matrix() -> None:
    rows = [[Dual(1, 0, {(): 1}), 0], [0, exact(Fraction(3))]]
    assert slope(determinant(rows), 1, ()) == 3


def test_no_rows() -> None:
    assert determinant([]) == 1


def test_large_matrices_are_refused() -> None:
    size = LARGEST + 1
    with pytest.raises(ExhaustedError):
        determinant([[1] * size] * size)
