"""Scripts: what a declared name takes, what is left."""

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
    ("x_i", "(script x _i)"),
    ("x^2", "(script x ^2)"),
    ("x_i^2", "(script x _i ^2)"),
    ("x^2_i", "(script x _i ^2)"),
    ("x_{ij}", "(script x _(jux i j))"),
    ("x_{i,j}", "(script x _(seq i j))"),
    ("h^a", "h^a"),
    (r"\mathbf{h}^a", "h^a"),
    (r"\mathbf{h}_j^a", "(script h^a _j)"),
    ("h^{sT}", "(script h^s ^T)"),
    (r"\mathbf{W}^{(1)T}", "(script W^{(1)} ^T)"),
    (r"\mathbf{W}_k^{(2)T}", "(script W^{(2)} _k ^T)"),
    ("W_{kj}^{(2)}", "(script W^{(2)} _(jux k j))"),
    ("W^{(3)}", "(script W ^(() 3))"),
    ("W^{[l]}", "W^{[l]}"),
    ("d_h", "d_h"),
    (r"\mathbb{R}^{d_h}", r"(script \mathbb{R} ^d_h)"),
    (r"x_\text{in}", "x_{in}"),
    ("f'", "(script f ')"),
    ("f''(x)", "(jux (script f '') (() x))"),
    ("v'", "v'"),
    ("x'_i", "(script x _i ')"),
    (r"x^{\prime}", "(script x ')"),
    (r"x^\top", r"(script x ^\top)"),
    (r"x^{\mathrm T}", "(script x ^T)"),
    (r"x^\intercal", r"(script x ^\intercal)"),
    ("A^{-1}", "(script A ^(add - 1))"),
    (r"A^{-\top}", r"(script A ^(add - \top))"),
    (r"\theta^*", r"(script \theta ^*)"),
    ("A^+", "(script A ^+)"),
    ("x^{(t+1)}", "(script x ^(() (add t + 1)))"),
    ("x^{(i)}_j", "(script x _j ^(() i))"),
    ("{x^2}^3", "(script (script x ^2) ^3)"),
    ("(x+y)^2", "(script (() (add x + y)) ^2)"),
    ("e^{x_i}", "(script e ^(script x _i))"),
    ("9^{9^{9^9}}", "(script 9 ^(script 9 ^(script 9 ^9)))"),
    ("b_j^{(1)}", "(script b^{(1)} _j)"),
]


@pytest.mark.parametrize(("latex", "tree"), CASES)
def test_reads_as(latex: str, tree: str) -> None:
    reading = read_display(latex, NAMES)
    assert not reading.problems
    assert reading.sexpr() == tree
