"""Fractions and derivatives in their three roles."""

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
    (r"\frac{a}{b}", "(frac a b)"),
    (r"\dfrac12", "(frac 1 2)"),
    (r"\frac{\partial L}{\partial x}", "(D L x)"),
    (r"\frac{\partial}{\partial x} (a x + b)", "(D* (() (add (jux a x) + b)) x)"),
    (r"\frac{\partial}{\partial x} a x", "(D* (jux a x) x)"),
    (r"\frac{\partial}{\partial x}", "(D _ x)"),
    (r"\frac{d}{dx} x^2", "(d* (script x ^2) x)"),
    (r"\frac{d\sigma(x)}{dx}", r"(d (apply \sigma (() x)) x)"),
    (r"\frac{d1}{dx}", "(d 1 x)"),
    (r"\frac{d(1+x)}{dx}", "(d (() (add 1 + x)) x)"),
    (r"\frac{\mathrm{d} y}{\mathrm{d} x}", "(d y x)"),
    (r"\frac{\partial^2 f}{\partial x^2}", "(D f (order x 2) :order 2)"),
    (
        r"\frac{\partial^2 f}{\partial x_i \partial x_j}",
        "(D f (script x _i) (script x _j) :order 2)",
    ),
    (
        r"\frac{\partial \mathbf{o}_k^a}{\partial W_{kj}^{(2)}}",
        "(D (script o^a _k) (script W^{(2)} _(jux k j)))",
    ),
    (r"\frac{\partial L}{\partial y} \frac{\partial y}{\partial x}", "(jux (D L y) (D y x))"),
    (r"\frac{d_h}{d_k}", "(frac d_h (script d _k))"),
    (r"\frac{d + 1}{d x}", "(frac (add d + 1) (jux d x))"),
    (r"\frac{d}{d}", "(frac d d)"),
    (r"\partial L / \partial x", "(D L x)"),
    (r"\frac{\partial \|x\|_2^2}{\partial x_i}", r"(D (script (\|\| x) _2 ^2) (script x _i))"),
]


@pytest.mark.parametrize(("latex", "tree"), CASES)
def test_reads_as(latex: str, tree: str) -> None:
    reading = read_display(latex, NAMES)
    assert not reading.problems
    assert reading.sexpr() == tree
