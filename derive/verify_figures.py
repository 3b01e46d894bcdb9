"""The plots of the report, where looking beats reading: numbers from the NumPy networks."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from derive.numeric import multilayer_perceptron as mlp
from derive.numeric.activations import relu, softmax
from derive.numeric.arrays import Array
from derive.numeric.finite_difference import complex_step_gradient, error_against_step
from derive.report.model import Plot
from derive.report.plots import relu_kink_plot, softmax_scaling_plot, step_size_plot


def relu_figure() -> Plot:
    """The rectifier and its derivative by complex step, which is left out at the kink."""
    grid = np.linspace(-3.0, 3.0, 61)
    slopes = [
        float("nan") if abs(x) < 1e-9 else float(complex_step_gradient(relu, x)) for x in grid
    ]
    return relu_kink_plot(grid.tolist(), relu(grid).tolist(), slopes)


def softmax_figure() -> Plot:
    """The softmax of (0, 1, 2), scaled by 0 to 5."""
    scores, scales = np.array([0.0, 1.0, 2.0]), np.linspace(0.0, 5.0, 51)
    rows = softmax(scales[:, np.newaxis] * scores)
    return softmax_scaling_plot(scores.tolist(), scales.tolist(), rows.tolist())


def step_size_figure() -> Plot:
    """Errors of numerical gradients of the network's loss by W1, against backpropagation."""
    theta = mlp.random_parameters(mlp.Dimensions(d=3, d_h=4, m=5), seed=1)
    rng = np.random.default_rng(2)
    x, y = rng.standard_normal(3), np.eye(5)[2]

    def loss(W1: Array) -> Array:
        hidden = relu(W1 @ x + theta.b1)
        scores = theta.W2 @ hidden + theta.b2
        largest = scores.real.max()
        total = largest + np.log(np.exp(scores - largest).sum())
        return np.asarray(total - (y * scores).sum())

    gradient = mlp.backward_example(theta, x, y).W1
    errors = error_against_step(loss, gradient, theta.W1, 10.0 ** -np.arange(1.0, 16.0, 0.5))
    return step_size_plot(
        errors.steps.tolist(),
        {
            "central difference": errors.central_difference.tolist(),
            "complex step": errors.complex_step.tolist(),
        },
    )


#: The figures by the name of the claim that they belong to.
FIGURES: Mapping[str, Callable[[], Plot]] = MappingProxyType(
    {
        "relu_derivative": relu_figure,
        "softmax_invariant_under_scaling": softmax_figure,
        "hidden_weight_gradient": step_size_figure,
    }
)
