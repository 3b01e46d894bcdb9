"""Numbers, letters, words, differentials."""

import pytest

from derive.reader.chains import read_display
from derive.reader.names import DeclaredNames

NAMES = DeclaredNames(
    frozenset(
        [
            "h^a",
            "h^s",
            "o^a",
            "W^{(1)}",
            "W^{(2)}",
            "b^{(1)}",
            "d_h",
            "W^{[l]}",
            "x_{in}",
            "onehot",
            r"\hat{R}_\lambda",
            "v'",
        ]
    ),
    frozenset([r"\sigma", "S", "g", r"f_\theta", "softmin"]),
)

CASES = [
    ("x", "x"),
    ("2.5", "2.5"),
    (".5", ".5"),
    ("1{,}000", "1000"),
    ("xy", "(jux x y)"),
    (r"\alpha\beta", r"(jux \alpha \beta)"),
    (r"x \dots y", "(jux x <hdots> y)"),
    (r"\text{output size} + 1", "(add output~size + 1)"),
    (r"\ell_i", r"(script \ell _i)"),
    ("onehot", "onehot"),
    ("softmin(x)", "(apply softmin (() x))"),
    ("dx", "(differential x)"),
    (r"d\theta", r"(differential \theta)"),
    (r"\partial x", "(differential x)"),
    (r"\forall i", r"(\forall i)"),
    (r"\infty", r"\infty"),
    ("α + β", r"(add \alpha + \beta)"),
    (r"x \cdot \text{softmin}(y)", r"(jux x \cdot (apply softmin (() y)))"),
    ("exp(x)", "(apply exp (() x))"),
]


@pytest.mark.parametrize(("latex", "tree"), CASES)
def test_reads_as(latex: str, tree: str) -> None:
    reading = read_display(latex, NAMES)
    assert not reading.problems
    assert reading.sexpr() == tree
