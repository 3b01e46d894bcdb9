"""Compiled expressions against their values, for floats and for mpmath numbers."""

from collections.abc import Mapping

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Derivative, Idx, IndexedBase, KroneckerDelta, Sum, exp, log

from derive.numeric.lambdified import Values, compiled
from derive.sympy_instances import dimension_symbols, free_axes, variables

n, m = sympy.symbols("n m", integer=True, positive=True)
k, q = sympy.symbols("k q", integer=True)
x, c = sympy.symbols("x c", real=True)
W = IndexedBase("W", shape=(m, n), real=True)
v = IndexedBase("v", shape=(n,), real=True)
i, j = Idx("i", (1, m)), Idx("j", (1, n))
LENGTHS = {"n": 2, "m": 3}
ARRAYS = {
    "W": np.array([[11.0, 12.0], [21.0, 22.0], [31.0, 32.0]]),
    "v": np.array([1.0, 2.0]),
    "x": np.array(3.0),
    "c": np.array(-0.5),
}


def evaluated(
    expression: sympy.Basic,
    arrays: Mapping[str, np.ndarray] = ARRAYS,
    exact: bool = False,
    **at: int,
) -> float:
    shapes, scalars = variables(expression)
    dimensions = dimension_symbols(expression)
    axes = free_axes(expression)
    names = (*shapes, *scalars)
    function = compiled((expression,), names, dimensions, axes)
    values = []
    for name in names:
        array = np.asarray(arrays[name])[np.newaxis]
        values.append(Values(np.vectorize(mpmath.mpf, otypes=[object])(array) if exact else array))
    sizes = [LENGTHS[symbol.name] for symbol in dimensions]
    (found,) = function(*values, *sizes, *(np.array([at[axis.name]]) for axis in axes))
    (value,) = np.broadcast_to(np.asarray(found), (1, 1)).ravel()
    return float(value)


CASES = [
    (x + c, 2.5),
    (x - 2 * c, 4.0),
    (x / c, -6.0),
    (x**2, 9.0),
    (x**-2, 1 / 9),
    (sympy.sqrt(x), 3**0.5),
    (sympy.Rational(1, 3) * x, 1.0),
    (x / 2, 1.5),
    (exp(c), np.exp(-0.5)),
    (log(x), np.log(3)),
    (sympy.E * x, np.e * 3),
    (sympy.tanh(c) + sympy.sinh(c) + sympy.cosh(c), np.tanh(-0.5) + np.exp(-0.5)),
    (sympy.sin(c) ** 2 + sympy.cos(c) ** 2, 1.0),
    (sympy.tan(sympy.atan(c)), -0.5),
    (sympy.Max(0, c, x), 3.0),
    (sympy.Min(0, c, x), -0.5),
    (sympy.Abs(c) + sympy.sign(c), -0.5),
    (sympy.floor(c) + sympy.ceiling(x / 2), 1.0),
    (sympy.Piecewise((x, c > 0), (2 * x, c > -1), (0, True)), 6.0),
    (Sum(W[i, k] * v[k], (k, 1, n)), 21 + 44),
    (Sum(W[q, k], (q, 1, m), (k, 1, n)), 129),
    (Sum(Sum(W[q, k] * v[j], (k, 1, n)), (q, 1, m)), 129),
    (sympy.Product(v[k], (k, 1, n)), 2),
    (Sum(v[k] * KroneckerDelta(k, j), (k, 1, n)), 1),
    (KroneckerDelta(i, 2) * W[i, j], 21),
    (n * m + W[3, 2], 38),
    (Derivative(x**3, x), 27),
    (Derivative(sympy.Max(0, c) + sympy.Max(0, x), x), 1),
    (Derivative(sympy.Abs(c), c), -1),
    (Derivative(sympy.Piecewise((c**2, c < 0), (c, True)), c), -1),
    (Derivative(Sum(v[k] ** 2, (k, 1, n)), v[j]), 2),
    (Derivative(Sum(W[i, k] * v[k], (k, 1, n)), W[i, j]), 1),
    (Sum(Derivative(exp(v[k]), v[j]) * v[k], (k, 1, n)), np.e),
    (Derivative(log(Sum(exp(v[k]), (k, 1, n))), v[j]), 1 / (1 + np.e)),
]


@pytest.mark.parametrize("exact", [False, True], ids=["floats", "mpmath"])
@pytest.mark.parametrize(("expression", "expected"), CASES, ids=lambda case: str(case))
def test_values(expression: sympy.Expr, expected: float, exact: bool) -> None:
    assert evaluated(expression, exact=exact, i=2, j=1) == pytest.approx(expected, rel=1e-14)


def test_many_points_and_entries_at_once() -> None:
    function = compiled((W[i, j] * x,), ("W", "x"), (m, n), (i, j))
    rng = np.random.default_rng(1)
    arrays, scalars = rng.normal(size=(5, 3, 2)), rng.normal(size=5)
    rows, columns = np.array([1, 2, 3, 3]), np.array([1, 2, 1, 2])
    (found,) = function(Values(arrays), Values(scalars), 3, 2, rows, columns)
    np.testing.assert_array_equal(found, arrays[:, rows - 1, columns - 1] * scalars[:, np.newaxis])


def test_entries_differentiate_by_their_own_component() -> None:
    function = compiled((Derivative(v[i] ** 2 * v[j], v[j]),), ("v",), (n,), (i, j))
    (found,) = function(Values(np.array([[2.0, 5.0]])), 2, np.array([1, 1, 2]), np.array([1, 2, 2]))
    np.testing.assert_allclose(found, [[12.0, 4.0, 75.0]])


def test_names_of_symbols_never_become_code() -> None:
    evil = sympy.Symbol("__import__('os').abort()", real=True)
    lam = sympy.Symbol("lambda", real=True)
    array = IndexedBase("a b", shape=(n,), real=True)
    letter = sympy.Symbol("for", integer=True)
    expression = evil * lam + Sum(array[letter], (letter, 1, n))
    function = compiled((expression,), ("a b", evil.name, "lambda"), (n,), ())
    (found,) = function(
        Values(np.array([[1.0, 2.0]])), Values(np.array([3.0])), Values(np.array([4.0])), 2
    )
    assert found == [[15.0]]


def test_exponents_do_not_overflow_in_mpmath() -> None:
    large = {"v": np.array([-800.0, 800.0])}
    softmax = exp(v[j]) / Sum(exp(v[k]), (k, 1, n))
    assert evaluated(softmax, large, exact=True, j=2) == 1.0
    assert evaluated(log(softmax), large, exact=True, j=1) == -1600.0


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (sympy.gamma(x), "the function gamma is not compiled"),
        (sympy.Function("total")(x), "the function total is not compiled"),
        (Derivative(Derivative(x**2, x), x, evaluate=False), "a derivative of a derivative"),
        (Derivative(x**2, (x, 2)), "a derivative of a derivative"),
    ],
)
def test_what_is_not_compiled_says_so(expression: sympy.Expr, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        compiled((expression,), ("x",), (), ())


def test_a_symbol_that_nothing_is_given_for_is_named() -> None:
    with pytest.raises(ValueError, match="nothing is given for c"):
        compiled((x + c,), ("x",), (), ())


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(-5, 5), min_size=2, max_size=2), st.integers(1, 2))
def test_a_derivative_is_that_of_sympy(values: list[float], place: int) -> None:
    body = exp(v[1] * v[2]) + v[1] ** 3 / (1 + v[2] ** 2)
    a, b = sympy.symbols("a b", real=True)
    plain = body.subs({v[1]: a, v[2]: b})
    expected = plain.diff((a, b)[place - 1]).subs({a: values[0], b: values[1]})
    found = evaluated(Derivative(body, v[j]), {"v": np.array(values)}, j=place)
    assert found == pytest.approx(float(expected), rel=1e-12, abs=1e-12)
