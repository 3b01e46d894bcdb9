"""Sums, products, limits, extrema."""

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
    (r"\sum_i x_i", "(sum i _ (script x _i))"),
    (
        r"\sum_{i=1}^n x_i y_i + z",
        "(add (sum (rel i = 1) n (jux (script x _i) (script y _i))) + z)",
    ),
    (r"\sum_{i \ne k} x_i", r"(sum (rel i \ne k) _ (script x _i))"),
    (r"\sum_{i \in S} x_i", r"(sum (rel i \in S) _ (script x _i))"),
    (r"\sum_{i,j} a_{ij}", "(sum (seq i j) _ (script a _(jux i j)))"),
    (r"\prod_{i=1}^n p_i", "(prod (rel i = 1) n (script p _i))"),
    (r"\sum_i \sum_j x_{ij}", "(sum i _ (sum j _ (script x _(jux i j))))"),
    (r"a \sum_i b_i c", "(jux a (sum i _ (jux (script b _i) c)))"),
    (
        r"\sum_{\substack{i < j \\ j \ne k}} x_{ij}",
        r"(sum (seq (rel i < j) (rel j \ne k)) _ (script x _(jux i j)))",
    ),
    (r"\max_i x_i", "(max i _ (script x _i))"),
    (r"\max_{1 \le i \le n} x_i", r"(max (rel 1 \le i \le n) _ (script x _i))"),
    (r"\arg\min_{x \in S} f(x)", r"(argmin (rel x \in S) _ (jux f (() x)))"),
    (r"\operatorname{argmin}_\theta L", r"(argmin \theta _ L)"),
    (r"\underset{\theta}{\operatorname{arg\,min}} L", r"(argmin \theta _ L)"),
    (r"\operatorname*{argmax}_k p_k", "(argmax k _ (script p _k))"),
    (r"\lim_{x \to 0} x", r"(lim (rel x \to 0) _ x)"),
    (r"\int_0^1 x \, dx", "(int 0 1 (jux x (differential x)))"),
    (r"\sum_{i} - x_i", "(sum i _ (add - (script x _i)))"),
]


@pytest.mark.parametrize(("latex", "tree"), CASES)
def test_reads_as(latex: str, tree: str) -> None:
    reading = read_display(latex, NAMES)
    assert not reading.problems
    assert reading.sexpr() == tree
