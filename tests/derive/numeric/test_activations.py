import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from derive.numeric.activations import (
    log_sigmoid,
    log_softmax,
    logsumexp,
    relu,
    relu_derivative,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from derive.numeric.finite_difference import (
    central_difference_jacobian,
    complex_step_jacobian,
    relative_error,
)

POINTS = np.array([-800.0, -745.5, -40.0, -1.5, -1e-9, 0.0, 1e-9, 0.7, 40.0, 745.5, 800.0])

# function, its value and its derivative by the standard library, stable at the point in question
REFERENCES = {
    "relu": (relu, lambda x: max(0.0, x), lambda x: float(x > 0)),
    "sigmoid": (
        sigmoid,
        lambda x: math.exp(min(x, 0.0)) / (1 + math.exp(-abs(x))),
        lambda x: math.exp(-abs(x)) / (1 + math.exp(-abs(x))) ** 2,
    ),
    "softplus": (
        softplus,
        lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))),
        lambda x: math.exp(min(x, 0.0)) / (1 + math.exp(-abs(x))),
    ),
    "log_sigmoid": (
        log_sigmoid,
        lambda x: min(x, 0.0) - math.log1p(math.exp(-abs(x))),
        lambda x: math.exp(min(-x, 0.0)) / (1 + math.exp(-abs(x))),
    ),
    "tanh": (
        tanh,
        math.tanh,
        lambda x: 4 * math.exp(-2 * abs(x)) / (1 + math.exp(-2 * abs(x))) ** 2,
    ),
}

vectors = arrays(
    np.float64, st.integers(1, 6), elements=st.floats(-800, 800, allow_subnormal=False)
)


@pytest.mark.parametrize("name", REFERENCES)
def test_value_is_right_to_the_last_digits_without_warnings(name):
    function, value, _ = REFERENCES[name]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = function(POINTS)
    assert found == pytest.approx([value(x) for x in POINTS], rel=1e-14, abs=0.0)


@pytest.mark.parametrize("name", REFERENCES)
def test_complex_step_gives_the_derivative_everywhere_even_at_zero(name):
    function, _, derivative = REFERENCES[name]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        found = [complex_step_jacobian(function, x) for x in POINTS]
    # an imaginary part below the smallest double is lost: derivatives under 1e-300 count as 0
    assert found == pytest.approx([derivative(x) for x in POINTS], rel=1e-13, abs=1e-300)


@pytest.mark.parametrize("name", REFERENCES)
def test_central_difference_agrees_off_the_kink(name):
    function, _, derivative = REFERENCES[name]
    for x in (-800.0, -1.5, 0.7, 40.0, 800.0):
        assert central_difference_jacobian(function, x) == pytest.approx(derivative(x), abs=1e-8)


@pytest.mark.parametrize("name", REFERENCES)
def test_real_part_of_a_complex_argument_gives_the_real_value(name):
    function = REFERENCES[name][0]
    assert relative_error(function(POINTS + 1e-20j).real, function(POINTS)) < 1e-15
    assert function(POINTS + 1e-20j).real[2] == pytest.approx(function(-40.0), rel=1e-14, abs=0.0)


@pytest.mark.parametrize("name", REFERENCES)
def test_nan_and_shape_pass_through(name):
    function = REFERENCES[name][0]
    assert np.isnan(function(math.nan))
    assert function(np.zeros((2, 3, 1))).shape == (2, 3, 1)


@pytest.mark.parametrize("x", [-800.0, -1e-300, 0.0, -0.0, 1e-300, 800.0])
def test_relu_derivative_is_zero_at_the_kink(x):
    assert relu_derivative(x) == (1.0 if x > 0 else 0.0)
    assert relu_derivative(x + 1e-20j) == relu_derivative(x)
    assert not np.iscomplexobj(relu_derivative(x + 1e-20j))


def test_relu_derivative_of_nan_is_nan():
    assert np.isnan(relu_derivative(math.nan))


@settings(deadline=None, max_examples=60)
@given(vectors)
def test_softmax_is_a_distribution(x):
    s = softmax(x)
    assert s.sum() == pytest.approx(1.0, rel=1e-14)
    assert (s >= 0).all()
    assert (s[x > x.max() - 700] > 0).all()


@settings(deadline=None, max_examples=60)
@given(vectors, st.sampled_from([-512.0, -1.0, 0.25, 64.0]))
def test_softmax_is_invariant_and_logsumexp_equivariant_under_translation(x, shift):
    assert relative_error(softmax(x + shift), softmax(x)) < 1e-11
    assert relative_error(log_softmax(x + shift), log_softmax(x), floor=1.0) < 1e-11
    assert relative_error(logsumexp(x + shift), logsumexp(x) + shift, floor=1.0) < 1e-12


@settings(deadline=None, max_examples=60)
@given(vectors)
def test_log_softmax_is_the_logarithm_and_logsumexp_bounds_the_maximum(x):
    assert relative_error(np.exp(log_softmax(x)), softmax(x)) < 1e-12
    assert relative_error(log_softmax(x), x - logsumexp(x), floor=1.0) < 1e-12
    assert x.max() <= logsumexp(x) <= x.max() + math.log(len(x)) + 1e-12


@settings(deadline=None, max_examples=60)
@given(vectors)
def test_softmax_jacobians(x):
    s = softmax(x)
    jacobian = np.diag(s) - np.outer(s, s)
    assert np.abs(complex_step_jacobian(softmax, x) - jacobian).max() < 1e-14
    assert np.abs(complex_step_jacobian(logsumexp, x) - s).max() < 1e-14
    identity_minus_rows = np.eye(len(x)) - s
    assert np.abs(complex_step_jacobian(log_softmax, x) - identity_minus_rows).max() < 1e-14


HOSTILE = [
    # x, softmax, logsumexp
    ([800.0, -800.0, 0.0], [1.0, 0.0, 0.0], 800.0),
    ([800.0, 800.0], [0.5, 0.5], 800.0 + math.log(2)),
    ([-800.0, -800.0, -800.0], [1 / 3] * 3, -800.0 + math.log(3)),
    ([0.0, 0.0, 0.0, 0.0], [0.25] * 4, math.log(4)),
    ([-800.0], [1.0], -800.0),
    ([0.0, -40.0], [1.0, math.exp(-40)], math.exp(-40)),
    ([-math.inf, 2.0], [0.0, 1.0], 2.0),
]


@pytest.mark.parametrize(("x", "distribution", "total"), HOSTILE)
def test_hostile_scores(x, distribution, total):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert softmax(x) == pytest.approx(distribution, rel=1e-15, abs=0.0)
        assert logsumexp(x) == pytest.approx(total, rel=1e-15, abs=0.0)
        assert log_softmax(x).max() == pytest.approx(max(x) - total, abs=1e-12)


@pytest.mark.parametrize(("x", "distribution", "total"), HOSTILE)
def test_hostile_scores_with_an_imaginary_part(x, distribution, total):
    z = np.array(x) + 1e-20j
    assert softmax(z).real == pytest.approx(distribution, rel=1e-15, abs=0.0)
    assert logsumexp(z).real == pytest.approx(total, rel=1e-15, abs=0.0)


def test_log_softmax_keeps_the_digits_that_softmax_loses():
    assert log_softmax([0.0, -800.0])[1] == -800.0
    assert log_softmax([0.0, -40.0])[0] == pytest.approx(-math.exp(-40), rel=1e-15, abs=0.0)


def test_the_axis_is_the_one_asked_for():
    x = np.arange(24.0).reshape(2, 3, 4) ** 1.5
    for axis in (-3, -2, -1, 0, 1, 2):
        assert softmax(x, axis).sum(axis=axis) == pytest.approx(1.0)
        assert logsumexp(x, axis).shape == x.sum(axis=axis).shape
        assert relative_error(np.exp(log_softmax(x, axis)), softmax(x, axis)) < 1e-13


@pytest.mark.parametrize("function", [softmax, logsumexp, log_softmax])
@pytest.mark.parametrize(
    ("x", "axis", "message"),
    [
        (1.0, -1, "x has shape (), expected an array with an axis -1"),
        ([1.0], 1, "x has shape (1,), expected an array with an axis 1"),
        (np.zeros((2, 0)), 1, "x has shape (2, 0), expected at least one entry along axis 1"),
    ],
)
def test_an_axis_that_is_missing_or_empty_is_refused(function, x, axis, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        function(x, axis)
