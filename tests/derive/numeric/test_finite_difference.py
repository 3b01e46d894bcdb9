import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.numeric.finite_difference import (
    central_difference_gradient,
    central_difference_jacobian,
    complex_step_gradient,
    complex_step_jacobian,
    error_against_step,
    relative_error,
)

GRADIENTS = [complex_step_gradient, central_difference_gradient]
JACOBIANS = [complex_step_jacobian, central_difference_jacobian]
TOLERANCE = {
    complex_step_gradient: 1e-14,
    complex_step_jacobian: 1e-14,
    central_difference_gradient: 1e-9,
    central_difference_jacobian: 1e-9,
}


@pytest.mark.parametrize("method", GRADIENTS)
@pytest.mark.parametrize("shape", [(), (1,), (4,), (2, 3), (2, 1, 3)])
def test_gradient_has_the_shape_and_order_of_x(method, shape):
    x = np.random.default_rng(len(shape)).standard_normal(shape)
    weights = 1.0 + np.arange(x.size).reshape(shape)
    found = method(lambda z: (weights * np.exp(z)).sum(), x)
    assert found.shape == shape
    assert relative_error(found, weights * np.exp(x)) < TOLERANCE[method]


@pytest.mark.parametrize("method", JACOBIANS)
def test_jacobian_has_outputs_first(method):
    A = np.random.default_rng(1).standard_normal((2, 3))
    x = np.array([0.3, -0.2, 1.1])
    found = method(lambda z: np.sin(A @ z), x)
    assert found.shape == (2, 3)
    assert relative_error(found, np.cos(A @ x)[:, np.newaxis] * A) < TOLERANCE[method]


@pytest.mark.parametrize("method", JACOBIANS)
def test_jacobian_of_a_matrix_function_of_a_matrix(method):
    X = np.random.default_rng(2).standard_normal((2, 3))
    found = method(lambda Z: Z.T @ Z[:, :1], X)
    expected = np.zeros((3, 1, 2, 3))
    for i in range(3):
        for a in range(2):
            expected[i, 0, a, i] += X[a, 0]
            expected[i, 0, a, 0] += X[a, i]
    assert relative_error(found, expected) < TOLERANCE[method]


@pytest.mark.parametrize("method", GRADIENTS)
@pytest.mark.parametrize("x", [800.0, -800.0, 0.0, 1e-12])
def test_gradient_at_hostile_points(method, x):
    found = method(lambda z: z[0] ** 3 / 7, np.array([x]))
    assert found == pytest.approx([3 * x**2 / 7], rel=1e-9, abs=1e-10)


@settings(deadline=None, max_examples=50)
@given(st.floats(-30, 30), st.floats(-30, 30))
def test_complex_step_is_linear_in_the_function(a, b):
    x = np.array([0.4, -1.3, 2.0])
    combined = complex_step_gradient(lambda z: a * np.sin(z).sum() + b * (z**3).sum(), x)
    assert relative_error(combined, a * np.cos(x) + b * 3 * x**2, floor=1.0) < 1e-14


def test_a_step_that_is_given_is_the_one_used():
    x = np.array([2.0])
    assert central_difference_gradient(lambda z: z[0] ** 3, x, 0.5) == pytest.approx([12.25])
    assert complex_step_gradient(lambda z: z[0] ** 3, x, 0.5) == pytest.approx([11.75])


def test_error_against_step_shows_both_regimes():
    x = np.array([0.5, 1.5])
    steps = np.logspace(-1, -12, 12)
    errors = error_against_step(lambda z: np.exp(z).sum(), np.exp(x), x, steps)
    assert (errors.steps == steps).all()
    assert errors.central_difference.shape == errors.complex_step.shape == steps.shape
    # truncation: both errors fall by 100 with each tenth of the step
    assert errors.central_difference[:3] == pytest.approx(steps[:3] ** 2 / 6, rel=1e-2)
    assert errors.complex_step[:3] == pytest.approx(steps[:3] ** 2 / 6, rel=1e-2)
    # rounding: only the central difference gets worse again
    assert errors.central_difference[-1] > 1e4 * errors.central_difference.min()
    assert errors.complex_step[-1] < 1e-15


def test_error_against_step_takes_one_step_too():
    errors = error_against_step(lambda z: (z**2).sum(), [2.0], [1.0], 1e-3)
    assert errors.steps.shape == errors.complex_step.shape == (1,)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([0.0], [0.0], 0.0),
        ([1.0], [2.0], 0.5),
        ([-1.0], [1.0], 2.0),
        ([0.0], [1e-30], 1.0),
        ([1.0, 100.0], [2.0, 100.0], 0.01),
        ([], [], 0.0),
        (3.0, 4.0, 0.25),
        ([1e-30j], [0.0], 1.0),
    ],
)
def test_relative_error(a, b, expected):
    assert relative_error(a, b) == pytest.approx(expected)
    assert relative_error(b, a) == pytest.approx(expected)


def test_relative_error_with_a_floor():
    assert relative_error([0.0], [1e-17], floor=1.0) == 1e-17
    assert relative_error([10.0], [20.0], floor=1.0) == 0.5


@pytest.mark.parametrize(("a", "b"), [([math.nan], [1.0]), ([1.0, 2.0], [1.0, math.nan])])
def test_relative_error_with_nan_is_below_no_tolerance(a, b):
    assert not relative_error(a, b) < math.inf


A_VECTOR = np.ones(3)
REFUSED = [
    (
        lambda: complex_step_gradient(lambda z: z**2, A_VECTOR),
        "f(x) has shape (3,), expected (), a scalar; "
        "for a function of several values use the Jacobian",
    ),
    (
        lambda: central_difference_gradient(lambda z: z**2, A_VECTOR),
        "f(x) has shape (3,), expected (), a scalar; "
        "for a function of several values use the Jacobian",
    ),
    (
        lambda: complex_step_gradient(lambda z: np.abs(z).sum(), A_VECTOR),
        "f(x) is real for complex x, expected complex values: f drops the imaginary part "
        "that carries the derivative; decide by the real part, without abs or real",
    ),
    (
        lambda: complex_step_gradient(lambda z: z.sum(), A_VECTOR + 1j),
        "x is complex, expected real numbers",
    ),
    (
        lambda: central_difference_gradient(lambda z: z.sum(), np.zeros((0, 2))),
        "x has shape (0, 2), expected at least one entry",
    ),
    (
        lambda: complex_step_gradient(lambda z: z.sum(), A_VECTOR, 0.0),
        "step is 0.0, expected a number > 0",
    ),
    (
        lambda: central_difference_gradient(lambda z: z.sum(), A_VECTOR, -1.0),
        "step is -1.0, expected a number > 0",
    ),
    (
        lambda: central_difference_gradient(lambda z: z.sum(), A_VECTOR, math.nan),
        "step is nan, expected a number > 0",
    ),
    (
        lambda: relative_error(np.zeros((2, 1)), np.zeros(2)),
        "b has shape (2,), expected (2, 1), the shape of a",
    ),
    (
        lambda: error_against_step(lambda z: z.sum(), np.ones((3, 1)), A_VECTOR, [1e-3]),
        "b has shape (3, 1), expected (3,), the shape of a",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_refused(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
