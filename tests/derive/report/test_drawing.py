import math
from itertools import pairwise

import pytest

from derive.report.drawing import dashed, drawing
from derive.report.plots import (
    line_plot,
    linear_axis,
    logarithmic_axis,
    nice_step,
    relu_kink_plot,
    softmax_scaling_plot,
    step_size_plot,
)


@pytest.mark.parametrize(
    ("span", "count", "step"), [(10, 5, 2), (1, 4, 0.5), (0.3, 6, 0.05), (700, 7, 100), (6, 6, 1)]
)
def test_steps_are_1_2_or_5_times_a_power_of_ten(span: float, count: int, step: float) -> None:
    assert nice_step(span, count) == pytest.approx(step)


def test_a_linear_axis_covers_the_values_and_ends_at_ticks() -> None:
    axis = linear_axis("x", [-2.6, 0.1, math.nan, 2.9])
    assert (axis.low, axis.high) == (-3, 3)
    assert [label for _, label in axis.ticks] == ["−3", "−2", "−1", "0", "1", "2", "3"]


def test_axes_of_no_value_or_one_value() -> None:
    assert (linear_axis("x", []).low, linear_axis("x", []).high) == (-1, 1)
    assert (logarithmic_axis("x", [0.0, 1.0]).low, logarithmic_axis("x", []).high) == (0.1, 10)


def test_a_logarithmic_axis_has_powers_of_ten() -> None:
    axis = logarithmic_axis("h", [3e-8, 0.0, -1.0, 0.2])
    assert (axis.low, axis.high) == (1e-8, 1)
    assert axis.ticks[0][1] == "$10^{-8}$"


def test_a_gap_where_there_is_no_value() -> None:
    plot = line_plot("t", "x", "y", {"f": [(0, 0), (1, 1), (2, math.nan), (3, 1), (4, 0)]})
    strokes = [stroke for stroke in drawing(plot).strokes if stroke.colour == 0]
    assert [len(stroke.points) for stroke in strokes] == [2, 2, 2]  # two parts and the legend


def test_everything_stays_on_the_canvas() -> None:
    errors = {"a": [1e-3, 0.0, 1e-16], "b": [1e-1, 1e-5, 1e-9]}
    for plot in (
        step_size_plot([1e-1, 1e-4, 1e-8], errors),
        softmax_scaling_plot([0, 1], [0, 1, 2], [[0.5, 0.5], [0.3, 0.7], [0.1, 0.9]]),
        relu_kink_plot([-1, 0, 1], [0, 0, 1], [0, math.nan, 1]),
    ):
        picture = drawing(plot)
        places = [point for stroke in picture.strokes for point in stroke.points]
        places += [label.at for label in picture.labels]
        assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in places)


def test_dashes_keep_their_lengths_around_corners() -> None:
    pieces = dashed(((0, 0), (3, 0), (3, 10)), (4, 2))
    lengths = [sum(math.dist(a, b) for a, b in pairwise(p)) for p in pieces]
    assert lengths == pytest.approx([4, 4, 1])
    assert pieces[0] == ((0, 0), (3, 0), (3, 1))
    assert dashed(((0, 0), (1, 1)), ()) == [((0, 0), (1, 1))]
