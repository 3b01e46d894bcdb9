"""Numerical derivatives, against which analytic ones are checked.

Two independent methods:

- the complex step, Im f(x + i h e_j) / h, has an error of order h^2 and subtracts nothing, so
  with a tiny h it's exact to rounding; f must be analytic and accept complex arrays
  (Squire and Trapp, "Using complex variables to estimate derivatives of real functions", 1998);
- the central difference, (f(x + h e_j) - f(x - h e_j)) / 2h, needs only real values, but
  rounding grows as h falls, so about 10 digits is the best it reaches.

Jacobians have numerator layout: the axes of f(x) first, then those of x.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from derive.numeric.arrays import Array, number_array

COMPLEX_STEP = 2.0**-66
"""About 1.4e-20: its square is far below rounding, and dividing by it is exact."""

CENTRAL_STEP = float(np.cbrt(np.finfo(np.float64).eps))
"""About 6.1e-6: balances the error of order h^2 against rounding of order eps / h."""


@dataclass(frozen=True, slots=True, eq=False)
class StepErrors:
    """Relative errors of two numerical gradients for every step size, three arrays as long."""

    steps: Array
    central_difference: Array
    complex_step: Array


def complex_step_gradient(
    f: Callable[[Array], ArrayLike], x: ArrayLike, step: float = COMPLEX_STEP
) -> Array:
    """The gradient of the scalar function f at x, in the shape of x, by complex step.

    Raises ValueError if f isn't scalar, or returns a real value for complex x: the derivative
    was lost on the way.
    """
    return complex_step_jacobian(_scalar(f), x, step)


def complex_step_jacobian(
    f: Callable[[Array], ArrayLike], x: ArrayLike, step: float = COMPLEX_STEP
) -> Array:
    """The Jacobian of f at x, of shape f(x).shape + x.shape, by complex step.

    Raises ValueError if f returns real values for complex x.
    """
    point = _real_point(x)
    _require_positive(step)

    def derivative(direction: Array) -> Array:
        value = number_array("f(x)", f(point + 1j * step * direction))
        if not np.iscomplexobj(value):
            raise ValueError(
                "f(x) is real for complex x, expected complex values: f drops the imaginary part "
                "that carries the derivative; decide by the real part, without abs or real"
            )
        return value.imag / step

    return _assemble([derivative(direction) for direction in _unit_arrays(point)], point)


def central_difference_gradient(
    f: Callable[[Array], ArrayLike], x: ArrayLike, step: float | None = None
) -> Array:
    """The gradient of the scalar function f at x, in the shape of x, by central differences.

    Raises ValueError if f isn't scalar. Steps as in `central_difference_jacobian`.
    """
    return central_difference_jacobian(_scalar(f), x, step)


def central_difference_jacobian(
    f: Callable[[Array], ArrayLike], x: ArrayLike, step: float | None = None
) -> Array:
    """The Jacobian of f at x, of shape f(x).shape + x.shape, by central differences.

    Without a step, entry x_j gets CENTRAL_STEP * max(1, |x_j|). At a kink the result is the mean
    of the two one-sided derivatives and means nothing.
    """
    point = _real_point(x)
    if step is not None:
        _require_positive(step)

    def derivative(direction: Array) -> Array:
        h = (
            CENTRAL_STEP * max(1.0, float(np.abs(point * direction).max()))
            if step is None
            else step
        )
        above = number_array("f(x)", f(point + h * direction))
        below = number_array("f(x)", f(point - h * direction))
        return (above - below) / (2.0 * h)

    return _assemble([derivative(direction) for direction in _unit_arrays(point)], point)


def error_against_step(
    f: Callable[[Array], ArrayLike], gradient: ArrayLike, x: ArrayLike, steps: ArrayLike
) -> StepErrors:
    """The `relative_error` of both numerical gradients of f at x, for each step size.

    `gradient` is the one held to be right. Plotted on logarithmic axes, central differences show
    the valley between truncation and rounding, the complex step falls to rounding and stays.
    """
    exact = number_array("gradient", gradient)
    sizes = np.atleast_1d(_real_point(steps, "steps"))
    return StepErrors(
        steps=sizes,
        central_difference=np.array(
            [relative_error(central_difference_gradient(f, x, float(h)), exact) for h in sizes]
        ),
        complex_step=np.array(
            [relative_error(complex_step_gradient(f, x, float(h)), exact) for h in sizes]
        ),
    )


def relative_error(a: ArrayLike, b: ArrayLike, floor: float = 0.0) -> float:
    """max |a - b| / max(max |a|, max |b|, floor), over all entries; 0 if a equals b.

    A difference of magnitudes below `floor` counts in proportion to `floor`, for comparing
    values that should be 0. A NaN anywhere gives NaN, which is below no tolerance.
    Raises ValueError if the shapes differ: broadcasting would hide a mistake.
    """
    left, right = number_array("a", a), number_array("b", b)
    if left.shape != right.shape:
        raise ValueError(f"b has shape {right.shape}, expected {left.shape}, the shape of a")
    if np.array_equal(left, right):
        return 0.0
    scale = max(np.abs(left).max(), np.abs(right).max(), floor)
    return float(np.abs(left - right).max() / scale)


def _scalar(f: Callable[[Array], ArrayLike]) -> Callable[[Array], Array]:
    def checked(x: Array) -> Array:
        value = number_array("f(x)", f(x))
        if value.shape != ():
            raise ValueError(
                f"f(x) has shape {value.shape}, expected (), a scalar; "
                "for a function of several values use the Jacobian"
            )
        return value

    return checked


def _real_point(x: ArrayLike, name: str = "x") -> Array:
    point = number_array(name, x)
    if np.iscomplexobj(point):
        raise ValueError(f"{name} is complex, expected real numbers")
    if point.size == 0:
        raise ValueError(f"{name} has shape {point.shape}, expected at least one entry")
    return point


def _require_positive(step: float) -> None:
    if not step > 0:
        raise ValueError(f"step is {step}, expected a number > 0")


def _unit_arrays(point: Array) -> Iterator[Array]:
    """The basis arrays e_j in the shape of the point, in reading order."""
    for index in np.ndindex(point.shape):
        direction = np.zeros(point.shape)
        direction[index] = 1.0
        yield direction


def _assemble(columns: list[Array], point: Array) -> Array:
    return np.stack(columns, axis=-1).reshape(columns[0].shape + point.shape)
