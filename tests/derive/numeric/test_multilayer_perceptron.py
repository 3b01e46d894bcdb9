import math
import re
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.numeric.activations import relu
from derive.numeric.finite_difference import (
    central_difference_gradient,
    complex_step_gradient,
    relative_error,
)
from derive.numeric.multilayer_perceptron import (
    Dimensions,
    Gradients,
    Parameters,
    backward,
    backward_example,
    cross_entropy,
    forward,
    gradient_descent_step,
    mean_cross_entropy,
    parameter_count,
    penalty,
    random_parameters,
    regularised_gradients,
    regularised_objective,
)

# (n, d, d_h, m): pairwise different, then batch of one, one input, one hidden unit, one class
SIZES = [
    (5, 2, 4, 3),
    (2, 5, 3, 4),
    (3, 4, 7, 2),
    (1, 3, 5, 2),
    (4, 1, 3, 2),
    (4, 3, 1, 2),
    (4, 3, 2, 1),
]
METHODS = [(complex_step_gradient, 1e-13), (central_difference_gradient, 1e-8)]


def problem(n, d, d_h, m, seed=0, scale=1.0):
    """Random parameters, inputs and targets that are not normalised and partly negative."""
    generator = np.random.default_rng([seed, n, d, d_h, m])
    parameters = random_parameters(Dimensions(d, d_h, m), seed)
    return parameters, scale * generator.standard_normal((n, d)), generator.standard_normal((n, m))


def loss_of(name, parameters, x, y):
    """The batch mean of the loss as a function of one variable, and that variable's value."""
    values = forward(parameters, x)

    def from_hidden(h_s, p=parameters):
        return mean_cross_entropy(h_s @ p.W2.T + p.b2, y)

    tails = {
        "x": (lambda v: mean_cross_entropy(forward(parameters, v).o_a, y), values.x),
        "h_a": (lambda v: from_hidden(relu(v)), values.h_a),
        "h_s": (from_hidden, values.h_s),
        "o_a": (lambda v: mean_cross_entropy(v, y), values.o_a),
    }
    for parameter in ("W1", "b1", "W2", "b2"):
        tails[parameter] = (
            lambda v, key=parameter: mean_cross_entropy(
                forward(replace(parameters, **{key: v}), x).o_a, y
            ),
            getattr(parameters, parameter),
        )
    return tails[name]


def assert_every_gradient(parameters, x, y, method, tolerance):
    gradients = backward(parameters, forward(parameters, x), y)
    for field in fields(Gradients):
        found = getattr(gradients, field.name)
        function, point = loss_of(field.name, parameters, x, y)
        assert found.shape == point.shape, field.name
        error = relative_error(found, method(function, point), floor=1.0)
        assert error < tolerance, f"{field.name}: {error}"


@pytest.mark.parametrize(("method", "tolerance"), METHODS)
@pytest.mark.parametrize("sizes", SIZES)
def test_every_gradient_of_the_batch_mean(method, tolerance, sizes):
    assert_every_gradient(*problem(*sizes), method, tolerance)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(SIZES), st.integers(0, 10**6), st.sampled_from([1.0, 30.0, 800.0]))
def test_all_gradients_at_once_along_a_random_direction(sizes, seed, scale):
    parameters, x, y = problem(*sizes, seed=seed, scale=scale)
    gradients = backward(parameters, forward(parameters, x), y)
    generator = np.random.default_rng(seed + 1)
    points = {name: getattr(parameters, name) for name in ("W1", "b1", "W2", "b2")} | {"x": x}
    directions = {name: generator.standard_normal(v.shape) for name, v in points.items()}

    def scalar(t):
        moved = {name: value + t * directions[name] for name, value in points.items()}
        inputs = moved.pop("x")
        return mean_cross_entropy(forward(Parameters(**moved), inputs).o_a, y)

    along = sum((getattr(gradients, name) * v).sum() for name, v in directions.items())
    assert along == pytest.approx(complex_step_gradient(scalar, 0.0), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("sizes", SIZES)
def test_every_gradient_where_scores_are_saturated(sizes):
    parameters, x, y = problem(*sizes)
    x = 800.0 * np.sign(x)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert_every_gradient(parameters, x, y, complex_step_gradient, 1e-10)


@pytest.mark.parametrize(
    "o_a", [[800.0, -800.0, 0.0], [800.0, 800.0, 800.0], [-800.0, -800.0, 0.0], [0.0, 0.0, 0.0]]
)
@pytest.mark.parametrize("y", [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.2, 0.3, 0.5], [-2.0, 3.0, 0.5]])
def test_hostile_scores_by_way_of_the_bias(o_a, y):
    parameters = replace(random_parameters(Dimensions(4, 2, 3), 3), b2=o_a)
    x = np.zeros((1, 4))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(cross_entropy(forward(parameters, x).o_a, [y])).all()
        assert_every_gradient(parameters, x, np.array([y]), complex_step_gradient, 1e-13)


def test_forward_by_hand():
    parameters = Parameters(
        W1=[[1, 2], [0, -1], [3, 1]], b1=[0, 1, -1], W2=[[1, 0, 2], [0, 5, -1]], b2=[1, -3]
    )
    values = forward(parameters, [[1, 2], [-1, 0]])
    assert (values.h_a == [[5, -1, 4], [-1, 1, -4]]).all()
    assert (values.h_s == [[5, 0, 4], [0, 1, 0]]).all()
    assert (values.o_a == [[14, -7], [1, 2]]).all()
    assert values.o_s[1] == pytest.approx([1 / (1 + math.e), math.e / (1 + math.e)])
    assert values.o_s.sum(axis=1) == pytest.approx(1.0)


@pytest.mark.parametrize("sizes", SIZES)
def test_the_batch_mean_is_the_mean_over_single_examples(sizes):
    parameters, x, y = problem(*sizes)
    n = len(x)
    examples = [backward_example(parameters, x[i], y[i]) for i in range(n)]
    batch = backward(parameters, forward(parameters, x), y)
    for name in ("W1", "b1", "W2", "b2"):
        mean = sum(getattr(example, name) for example in examples) / n
        assert relative_error(getattr(batch, name), mean, floor=1.0) < 1e-14
    for name in ("o_a", "h_s", "h_a", "x"):
        rows = np.array([getattr(example, name) for example in examples]) / n
        assert relative_error(getattr(batch, name), rows, floor=1.0) < 1e-14


@pytest.mark.parametrize(("method", "tolerance"), METHODS)
def test_single_example_has_no_batch_axis_and_no_mean(method, tolerance):
    parameters, x, y = problem(1, 3, 5, 2)
    gradients = backward_example(parameters, x[0], y[0])
    for field in fields(Gradients):
        found = getattr(gradients, field.name)
        function, point = loss_of(field.name, parameters, x, y)
        expected = method(function, point)
        if field.name in ("o_a", "h_s", "h_a", "x"):
            expected = expected[0]
        assert relative_error(found, expected, floor=1.0) < tolerance


def test_gradient_for_one_hot_targets_is_output_minus_target_and_for_others_it_is_not():
    parameters, x, _ = problem(4, 2, 5, 3)
    values = forward(parameters, x)
    y = np.eye(3)[[2, 0, 1, 1]]
    assert relative_error(4 * backward(parameters, values, y).o_a, values.o_s - y) < 1e-14
    assert relative_error(4 * backward(parameters, values, 2 * y).o_a, values.o_s - 2 * y) > 0.1


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.floats(-5, 5), st.floats(-5, 5))
def test_loss_and_gradients_are_linear_in_the_target(seed, a, b):
    parameters, x, y = problem(3, 2, 5, 4, seed=seed)
    other = np.roll(y, 1, axis=1)
    values = forward(parameters, x)
    combined = cross_entropy(values.o_a, a * y + b * other)
    separate = a * cross_entropy(values.o_a, y) + b * cross_entropy(values.o_a, other)
    assert relative_error(combined, separate, floor=1.0) < 1e-12
    for field in fields(Gradients):
        whole, left, right = (
            getattr(backward(parameters, values, target), field.name)
            for target in (a * y + b * other, y, other)
        )
        assert relative_error(whole, a * left + b * right, floor=1.0) < 1e-12


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.floats(-700, 700))
def test_cross_entropy_is_invariant_when_all_scores_move(seed, shift):
    generator = np.random.default_rng(seed)
    o_a, y = generator.standard_normal((2, 3, 4))
    assert relative_error(cross_entropy(o_a + shift, y), cross_entropy(o_a, y), floor=1.0) < 1e-11


@pytest.mark.parametrize(
    ("o_a", "y", "expected"),
    [
        ([0.0, 0.0], [1.0, 0.0], math.log(2)),
        ([800.0, -800.0], [0.0, 1.0], 1600.0),
        ([800.0, -800.0], [1.0, 0.0], 0.0),
        ([40.0, 0.0], [1.0, 0.0], math.exp(-40)),
        ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], 3 * math.log(3)),
        ([5.0], [1.0], 0.0),
        ([5.0, 5.0], [0.0, 0.0], 0.0),
    ],
)
def test_cross_entropy_by_hand(o_a, y, expected):
    found = cross_entropy([o_a], [y])
    assert found.shape == (1,)
    assert found[0] == pytest.approx(expected, rel=1e-14, abs=0.0)


def test_mean_cross_entropy_is_the_mean():
    o_a, y = np.random.default_rng(0).standard_normal((2, 5, 3))
    assert mean_cross_entropy(o_a, y) == pytest.approx(sum(cross_entropy(o_a, y)) / 5)
    assert mean_cross_entropy(o_a, y).shape == ()


def test_no_gradient_passes_the_relu_at_its_kink():
    parameters = Parameters(
        W1=[[1.0], [1.0]], b1=[0.0, 1.0], W2=[[1.0, 2.0], [3.0, 4.0]], b2=[0, 0]
    )
    x, y = np.zeros((1, 1)), np.array([[1.0, 0.0]])
    gradients = backward(parameters, forward(parameters, x), y)
    assert gradients.h_a[0, 0] == 0.0
    assert gradients.h_a[0, 1] == gradients.h_s[0, 1] != 0.0
    function, point = loss_of("h_a", parameters, x, y)
    assert relative_error(complex_step_gradient(function, point), gradients.h_a) < 1e-14
    halfway = central_difference_gradient(function, point)[0, 0]
    assert halfway == pytest.approx(gradients.h_s[0, 0] / 2, rel=1e-4)


@pytest.mark.parametrize("include_biases", [False, True])
@pytest.mark.parametrize("decay", [0.0, 0.3, 2.0])
@pytest.mark.parametrize(("method", "tolerance"), METHODS)
def test_gradients_of_the_regularised_objective(include_biases, decay, method, tolerance):
    parameters, x, y = problem(5, 2, 4, 3)
    gradients = regularised_gradients(parameters, x, y, decay, include_biases=include_biases)
    for name in ("W1", "b1", "W2", "b2"):

        def objective(value, name=name):
            moved = replace(parameters, **{name: value})
            return regularised_objective(moved, x, y, decay, include_biases=include_biases)

        expected = method(objective, getattr(parameters, name))
        assert relative_error(getattr(gradients, name), expected, floor=1.0) < tolerance


def test_penalty_by_hand():
    parameters = Parameters(W1=[[1, 2]], b1=[10], W2=[[3], [-1]], b2=[100, 0])
    assert penalty(parameters) == 1 + 4 + 9 + 1
    assert penalty(parameters, include_biases=True) == 15 + 100 + 10_000
    x, y = [[1.0, 1.0]], [[0.5, 0.5]]
    risk = mean_cross_entropy(forward(parameters, x).o_a, y)
    assert regularised_objective(parameters, x, y, 0.5) == pytest.approx(risk + 7.5)


def test_gradient_descent_step_by_hand():
    parameters, x, y = problem(5, 2, 4, 3)
    gradients = backward(parameters, forward(parameters, x), y)
    stepped = gradient_descent_step(parameters, gradients, 0.25)
    for name in ("W1", "b1", "W2", "b2"):
        expected = getattr(parameters, name) - 0.25 * getattr(gradients, name)
        assert (getattr(stepped, name) == expected).all()


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6))
def test_a_small_step_descends_by_the_learning_rate_times_the_squared_gradient(seed):
    parameters, x, y = problem(3, 2, 5, 4, seed=seed)
    gradients = regularised_gradients(parameters, x, y, 0.1, include_biases=True)
    stepped = gradient_descent_step(parameters, gradients, 1e-7)
    fall = regularised_objective(parameters, x, y, 0.1, include_biases=True)
    fall = fall - regularised_objective(stepped, x, y, 0.1, include_biases=True)
    squared = sum((getattr(gradients, name) ** 2).sum() for name in ("W1", "b1", "W2", "b2"))
    assert fall == pytest.approx(1e-7 * squared, rel=1e-4, abs=1e-12)


@pytest.mark.parametrize(("n", "d", "d_h", "m"), SIZES)
def test_parameter_count_and_dimensions_are_read_off_the_arrays(n, d, d_h, m):
    parameters = random_parameters(Dimensions(d, d_h, m), n)
    assert parameter_count(parameters) == d_h * (d + 1) + m * (d_h + 1)
    assert parameters.dimensions == Dimensions(d, d_h, m)


def test_random_parameters_follow_the_seed_and_have_biases():
    sizes = Dimensions(2, 3, 4)
    first, again, other = (random_parameters(sizes, seed) for seed in (1, 1, 2))
    for name in ("W1", "b1", "W2", "b2"):
        assert (getattr(first, name) == getattr(again, name)).all()
        assert (getattr(first, name) != getattr(other, name)).all()
        assert (getattr(first, name) != 0).all()


def test_parameters_cannot_be_changed():
    source = np.ones((2, 3))
    parameters = Parameters(W1=source, b1=np.ones(2), W2=np.ones((4, 2)), b2=np.ones(4))
    source[0, 0] = 7.0
    assert parameters.W1[0, 0] == 1.0
    with pytest.raises(ValueError, match="read-only"):
        parameters.W1[0, 0] = 7.0
    with pytest.raises(AttributeError):
        parameters.W1 = source


P = random_parameters(Dimensions(d=2, d_h=4, m=3), 0)
V = forward(P, np.ones((5, 2)))
G = backward(P, V, np.ones((5, 3)))
REFUSED = [
    (
        lambda: Parameters(np.ones((4, 2)), np.ones(2), np.ones((3, 4)), np.ones(3)),
        "b1 has shape (2,), expected (d_h,) with d_h = 4 as in W1",
    ),
    (
        lambda: Parameters(np.ones((4, 2)), np.ones(4), np.ones((4, 3)), np.ones(3)),
        "W2 has shape (4, 3), expected (m, d_h) with d_h = 4 as in W1",
    ),
    (
        lambda: Parameters(np.ones((4, 2)), np.ones((4, 1)), np.ones((3, 4)), np.ones(3)),
        "b1 has shape (4, 1), expected (d_h,): 1 axes, not 2",
    ),
    (
        lambda: Parameters(np.ones((4, 2)), np.ones(4), np.ones((3, 4)), "zero"),
        "b2 holds <U4 entries, expected real or complex numbers",
    ),
    (
        lambda: forward(P, np.ones((5, 3))),
        "x has shape (5, 3), expected (n, d) with d = 2 as in W1",
    ),
    (
        lambda: forward(P, np.ones(2)),
        "x has shape (2,), expected (n, d): 2 axes, not 1; for one example write x[np.newaxis]",
    ),
    (
        lambda: forward(P, np.ones((0, 2))),
        "x has shape (0, 2), expected (n, d): every dimension is at least 1",
    ),
    (
        lambda: cross_entropy(np.ones((5, 3)), np.ones((5, 4))),
        "y has shape (5, 4), expected (n, m) with m = 3 as in o_a",
    ),
    (
        lambda: cross_entropy(np.ones((5, 3)), np.ones((1, 3))),
        "y has shape (1, 3), expected (n, m) with n = 5 as in o_a",
    ),
    (
        lambda: backward(P, V, np.ones((4, 3))),
        "y has shape (4, 3), expected (n, m) with n = 5 as in x",
    ),
    (
        lambda: backward(random_parameters(Dimensions(2, 3, 3), 0), V, np.ones((5, 3))),
        "h_a has shape (5, 4), expected (n, d_h) with d_h = 3 as in W1",
    ),
    (
        lambda: backward_example(P, np.ones((1, 2)), np.ones(3)),
        "x has shape (1, 2), expected (d,): 1 axes, not 2",
    ),
    (
        lambda: backward_example(P, np.ones(2), np.ones(4)),
        "y has shape (4,), expected (m,) with m = 3 as in W2",
    ),
    (
        lambda: gradient_descent_step(P, replace(G, W1=G.W1.T), 0.1),
        "gradient of W1 has shape (2, 4), expected (d_h, d) with d_h = 4 as in W1",
    ),
    (lambda: Dimensions(2, 0, 3), "dimension d_h is 0, expected an integer >= 1"),
    (lambda: Dimensions(2.0, 4, 3), "dimension d is 2.0, expected an integer >= 1"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_refused(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
