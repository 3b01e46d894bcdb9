import pytest

from derive.integers.formula import (
    FALSE,
    TRUE,
    All,
    Literal,
    Some,
    as_proposition,
    every,
    literal,
    polynomial_term,
    relation_of,
    some,
)
from derive.terms.plain import proposition_text, term_text
from derive.terms.term import Element

GENERATORS = [Element("k"), Element("s")]
K, S, ONE = ((0, 1),), ((1, 1),), ()


def make(polynomial, relation):
    return literal(polynomial, relation, GENERATORS, None, "collect terms")


def shown(formula):
    return proposition_text(as_proposition(formula))


@pytest.mark.parametrize(
    ("polynomial", "relation", "expected"),
    [
        ({K: 2, S: 4, ONE: -6}, "=", "k + 2 * s = 3"),
        ({K: -1, ONE: 3}, "=", "k = 3"),
        ({K: -1, ONE: 3}, "<=", "k >= 3"),
        ({K: 2, ONE: -5}, "<=", "k <= 2"),
        ({K: -2, ONE: 5}, "<=", "k >= 3"),
        ({K: 3, S: -3, ONE: 1}, "<=", "k - s <= -1"),
        ({K: 2, ONE: -6}, "!=", "k != 3"),
        ({K: 2, ONE: -5}, "=", "false"),
        ({K: 2, ONE: -5}, "!=", "true"),
        ({ONE: -5}, "<=", "true"),
        ({ONE: 5}, "<=", "false"),
        ({}, "=", "true"),
        ({}, "!=", "false"),
        ({((0, 2),): 1, K: -1}, "<=", "k^2 - k <= 0"),
    ],
)
def test_lowest_terms_over_integers(polynomial, relation, expected):
    assert shown(make(polynomial, relation)) == expected


def test_handles_collect_the_cofactor_of_a_power():
    formula = make({((0, 1), (1, 1)): 2, K: 3, S: 1}, "<=")
    assert isinstance(formula, Literal)
    handles = {(h.generator, h.exponent): h.cofactor for h in formula.handles}
    assert handles == {(0, 1): ((2, S), (3, ONE)), (1, 1): ((2, K), (1, ONE))}
    assert formula.generators == (0, 1)


def test_joining_flattens_and_decides():
    a, b = make({K: 1}, "="), make({S: 1}, "=")
    assert every(a, every(b, a)) == All((a, b))
    assert some(a, some(b, a)) == Some((a, b))
    assert every(a) == some(a) == a
    assert every(a, FALSE) == FALSE
    assert some(a, TRUE) == TRUE
    assert every() == TRUE
    assert some() == FALSE
    assert shown(some(a, every(a, b))) == "k = 0 or (k = 0 and s = 0)"


def test_display():
    assert (
        term_text(polynomial_term({K: 1, ((0, 2),): 3, ONE: -1}, GENERATORS)) == "3 * k^2 + k - 1"
    )
    assert term_text(polynomial_term({K: 1, ONE: 2}, GENERATORS, 4)) == "k/4 + 1/2"
    assert term_text(polynomial_term({}, GENERATORS)) == "0"
    assert proposition_text(relation_of({ONE: 1}, "<=", GENERATORS)) == "0 <= -1"
