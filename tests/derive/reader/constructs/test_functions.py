"""Functions with and without parentheses, nabla."""

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
    (r"\exp(x)", "(apply exp (() x))"),
    (r"\log x", "(apply~ log x)"),
    (
        r"\ln e^x (1 + e^{-x})",
        "(apply~ ln (jux (script e ^x) (() (add 1 + (script e ^(add - x))))))",
    ),
    (r"\sin 2x", "(apply~ sin (jux 2 x))"),
    (r"\sin x \cos y", "(jux (apply~ sin x) (apply~ cos y))"),
    (r"\log_2 x", "(apply~ (script log _2) x)"),
    (r"\sin^2 x", "(apply~ (script sin ^2) x)"),
    (r"\log y * z", "(jux (apply~ log y) * z)"),
    (r"\sigma(x)", r"(apply \sigma (() x))"),
    ("S(x)_i", "(script (apply S (() x)) _i)"),
    (r"S^2(\mathbf{x})_i", "(script (apply (script S ^2) (() x)) _i)"),
    (r"S(x)^\top", r"(script (apply S (() x)) ^\top)"),
    ("g'(x)", "(apply (script g ') (() x))"),
    (r"f_\theta(x)", r"(apply f_\theta (() x))"),
    ("p(x)", "(jux p (() x))"),
    (
        r"\sigma(x)(1-\sigma(x))",
        r"(jux (apply \sigma (() x)) (() (add 1 - (apply \sigma (() x)))))",
    ),
    (r"\det A", "(apply~ det A)"),
    (r"\operatorname{tr}(A)", "(apply tr (() A))"),
    (r"\text{diag}(S(x))", "(apply diag (() (apply S (() x))))"),
    (r"\max\{0, x\}", r"(apply max (\{\} (seq 0 x)))"),
    (r"\max(0, x)", "(apply max (() (seq 0 x)))"),
    (r"\ln \sum_j e^{x_j}", "(apply~ ln (sum j _ (script e ^(script x _j))))"),
    (r"\ln \sigma(x)", r"(apply~ ln (apply \sigma (() x)))"),
    (r"\nabla_x L", "(nabla x L)"),
    (r"\nabla f(x)", "(jux (nabla _ f) (() x))"),
    (r"\nabla_x x^\top A x", r"(nabla x (jux (script x ^\top) A x))"),
    (r"\nabla_y L x^\top", r"(jux (nabla y L) (script x ^\top))"),
    (r"\nabla^2 f", "(nabla _ f ^2)"),
    (r"\exp", "exp"),
    (r"\text{ReLU}(x)", "(apply ReLU (() x))"),
]


@pytest.mark.parametrize(("latex", "tree"), CASES)
def test_reads_as(latex: str, tree: str) -> None:
    reading = read_display(latex, NAMES)
    assert not reading.problems
    assert reading.sexpr() == tree
