"""A small network: convolution, pooling, convolution.

With the default sizes it maps a 1 x 32 x 32 image to 6 x 28 x 28 by 5 x 5 kernels, to
6 x 14 x 14 by pooling 2 x 2 windows side by side, and to 16 x 10 x 10 by 5 x 5 kernels again.
There is no activation function in between: max pooling is the only non-linear step.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from derive.numeric.arrays import Array, match_shapes, number_array, read_only
from derive.numeric.convolution import (
    average_pool2d,
    average_pool2d_backward,
    conv2d,
    conv2d_backward,
    max_pool2d,
    max_pool2d_backward,
)

POOLING: dict[str, tuple[Callable[..., Array], Callable[..., Array]]] = {
    "max": (max_pool2d, max_pool2d_backward),
    "average": (average_pool2d, average_pool2d_backward),
}
"""Kind of pooling: its forward and its backward function."""

POOLING_KERNEL = 2
"""Pooling windows are 2 x 2 and lie side by side."""

PARAMETER_SHAPES = {
    "weight1": "c_hidden c_in k_h k_w",
    "bias1": "c_hidden",
    "weight2": "c_out c_hidden k_h k_w",
    "bias2": "c_out",
}


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Numbers of channels, and the side of both square kernels."""

    input_channels: int = 1
    hidden_channels: int = 6
    output_channels: int = 16
    kernel: int = 5


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """Weights and, unless None, biases of both convolutions, as read-only copies.

    Raises ValueError where a shape doesn't fit the ones before it.
    """

    weight1: Array
    """(c_hidden, c_in, k_h, k_w)"""
    bias1: Array | None
    """(c_hidden,)"""
    weight2: Array
    """(c_out, c_hidden, k_h, k_w)"""
    bias2: Array | None
    """(c_out,)"""

    def __post_init__(self) -> None:
        declared = []
        for name, pattern in PARAMETER_SHAPES.items():
            value = getattr(self, name)
            if value is None and name in ("bias1", "bias2"):
                continue
            array = read_only(number_array(name, value))
            object.__setattr__(self, name, array)
            declared.append((name, array, pattern))
        match_shapes(*declared)


@dataclass(frozen=True, slots=True, eq=False)
class Activations:
    """Every value of a forward pass, each (n, channels, rows, columns)."""

    x: Array
    convolution1: Array
    pooled: Array
    convolution2: Array


@dataclass(frozen=True, slots=True, eq=False)
class Gradients:
    """The gradient of a scalar with respect to every variable, in its shape; None where no bias."""

    convolution2: Array
    weight2: Array
    bias2: Array | None
    pooled: Array
    convolution1: Array
    weight1: Array
    bias1: Array | None
    x: Array


def forward(parameters: Parameters, x: ArrayLike, pooling: str = "max") -> Activations:
    """Send a batch of images through the network; `pooling` is a key of POOLING."""
    pool, _ = _pooling_functions(pooling)
    image = number_array("x", x)
    convolution1 = conv2d(image, parameters.weight1, parameters.bias1)
    pooled = pool(convolution1, POOLING_KERNEL)
    convolution2 = conv2d(pooled, parameters.weight2, parameters.bias2)
    return Activations(image, convolution1, pooled, convolution2)


def backward(
    parameters: Parameters,
    activations: Activations,
    output_gradient: ArrayLike,
    pooling: str = "max",
) -> Gradients:
    """Gradients of a scalar, given its gradient with respect to `activations.convolution2`."""
    _, pool_backward = _pooling_functions(pooling)
    second = conv2d_backward(output_gradient, activations.pooled, parameters.weight2)
    convolution1 = pool_backward(second.x, activations.convolution1, POOLING_KERNEL)
    first = conv2d_backward(convolution1, activations.x, parameters.weight1)
    return Gradients(
        convolution2=number_array("output_gradient", output_gradient),
        weight2=second.weight,
        bias2=None if parameters.bias2 is None else second.bias,
        pooled=second.x,
        convolution1=convolution1,
        weight1=first.weight,
        bias1=None if parameters.bias1 is None else first.bias,
        x=first.x,
    )


def layer_shapes(activations: Activations) -> dict[str, tuple[int, ...]]:
    """Layer: (channels, rows, columns) of its output, read off the arrays."""
    return {
        "input": activations.x.shape[1:],
        "convolution1": activations.convolution1.shape[1:],
        "pooling": activations.pooled.shape[1:],
        "convolution2": activations.convolution2.shape[1:],
    }


def parameter_counts(parameters: Parameters) -> dict[str, int]:
    """Layer: number of its scalar parameters, counted in the arrays (a bias that is None has 0)."""
    sizes = {
        name: 0 if (value := getattr(parameters, name)) is None else value.size
        for name in PARAMETER_SHAPES
    }
    return {
        "input": 0,
        "convolution1": sizes["weight1"] + sizes["bias1"],
        "pooling": 0,
        "convolution2": sizes["weight2"] + sizes["bias2"],
    }


def random_parameters(
    dimensions: Dimensions | None = None, seed: int = 0, *, biases: bool = True
) -> Parameters:
    """Normal entries, those of a layer scaled by 1/sqrt(entries of a window), from a fixed seed."""
    sizes = Dimensions() if dimensions is None else dimensions
    generator = np.random.default_rng(seed)

    def layer(outputs: int, inputs: int) -> tuple[Array, Array | None]:
        scale = 1.0 / np.sqrt(inputs * sizes.kernel**2)
        weight = scale * generator.standard_normal((outputs, inputs, sizes.kernel, sizes.kernel))
        return weight, scale * generator.standard_normal(outputs) if biases else None

    weight1, bias1 = layer(sizes.hidden_channels, sizes.input_channels)
    weight2, bias2 = layer(sizes.output_channels, sizes.hidden_channels)
    return Parameters(weight1, bias1, weight2, bias2)


def _pooling_functions(pooling: str) -> tuple[Callable[..., Array], Callable[..., Array]]:
    if pooling not in POOLING:
        raise ValueError(f"pooling is {pooling!r}, expected one of {', '.join(map(repr, POOLING))}")
    return POOLING[pooling]
