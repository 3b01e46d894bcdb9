"""Arrays as the reference networks take them: double precision, immutable, of checked shape."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[Any]
"""A real or complex array of at least double precision."""


def number_array(name: str, value: ArrayLike) -> Array:
    """Return `value` as an array of real or complex numbers, in at least double precision.

    Raises ValueError, naming the array, for anything that isn't a rectangular array of numbers.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} is not a rectangular array: its rows differ in length; "
            "give every row the same number of entries"
        ) from None
    if array.dtype.kind not in "biufc":
        raise ValueError(f"{name} holds {array.dtype} entries, expected real or complex numbers")
    return array.astype(np.result_type(array.dtype, np.float64), copy=False)


def read_only(array: Array) -> Array:
    """Return a copy of `array` that refuses to be written to."""
    copy = array.copy()
    copy.setflags(write=False)
    return copy


def match_shapes(*declarations: tuple[str, Array, str]) -> dict[str, int]:
    """Check named arrays against shape patterns and return the size of every dimension.

    A declaration is (name, array, pattern); a pattern such as ``"n d_h"`` names one dimension
    for each axis. A dimension takes its size from the first array that mentions it and every
    later one must agree. Every dimension is at least 1.

    Raises ValueError with the name of the array, the shape found and the shape expected.
    """
    sizes: dict[str, int] = {}
    origin: dict[str, str] = {}
    for name, array, pattern in declarations:
        axes = pattern.split()
        if array.ndim != len(axes):
            advice = f"; for one example write {name}[np.newaxis]" if axes[0] == "n" else ""
            reason = f": {len(axes)} axes, not {array.ndim}{advice}"
            raise ValueError(_mismatch(name, array, axes) + reason)
        if 0 in array.shape:
            raise ValueError(_mismatch(name, array, axes) + ": every dimension is at least 1")
        for axis, size in zip(axes, array.shape, strict=True):
            if sizes.setdefault(axis, size) != size:
                reason = f" with {axis} = {sizes[axis]} as in {origin[axis]}"
                raise ValueError(_mismatch(name, array, axes) + reason)
            origin.setdefault(axis, name)
    return sizes


def _mismatch(name: str, array: Array, axes: list[str]) -> str:
    expected = f"({axes[0]},)" if len(axes) == 1 else f"({', '.join(axes)})"
    return f"{name} has shape {array.shape}, expected {expected}"
