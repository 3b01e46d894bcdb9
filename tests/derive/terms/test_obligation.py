"""Sides meet axis by axis, never by the letters of their indices."""

import pytest

from derive.terms.declarations import Declarations
from derive.terms.obligation import Side, align
from derive.terms.structure import free_indices, sum_over
from derive.terms.term import Element, Free, mul

NOTHING = Declarations()
i, j, k = (Free(letter, "n") for letter in "ijk")
W = Element("W", (i, j))


def test_axes_of_the_right_take_the_letters_of_the_left() -> None:
    made = align("=", Side((i,), Element("x", (i,))), Side((k,), Element("y", (k,))), NOTHING)
    assert (made.left, made.right) == (Element("x", (i,)), Element("y", (i,)))


def test_a_transpose_is_not_the_matrix() -> None:
    same = align("=", Side((i, j), W), Side((i, j), W), NOTHING)
    transposed = align("=", Side((i, j), W), Side((j, i), W), NOTHING)
    assert same.left == same.right
    assert transposed.right == Element("W", (j, i))


def test_a_bound_letter_is_not_touched() -> None:
    total = sum_over(i, Element("W", (j, i)))
    made = align("=", Side((i,), Element("x", (i,))), Side((j,), total), NOTHING)
    assert made.right == sum_over(k, Element("W", (i, k)))


def test_a_parameter_keeps_apart_from_an_axis_of_the_same_letter() -> None:
    right = mul(Element("x", (i,)), Element("y", (j,)))
    made = align("=", Side((i,), Element("z", (i,))), Side((j,), right), NOTHING)
    axis = Free("i'", "n")
    assert made.left == Element("z", (axis,))
    assert made.right == mul(Element("x", (i,)), Element("y", (axis,)))
    assert set(free_indices(made.right)) == {i, axis}


def test_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shapes differ: \('n',\) and \(\)"):
        align("=", Side((i,), Element("x", (i,))), Side((), Element("y")), NOTHING)
