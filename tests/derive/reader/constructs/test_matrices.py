"""Matrices and cases."""

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
    (r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}", "(bmatrix [1 2] [3 4])"),
    (
        r"\begin{pmatrix} x_1 \\ \vdots \\ x_n \end{pmatrix}",
        "(pmatrix [(script x _1)] [<vdots>] [(script x _n)])",
    ),
    (
        r"\begin{bmatrix} a & & \\ & \ddots & \\ & & b \end{bmatrix}",
        "(bmatrix [a _ _] [_ <ddots> _] [_ _ b])",
    ),
    (
        r"\left[\begin{array}{cc} 1 & 2 \\ \hline 3 & 4 \\ \end{array}\right]",
        "([] (array [1 2] [3 4]))",
    ),
    (
        r"\begin{cases} x & x \geq 0 \\ 0 & x < 0 \end{cases}",
        r"(cases [x (rel x \ge 0)] [0 (rel x < 0)])",
    ),
    (
        r"\begin{cases} 0 & \text{if } x < 0 \\ 1 & \text{otherwise} \end{cases}",
        '(cases [0 (rel x < 0)] [1 "otherwise"])',
    ),
    (
        r"\begin{cases} x, & \text{if } x > 0 \\ 0, & \text{else} \end{cases}",
        '(cases [x (rel x > 0)] [0 "else"])',
    ),
    (
        r"\begin{cases} x \quad \text{if } x>0 \\ 0 \quad \text{otherwise} \end{cases}",
        '(cases [x (rel x > 0)] [0 "otherwise"])',
    ),
    (
        r"\left\{ \begin{aligned} 1 & \quad x > 0 \\ 0 & \quad x \le 0 \end{aligned} \right.",
        r"(cases [1 (rel x > 0)] [0 (rel x \le 0)])",
    ),
    (
        r"\begin{bmatrix} 1 & \dots & n \end{bmatrix}^\top",
        r"(script (bmatrix [1 <hdots> n]) ^\top)",
    ),
]


@pytest.mark.parametrize(("latex", "tree"), CASES)
def test_reads_as(latex: str, tree: str) -> None:
    reading = read_display(latex, NAMES)
    assert not reading.problems
    assert reading.sexpr() == tree
