"""Two-dimensional convolution and pooling, forward and backward.

Images are arrays (n, c, height, width): batch, channels, rows, columns. "Convolution" is the
cross-correlation of the field's libraries (the kernel isn't flipped). Each operation reads
windows of the padded image, and each backward pass adds the gradient of the windows back where
they were read (the adjoint of reading them).

A stride, padding, dilation or kernel size is an integer >= 1 (padding >= 0), or a pair
(rows, columns) of them. Source: Dumoulin and Visin, "A guide to convolution arithmetic for deep
learning", 2016.
"""

from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from derive.numeric.arrays import Array, match_shapes, number_array

Size: TypeAlias = int | tuple[int, int]
"""One integer for both axes, or (rows, columns)."""

IMAGE = "n c_in height width"
WEIGHT = "c_out c_in k_h k_w"


@dataclass(frozen=True, slots=True, eq=False)
class ConvolutionGradients:
    """The gradient of a scalar with respect to each argument of `conv2d`, in its shape."""

    x: Array
    weight: Array
    bias: Array


def output_size(
    input_size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """floor((input + 2 padding - dilation (kernel - 1) - 1) / stride) + 1 along one axis.

    Input that is left over behind the last whole window is never read: hence the floor.
    Raises ValueError if the kernel doesn't fit into the padded input even once.
    """
    _require_integer("input size", input_size, 1)
    _require_integer("kernel", kernel, 1)
    _require_integer("stride", stride, 1)
    _require_integer("padding", padding, 0)
    _require_integer("dilation", dilation, 1)
    span = dilation * (kernel - 1) + 1
    free = input_size + 2 * padding - span
    if free < 0:
        raise ValueError(
            f"a kernel of {kernel} with dilation {dilation} spans {span}, more than the input of "
            f"{input_size} with padding {padding} has ({input_size + 2 * padding}); "
            "expected a smaller kernel or dilation, or more padding"
        )
    return free // stride + 1


def conv2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: Size = 1,
    padding: Size = 0,
    dilation: Size = 1,
) -> Array:
    """Convolve x (n, c_in, height, width) with weight (c_out, c_in, k_h, k_w).

        out[n, o, p, q] = bias[o] + sum_{c, i, j} weight[o, c, i, j]
                          * padded[n, c, stride p + dilation i, stride q + dilation j]

    The image is padded with zeros. Returns (n, c_out, rows, columns), sizes by `output_size`.
    """
    image, kernels = number_array("x", x), number_array("weight", weight)
    match_shapes(("weight", kernels, WEIGHT), ("x", image, IMAGE))
    windows = _read_windows(image, _grid(kernels.shape[2:], stride, padding, dilation), fill=0.0)
    products: Array = np.einsum("ncpqij,ocij->nopq", windows, kernels, optimize=True)
    if bias is None:
        return products
    offsets = number_array("bias", bias)
    match_shapes(("weight", kernels, WEIGHT), ("bias", offsets, "c_out"))
    return products + offsets[:, np.newaxis, np.newaxis]


def conv2d_backward(
    output_gradient: ArrayLike,
    x: ArrayLike,
    weight: ArrayLike,
    *,
    stride: Size = 1,
    padding: Size = 0,
    dilation: Size = 1,
) -> ConvolutionGradients:
    """Gradients of a scalar with respect to x, weight and bias, given the one for the output."""
    image, kernels = number_array("x", x), number_array("weight", weight)
    match_shapes(("weight", kernels, WEIGHT), ("x", image, IMAGE))
    grid = _grid(kernels.shape[2:], stride, padding, dilation)
    gradient = _output_gradient(output_gradient, image, grid, channels=kernels.shape[0])
    windows = _read_windows(image, grid, fill=0.0)
    windows_gradient = np.einsum("nopq,ocij->ncpqij", gradient, kernels, optimize=True)
    return ConvolutionGradients(
        x=_add_windows(windows_gradient, image.shape, grid),
        weight=np.einsum("nopq,ncpqij->ocij", gradient, windows, optimize=True),
        bias=gradient.sum(axis=(0, 2, 3)),
    )


def max_pool2d(
    x: ArrayLike,
    kernel: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
) -> Array:
    """The largest entry of every window (by the real part), channel by channel.

    Without a stride the windows lie side by side. Padding is never the largest entry; a window
    of nothing but padding raises ValueError.
    """
    image, grid = _pooling_arguments(x, kernel, stride, padding, dilation)
    windows, position = _windows_and_largest(image, grid)
    return np.take_along_axis(windows, position[..., np.newaxis], axis=-1)[..., 0]


def max_pool2d_backward(
    output_gradient: ArrayLike,
    x: ArrayLike,
    kernel: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
) -> Array:
    """The gradient for x: each window's goes to its largest entry.

    On a tie, where no derivative exists, the first of the largest entries in reading order (by
    row, then by column) gets all of it.
    """
    image, grid = _pooling_arguments(x, kernel, stride, padding, dilation)
    gradient = _output_gradient(output_gradient, image, grid, channels=image.shape[1])
    windows, position = _windows_and_largest(image, grid)
    chosen = np.arange(windows.shape[-1]) == position[..., np.newaxis]
    windows_gradient = gradient[..., np.newaxis] * chosen
    return _add_windows(windows_gradient.reshape(*gradient.shape, *grid.kernel), image.shape, grid)


def average_pool2d(
    x: ArrayLike,
    kernel: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
) -> Array:
    """The mean of every window, channel by channel; padding counts as zeros in the mean.

    Without a stride the windows lie side by side.
    """
    image, grid = _pooling_arguments(x, kernel, stride, padding, dilation)
    mean: Array = _read_windows(image, grid, fill=0.0).mean(axis=(-2, -1))
    return mean


def average_pool2d_backward(
    output_gradient: ArrayLike,
    x: ArrayLike,
    kernel: Size,
    *,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
) -> Array:
    """The gradient for x: each window's is shared equally among its k_h * k_w entries."""
    image, grid = _pooling_arguments(x, kernel, stride, padding, dilation)
    gradient = _output_gradient(output_gradient, image, grid, channels=image.shape[1])
    share = gradient / (grid.kernel[0] * grid.kernel[1])
    windows_gradient = np.broadcast_to(
        share[..., np.newaxis, np.newaxis], (*gradient.shape, *grid.kernel)
    )
    return _add_windows(windows_gradient, image.shape, grid)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the windows lie: each entry is (rows, columns)."""

    kernel: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]
    dilation: tuple[int, int]

    def output_shape(self, image_shape: tuple[int, ...]) -> tuple[int, int]:
        """The number of windows down and across."""
        rows, columns = (
            output_size(image_shape[2 + a], *(size[a] for size in self._sizes())) for a in (0, 1)
        )
        return rows, columns

    def span(self, axis: int) -> int:
        """The length of padded image from the first to the last entry of a window."""
        return self.dilation[axis] * (self.kernel[axis] - 1) + 1

    def _sizes(self) -> tuple[tuple[int, int], ...]:
        return self.kernel, self.stride, self.padding, self.dilation


def _grid(kernel: tuple[int, ...] | Size, stride: Size, padding: Size, dilation: Size) -> _Grid:
    return _Grid(
        _pair("kernel", kernel, 1),
        _pair("stride", stride, 1),
        _pair("padding", padding, 0),
        _pair("dilation", dilation, 1),
    )


def _pooling_arguments(
    x: ArrayLike, kernel: Size, stride: Size | None, padding: Size, dilation: Size
) -> tuple[Array, _Grid]:
    image = number_array("x", x)
    match_shapes(("x", image, "n c height width"))
    return image, _grid(kernel, kernel if stride is None else stride, padding, dilation)


def _pair(name: str, value: tuple[int, ...] | Size, least: int) -> tuple[int, int]:
    pair = value if isinstance(value, tuple) else (value, value)
    if len(pair) != 2:
        raise ValueError(f"{name} is {value!r}, expected an integer or a pair (rows, columns)")
    for size in pair:
        _require_integer(name, size, least)
    return pair


def _require_integer(name: str, value: int, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} is {value!r}, expected an integer >= {least}")


def _read_windows(image: Array, grid: _Grid, fill: float) -> Array:
    """All windows of the padded image: (n, c, rows, columns, k_h, k_w)."""
    grid.output_shape(image.shape)  # refuses a kernel that doesn't fit
    n, channels, height, width = image.shape
    (top, left), (down, across) = grid.padding, grid.stride
    padded = np.full((n, channels, height + 2 * top, width + 2 * left), fill, dtype=image.dtype)
    padded[:, :, top : top + height, left : left + width] = image
    windows = sliding_window_view(padded, (grid.span(0), grid.span(1)), axis=(2, 3))
    return windows[:, :, ::down, ::across, :: grid.dilation[0], :: grid.dilation[1]]


def _add_windows(windows: Array, image_shape: tuple[int, ...], grid: _Grid) -> Array:
    """The adjoint of `_read_windows`: add every window to the entries that it was read from."""
    n, channels, height, width = image_shape
    rows, columns = windows.shape[2:4]
    (top, left), (down, across) = grid.padding, grid.stride
    padded = np.zeros((n, channels, height + 2 * top, width + 2 * left), dtype=windows.dtype)
    for i, j in product(range(grid.kernel[0]), range(grid.kernel[1])):
        row, column = grid.dilation[0] * i, grid.dilation[1] * j
        padded[
            :,
            :,
            row : row + down * (rows - 1) + 1 : down,
            column : column + across * (columns - 1) + 1 : across,
        ] += windows[..., i, j]
    return padded[:, :, top : top + height, left : left + width]


def _windows_and_largest(image: Array, grid: _Grid) -> tuple[Array, Array]:
    """Windows with their entries in one axis, and the position of the first largest in each."""
    for axis, count in enumerate(grid.output_shape(image.shape)):
        starts = grid.stride[axis] * np.arange(count)[:, np.newaxis] - grid.padding[axis]
        read = starts + grid.dilation[axis] * np.arange(grid.kernel[axis])
        inside = (read >= 0) & (read < image.shape[2 + axis])
        if not inside.any(axis=1).all():
            raise ValueError(
                f"padding is {grid.padding}: a max pooling window of kernel {grid.kernel} with "
                f"dilation {grid.dilation} reads nothing but padding; expected less padding"
            )
    windows = _read_windows(image, grid, fill=-np.inf)
    windows = windows.reshape(*windows.shape[:4], -1)
    return windows, np.argmax(windows.real, axis=-1)


def _output_gradient(value: ArrayLike, image: Array, grid: _Grid, channels: int) -> Array:
    gradient = number_array("output_gradient", value)
    expected = (image.shape[0], channels, *grid.output_shape(image.shape))
    if gradient.shape != expected:
        raise ValueError(
            f"output_gradient has shape {gradient.shape}, expected {expected}, the output's shape"
        )
    return gradient
