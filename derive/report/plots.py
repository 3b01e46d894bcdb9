"""Plots as data: ranges, ticks and the standard figures, from numbers that are passed in.

Nothing here computes a network; the caller brings the numbers.
"""

import math
from collections.abc import Mapping, Sequence

from derive.report.model import Axis, Plot, Series

Points = Sequence[tuple[float, float]]


def nice_step(span: float, count: int) -> float:
    """The step 1, 2 or 5 times a power of ten that cuts ``span`` (> 0) into about ``count``."""
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * nice for nice in (1.0, 2.0, 5.0, 10.0) if rough <= power * nice * 1.0001)


def linear_axis(label: str, values: Sequence[float], count: int = 6) -> Axis:
    """An axis whose range covers all finite values and ends at ticks."""
    finite = [value for value in values if math.isfinite(value)] or [0.0]
    low, high = min(finite), max(finite)
    if low == high:
        low, high = low - 1.0, high + 1.0
    step = nice_step(high - low, count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    ticks = tuple(
        (n * step, f"{n * step:.{decimals}f}".replace("-", "−")) for n in range(first, last + 1)
    )
    return Axis(label, first * step, last * step, ticks)


def logarithmic_axis(label: str, values: Sequence[float], count: int = 7) -> Axis:
    """A log10 axis from one power of ten to another that covers all positive finite values."""
    positive = [value for value in values if math.isfinite(value) and value > 0] or [1.0]
    low = math.floor(math.log10(min(positive)) + 1e-9)
    high = math.ceil(math.log10(max(positive)) - 1e-9)
    if low == high:
        low, high = low - 1, high + 1
    step = max(1, math.ceil((high - low) / count))
    ticks = tuple((10.0**n, f"$10^{{{n}}}$") for n in range(low, high + 1, step))
    return Axis(label, 10.0**low, 10.0**high, ticks, logarithmic=True)


def line_plot(
    title: str,
    x_label: str,
    y_label: str,
    series: Mapping[str, Points],
    caption: str = "",
    log_x: bool = False,
    log_y: bool = False,
) -> Plot:
    """A plot of named curves whose axes cover all of their points.

    A point that is not finite, or not positive on a logarithmic axis, is a gap in its curve.
    """
    xs = [x for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points]
    return Plot(
        title,
        (logarithmic_axis if log_x else linear_axis)(x_label, xs),
        (logarithmic_axis if log_y else linear_axis)(y_label, ys),
        tuple(Series(name, tuple((x, y) for x, y in points)) for name, points in series.items()),
        caption,
    )


def softmax_scaling_plot(
    scores: Sequence[float], scales: Sequence[float], probabilities: Sequence[Sequence[float]]
) -> Plot:
    """How softmax changes with the scale: ``probabilities[s][i]`` is ``S(scales[s] x)_i``."""
    curves = {
        f"$x_{{{i + 1}}} = {score:g}$": [
            (scale, row[i]) for scale, row in zip(scales, probabilities, strict=True)
        ]
        for i, score in enumerate(scores)
    }
    return line_plot(
        "Softmax under scaling",
        "scale $c$",
        "$S(c\\,x)_i$",
        curves,
        "A larger scale moves all weight to the largest component; scale 0 makes them equal.",
    )


def relu_kink_plot(
    points: Sequence[float], values: Sequence[float], derivatives: Sequence[float]
) -> Plot:
    """The rectifier and its derivative; pass ``nan`` as the derivative at the kink."""
    return line_plot(
        "The rectifier and its derivative",
        "$x$",
        "value",
        {
            "$\\max(0, x)$": list(zip(points, values, strict=True)),
            "derivative": list(zip(points, derivatives, strict=True)),
        },
        "At the kink the one-sided derivatives are 0 and 1, so there is no derivative.",
    )


def step_size_plot(steps: Sequence[float], errors: Mapping[str, Sequence[float]]) -> Plot:
    """Relative error of each way to differentiate against its step size, both logarithmic."""
    return line_plot(
        "Error of the derivative against the step size",
        "step $h$",
        "relative error",
        {name: list(zip(steps, column, strict=True)) for name, column in errors.items()},
        "A difference quotient loses digits to cancellation when its step gets small; "
        "the complex step does not. Errors of exactly 0 are not drawn.",
        log_x=True,
        log_y=True,
    )
