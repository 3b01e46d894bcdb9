"""Substitution, binders and unfolding: no index is ever captured."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.terms.structure import (
    Definition,
    bind,
    element_names,
    free_indices,
    index_dim,
    loose_binders,
    open_binder,
    parts,
    product_over,
    substitute_indices,
    subterms,
    sum_over,
    unfold,
)
from derive.terms.term import (
    ONE,
    TWO,
    Add,
    And,
    Argument,
    Bound,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dimension,
    Element,
    Fixed,
    ForAll,
    Free,
    Indicator,
    InverseEntry,
    Mul,
    Not,
    Or,
    Position,
    Pow,
    Product,
    SameIndex,
    Sum,
    Term,
    Undefined,
    Where,
    add,
    apply,
    mul,
)

i, j, k = (Free(letter, "n") for letter in "ijk")
r = Free("r", "m")
x = Element("x")
xi, xj, xk = (Element("x", (index,)) for index in (i, j, k))
W_ik = Element("W", (i, k))

#: One node of every kind, each with the free index i in every place that holds an index.
EVERY_KIND = {
    "Element": Element("W", (i, Fixed(1, "n"))),
    "Add": Add((xi, x)),
    "Mul": Mul((xi, x)),
    "Pow": Pow(xi, xi),
    "Apply": apply("exp", xi),
    "Sum": Sum("n", Element("W", (i, Bound(0)))),
    "Product": Product("n", Element("W", (i, Bound(0)))),
    "Delta": Delta(i, i),
    "Position": Position(i),
    "Indicator": Indicator(Compare(">", xi, ONE)),
    "Where": Where(SameIndex(i, i), xi, xi),
    "Derivative": Derivative(xi, xi),
    "Call": Call("f", (i,), (Argument(("n",), Element("W", (i, Bound(0)))),), ((0, (i,)),)),
    "InverseEntry": InverseEntry("A", i, i),
    "Not": Not(SameIndex(i, i)),
    "And": And((SameIndex(i, i), Compare("=", xi, ONE))),
    "Or": Or((SameIndex(i, i), Compare("=", xi, ONE))),
    "ForAll": ForAll("n", Compare("=", Element("W", (i, Bound(0))), ONE)),
}


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_every_kind_of_node_is_walked(kind: str) -> None:
    node = EVERY_KIND[kind]
    assert free_indices(node) == (i,)
    assert free_indices(substitute_indices(node, {i: k})) == (k,)
    assert free_indices(substitute_indices(node, {i: Fixed(2, "n")})) == ()
    assert substitute_indices(substitute_indices(node, {i: k}), {k: i}) == node
    assert loose_binders(node) == 0
    assert loose_binders(bind(node, i)) == 1
    assert open_binder(bind(node, i), i) == node


@pytest.mark.parametrize("node", [ONE, Dimension("n"), Undefined(), Determinant("A")])
def test_leaves_stay(node: Term) -> None:
    assert parts(node) == ()
    assert substitute_indices(node, {i: k}) is node
    assert unfold(node, {"x": Definition("x", (), TWO)}) is node


def test_a_substituted_index_is_not_captured() -> None:
    total = sum_over(k, W_ik)
    assert substitute_indices(total, {i: k}) == Sum("n", Element("W", (k, Bound(0))))
    assert sum_over(k, total) == Sum("n", total)
    assert sum_over(i, total) == Sum("n", Sum("n", Element("W", (Bound(1), Bound(0)))))


def test_a_bound_index_put_in_counts_from_outside() -> None:
    total = sum_over(k, W_ik)
    assert substitute_indices(total, {i: Bound(0)}) == Sum("n", Element("W", (Bound(1), Bound(0))))


def test_substitution_is_simultaneous() -> None:
    assert substitute_indices(Element("W", (i, j)), {i: j, j: i}) == Element("W", (j, i))


def test_letters_of_bound_indices_do_not_matter() -> None:
    assert sum_over(k, xk) == sum_over(j, xj)
    assert product_over(k, xk) == product_over(j, xj)
    assert sum_over(k, xk) != sum_over(r, Element("x", (r,)))
    assert sum_over(k, xk) != product_over(k, xk)


def test_the_inner_binder_wins() -> None:
    inner = sum_over(k, xk)
    shadowed = sum_over(k, mul(xk, inner))
    assert shadowed == Sum("n", mul(Element("x", (Bound(0),)), inner))


def test_binders_open_from_the_outside() -> None:
    body = Element("W", (Bound(1), Bound(0)))
    assert open_binder(body, i, 2) == Element("W", (i, Bound(0)))
    assert open_binder(open_binder(body, i, 2), j) == Element("W", (i, j))


def test_unfold_reaches_the_end_and_keeps_indices_apart() -> None:
    definitions = {
        "a": Definition("a", (i,), sum_over(k, mul(W_ik, xk))),
        "b": Definition("b", (i,), add(Element("a", (i,)), ONE)),
    }
    expected = add(sum_over(j, mul(Element("W", (k, j)), xj)), ONE)
    assert unfold(Element("b", (k,)), definitions) == expected
    total = sum_over(k, Element("a", (k,)))
    made = unfold(total, definitions)
    body = mul(Element("W", (Bound(1), Bound(0))), Element("x", (Bound(0),)))
    assert made == Sum("n", Sum("n", body))
    assert loose_binders(made) == 0


def test_the_variable_of_a_derivative_stays() -> None:
    h = Element("h")
    definitions = {
        "h": Definition("h", (), Pow(x, TWO)),
        "L": Definition("L", (), Pow(h, TWO)),
    }
    assert unfold(Derivative(Element("L"), h), definitions) == Derivative(Pow(h, TWO), h)
    assert unfold(Derivative(h, x), definitions) == Derivative(Pow(x, TWO), x)


def test_element_names_see_matrices_and_variables() -> None:
    node = add(InverseEntry("A", i, j), Determinant("B"), Derivative(x, Element("y")))
    assert element_names(node) == {"A", "B", "x", "y"}


def test_index_dim() -> None:
    assert index_dim(i) == "n"
    assert index_dim(Fixed(2, 5)) == 5
    assert index_dim(Bound(1), ("m", "n")) == "n"


def test_free_indices_come_in_the_order_of_their_first_place() -> None:
    assert free_indices(mul(Element("W", (j, i)), xk, xi)) == (j, i, k)


def _random_term(rng: Random, depth: int) -> Term:
    indices = (i, j, k)
    if depth == 0:
        return Element("W", (rng.choice(indices), rng.choice(indices)))
    inside = _random_term(rng, depth - 1)
    roll = rng.random()
    if roll < 0.3:
        return sum_over(rng.choice(indices), inside)
    if roll < 0.5:
        return mul(inside, _random_term(rng, depth - 1))
    if roll < 0.7:
        return Derivative(inside, Element("x", (rng.choice(indices),)))
    if roll < 0.85:
        return Indicator(ForAll("n", bind(Compare(">", inside, ONE), rng.choice(indices))))
    argument = Argument(("n", "n"), bind(bind(inside, rng.choice(indices)), rng.choice(indices)))
    return Call("f", (rng.choice(indices),), (argument,))


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=100, derandomize=True)
def test_bind_and_open_are_inverse(seed: int) -> None:
    rng = Random(seed)
    term = _random_term(rng, 4)
    for index in (i, j, k):
        assert open_binder(bind(term, index), index) == term
        assert index not in free_indices(bind(term, index))
    fresh = Free("fresh", "n")
    assert substitute_indices(substitute_indices(term, {i: fresh}), {fresh: i}) == term
    found = set()
    for node in subterms(term):
        match node:
            case Element(_, indices) | Call(_, indices, _, _) | Derivative(_, Element(_, indices)):
                found |= {index for index in indices if isinstance(index, Free)}
    assert set(free_indices(term)) == found
