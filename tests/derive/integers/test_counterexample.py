import pytest

from derive.integers.counterexample import counterexample
from derive.integers.shape import equivalent, implies
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    And,
    Compare,
    Dimension,
    Element,
    Not,
    Or,
    add,
    div,
    number,
)

K, S = Element("k"), Element("s")
SMALL, LARGE = Compare("<=", K, TWO), Compare(">=", add(K, S), number(9))


@pytest.mark.parametrize(
    ("claim", "left", "right"),
    [
        (Compare("=", add(K, ONE), div(K, TWO)), "4", "3/2"),
        (Compare("=", div(K, ZERO), K), "undefined", "3"),
        (And((Compare("=", K, K), SMALL)), "3", "2"),
        (Or((SMALL, LARGE)), "k <= 2: false (3 <= 2)", "k + s >= 9: false (7 >= 9)"),
        (
            Or((SMALL, LARGE, SMALL)),
            "k <= 2: false (3 <= 2)",
            "k + s >= 9 or k <= 2: false",
        ),
        (Not(Compare("=", K, number(3))), "k = 3: true (3 = 3)", "expected: false"),
        (
            equivalent(SMALL, Compare("=", S, number(4))),
            "k <= 2: false (3 <= 2)",
            "s = 4: true (4 = 4)",
        ),
        (
            implies(Compare("=", S, number(4)), And((Compare("=", K, K), SMALL))),
            "s = 4: true (4 = 4)",
            "k <= 2: false (3 <= 2)",
        ),
    ],
)
def test_values_of_both_sides(claim, left, right):
    shown = counterexample(claim, (K, S), (3, 4))
    assert (shown.left, shown.right) == (left, right)
    assert shown.assignment == (("k", "3"), ("s", "4"))


def test_dimensions_stand_apart():
    shown = counterexample(Compare(">", Dimension("n"), K), (Dimension("n"), K), (1, 5))
    assert shown.dimensions == (("n", 1),)
    assert shown.assignment == (("k", "5"),)
