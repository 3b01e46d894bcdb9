"""Determinants and cofactors by expansion, without division: they work in any ring.

So they also work for dual numbers whose values are singular.  The cost is 2^n n products; the
points of the search have n <= 4.
"""

from collections.abc import Sequence

from derive.refute.ring import ExhaustedError, Value

#: Larger matrices are not expanded.
LARGEST = 10


def determinant(matrix: Sequence[Sequence[Value]]) -> Value:
    """The determinant of a square matrix, expanded along its rows (Laplace), minors remembered.

    Raises ExhaustedError above ``LARGEST`` rows.
    """
    size = len(matrix)
    if size > LARGEST:
        raise ExhaustedError
    minors: dict[int, Value] = {0: 1}  # set of columns, as bits -> minor of the last rows
    for row in range(size - 1, -1, -1):
        larger: dict[int, Value] = {}
        for columns, minor in minors.items():
            for column in range(size):
                bit = 1 << column
                if columns & bit:
                    continue
                before = (columns & (bit - 1)).bit_count()
                product = matrix[row][column] * minor
                term = -product if before % 2 else product
                whole = columns | bit
                larger[whole] = larger[whole] + term if whole in larger else term
        minors = larger
    return minors[(1 << size) - 1]


def cofactor(matrix: Sequence[Sequence[Value]], row: int, column: int) -> Value:
    """The cofactor of an entry (0-based): the signed minor without its row and column."""
    rest = [
        [entry for j, entry in enumerate(entries) if j != column]
        for i, entries in enumerate(matrix)
        if i != row
    ]
    minor = determinant(rest)
    return -minor if (row + column) % 2 else minor
