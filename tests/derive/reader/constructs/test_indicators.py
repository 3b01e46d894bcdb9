"""Indicators in all spellings."""

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
    (r"\mathbb{1}_{x>0}", "(indicator (rel x > 0))"),
    (r"\mathbf{1}_{x>0}(x)", "(indicator (rel x > 0) (() x))"),
    (r"\mathbf{1}_{i=j}", "(indicator (rel i = j))"),
    (r"\mathbf{I}_{\{h_j^a > 0\}}", "(indicator (rel (script h^a _j) > 0))"),
    (r"\mathbb 1\{x > 0\}", "(indicator (rel x > 0))"),
    ("I[x > 0]", "(indicator (rel x > 0))"),
    (r"\mathbf{1}_{x>0} y", "(jux (indicator (rel x > 0)) y)"),
    ("1_{x > 0}", "(indicator (rel x > 0))"),
    (r"\mathbf{1}_n", r"(script \mathbf{1} _n)"),
    ("I_n", "(script I _n)"),
    (r"\mathbf{1}_{x>0}(1-y)", "(jux (indicator (rel x > 0)) (() (add 1 - y)))"),
    (r"\mathbf{1}_{x > 0, y > 0}", "(indicator (seq (rel x > 0) (rel y > 0)))"),
]


@pytest.mark.parametrize(("latex", "tree"), CASES)
def test_reads_as(latex: str, tree: str) -> None:
    reading = read_display(latex, NAMES)
    assert not reading.problems
    assert reading.sexpr() == tree
