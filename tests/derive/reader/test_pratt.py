"""Sums and products, flat, with their operators."""

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
    ("a b c", "(jux a b c)"),
    (
        r"\|x\|_2^2 + \lambda \|w\|_2^2",
        r"(add (script (\|\| x) _2 ^2) + (jux \lambda (script (\|\| w) _2 ^2)))",
    ),
    (r"a \cdot b", r"(jux a \cdot b)"),
    (r"a \times b * c", r"(jux a \times b * c)"),
    (r"a \odot b", r"(jux a \odot b)"),
    (r"f \circ g", r"(jux f \circ g)"),
    (r"a \otimes b", r"(jux a \otimes b)"),
    ("a / b", "(jux a / b)"),
    (r"a b^\top", r"(jux a (script b ^\top))"),
    ("-a b", "(add - (jux a b))"),
    ("a - b + c", "(add a - b + c)"),
    ("+ a", "(add + a)"),
    (r"a \pm b", r"(add a \pm b)"),
    (r"x \cdot -3", r"(jux x \cdot (add - 3))"),
    ("2(0)", "(jux 2 (() 0))"),
    ("(a+b)(c)", "(jux (() (add a + b)) (() c))"),
    ("{a+b} c", "(jux ({} (add a + b)) c)"),
    ("n!", "(factorial n)"),
    (r"A \cup B", r"(add A \cup B)"),
]


@pytest.mark.parametrize(("latex", "tree"), CASES)
def test_reads_as(latex: str, tree: str) -> None:
    reading = read_display(latex, NAMES)
    assert not reading.problems
    assert reading.sexpr() == tree
