"""Traps with indices, sums and Kronecker deltas (see ``trap_model``), and all traps together."""

import math
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy import KroneckerDelta, Piecewise, Sum

from tests.adversarial.sympy_traps_matrix import MATRIX_TRAPS
from tests.adversarial.sympy_traps_scalar import SCALAR_TRAPS
from tests.adversarial.trap_model import DROPS, WRONG, Trap

x, a = sp.symbols("x a", real=True)
n = sp.Symbol("n", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True)
X, Y, A = sp.IndexedBase("x"), sp.IndexedBase("y"), sp.IndexedBase("A")
f = sp.Function("f")

VECTORS = "n, m : dimension\nx, y : R^n    A : R^{n x n}"

#: n = 2 with x = (1, 2); and a matrix of ones.
X12 = {n: 2, X[1]: 1, X[2]: 2}
ONES = {A[r, s]: 1 for r in (1, 2) for s in (1, 2)}


def _gaussians(places: range, peak: int) -> float:
    return math.fsum(math.exp(-((place - peak) ** 2)) for place in places)


def _delta_contracted() -> Any:  # an array of rank 0, where a vector is right
    from sympy.tensor.array.expressions.from_indexed_to_array import convert_indexed_to_array

    row, column = sp.Idx("i", n), sp.Idx("j", n)
    body = KroneckerDelta(row, column) * X[column] * Y[column]
    return convert_indexed_to_array(Sum(body, (column, 0, n - 1)))


SUMS = (
    Trap(
        "derivative of a sum by a component with the letter of the sum",
        WRONG,
        lambda: Sum(sp.exp(X[k]), (k, 1, n)).diff(X[k]),
        "Sum(exp(x[k]), (k, 1, n))",
        {n: 2, k: 1, X[1]: 0, X[2]: 0},
        Fraction(1),
        r"\frac{\partial}{\partial x_k} \sum_{k=1}^n e^{x_k} = \sum_{k=1}^n e^{x_k}",
        "refuted",
        declared=VECTORS,
        source="21891",
    ),
    Trap(
        "the same for squares",
        WRONG,
        lambda: Sum(X[k] ** 2, (k, 1, n)).diff(X[k]),
        "Sum(2*x[k], (k, 1, n))",
        {**X12, k: 1},
        Fraction(2 * 1),
        r"\frac{\partial}{\partial x_k} \sum_{k=1}^n x_k^2 = \sum_{k=1}^n 2 x_k",
        "refuted",
        declared=VECTORS,
        source="21891",
    ),
    Trap(
        "log-sum-exp differentiated to 1",
        WRONG,
        lambda: sp.log(Sum(sp.exp(X[k]), (k, 1, n))).diff(X[k]),
        "1",
        {n: 2, k: 1, X[1]: 0, X[2]: 0},
        Fraction(1, 1 + 1),
        r"\frac{\partial}{\partial x_k} \ln \sum_{j=1}^n e^{x_j} = 1",
        "refuted",
        declared=VECTORS,
    ),
    Trap(
        "a dot product differentiated to a sum",
        WRONG,
        lambda: Sum(X[k] * Y[k], (k, 1, n)).diff(X[k]),
        "Sum(y[k], (k, 1, n))",
        {n: 2, k: 1, Y[1]: 1, Y[2]: 2},
        Fraction(1),
        r"\frac{\partial}{\partial x_k} \sum_{i=1}^n x_i y_i = \sum_{i=1}^n y_i",
        "refuted",
        declared=VECTORS,
    ),
    Trap(
        "a quadratic form differentiated by a bound component",
        WRONG,
        lambda: Sum(A[i, j] * X[i] * X[j], (i, 1, n), (j, 1, n)).diff(X[i]),
        "Sum(KroneckerDelta(i, j)*A[i, j]*x[i] + A[i, j]*x[j], (i, 1, n), (j, 1, n))",
        {**X12, **ONES, i: 1},
        Fraction(2 * (1 + 2)),
        r"\frac{\partial}{\partial x_k} \sum_{i,j} A_{ij} x_i x_j"
        r" = \sum_{i,j} (\delta_{ij} A_{ij} x_i + A_{ij} x_j)",
        "refuted",
        declared=VECTORS,
    ),
    Trap(
        "a row sum differentiated by an entry",
        WRONG,
        lambda: Sum(A[i, j] * X[j], (j, 1, n)).diff(A[i, j]),
        "Sum(x[j], (j, 1, n))",
        {**X12, i: 1, j: 1},
        Fraction(1),
        r"\frac{\partial (A x)_i}{\partial A_{ij}} = \sum_{k} x_k",
        "refuted",
        declared=VECTORS,
    ),
    Trap(
        "substitution captures a row index",
        WRONG,
        lambda: Sum(A[i, k] * X[k], (k, 1, n)).subs(i, k),
        "Sum(A[k, k]*x[k], (k, 1, n))",
        {**X12, **ONES, A[2, 2]: 0, k: 1},
        Fraction(1 * 1 + 1 * 2),
        r"(A x)_k = \sum_{i} A_{ii} x_i",
        "refuted",
        declared=VECTORS,
    ),
    Trap(
        "substitution captures a factor",
        WRONG,
        lambda: Sum(X[k] * X[i], (k, 1, n)).subs(i, k),
        "Sum(x[k]**2, (k, 1, n))",
        {**X12, k: 1},
        Fraction(1 * (1 + 2)),
        r"x_k \sum_{i} x_i = \sum_{i} x_i^2",
        "refuted",
        declared=VECTORS,
    ),
    Trap(
        "substitution captures a number",
        WRONG,
        lambda: Sum(a * k, (k, 1, n)).subs(a, k),
        "Sum(k**2, (k, 1, n))",
        {n: 3, k: 1},
        Fraction(1 * (1 + 2 + 3)),
        r"k \sum_{i=1}^{3} i = \sum_{i=1}^{3} i^2",
        "refuted",
        declared="k : R",
    ),
    Trap(
        "parity under a Kronecker delta",
        WRONG,
        lambda: Sum(KroneckerDelta(2 * i, j), (i, 1, n)).doit(),
        "Piecewise((1, (j >= 2) & (n >= j/2)), (0, True))",
        {n: 5, j: 3},
        Fraction(sum(2 * r == 3 for r in range(1, 6))),
        r"\sum_{i=1}^{5} \mathbf{1}[2 i = 3] = 1",
        "refuted",
    ),
    Trap(
        "thirds under a Kronecker delta",
        WRONG,
        lambda: Sum(KroneckerDelta(3 * i, j), (i, 1, n)).doit(),
        "Piecewise((1, (j >= 3) & (n >= j/3)), (0, True))",
        {n: 5, j: 4},
        Fraction(sum(3 * r == 4 for r in range(1, 6))),
        r"\sum_{i=1}^{5} \mathbf{1}[3 i = 4] = 1",
        "refuted",
    ),
    Trap(
        "a bound index leaves its sum through a Piecewise",
        WRONG,
        lambda: sp.simplify(
            -Sum(Piecewise((KroneckerDelta(i, j, (1, n)), X[i] > 0), (0, True)), (i, 1, n))
        ),
        "Piecewise((-1, x[i] > 0), (0, True))",
        {n: 2, i: 1, j: 2, X[1]: 1, X[2]: -1},
        Fraction(-sum(r == 2 and (1, -1)[r - 1] > 0 for r in (1, 2))),
        r"-\sum_{k} \delta_{kj} \mathbf{1}[x_k > 0] = -\mathbf{1}[x_i > 0]",
        "refuted",
        declared=VECTORS,
        source="27359",
    ),
    Trap(
        "a delta between two factors contracted to a number",
        WRONG,
        _delta_contracted,
        "ArrayContraction(ArrayTensorProduct(x, y), (0, 1))",
        {"x": (1, 1), "y": (1, 1)},
        Fraction(1 * 1),
        r"\sum_{j} \delta_{ij} x_j y_j = x^\top y",
        "refuted ill-typed",
        declared=VECTORS,
        source="28950",
        says=lambda answer: Fraction(1 * 1 + 1 * 1) if "(0, 1)" in str(answer) else Fraction(1),
    ),
    Trap(
        "derivatives of symbolic order under a sum",
        WRONG,
        lambda: sp.summation(f(x).diff(x, k), (k, 1, 3)),
        "0",
        {"f": "x"},
        Fraction(1 + 0 + 0),
        r"\frac{d}{dx} x + \frac{d}{dx} \frac{d}{dx} x = 0",
        "refuted",
        source="27852",
        says=lambda answer: Fraction(int(answer)),
    ),
    Trap(
        "a sum of a hundred positive numbers evaluated to 0",
        WRONG,
        lambda: Sum(sp.exp(-(k**2)), (k, -50, 50)).evalf(),
        "0",
        {},
        _gaussians(range(-50, 51), 0),
        r"\sum_{k=1}^{3} e^{-(k-2)^2} = 0",
        "refuted",
        source="20932",
    ),
    Trap(
        "a peak beyond the first terms evaluated to 0",
        WRONG,
        lambda: Sum(sp.exp(-((k - 30) ** 2)), (k, 1, 100)).evalf(),
        "0",
        {},
        _gaussians(range(1, 101), 30),
        r"\sum_{k=1}^{3} e^{-(k-3)^2} = 0",
        "refuted",
    ),
    Trap(
        "a telescoping sum over its own poles",
        DROPS,
        lambda: Sum(1 / ((k - 3) * (k - 4)), (k, 1, n)).doit(),
        "-1/3 - 1/(n - 3)",
        {n: 5},
        None,
        r"\sum_{k=1}^{5} \frac{1}{(k-3)(k-4)} = -\frac{5}{6}",
        "unknown refuted",
    ),
    Trap(
        "a quotient of equal sums",
        DROPS,
        lambda: sp.simplify(Sum(X[i], (i, 1, n)) / Sum(X[i], (i, 1, n))),
        "1",
        {n: 2, X[1]: 1, X[2]: -1},
        None,
        r"\frac{\sum_i x_i}{\sum_i x_i} = 1",
        "conditional",
        "!= 0",
        declared=VECTORS,
    ),
)

TRAPS = (*SUMS, *MATRIX_TRAPS, *SCALAR_TRAPS)
