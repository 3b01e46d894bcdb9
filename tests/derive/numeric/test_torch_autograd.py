"""Both networks against the autograd of torch, where torch happens to be installed."""

import numpy as np
import pytest

from derive.numeric import convolution, convolutional_network, multilayer_perceptron
from derive.numeric.activations import (
    log_sigmoid,
    log_softmax,
    logsumexp,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from derive.numeric.finite_difference import relative_error

torch = pytest.importorskip("torch")
functional = torch.nn.functional


def leaf(array):
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (relu, torch.relu),
        (sigmoid, torch.sigmoid),
        (tanh, torch.tanh),
        (softplus, lambda x: torch.logaddexp(x, torch.zeros_like(x))),
        (log_sigmoid, functional.logsigmoid),
        (softmax, lambda x: torch.softmax(x, -1)),
        (log_softmax, lambda x: torch.log_softmax(x, -1)),
        (logsumexp, lambda x: torch.logsumexp(x, -1)),
    ],
)
def test_activation_functions(ours, theirs):
    for x in ([-1.5, 0.0, 0.0, 2.5], [800.0, -800.0, 40.0, -40.0], [3.0, 3.0, 3.0, 3.0], [-800.0]):
        assert relative_error(ours(x), theirs(torch.tensor(x, dtype=torch.float64)).numpy()) < 1e-14


@pytest.mark.parametrize("scale", [1.0, 800.0])
@pytest.mark.parametrize("include_biases", [False, True])
@pytest.mark.parametrize(("n", "d", "d_h", "m"), [(5, 2, 4, 3), (1, 3, 5, 2), (4, 3, 2, 1)])
@pytest.mark.parametrize("seed", range(3))
def test_perceptron(n, d, d_h, m, include_biases, scale, seed):
    parameters = multilayer_perceptron.random_parameters(
        multilayer_perceptron.Dimensions(d, d_h, m), seed
    )
    generator = np.random.default_rng(seed)
    x, y = scale * generator.standard_normal((n, d)), generator.standard_normal((n, m))
    W1, b1, W2, b2, tx = (
        leaf(array) for array in (parameters.W1, parameters.b1, parameters.W2, parameters.b2, x)
    )
    h_a = functional.linear(tx, W1, b1)
    h_s = torch.relu(h_a)
    o_a = functional.linear(h_s, W2, b2)
    for intermediate in (h_a, h_s, o_a):
        intermediate.retain_grad()
    loss = functional.cross_entropy(o_a, torch.tensor(y), reduction="mean")
    penalised = (W1, W2, b1, b2) if include_biases else (W1, W2)
    objective = loss + 0.3 * sum((array**2).sum() for array in penalised)
    objective.backward()

    found = multilayer_perceptron.regularised_objective(
        parameters, x, y, 0.3, include_biases=include_biases
    )
    assert relative_error(found, objective.detach().numpy()) < 1e-13
    gradients = multilayer_perceptron.regularised_gradients(
        parameters, x, y, 0.3, include_biases=include_biases
    )
    tensors = {"W1": W1, "b1": b1, "W2": W2, "b2": b2, "x": tx, "h_a": h_a, "h_s": h_s, "o_a": o_a}
    for name, tensor in tensors.items():
        error = relative_error(getattr(gradients, name), tensor.grad.numpy(), floor=1.0)
        assert error < 1e-12, name


@pytest.mark.parametrize(
    ("shape", "kernels", "stride", "padding", "dilation"),
    [
        ((2, 3, 5, 6), (4, 2, 3), 1, 0, 1),
        ((2, 3, 6, 7), (1, 3, 2), (2, 3), (1, 2), 1),
        ((1, 2, 7, 8), (3, 2, 3), (3, 2), (0, 1), (3, 2)),
        ((1, 2, 3, 4), (2, 3, 4), 1, (2, 3), 2),
    ],
)
def test_convolution(shape, kernels, stride, padding, dilation):
    generator = np.random.default_rng(5)
    c_out, k_h, k_w = kernels
    x = generator.standard_normal(shape)
    weight = generator.standard_normal((c_out, shape[1], k_h, k_w))
    bias = generator.standard_normal(c_out)
    arguments = {"stride": stride, "padding": padding, "dilation": dilation}
    tx, tweight, tbias = leaf(x), leaf(weight), leaf(bias)
    expected = functional.conv2d(tx, tweight, tbias, **arguments)
    out = convolution.conv2d(x, weight, bias, **arguments)
    assert relative_error(out, expected.detach().numpy()) < 1e-13
    probe = generator.standard_normal(out.shape)
    expected.backward(torch.tensor(probe))
    gradients = convolution.conv2d_backward(probe, x, weight, **arguments)
    for name, tensor in {"x": tx, "weight": tweight, "bias": tbias}.items():
        assert relative_error(getattr(gradients, name), tensor.grad.numpy()) < 1e-13, name


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize(
    ("kernel", "stride", "padding"), [(2, 2, 0), ((3, 2), 1, 1), ((2, 3), (3, 1), (1, 0))]
)
def test_pooling(kernel, stride, padding, ties):
    generator = np.random.default_rng(6)
    x = generator.standard_normal((2, 3, 6, 7))
    if ties:
        x = np.sign(x)
    arguments = {"stride": stride, "padding": padding}
    for ours, backward, theirs in (
        (convolution.max_pool2d, convolution.max_pool2d_backward, functional.max_pool2d),
        (convolution.average_pool2d, convolution.average_pool2d_backward, functional.avg_pool2d),
    ):
        tx = leaf(x)
        expected = theirs(tx, kernel, **arguments)
        out = ours(x, kernel, **arguments)
        assert relative_error(out, expected.detach().numpy(), floor=1.0) < 1e-14
        probe = generator.standard_normal(out.shape)
        expected.backward(torch.tensor(probe))
        found = backward(probe, x, kernel, **arguments)
        assert relative_error(found, tx.grad.numpy()) < 1e-14


@pytest.mark.parametrize("pooling", ["max", "average"])
def test_convolutional_network(pooling):
    parameters = convolutional_network.random_parameters(seed=7)
    x = np.random.default_rng(7).standard_normal((2, 1, 32, 32))
    names = ("weight1", "bias1", "weight2", "bias2")
    tensors = {name: leaf(getattr(parameters, name)) for name in names} | {"x": leaf(x)}
    pool = functional.max_pool2d if pooling == "max" else functional.avg_pool2d
    convolution1 = functional.conv2d(tensors["x"], tensors["weight1"], tensors["bias1"])
    expected = functional.conv2d(pool(convolution1, 2), tensors["weight2"], tensors["bias2"])
    values = convolutional_network.forward(parameters, x, pooling)
    assert relative_error(values.convolution2, expected.detach().numpy()) < 1e-13
    probe = np.random.default_rng(8).standard_normal(values.convolution2.shape)
    expected.backward(torch.tensor(probe))
    gradients = convolutional_network.backward(parameters, values, probe, pooling)
    for name, tensor in tensors.items():
        assert relative_error(getattr(gradients, name), tensor.grad.numpy()) < 1e-12, name
