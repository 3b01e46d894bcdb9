"""The figures show what their captions say."""

import pytest

from derive.verify_figures import FIGURES, relu_figure, softmax_figure, step_size_figure
from identities import find


def test_every_figure_belongs_to_a_claim() -> None:
    for name in FIGURES:
        assert find(name).name == name


def test_the_rectifier_has_no_derivative_at_its_kink() -> None:
    values, slopes = (dict(series.points) for series in relu_figure().series)
    assert values[-3.0] == 0
    assert values[3.0] == 3
    gap = [x for x, slope in slopes.items() if slope != slope]
    assert gap == pytest.approx([0.0], abs=1e-9)


def test_softmax_moves_its_weight_to_the_largest_entry() -> None:
    series = softmax_figure().series
    assert [s.points[0][1] for s in series] == pytest.approx([1 / 3] * 3)
    assert series[2].points[-1][1] > 0.99


def test_differences_have_a_valley_and_the_complex_step_has_none() -> None:
    central, complex_step = (dict(series.points) for series in step_size_figure().series)
    best = min(central, key=lambda h: central[h])
    assert 1e-7 < best < 1e-3
    assert central[min(central)] > 1e-4
    assert complex_step[min(complex_step)] < 1e-14
