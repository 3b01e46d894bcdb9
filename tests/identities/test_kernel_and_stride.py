"""The lists of kernels and strides against the output sizes of real convolutions."""

from itertools import product

import pytest

from derive.numeric.convolution import output_size
from identities.kernel_and_stride import (
    DILATED_SPACE,
    PADDED_SPACE,
    STRIDED_SPACE,
    exact_solutions,
    ranges_latex,
    rounded_solutions,
)

LAYERS = pytest.mark.parametrize(
    ("space", "padding", "dilation", "exact", "rounded"),
    [
        (STRIDED_SPACE, 0, 1, 12, 68),
        (DILATED_SPACE, 1, 2, 7, 40),
        (PADDED_SPACE, 1, 1, 13, 73),
    ],
)


@LAYERS
def test_solutions_are_those_of_a_convolution(
    space: tuple[int, int], padding: int, dilation: int, exact: int, rounded: int
) -> None:
    found = set()
    for k, s in product(range(1, 70), range(1, 70)):
        if 64 + 2 * padding >= dilation * (k - 1) + 1:
            size = output_size(64, k, stride=s, padding=padding, dilation=dilation)
            if size == 6:
                found.add((s, k))
    listed = {
        (s, k) for s, least, largest in rounded_solutions(space) for k in range(least, largest + 1)
    }
    assert listed == found
    assert len(found) == rounded
    a, b = space
    assert set(exact_solutions(space)) == {(s, k) for s, k in found if a - b * k == 5 * s}
    assert len(exact_solutions(space)) == exact


def test_the_tables_of_the_text() -> None:
    assert {(2, 54), (3, 49), (4, 44)} <= set(exact_solutions(STRIDED_SPACE))
    assert (1, 52) not in exact_solutions(STRIDED_SPACE)
    assert {(1, 31), (3, 26), (5, 21), (9, 11)} <= set(exact_solutions(DILATED_SPACE))
    assert exact_solutions(PADDED_SPACE)[:5] == ((1, 61), (2, 56), (3, 51), (4, 46), (5, 41))


def test_ranges_are_written_with_their_bounds() -> None:
    assert ranges_latex("E", ((1, 59, 59), (2, 53, 54))) == (
        r"\begin{aligned} E \iff {} & s = 1: k = 59,\; s = 2: 53 \leq k \leq 54 \end{aligned}"
    )
