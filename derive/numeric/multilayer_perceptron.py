"""A multilayer perceptron with one hidden layer, and all its gradients.

For an example x in R^d, with d_h hidden units and m classes:

    h_a = W1 x + b1          h_s = relu(h_a)
    o_a = W2 h_s + b2        o_s = softmax(o_a)
    L(o_a, y) = -sum_k y_k log softmax(o_a)_k

Arrays hold a batch of n examples, one per row, so the first line reads x W1^T + b1 here.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import ArrayLike

from derive.numeric.activations import log_softmax, relu, relu_derivative, softmax
from derive.numeric.arrays import Array, match_shapes, number_array, read_only

PARAMETER_SHAPES = {"W1": "d_h d", "b1": "d_h", "W2": "m d_h", "b2": "m"}
WEIGHTS = ("W1", "W2")
BIASES = ("b1", "b2")


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Sizes of the network: d inputs, d_h hidden units, m classes, each at least 1."""

    d: int
    d_h: int
    m: int

    def __post_init__(self) -> None:
        for field in fields(self):
            size = getattr(self, field.name)
            if not isinstance(size, int) or size < 1:
                raise ValueError(f"dimension {field.name} is {size!r}, expected an integer >= 1")


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """theta = (W1, b1, W2, b2), as read-only copies of the arrays given.

    Raises ValueError where a shape doesn't fit the ones before it.
    """

    W1: Array
    """(d_h, d)"""
    b1: Array
    """(d_h,)"""
    W2: Array
    """(m, d_h)"""
    b2: Array
    """(m,)"""

    def __post_init__(self) -> None:
        for name in PARAMETER_SHAPES:
            value = read_only(number_array(name, getattr(self, name)))
            object.__setattr__(self, name, value)
        match_shapes(*_declared(self))

    @property
    def dimensions(self) -> Dimensions:
        """The sizes, read off the arrays."""
        return Dimensions(**match_shapes(*_declared(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Activations:
    """Every value of a forward pass, for a batch of n examples."""

    x: Array
    """(n, d)"""
    h_a: Array
    """(n, d_h), before the activation function"""
    h_s: Array
    """(n, d_h), after it"""
    o_a: Array
    """(n, m), before the softmax"""
    o_s: Array
    """(n, m), after it: one probability per class"""


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """The gradient of one scalar loss with respect to every variable, in the variable's shape."""

    o_a: Array
    W2: Array
    b2: Array
    h_s: Array
    h_a: Array
    W1: Array
    b1: Array
    x: Array


def forward(parameters: Parameters, x: ArrayLike) -> Activations:
    """Send a batch x of shape (n, d) through the network."""
    inputs = number_array("x", x)
    match_shapes(*_declared(parameters), ("x", inputs, "n d"))
    h_a = inputs @ parameters.W1.T + parameters.b1
    h_s = relu(h_a)
    o_a = h_s @ parameters.W2.T + parameters.b2
    return Activations(x=inputs, h_a=h_a, h_s=h_s, o_a=o_a, o_s=softmax(o_a))


def cross_entropy(o_a: ArrayLike, y: ArrayLike) -> Array:
    """-sum_k y_k log softmax(o_a)_k for each example: (n, m) and (n, m) give (n,).

    Computed from log softmax, so it's finite where softmax underflows. y may be any real vector:
    neither one-hot nor of sum 1 is assumed.
    """
    scores, targets = number_array("o_a", o_a), number_array("y", y)
    match_shapes(("o_a", scores, "n m"), ("y", targets, "n m"))
    losses: Array = -(targets * log_softmax(scores)).sum(axis=1)
    return losses


def mean_cross_entropy(o_a: ArrayLike, y: ArrayLike) -> Array:
    """The empirical risk, (1/n) sum_i L(o_a^(i), y^(i)), a scalar array."""
    return np.asarray(cross_entropy(o_a, y).mean())


def penalty(parameters: Parameters, *, include_biases: bool = False) -> Array:
    """Omega(theta), the sum of squares of the weights W1 and W2; of b1 and b2 too if asked."""
    squares = [(getattr(parameters, name) ** 2).sum() for name in _penalised(include_biases)]
    return np.asarray(sum(squares))


def regularised_objective(
    parameters: Parameters,
    x: ArrayLike,
    y: ArrayLike,
    decay: float,
    *,
    include_biases: bool = False,
) -> Array:
    """The empirical risk plus decay * Omega(theta), a scalar array; `decay` is lambda."""
    risk = mean_cross_entropy(forward(parameters, x).o_a, y)
    return risk + decay * penalty(parameters, include_biases=include_biases)


def backward(parameters: Parameters, activations: Activations, y: ArrayLike) -> Gradients:
    """Gradients of the batch mean of the cross-entropy; y has shape (n, m).

    Row i of the gradients of o_a, h_s, h_a and x carries the factor 1/n of the mean. The
    gradient of one example's loss with respect to o_a is (sum_k y_k) o_s - y, which is o_s - y
    only when y sums to 1. The relu passes nothing where h_a = 0.
    """
    targets = number_array("y", y)
    sizes = match_shapes(
        *_declared(parameters),
        ("x", activations.x, "n d"),
        ("h_a", activations.h_a, "n d_h"),
        ("h_s", activations.h_s, "n d_h"),
        ("o_a", activations.o_a, "n m"),
        ("o_s", activations.o_s, "n m"),
        ("y", targets, "n m"),
    )
    total = targets.sum(axis=1, keepdims=True)
    o_a = (total * activations.o_s - targets) / sizes["n"]
    h_s = o_a @ parameters.W2
    h_a = h_s * relu_derivative(activations.h_a)
    return Gradients(
        o_a=o_a,
        W2=o_a.T @ activations.h_s,
        b2=o_a.sum(axis=0),
        h_s=h_s,
        h_a=h_a,
        W1=h_a.T @ activations.x,
        b1=h_a.sum(axis=0),
        x=h_a @ parameters.W1,
    )


def backward_example(parameters: Parameters, x: ArrayLike, y: ArrayLike) -> Gradients:
    """Gradients of the loss of one example, x of shape (d,) and y of shape (m,); no batch axis."""
    example, target = number_array("x", x), number_array("y", y)
    match_shapes(*_declared(parameters), ("x", example, "d"), ("y", target, "m"))
    batch_of_one = example[np.newaxis]
    gradients = backward(parameters, forward(parameters, batch_of_one), target[np.newaxis])
    without_batch_axis = {name: getattr(gradients, name)[0] for name in ("o_a", "h_s", "h_a", "x")}
    return replace(gradients, **without_batch_axis)


def regularised_gradients(
    parameters: Parameters,
    x: ArrayLike,
    y: ArrayLike,
    decay: float,
    *,
    include_biases: bool = False,
) -> Gradients:
    """Gradients of `regularised_objective`: a penalised parameter w gets 2 * decay * w more."""
    risk = backward(parameters, forward(parameters, x), y)
    penalised = {
        name: getattr(risk, name) + 2.0 * decay * getattr(parameters, name)
        for name in _penalised(include_biases)
    }
    return replace(risk, **penalised)


def gradient_descent_step(
    parameters: Parameters, gradients: Gradients, learning_rate: float
) -> Parameters:
    """theta - learning_rate * gradient, as new parameters.

    Raises ValueError where a gradient hasn't the shape of its parameter.
    """
    stepped = {}
    for name, pattern in PARAMETER_SHAPES.items():
        value, gradient = getattr(parameters, name), getattr(gradients, name)
        match_shapes((name, value, pattern), (f"gradient of {name}", gradient, pattern))
        stepped[name] = value - learning_rate * gradient
    return Parameters(**stepped)


def parameter_count(parameters: Parameters) -> int:
    """The number of scalar parameters, counted in the arrays themselves."""
    return sum(getattr(parameters, name).size for name in PARAMETER_SHAPES)


def random_parameters(dimensions: Dimensions, seed: int) -> Parameters:
    """Normal entries, those of a layer scaled by 1/sqrt(number of its inputs), from a fixed seed.

    Biases are random as well: at zero they would hide mistakes.
    """
    generator = np.random.default_rng(seed)
    d, d_h, m = dimensions.d, dimensions.d_h, dimensions.m
    return Parameters(
        W1=generator.standard_normal((d_h, d)) / np.sqrt(d),
        b1=generator.standard_normal(d_h) / np.sqrt(d),
        W2=generator.standard_normal((m, d_h)) / np.sqrt(d_h),
        b2=generator.standard_normal(m) / np.sqrt(d_h),
    )


def _declared(parameters: Parameters) -> list[tuple[str, Array, str]]:
    return [
        (name, getattr(parameters, name), pattern) for name, pattern in PARAMETER_SHAPES.items()
    ]


def _penalised(include_biases: bool) -> tuple[str, ...]:
    return WEIGHTS + BIASES if include_biases else WEIGHTS
