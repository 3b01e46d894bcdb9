from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from derive.integers.contract import BoundStep, ChoiceStep, State, contract, truth
from derive.integers.evaluate import holds
from derive.integers.formula import FALSE, All, as_proposition, every, literal, some
from derive.integers.interval import Range
from derive.terms.plain import proposition_text
from derive.terms.term import Element

K, S = Element("k"), Element("s")
VALUES = range(-5, 6)

monomials = st.sampled_from([((0, 1),), ((1, 1),), ((0, 1), (1, 1)), ((0, 2),), ((1, 3),), ()])
polynomials = st.dictionaries(monomials, st.integers(-5, 5).filter(bool), min_size=1, max_size=3)


def lit(polynomial, relation):
    return literal(polynomial, relation, [K, S], None, "collect terms")


literals = st.builds(lit, polynomials, st.sampled_from(["=", "<=", "!="]))
formulas = st.recursive(
    literals,
    lambda inner: st.one_of(
        st.builds(every, inner, inner), st.builds(some, inner, inner), st.builds(some, inner)
    ),
    max_leaves=5,
)
ranges = st.tuples(
    st.one_of(st.none(), st.integers(-5, 0)), st.one_of(st.none(), st.integers(0, 5))
)


def inside(number: int, known: Range) -> bool:
    low, high = known
    return (low is None or low <= number) and (high is None or number <= high)


def state_of(formula, *known, trail=None):
    state = State(list(known), trail=trail)
    state.assume(formula)
    return state


@settings(deadline=None, max_examples=50)
@given(formulas, ranges, ranges)
def test_no_solution_is_lost(formula, first, second):
    state = state_of(formula, first, second)
    feasible = contract(state)
    proposition = as_proposition(formula)
    for k, s in product(VALUES, repeat=2):
        if inside(k, first) and inside(s, second) and holds(proposition, {K: k, S: s}):
            assert feasible
            assert inside(k, state.ranges[0])
            assert inside(s, state.ranges[1])


@settings(deadline=None, max_examples=50)
@given(formulas, ranges, ranges)
def test_truth_is_that_at_every_point(formula, first, second):
    evident = truth(formula, [first, second])
    proposition = as_proposition(formula)
    for k, s in product(VALUES, repeat=2):
        if evident is not None and inside(k, first) and inside(s, second):
            assert holds(proposition, {K: k, S: s}) is evident


@settings(deadline=None, max_examples=50)
@given(formulas, ranges, ranges)
def test_every_recorded_bound_follows_from_what_it_names(formula, first, second):
    state = state_of(formula, first, second, trail=[])
    contract(state)
    for event in state.trail:
        if not isinstance(event, BoundStep):
            continue
        for k, s in product(VALUES, repeat=2):
            values = (k, s)
            premises = holds(event.literal.shown, {K: k, S: s}) and all(
                values[u.generator] <= u.value if u.upper else values[u.generator] >= u.value
                for u in event.used
            )
            number = values[event.limit.generator]
            if premises and event.limit.upper:
                assert number <= event.limit.value
            elif premises:
                assert number >= event.limit.value


def test_bounds_of_an_equation():
    # k + 5 s = 64, k >= 1, s >= 1
    equation = lit({((0, 1),): 1, ((1, 1),): 5, (): -64}, "=")
    state = state_of(equation, (1, None), (1, None))
    assert contract(state)
    assert state.ranges == [(4, 59), (1, 12)]


def test_merged_cofactor():
    # k s + s <= 20, k = 4: s <= 4, which neither term alone gives
    state = state_of(lit({((0, 1), (1, 1)): 1, ((1, 1),): 1, (): -20}, "<="), (4, 4), (None, None))
    contract(state)
    assert state.ranges[1] == (None, 4)


def test_parity_of_a_fixed_variable_empties():
    state = state_of(lit({((0, 1),): 2, ((1, 1),): 5, (): -67}, "="), (None, None), (2, 2))
    assert not contract(state)
    assert state.conflict is not None


def test_squares_and_cubes():
    assert not contract(state_of(lit({((0, 2),): 1, (): 1}, "<="), (None, None), (0, 0)))
    state = state_of(lit({((0, 2),): 1, (): -10}, "<="), (None, None), (0, 0))
    contract(state)
    assert state.ranges[0] == (-3, 3)
    state = state_of(lit({((1, 3),): -1, (): -30}, "<="), (0, 0), (None, None))
    contract(state)
    assert state.ranges[1] == (-3, None)
    state = state_of(lit({((0, 2),): -1, (): 10}, "<="), (-3, None), (0, 0))
    contract(state)
    assert state.ranges[0] == (4, None)


def test_opposite_literals_conflict():
    state = State([(None, None)] * 2)
    state.assume(lit({((0, 1),): 1, ((1, 1),): 1}, "="))
    state.assume(lit({((0, 1),): -1, ((1, 1),): -1}, "!="))
    assert not contract(state)


def test_the_only_part_left_is_asserted():
    small, large = lit({((0, 1),): 1, (): -2}, "<="), lit({((0, 1),): -1, (): 9}, "<=")
    state = state_of(some(small, large), (0, 5), (0, 0), trail=[])
    assert contract(state)
    assert state.ranges[0] == (0, 2)
    choice = next(event for event in state.trail if isinstance(event, ChoiceStep))
    assert choice.remaining == small
    assert proposition_text(as_proposition(choice.choice)) == "k <= 2 or k >= 9"


def test_bounds_that_grow_for_ever_end():
    # k >= s + 1 and s >= k + 1
    apart = All(
        (
            lit({((0, 1),): -1, ((1, 1),): 1, (): 1}, "<="),
            lit({((0, 1),): 1, ((1, 1),): -1, (): 1}, "<="),
        )
    )
    assert contract(state_of(apart, (0, None), (0, None)))
    doubling = lit({((0, 2),): 1, ((0, 1),): -1, (): 1}, "<=")  # k^2 + 1 <= k
    state = state_of(doubling, (1, None), (0, 0))
    contract(state)
    assert (state.ranges[0][0] or 0).bit_length() <= 64


def test_a_large_limit_that_is_stated_counts():
    state = state_of(lit({((0, 1),): 1, (): -(10**40)}, "<="), (0, None), (0, 0))
    assert contract(state)
    assert state.ranges[0] == (0, 10**40)


def test_false_is_a_conflict():
    assert not contract(state_of(FALSE, (None, None), (None, None)))
