"""Claims against quantities that are right, wrong, or of another shape."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import sympy
from sympy import Eq, Gt, Idx, IndexedBase, KroneckerDelta, Ne, Sum, exp, log

from derive.claim import Array, Claim
from derive.numeric.activations import log_softmax, relu, softmax
from derive.numeric.crosscheck import SEEDS, TOLERANCE, CrossCheck, cross_check
from derive.numeric.finite_difference import complex_step_gradient, complex_step_jacobian
from derive.sympy_terms import Tensor

n, N = sympy.symbols("n N", integer=True, positive=True)
k, q = sympy.symbols("k q", integer=True)
x, h = sympy.symbols("x h", real=True)
v = IndexedBase("v", shape=(n,), real=True)
X = IndexedBase("X", shape=(N, n), real=True)
i, j, e = Idx("i", (1, n)), Idx("j", (1, n)), Idx("e", (1, N))
Given = Mapping[str, Array]


def softmax_entry(entries: Callable[[Any], sympy.Expr], index: Any) -> sympy.Expr:
    return exp(entries(index)) / Sum(exp(entries(k)), (k, 1, n))


def claim(identity: sympy.Basic, quantity: Callable[[Given], Any] | None, **other: Any) -> Claim:
    return Claim("a_claim", "A title.", "1a", identity, "", quantity=quantity, **other)


def eq(left: sympy.Expr | int, right: sympy.Expr | int) -> sympy.Basic:
    return Eq(left, right, evaluate=False)


def checked(made: Claim, **options: Any) -> CrossCheck:
    found = cross_check(made, seed=5, **options)
    assert found is not None
    return found


S = [softmax_entry(lambda a: v[a], index) for index in (i, j)]


def test_a_right_claim_agrees_at_random_and_hostile_points() -> None:
    found = checked(
        claim(eq(S[0], softmax_entry(lambda a: v[a], i)), lambda given: softmax(given["v"]))
    )
    assert found.agrees
    assert found.largest_error < 1e-14
    assert found.hostile == ("|x| = 800", "zeros", "ties")
    assert found.dimensions == (("n", 2),)
    assert found.seeds == SEEDS
    assert found.points == SEEDS * 2 + 3 * 2


@pytest.mark.parametrize(
    "right",
    [
        S[0] * (1 + sympy.Rational(1, 10**7)),
        softmax_entry(lambda a: -v[a], i),
        softmax_entry(lambda a: 2 * v[a], i),
        sympy.Integer(1) / n,
    ],
    ids=str,
)
def test_a_wrong_claim_differs(right: sympy.Expr) -> None:
    found = checked(claim(eq(S[0], right), lambda given: softmax(given["v"])))
    assert found.largest_error > TOLERANCE
    assert not found.agrees


def test_a_formula_that_overflows_is_judged_exactly() -> None:
    naive = log(S[0])
    found = checked(
        claim(
            eq(naive, v[i] - log(Sum(exp(v[k]), (k, 1, n)))), lambda given: log_softmax(given["v"])
        )
    )
    assert found.agrees
    unstable = checked(
        claim(eq(naive, naive), lambda given: np.log(np.exp(given["v"]) / np.exp(given["v"]).sum()))
    )
    assert not unstable.agrees, "a network that overflows at |x| = 800 is found out"
    assert unstable.largest_error == float("inf")


def test_axes_of_a_tensor_are_those_of_the_left_side() -> None:
    identity = eq(
        Tensor(sympy.Derivative(S[0], v[j]), i, j),
        Tensor(KroneckerDelta(i, j) * S[1] - S[0] * S[1], j, i),
    )
    assert checked(claim(identity, lambda given: complex_step_jacobian(softmax, given["v"]))).agrees
    skew = eq(Tensor(v[i] - v[j], i, j), Tensor(v[i] - v[j], j, i))
    outer = checked(claim(skew, lambda given: np.subtract.outer(given["v"], given["v"])))
    assert not outer.agrees


def test_a_derivative_on_the_compared_side_is_taken() -> None:
    identity = eq(S[0] * (1 - S[0]), sympy.Derivative(S[0], v[i]))
    diagonal = checked(
        claim(identity, lambda given: np.diagonal(complex_step_jacobian(softmax, given["v"])))
    )
    assert diagonal.agrees
    assert diagonal.hostile == ("|x| = 800", "zeros", "ties")


def test_hypotheses_restrict_the_entries() -> None:
    jacobian = lambda given: complex_step_jacobian(softmax, given["v"])  # noqa: E731
    off = eq(sympy.Derivative(S[0], v[j]), -S[0] * S[1])
    assert not checked(claim(off, jacobian)).agrees
    restricted = checked(claim(off, jacobian, hypotheses=(Ne(i, j, evaluate=False),)))
    assert restricted.agrees
    assert restricted.points < checked(claim(off, jacobian)).points
    slope = eq(relu(np.float64(0)) + sympy.Max(0, h) / h, 1)
    assert not checked(claim(slope, lambda given: relu(given["h"]) / given["h"])).agrees
    positive = checked(
        claim(slope, lambda given: relu(given["h"]) / given["h"], hypotheses=(Gt(h, 0),))
    )
    assert positive.agrees
    assert "zeros" not in positive.hostile


def test_of_an_inequality_the_left_side_is_compared() -> None:
    quantity = lambda given: softmax(given["v"])  # noqa: E731
    assert checked(claim(Gt(S[0], 0, evaluate=False), quantity)).agrees
    assert checked(claim(Gt(S[0], 1, evaluate=False), quantity)).agrees


def test_off_kinks_leaves_out_zeros_and_ties() -> None:
    step = eq(sympy.Derivative(sympy.Max(0, x), x), sympy.Piecewise((1, x > 0), (0, True)))
    made = claim(step, lambda given: complex_step_gradient(relu, given["x"]))
    assert checked(made, off_kinks=True).hostile == ("|x| = 800",)
    assert checked(made).hostile == ("|x| = 800", "zeros", "ties")


def test_batches_and_condition_words() -> None:
    mean = eq(Sum(X[e, k], (k, 1, n)) / n, Sum(X[e, k], (k, 1, n)) / n)
    found = checked(claim(mean, lambda given: given["X"].mean(axis=1)))
    assert found.agrees
    assert found.hostile[-1] == "a batch of one"
    assert found.dimensions == (("N", 2), ("n", 3))
    sums = eq(Sum(v[k], (k, 1, n)), 1)
    total = lambda given: given["v"].sum()  # noqa: E731
    for word in ("one-hot", "sums to 1"):
        assert checked(claim(sums, total, conditions={"v": (word,)})).agrees
    assert not checked(claim(sums, total)).agrees
    positive = eq(sympy.Abs(x), x)
    for word in ("positive", "nonnegative"):
        good = checked(claim(positive, lambda given: np.abs(given["x"]), conditions={"x": (word,)}))
        assert good.agrees


def test_only_dimensions_or_nothing_varies() -> None:
    counted = eq(Sum(1, (k, 1, n), (q, 1, N)), n * N)
    found = checked(claim(counted, lambda given: given["n"] * given["N"]))
    assert found.agrees
    assert (found.points, found.seeds, found.hostile) == (3, 1, ("a batch of one",))
    constant = checked(claim(eq(6 * 25, 150), lambda _: 150))
    assert (constant.points, constant.seeds, constant.hostile) == (1, 1, ())


def test_without_a_quantity_or_a_relation_there_is_nothing_to_compare() -> None:
    assert cross_check(claim(eq(x, x), None), seed=1) is None
    assert cross_check(claim(sympy.And(x > 0, x < 1), lambda _: 0), seed=1) is None


def test_another_reading_of_the_claim_may_be_compared() -> None:
    made = claim(eq(x, x + 1), lambda given: given["x"])
    assert not checked(made).agrees
    found = cross_check(made, eq(x, x), seed=5)
    assert found is not None
    assert found.agrees


def test_a_quantity_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match=r"quantity has shape \(\), the claim's entries \(2,\)"):
        checked(claim(eq(v[i], v[i]), lambda given: given["v"].sum()))


def test_the_same_seed_gives_the_same_figures() -> None:
    made = claim(eq(S[0], v[i]), lambda given: softmax(given["v"]))
    assert checked(made) == checked(made)
