import pytest

from derive.integers.shape import equivalence_sides, equivalent, implication_sides, implies
from derive.terms.term import ONE, And, Compare, Element, Not, Or

A, B, C = (Compare("=", Element(name), ONE) for name in "abc")
CONJUNCTION = And((A, B))


@pytest.mark.parametrize(
    "proposition",
    [
        equivalent(A, B),
        And((Or((B, Not(A))), Or((Not(B), A)))),
        And((Or((Not(A), B)), Or((A, Not(B))))),
        Or((And((A, B)), And((Not(A), Not(B))))),
        Or((And((A, B)), And((Not(B), Not(A))))),
    ],
)
def test_forms_of_an_equivalence(proposition):
    assert equivalence_sides(proposition) == (A, B)


def test_sides_may_be_compound():
    assert equivalence_sides(equivalent(CONJUNCTION, C)) == (CONJUNCTION, C)
    assert equivalence_sides(equivalent(Not(A), B)) == (Not(A), B)


@pytest.mark.parametrize(
    "proposition",
    [
        A,
        And((A, B)),
        Or((And((A, B)), And((Not(A), Not(C))))),
        Or((And((A, B)), And((A, B)))),
        And((Or((Not(A), B)), Or((Not(A), B)))),
        And((Or((Not(A), B)), Or((Not(C), A)))),
        And((Or((Not(A), B)), Or((Not(B), C)))),
        And((Or((A, B)), Or((B, A)))),
        And((implies(A, B), implies(B, A), C)),
    ],
)
def test_what_is_no_equivalence(proposition):
    assert equivalence_sides(proposition) is None


def test_implication():
    assert implication_sides(implies(A, B)) == (A, B)
    assert implication_sides(Or((B, Not(A)))) == (A, B)
    assert implication_sides(Or((A, B))) is None
    assert implication_sides(Or((Not(A), B, C))) is None
    assert implication_sides(A) is None
