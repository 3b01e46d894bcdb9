"""Canonical spellings."""

import pytest

from derive.reader.chains import read_display
from derive.reader.names import DeclaredNames, spelling
from derive.reader.surface import Node

SPELLINGS = [
    ("x", "x"),
    (r"\mathbf{x}", "x"),
    ("h^a", "h^a"),
    ("h^{a}", "h^a"),
    ("W^{(1)}", "W^{(1)}"),
    ("W^{ (1) }", "W^{(1)}"),
    ("W^{[l]}", "W^{[l]}"),
    ("W^{[l-1]}", "W^{[l-1]}"),
    ("d_h", "d_h"),
    (r"x_{\text{in}}", "x_{in}"),
    ("x_{ij}^a", "x_{ij}^a"),
    ("x^a_{ij}", "x_{ij}^a"),
    (r"\hat y", r"\hat{y}"),
    (r"\hat{R}_\lambda", r"\hat{R}_\lambda"),
    (r"f_{\lambda x}", r"f_{\lambda x}"),
    ("f'", "f'"),
    (r"\frac{a}{b}", None),
]


@pytest.mark.parametrize(("latex", "expected"), SPELLINGS)
def test_spelling(latex: str, expected: str | None) -> None:
    (side,) = read_display(latex).chains[0].sides
    assert isinstance(side, Node)
    assert spelling(side) == expected


def test_bold_is_the_same_letter_unless_both_are_declared() -> None:
    one = DeclaredNames(frozenset({"x"}))
    both = DeclaredNames(frozenset({"x", r"\mathbf{x}", r"\mathbf{h}^a", "h^a"}))
    latex = r"x + \mathbf{x} + \mathbf{h}^a + h^a"
    assert read_display(latex, one).sexpr() == "(add x + x + (script h ^a) + (script h ^a))"
    assert read_display(latex, both).sexpr() == r"(add x + \mathbf{x} + \mathbf{h}^a + h^a)"


def test_what_a_name_is_later_counts() -> None:
    first = DeclaredNames(frozenset({"a", "b"}), frozenset({"f"}))
    later = DeclaredNames(frozenset({"f"}), frozenset({"b"}))
    assert first.then(later) == DeclaredNames(frozenset({"a", "f"}), frozenset({"b"}))
