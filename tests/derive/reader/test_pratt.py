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
    # An empty group only spaces: no operand, unless something is attached to it.
    ("{} a", "a"),
    ("a {}", "a"),
    ("{{}} a{}{} b", "(jux a b)"),
    ("a{} + {}{} b{}{} - {} c", "(add a + b - c)"),
    (r"2 \cdot {} a", r"(jux 2 \cdot a)"),
    ("{} |a| {} |b|", "(jux (|| a) (|| b))"),
    (r"\log{} a", "(apply~ log a)"),
    (r"\frac{a}{b}{} c", "(jux (frac a b) c)"),
    (r"a \quad {} + \quad {} b", "(add a + b)"),
    (
        r"\begin{cases}{} a & a > {} 0{} \\ {} 0 & \text{if } {} b > 0 \end{cases}",
        "(cases [a (rel a > 0)] [0 (rel b > 0)])",
    ),
    (r"a &= b \\ {} &= c \\ &{} = d \\ & {} + e", "a = b = c = (add d + e)"),
    ("a = {}b{}" + "{}" * 1_000 + " = c", "a = b = c"),
    ("a = b" + "{}" * 1_000 + "c", "a = (jux b c)"),
    (r"\text{if } " + "{}" * 1_000 + " a = b", '"if" a = b'),
    ("a{}^2", "(jux a (script _ ^2))"),
    ("{}^2", "(script _ ^2)"),
    (r"\frac{}{a}", "(frac _ a)"),
]


@pytest.mark.parametrize(("latex", "tree"), CASES)
def test_reads_as(latex: str, tree: str) -> None:
    reading = read_display(latex, NAMES)
    assert not reading.problems
    assert reading.sexpr() == tree


@pytest.mark.parametrize(
    "latex",
    ["x" + "!" * 400, r"x \mid " * 400 + "x", "(" * 100 + "x" + ")!!!" * 100],
)
def test_what_stands_behind_one_another_is_no_deeper_than_what_is_nested(latex: str) -> None:
    (problem,) = read_display(latex, NAMES).problems
    assert (problem.kind, problem.found) == (
        "too-deep",
        "something nested more than 120 levels deep",
    )


@pytest.mark.parametrize("latex", ["x" + "!" * 200, "(" * 100 + "x" + ")!" * 100])
def test_some_depth_is_read(latex: str) -> None:
    assert not read_display(latex, NAMES).problems
