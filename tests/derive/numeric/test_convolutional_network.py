import re
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.numeric.convolution import average_pool2d, conv2d, max_pool2d
from derive.numeric.convolutional_network import (
    Dimensions,
    Gradients,
    Parameters,
    backward,
    forward,
    layer_shapes,
    parameter_counts,
    random_parameters,
)
from derive.numeric.finite_difference import (
    central_difference_gradient,
    complex_step_gradient,
    relative_error,
)

POOL = {"max": max_pool2d, "average": average_pool2d}
SMALL = Dimensions(input_channels=2, hidden_channels=3, output_channels=4, kernel=2)


def problem(seed, shape=(1, 2, 5, 7), biases=True):
    """Small network and image with a scalar to differentiate: the probe times the output."""
    parameters = random_parameters(SMALL, seed, biases=biases)
    x = np.random.default_rng(seed).standard_normal(shape)
    output_shape = forward(parameters, x).convolution2.shape
    return parameters, x, np.random.default_rng(seed + 100).standard_normal(output_shape)


def scalar_of(name, parameters, x, probe, pooling):
    values = forward(parameters, x, pooling)

    def from_pooled(pooled):
        return (probe * conv2d(pooled, parameters.weight2, parameters.bias2)).sum()

    tails = {
        "convolution2": (lambda v: (probe * v).sum(), values.convolution2),
        "pooled": (from_pooled, values.pooled),
        "convolution1": (lambda v: from_pooled(POOL[pooling](v, 2)), values.convolution1),
        "x": (lambda v: (probe * forward(parameters, v, pooling).convolution2).sum(), x),
    }
    for parameter in ("weight1", "bias1", "weight2", "bias2"):
        tails[parameter] = (
            lambda v, key=parameter: (
                probe * forward(replace(parameters, **{key: v}), x, pooling).convolution2
            ).sum(),
            getattr(parameters, parameter),
        )
    return tails[name]


@pytest.mark.parametrize("pooling", ["max", "average"])
@pytest.mark.parametrize(
    ("method", "tolerance", "seed"),
    [
        (complex_step_gradient, 1e-13, 0),
        (central_difference_gradient, 1e-8, 2),
    ],
)
def test_every_gradient(method, tolerance, pooling, seed):
    parameters, x, probe = problem(seed)
    gradients = backward(parameters, forward(parameters, x, pooling), probe, pooling)
    for field in fields(Gradients):
        found = getattr(gradients, field.name)
        function, point = scalar_of(field.name, parameters, x, probe, pooling)
        assert found.shape == point.shape, field.name
        assert relative_error(found, method(function, point)) < tolerance, field.name


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(["max", "average"]))
def test_all_gradients_at_once_along_a_random_direction(seed, pooling):
    parameters, x, probe = problem(seed, shape=(3, 2, 6, 8))
    gradients = backward(parameters, forward(parameters, x, pooling), probe, pooling)
    generator = np.random.default_rng(seed + 1)
    names = ("weight1", "bias1", "weight2", "bias2")
    points = {name: getattr(parameters, name) for name in names} | {"x": x}
    directions = {name: generator.standard_normal(v.shape) for name, v in points.items()}

    def scalar(t):
        moved = {name: value + t * directions[name] for name, value in points.items()}
        image = moved.pop("x")
        return (probe * forward(Parameters(**moved), image, pooling).convolution2).sum()

    along = sum((getattr(gradients, name) * v).sum() for name, v in directions.items())
    assert along == pytest.approx(complex_step_gradient(scalar, 0.0), rel=1e-11, abs=1e-11)


@pytest.mark.parametrize(("pooling", "image"), [("max", 0.0), ("max", 800.0), ("average", 800.0)])
def test_flat_images_where_every_pooling_window_is_a_tie(pooling, image):
    parameters, _, probe = problem(0)
    x = np.full((1, 2, 5, 7), image)
    gradients = backward(parameters, forward(parameters, x, pooling), probe, pooling)
    for field in fields(Gradients):
        function, point = scalar_of(field.name, parameters, x, probe, pooling)
        expected = complex_step_gradient(function, point)
        error = relative_error(getattr(gradients, field.name), expected, floor=1.0)
        assert error < 1e-13, field.name


def test_without_biases_there_are_no_bias_gradients_and_the_rest_agrees():
    parameters, x, probe = problem(1, biases=False)
    assert parameters.bias1 is None
    gradients = backward(parameters, forward(parameters, x), probe)
    assert gradients.bias1 is None
    assert gradients.bias2 is None
    zero = replace(parameters, bias1=np.zeros(3), bias2=np.zeros(4))
    with_zeros = backward(zero, forward(zero, x), probe)
    for name in ("x", "weight1", "weight2", "pooled", "convolution1"):
        assert (getattr(gradients, name) == getattr(with_zeros, name)).all()


@pytest.mark.parametrize("pooling", ["max", "average"])
def test_shapes_of_a_32_by_32_image(pooling):
    x = np.random.default_rng(0).standard_normal((3, 1, 32, 32))
    values = forward(random_parameters(), x, pooling)
    assert layer_shapes(values) == {
        "input": (1, 32, 32),
        "convolution1": (6, 28, 28),
        "pooling": (6, 14, 14),
        "convolution2": (16, 10, 10),
    }
    assert {len(getattr(values, field.name)) for field in fields(values)} == {3}


@pytest.mark.parametrize(("biases", "first", "second"), [(False, 150, 2400), (True, 156, 2416)])
def test_parameter_counts(biases, first, second):
    assert parameter_counts(random_parameters(biases=biases)) == {
        "input": 0,
        "convolution1": first,
        "pooling": 0,
        "convolution2": second,
    }


def test_pooling_is_the_kind_asked_for():
    parameters, x, _ = problem(2)
    for pooling, pool in POOL.items():
        values = forward(parameters, x, pooling)
        assert (values.pooled == pool(values.convolution1, 2)).all()


def test_random_parameters_follow_the_seed():
    first, again, other = (random_parameters(SMALL, seed) for seed in (1, 1, 2))
    for name in ("weight1", "bias1", "weight2", "bias2"):
        assert (getattr(first, name) == getattr(again, name)).all()
        assert (getattr(first, name) != getattr(other, name)).all()


def test_parameters_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        random_parameters().weight1[0] = 0.0


P = random_parameters(SMALL, 0)
X = np.ones((2, 2, 6, 7))
REFUSED = [
    (
        lambda: replace(P, bias1=np.ones(4)),
        "bias1 has shape (4,), expected (c_hidden,) with c_hidden = 3 as in weight1",
    ),
    (
        lambda: replace(P, weight2=np.ones((4, 2, 2, 2))),
        "weight2 has shape (4, 2, 2, 2), expected (c_out, c_hidden, k_h, k_w) "
        "with c_hidden = 3 as in weight1",
    ),
    (
        lambda: Parameters(None, None, P.weight2, None),
        "weight1 holds object entries, expected real or complex numbers",
    ),
    (
        lambda: forward(P, np.ones((2, 3, 6, 7))),
        "x has shape (2, 3, 6, 7), expected (n, c_in, height, width) with c_in = 2 as in weight",
    ),
    (lambda: forward(P, X, "median"), "pooling is 'median', expected one of 'max', 'average'"),
    (
        lambda: backward(P, forward(P, X), np.ones((2, 4, 2, 2))),
        "output_gradient has shape (2, 4, 2, 2), expected (2, 4, 1, 2), the output's shape",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_refused(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
