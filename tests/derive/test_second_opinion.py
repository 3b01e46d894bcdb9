"""SymPy's own view of identities that are right, wrong, or beyond it."""

import pytest
import sympy
from sympy import (
    Derivative,
    Eq,
    Ge,
    Gt,
    Idx,
    IndexedBase,
    KroneckerDelta,
    Le,
    Lt,
    Ne,
    Sum,
    exp,
    log,
)

from derive.second_opinion import MOST_ENTRIES, Opinion, opinion
from derive.sympy_terms import OperationCount, Tensor

n, m = sympy.symbols("n m", integer=True, positive=True)
x, c = sympy.symbols("x c", real=True)
p = sympy.Symbol("p", positive=True)
k = sympy.Symbol("k", integer=True)
v = IndexedBase("v", shape=(n,), real=True)
i, j = Idx("i", (1, n)), Idx("j", (1, n))


def eq(left: sympy.Expr | int, right: sympy.Expr | int) -> sympy.Basic:
    return Eq(left, right, evaluate=False)


S_i = exp(v[i]) / Sum(exp(v[k]), (k, 1, n))
S_j = exp(v[j]) / Sum(exp(v[k]), (k, 1, n))


@pytest.mark.parametrize(
    "identity",
    [
        eq(sympy.sin(x) ** 2 + sympy.cos(x) ** 2, 1),
        eq(Derivative(x**3, x), 3 * x**2),
        eq(Derivative(S_i, v[j]), S_i * KroneckerDelta(i, j) - S_i * S_j),
        eq(Tensor(v[i] * v[j], i, j), Tensor(v[j] * v[i], j, i)),
        eq(Sum(1, (k, 1, n)), n),
        eq(sympy.Product(exp(v[k]), (k, 1, n)), exp(Sum(v[k], (k, 1, n)))),
        eq(log(p**2), 2 * log(p)),
        eq(sympy.Max(x, 0) + sympy.Min(x, 0), x),
        eq(sympy.Piecewise((x, x > 0), (-x, True)), sympy.Abs(x)),
        eq(Derivative(sympy.Piecewise((x**2, x > 0), (0, True)), x), 2 * sympy.Max(x, 0)),
        eq(Derivative(sympy.Max(0, x), x), sympy.Piecewise((1, x > 0), (0, True))),
        Ge(x**2 + 1, 1, evaluate=False),
        Gt(exp(x), 0, evaluate=False),
        Le(2 * x, x**2 + 1, evaluate=False),
        Lt(sympy.tanh(x), 1, evaluate=False),
        Ne(exp(x), 0, evaluate=False),
    ],
    ids=str,
)
def test_it_agrees_with_what_is_right(identity: sympy.Basic) -> None:
    found = opinion(identity, {}, (), seed=1)
    assert found.answer == "holds", found
    assert found.entries == MOST_ENTRIES


@pytest.mark.parametrize(
    "identity",
    [
        eq(sympy.sin(x) ** 2, sympy.cos(x) ** 2),
        eq(Derivative(x**3, x), 2 * x**2),
        eq(Derivative(S_i, v[j]), S_i * KroneckerDelta(i, j) + S_i * S_j),
        eq(Tensor(v[i] - v[j], i, j), Tensor(v[i] - v[j], j, i)),
        eq(x, x * (1 + sympy.Rational(1, 10**25))),
        Gt(sympy.tanh(x), 1, evaluate=False),
        Ne(x, x + 0 * c, evaluate=False),
    ],
    ids=str,
)
def test_it_contradicts_what_is_wrong(identity: sympy.Basic) -> None:
    found = opinion(identity, {}, (), seed=1)
    assert found.answer == "fails"
    assert found.failing > 0


def test_hypotheses_and_condition_words_restrict_the_points() -> None:
    wrong_unless_equal = eq(v[i], v[j])
    assert opinion(wrong_unless_equal, {}, (eq(i, j),), 1).answer == "holds"
    assert opinion(wrong_unless_equal, {}, (), 1).answer == "fails"
    assert opinion(eq(sympy.Abs(x), -x), {}, (Lt(x, 0),), 1).answer == "holds"
    total = eq(Sum(v[k], (k, 1, n)), 1)
    assert opinion(total, {"v": ("one-hot",)}, (), 1).answer == "holds"
    assert opinion(total, {"v": ("sums to 1",)}, (), 1).answer == "holds"
    assert opinion(total, {}, (), 1).answer == "fails"
    assert opinion(eq(sympy.Abs(x), x), {"x": ("positive",)}, (), 1).answer == "holds"


W = IndexedBase("W", shape=(m, n), real=True)
a, b = sympy.symbols("a b", integer=True)
_HUGE = Sum(
    Sum(exp(Sum(W[a, k] * v[k], (k, 1, n))) * exp(Sum(W[b, k] * v[k], (k, 1, n))), (a, 1, m)),
    (b, 1, m),
)


@pytest.mark.parametrize(
    ("identity", "reason"),
    [
        (sympy.And(x > 0, x < 1), "this is no relation between numbers"),
        (eq(OperationCount(v[i] * v[i], i), n), "this is no relation between numbers"),
        (eq(Tensor(v[i], i), Tensor(v[i] * v[j], i, j)), "this is no relation between numbers"),
        (eq(log(-1 - x**2), x), "it found no point at which both sides have a value"),
        (eq(sympy.gamma(x), x), "it found no point at which both sides have a value"),
        (eq(1 / (x - x), 1), "it found no point at which both sides have a value"),
        (
            eq(sympy.Add(*(_HUGE**e for e in range(2, 60))), 1),
            "written out, the claim is too large",
        ),
    ],
)
def test_it_says_why_it_has_no_opinion(identity: sympy.Basic, reason: str) -> None:
    found = opinion(identity, {}, (), 1)
    assert found == Opinion("none", reason=reason)
    assert found.words == f"SymPy has no opinion: {reason}"


def test_the_words_for_the_report() -> None:
    assert Opinion("holds", 2).words == (
        "SymPy finds no difference, to 30 digits at 2 random entries"
    )
    assert Opinion("holds", 1).words.endswith("at 1 random entry")
    assert Opinion("fails", 2, 1).words == "SymPy finds that it fails at 1 of 2 random entries"


def test_the_same_seed_gives_the_same_answer() -> None:
    wrong = eq(v[i] * sympy.Max(v[j], 0), v[i] * v[j])
    assert opinion(wrong, {}, (), 3) == opinion(wrong, {}, (), 3)
