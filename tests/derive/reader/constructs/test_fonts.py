"""Fonts and accents."""

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
    (r"\mathbf x", "x"),
    (r"\mathbf{x}", "x"),
    (r"\boldsymbol{\theta}", r"\theta"),
    (r"\bm{W}", "W"),
    (r"\vec{v}", "v"),
    (r"\mathrm{T}", "T"),
    (r"\mathbb{R}", r"\mathbb{R}"),
    (r"\mathcal{L}(\theta)", r"(jux \mathcal{L} (() \theta))"),
    (r"\mathbf{1}", r"\mathbf{1}"),
    (r"\mathbf{0}", r"\mathbf{0}"),
    (r"\mathbb{1}", r"\mathbb{1}"),
    (r"\hat y", r"\hat{y}"),
    (r"\hat{\mathbf{y}}", r"\hat{y}"),
    (r"\widehat{y}_i", r"(script \hat{y} _i)"),
    (r"\bar{x}", r"\bar{x}"),
    (r"\tilde{\mathbf x}", r"\tilde{x}"),
    (r"\overline{x+y}", r"(\bar (add x + y))"),
    (r"\dot{x}", r"(\dot x)"),
    (r"\hat{R}_\lambda", r"\hat{R}_\lambda"),
    (r"\mathrm{softplus}(x)", "(apply softplus (() x))"),
    (r"\operatorname{softmin}(x)", "(apply softmin (() x))"),
    (r"\mathbf{Wx}", "({} (jux W x))"),
    (r"\mathrm{d}x", "(differential x)"),
    (r"{\bf x}", "x"),
]


@pytest.mark.parametrize(("latex", "tree"), CASES)
def test_reads_as(latex: str, tree: str) -> None:
    reading = read_display(latex, NAMES)
    assert not reading.problems
    assert reading.sexpr() == tree
