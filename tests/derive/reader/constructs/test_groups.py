"""Delimiters, bars, roots."""

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
    ("(x)", "(() x)"),
    (r"\left(\frac{a}{b}\right)", "(() (frac a b))"),
    (r"\big( x \big)", "(() x)"),
    ("[a, b]", "([] (seq a b))"),
    ("(0, 1]", "((] (seq 0 1))"),
    (r"\{1, \dots, n\}", r"(\{\} (seq 1 <hdots> n))"),
    ("|x|", "(|| x)"),
    (r"\|x\|_2^2", r"(script (\|\| x) _2 ^2)"),
    (r"\lVert x \rVert", r"(\|\| x)"),
    ("||x||", r"(\|\| x)"),
    ("2|x| + |y|", "(add (jux 2 (|| x)) + (|| y))"),
    ("|x||y|", "(jux (|| x) (|| y))"),
    (r"\|x\|\|y\|", r"(jux (\|\| x) (\|\| y))"),
    (r"\|A\|_F", r"(script (\|\| A) _F)"),
    ("p(y|x)", "(jux p (() (given y x)))"),
    (r"p(x, y \mid z)", "(jux p (() (given (seq x y) z)))"),
    (r"\{x \mid x > 0\}", r"(\{\} (given x (rel x > 0)))"),
    ("f(x)|_{x=a}", "(at (jux f (() x)) (rel x = a))"),
    (r"\left. \frac{df}{dx} \right|_{x=a}", "(at (d f x) (rel x = a))"),
    (r"f \Big|_{0}^{1}", "(at f 0 1)"),
    (r"\lfloor x \rfloor", r"(\lfloor\rfloor x)"),
    (r"\langle x, y \rangle", r"(\langle\rangle (seq x y))"),
    (r"\sqrt{x}", "(root x)"),
    (r"\sqrt[3]{x}", "(root x 3)"),
    (r"\binom{n}{k}", "(binom n k)"),
    (r"\underbrace{a+b}_{c}", "(note (add a + b) c)"),
    (r"f(\cdot)", r"(jux f (() \cdot))"),
    (r"\{\}", r"(\{\} _)"),
]


@pytest.mark.parametrize(("latex", "tree"), CASES)
def test_reads_as(latex: str, tree: str) -> None:
    reading = read_display(latex, NAMES)
    assert not reading.problems
    assert reading.sexpr() == tree
