"""Activation functions in numerically stable form, on real and on complex arrays.

Complex arrays are there for the complex step, f'(x) = Im f(x + ih) / h: every branch and every
stabilising maximum is decided by the real part, so each function is analytic wherever its
derivative exists, and never takes an absolute value.
"""

import numpy as np
from numpy.typing import ArrayLike

from derive.numeric.arrays import Array, number_array


def relu(x: ArrayLike) -> Array:
    """max(0, x) entry by entry."""
    z = number_array("x", x)
    return np.where(z.real <= 0, 0.0, z)


def relu_derivative(x: ArrayLike) -> Array:
    """1 where x > 0 and 0 where x <= 0, a real array.

    At x = 0 no derivative exists; 0 is a subgradient, chosen because `relu` is 0 there too, so
    that backward passes and the complex step agree on the kink.
    """
    indicator: Array = np.heaviside(number_array("x", x).real, 0.0)
    return indicator


def sigmoid(x: ArrayLike) -> Array:
    """1 / (1 + exp(-x)), without overflow at either end."""
    z = number_array("x", x)
    decay = np.exp(-_magnitude(z))
    return np.where(z.real < 0, decay, 1.0) / (1.0 + decay)


def softplus(x: ArrayLike) -> Array:
    """log(1 + exp(x)) = max(0, x) + log(1 + exp(-|x|)); the second form can't overflow."""
    z = number_array("x", x)
    positive_part = np.where(z.real < 0, 0.0, z)  # at 0 on the branch of _magnitude, unlike relu
    return positive_part + _log1p(np.exp(-_magnitude(z)))


def log_sigmoid(x: ArrayLike) -> Array:
    """log(sigmoid(x)) = -softplus(-x), finite where sigmoid(x) underflows to 0."""
    return -softplus(-number_array("x", x))


def tanh(x: ArrayLike) -> Array:
    """Hyperbolic tangent."""
    value: Array = np.tanh(number_array("x", x))
    return value


def softmax(x: ArrayLike, axis: int = -1) -> Array:
    """exp(x_i) / sum_k exp(x_k) along `axis`.

    Entries must be finite; -inf is allowed beside at least one finite entry. An entry more than
    745 below the largest one underflows to exactly 0.
    """
    z = _vector_array(x, axis)
    exponentials: Array = np.exp(z - _largest(z, axis))
    total: Array = exponentials.sum(axis=axis, keepdims=True)
    return exponentials / total


def logsumexp(x: ArrayLike, axis: int = -1) -> Array:
    """log(sum_k exp(x_k)) along `axis`, which is removed. Entries as in `softmax`."""
    z = _vector_array(x, axis)
    return np.squeeze(_largest(z, axis) + _log_total(z, axis), axis=axis)


def log_softmax(x: ArrayLike, axis: int = -1) -> Array:
    """log(softmax(x)) = x - logsumexp(x) along `axis`; finite where softmax(x) underflows to 0."""
    z = _vector_array(x, axis)
    return (z - _largest(z, axis)) - _log_total(z, axis)


def _magnitude(z: Array) -> Array:
    """|x| continued analytically off the real line: z or -z, whichever has the real part >= 0."""
    return np.where(z.real < 0, -z, z)


def _largest(z: Array, axis: int) -> Array:
    """The entry with the largest real part along `axis` (the first one on a tie), axis kept."""
    return np.take_along_axis(z, _position_of_largest(z, axis), axis)


def _position_of_largest(z: Array, axis: int) -> Array:
    position: Array = np.argmax(z.real, axis=axis, keepdims=True)
    return position


def _log_total(z: Array, axis: int) -> Array:
    """logsumexp(z) minus the largest entry, axis kept.

    The largest entry contributes exactly 1, so log1p of the others keeps the digits of a total
    that is barely above 1 (a confident classifier).
    """
    others = np.exp(z - _largest(z, axis))
    np.put_along_axis(others, _position_of_largest(z, axis), 0.0, axis)
    return _log1p(others.sum(axis=axis, keepdims=True))


def _log1p(z: Array) -> Array:
    """log(1 + z) for Re z >= 0; NumPy's own loses the digits of a small complex z."""
    real_part: Array = 0.5 * np.log1p(z.real * (2.0 + z.real) + z.imag**2)
    return real_part + 1j * np.arctan2(z.imag, 1.0 + z.real) if np.iscomplexobj(z) else np.log1p(z)


def _vector_array(x: ArrayLike, axis: int) -> Array:
    z = number_array("x", x)
    if not -z.ndim <= axis < z.ndim:
        raise ValueError(f"x has shape {z.shape}, expected an array with an axis {axis}")
    if z.shape[axis] == 0:
        raise ValueError(f"x has shape {z.shape}, expected at least one entry along axis {axis}")
    return z
