from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from derive.integers.branches import Branch, bound, is_small, point_count, split
from derive.integers.contract import State
from derive.integers.evaluate import holds
from derive.integers.formula import as_proposition, every, literal, some
from derive.terms.term import And, Element, Indicator

K, S = Element("k"), Element("s")
GENERATORS = [K, S]
FREE = (None, None)
X, Y = ((0, 1),), ((1, 1),)


def lit(polynomial, relation):
    return literal(polynomial, relation, GENERATORS, None, "collect terms")


def branch_of(formula, *ranges):
    state = State(list(ranges), trail=[])
    state.assume(formula)
    return Branch("start", (as_proposition(formula),), state)


def explored(formula, *ranges):
    start = branch_of(formula, *ranges)
    return split(bound(start, 2), 2, GENERATORS)


polynomials = st.dictionaries(
    st.sampled_from([X, Y, ((0, 1), (1, 1)), ((0, 2),), ()]),
    st.integers(-4, 4).filter(bool),
    min_size=1,
    max_size=3,
)
literals = st.builds(lit, polynomials, st.sampled_from(["=", "<=", "!="]))
formulas = st.recursive(
    literals,
    lambda inner: st.one_of(st.builds(every, inner, inner), st.builds(some, inner, inner)),
    max_leaves=5,
)


@settings(deadline=None, max_examples=25)
@given(formulas)
def test_the_branches_cover_the_start(formula):
    branches = explored(formula, FREE, FREE)
    for k, s in product(range(-3, 4), repeat=2):
        point = {K: k, S: s}
        if holds(as_proposition(formula), point):
            around = [b for b in branches if holds(And(b.assumptions), point)]
            assert any(not b.closed and inside((k, s), b.state.ranges) for b in around)
        for b in branches:
            for step in b.distinctions:
                assert isinstance(step.before, Indicator)
                assert isinstance(step.after, Indicator)
                before, after = step.before.condition, step.after.condition
                assert holds(before, point) == holds(after, point)


def inside(values, ranges):
    return all(
        (low is None or low <= v) and (high is None or v <= high)
        for v, (low, high) in zip(values, ranges, strict=True)
    )


def test_counting():
    state = State([(1, 12), (1, 64)])
    assert point_count(state, 2) == 768
    assert is_small(state, 2)
    assert not is_small(State([(1, 10**6), (1, 2)]), 2)
    assert point_count(State([(1, None), (1, 2)]), 2) is None


def test_a_small_range_is_not_split():
    either = some(lit({X: 1}, "="), lit({Y: 1}, "="))
    assert len(explored(either, (0, 9), (0, 9))) == 1
    assert len(explored(either, FREE, FREE)) == 2


def test_a_difference_is_split_by_sign():
    words = [b.words for b in explored(lit({X: 1, Y: -1}, "!="), FREE, FREE)]
    assert words == ["start; k - s <= -1", "start; k - s >= 1"]


def test_a_square_below_its_base_is_closed():
    below = lit({((0, 2),): 1, X: -1, (): 1}, "<=")  # k^2 + 1 <= k
    assert all(b.closed for b in explored(below, FREE, (0, 0)))


def test_a_product_is_split_by_the_signs_of_its_factors():
    seven = lit({((0, 1), (1, 1)): 1, (): -7}, "=")  # k s = 7
    assert [b.words for b in explored(seven, FREE, FREE)] == [
        "start; k <= -1",
        "start; k >= 0; s <= -1",
        "start; k >= 0; s >= 0",
    ]


def test_the_number_of_branches_is_limited():
    far = every(*(some(lit({X: 1, Y: i}, "<="), lit({X: -1, Y: i}, "<=")) for i in range(3, 15)))
    assert len(explored(far, FREE, FREE)) <= 60
