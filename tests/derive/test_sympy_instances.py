"""Identities written out at fixed dimensions, and evaluated."""

import mpmath
import pytest
import sympy
from sympy import Derivative, Eq, Idx, IndexedBase, KroneckerDelta, Sum, exp

from derive.sympy_instances import (
    NoValueError,
    Place,
    aligned_sides,
    can_instantiate,
    dimension_symbols,
    free_axes,
    index_values,
    numbers_at,
    size_written_out,
    variables,
)
from derive.sympy_terms import Tensor

n, m = sympy.symbols("n m", integer=True, positive=True)
k, q = sympy.symbols("k q", integer=True)
x = sympy.Symbol("x", real=True)
W = IndexedBase("W", shape=(m, n), real=True)
v = IndexedBase("v", shape=(n,), real=True)
i, j = Idx("i", (1, m)), Idx("j", (1, n))
SIZES = {n: 2, m: 3}


def point(place: Place, symbol: sympy.Symbol | None) -> mpmath.mpf:
    """W[a, b] = 10 a + b, v[a] = a, x = 3."""
    name, indices = place
    if name == "W":
        return mpmath.mpf(10 * indices[0] + indices[1])
    return mpmath.mpf(indices[0] if name == "v" else 3)


def value(expression: sympy.Basic, **at: int) -> object:
    (found,) = numbers_at((expression,), SIZES, at, point)
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (Sum(W[i, k] * v[k], (k, 1, n)), 21 * 1 + 22 * 2),
        (Sum(W[q, k], (q, 1, m), (k, 1, n)), 11 + 12 + 21 + 22 + 31 + 32),
        (sympy.Product(v[k], (k, 1, n)), 2),
        (Sum(1, (k, 1, n)) * m, 6),
        (W[3, 1], 31),
        (KroneckerDelta(i, 2) + KroneckerDelta(i, 1), 1),
        (Derivative(Sum(v[k] ** 2, (k, 1, n)), v[j]), 2),
        (Derivative(Sum(W[i, k] * v[k], (k, 1, n)), W[i, j]), 1),
        (Derivative(x**3, (x, 2)), 18),
        (Derivative(Derivative(x**3, x), x), 18),
        (Derivative(v[j], x), 0),
        (Derivative(Sum(v[k] * x, (k, 1, n)), x), 3),
        (Derivative(sympy.Max(0, -x), x), 0),
        (Derivative(sympy.Abs(-x), x), 1),
        (sympy.Piecewise((1, x < 0), (2, x > 5), (4, True)), 4),
        (Derivative(sympy.Piecewise((x, x < 0), (x**2, True)), x), 6),
        (sympy.floor(x / 2) + sympy.ceiling(x / 2), 3),
        (sympy.Rational(1, 4) * 4, 1),
    ],
    ids=str,
)
def test_values(expression: sympy.Expr, expected: int) -> None:
    assert value(expression, i=2, j=1) == expected


def test_propositions_have_truth_values() -> None:
    assert value(sympy.And(x > 2, x < 4)) is True
    assert value(sympy.Or(x > 4, sympy.Eq(i, j)), i=1, j=1) is True
    assert value(sympy.Not(x > 2, evaluate=False)) is False


@pytest.mark.parametrize(
    "expression",
    [
        sympy.Piecewise((1, x < 0)),
        sympy.gamma(x),
        Derivative(sympy.Max(0, x - 3), x),
        Derivative(sympy.Piecewise((x, x < 0)), x),
    ],
    ids=str,
)
def test_what_has_no_value_says_so(expression: sympy.Expr) -> None:
    with pytest.raises(NoValueError):
        value(expression)


def test_a_sum_inside_a_derivative_does_not_capture_its_index() -> None:
    partition = Sum(exp(v[k]), (k, 1, n))
    assert value(Derivative(partition, v[j]), j=2) == mpmath.exp(2)


def test_dimensions_axes_and_variables_are_read_off() -> None:
    identity = Eq(Sum(W[i, k] * v[k], (k, 1, n)), x * KroneckerDelta(i, 1), evaluate=False)
    assert dimension_symbols(identity) == (m, n)
    assert [axis.name for axis in free_axes(identity.lhs)] == ["i"]
    shapes, scalars = variables(identity, x > 0)
    assert shapes == {"W": (m, n), "v": (n,)}
    assert scalars == {"x": x}
    assert list(index_values((i, j), SIZES))[:3] == [
        {"i": 1, "j": 1},
        {"i": 1, "j": 2},
        {"i": 2, "j": 1},
    ]


def test_axes_of_the_right_side_take_the_names_of_the_left() -> None:
    a, b = Idx("a", (1, n)), Idx("b", (1, n))
    left, right, axes = aligned_sides(
        Eq(Tensor(v[a] * v[b] ** 2, a, b), Tensor(v[a] ** 2 * v[b], b, a), evaluate=False)
    )
    assert left == right
    assert axes == (a, b)


def test_only_relations_between_numbers_are_written_out() -> None:
    assert can_instantiate(Eq(x, 1))
    assert not can_instantiate(sympy.And(x > 1, x < 2))
    assert not can_instantiate(Eq(Tensor(v[j], j), Tensor(W[i, j], i, j), evaluate=False))


def test_the_size_counts_the_sums_written_out() -> None:
    assert size_written_out(v[j] + x, SIZES) == 3
    assert size_written_out(Sum(v[k] + x, (k, 1, n)), SIZES) == 6
    assert size_written_out(Sum(v[k] + x, (k, 1, n), (q, 1, m)), SIZES) == 18
    assert size_written_out(Derivative(v[j] + x, x), SIZES) == 6
