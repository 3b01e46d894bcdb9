import re

import numpy as np
import pytest

from derive.numeric.arrays import match_shapes, number_array, read_only


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        ([1, 2], np.float64),
        ([True, False], np.float64),
        (np.float32(1.5), np.float64),
        (np.array([1j], np.complex64), np.complex128),
        (2.5, np.float64),
    ],
)
def test_number_array_is_double_precision(value, dtype):
    assert number_array("x", value).dtype == dtype


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (["a", "b"], "W1 holds <U1 entries, expected real or complex numbers"),
        (None, "W1 holds object entries, expected real or complex numbers"),
        (
            [[1, 2], [3]],
            "W1 is not a rectangular array: its rows differ in length; "
            "give every row the same number of entries",
        ),
    ],
)
def test_number_array_refuses(value, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        number_array("W1", value)


def test_read_only_is_a_copy_that_refuses_writing():
    original = np.zeros(3)
    kept = read_only(original)
    original[0] = 1.0
    assert kept[0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 1.0


def test_match_shapes_returns_every_dimension():
    sizes = match_shapes(
        ("W1", np.zeros((3, 2)), "d_h d"),
        ("b1", np.zeros(3), "d_h"),
        ("x", np.zeros((7, 2)), "n d"),
    )
    assert sizes == {"d_h": 3, "d": 2, "n": 7}


@pytest.mark.parametrize(
    ("declarations", "message"),
    [
        (
            [("W1", (3, 2), "d_h d"), ("b1", (2,), "d_h")],
            "b1 has shape (2,), expected (d_h,) with d_h = 3 as in W1",
        ),
        (
            [("W1", (3, 2), "d_h d"), ("x", (7, 3), "n d")],
            "x has shape (7, 3), expected (n, d) with d = 2 as in W1",
        ),
        (
            [("x", (2,), "n d")],
            "x has shape (2,), expected (n, d): 2 axes, not 1; for one example write x[np.newaxis]",
        ),
        ([("b1", (3, 1), "d_h")], "b1 has shape (3, 1), expected (d_h,): 1 axes, not 2"),
        ([("A", (2, 3), "n n")], "A has shape (2, 3), expected (n, n) with n = 2 as in A"),
        (
            [("x", (0, 2), "n d")],
            "x has shape (0, 2), expected (n, d): every dimension is at least 1",
        ),
    ],
)
def test_match_shapes_refuses(declarations, message):
    arrays = [(name, np.zeros(shape), pattern) for name, shape, pattern in declarations]
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        match_shapes(*arrays)
