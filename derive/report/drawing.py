"""A plot as lines and labels at places in points, the same for every printer.

The origin is at the lower left.  Curves differ by colour and by dashes, so they can be told apart
in print and by everybody.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from derive.report.model import Axis, Plot

Point = tuple[float, float]

#: Frame of the plot inside the drawing, in points.
_LEFT, _BOTTOM, _WIDTH, _HEIGHT = 44.0, 34.0, 250.0, 138.0
_LEGEND_GAP, _LEGEND_ROW, _LEGEND_DASH = 16.0, 15.0, 22.0
_TOTAL_WIDTH = 420.0

#: Dash patterns in points, drawn and blank in turn; none for a solid line.
_DASHES: tuple[tuple[float, ...], ...] = ((), (5.0, 3.0), (1.2, 2.4), (7.0, 2.5, 1.2, 2.5), (9, 4))


@dataclass(frozen=True, slots=True)
class Stroke:
    """A polyline; ``colour`` counts the curves, -1 is the axes and -2 the grid."""

    points: tuple[Point, ...]
    colour: int
    weight: float


@dataclass(frozen=True, slots=True)
class Label:
    """Text at a place, hung at its middle top, middle right, or baseline left."""

    at: Point
    text: str
    hang: Literal["top", "right", "left"]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines and labels on a canvas of the given size in points."""

    width: float
    height: float
    strokes: tuple[Stroke, ...]
    labels: tuple[Label, ...]


def drawing(plot: Plot) -> Drawing:
    """Draw a plot: grid, axes, ticks, the label of y above its axis, a legend at the right."""
    right, top = _LEFT + _WIDTH, _BOTTOM + _HEIGHT
    strokes: list[Stroke] = []
    labels: list[Label] = []
    for value, text in plot.x.ticks:
        x = _LEFT + _WIDTH * _share(plot.x, value)
        strokes.append(Stroke(((x, _BOTTOM), (x, _BOTTOM - 3)), -1, 0.4))
        labels.append(Label((x, _BOTTOM - 5), text, "top"))
    for value, text in plot.y.ticks:
        y = _BOTTOM + _HEIGHT * _share(plot.y, value)
        strokes.append(Stroke(((_LEFT, y), (right, y)), -2, 0.4))
        labels.append(Label((_LEFT - 5, y), text, "right"))
    strokes.append(Stroke(((_LEFT, _BOTTOM), (right, _BOTTOM)), -1, 0.6))
    labels.append(Label((_LEFT + _WIDTH / 2, _BOTTOM - 18), plot.x.label, "top"))
    labels.append(Label((_LEFT, top + 9), plot.y.label, "left"))
    legend = _BOTTOM + _HEIGHT / 2 + _LEGEND_ROW * (len(plot.series) - 1) / 2
    for colour, series in enumerate(plot.series):
        dashes = _DASHES[colour % len(_DASHES)]
        for curve in _curves(plot, series.points):
            strokes += (Stroke(piece, colour, 1.0) for piece in dashed(curve, dashes))
        start = right + _LEGEND_GAP
        sample = ((start, legend), (start + _LEGEND_DASH, legend))
        strokes += (Stroke(piece, colour, 1.0) for piece in dashed(sample, dashes))
        labels.append(Label((start + _LEGEND_DASH + 5, legend - 3), series.name, "left"))
        legend -= _LEGEND_ROW
    return Drawing(_TOTAL_WIDTH, top + 22, tuple(strokes), tuple(labels))


def _share(axis: Axis, value: float) -> float:
    """How far along the axis a value stands, from 0 to 1."""
    if axis.logarithmic:
        value, low, high = math.log10(value), math.log10(axis.low), math.log10(axis.high)
    else:
        low, high = axis.low, axis.high
    return (value - low) / (high - low)


def _curves(plot: Plot, points: tuple[Point, ...]) -> Iterator[tuple[Point, ...]]:
    """The curve on the canvas, cut where it has no value or leaves the frame."""
    current: list[Point] = []
    for x, y in points:
        visible = not ((plot.x.logarithmic and x <= 0) or (plot.y.logarithmic and y <= 0))
        if visible:
            # No number, and infinity, fail these comparisons too.
            along, up = _share(plot.x, x), _share(plot.y, y)
            visible = -1e-9 <= along <= 1 + 1e-9 and -1e-9 <= up <= 1 + 1e-9
        if visible:
            current.append((_LEFT + _WIDTH * along, _BOTTOM + _HEIGHT * up))
        elif current:
            yield tuple(current)
            current = []
    if current:
        yield tuple(current)


def dashed(points: tuple[Point, ...], pattern: tuple[float, ...]) -> list[tuple[Point, ...]]:
    """Cut a polyline into dashes along its length; an empty pattern leaves it whole."""
    if not pattern:
        return [points] if len(points) > 1 else []
    pieces: list[tuple[Point, ...]] = []
    current: list[Point] = [points[0]]
    place, left = 0, pattern[0]
    for start, end in pairwise(points):
        position = start
        length = math.dist(position, end)
        while length > left:
            share = left / length
            position = (
                position[0] + share * (end[0] - position[0]),
                position[1] + share * (end[1] - position[1]),
            )
            length -= left
            if place % 2 == 0:
                pieces.append((*current, position))
            current = [position]
            place += 1
            left = pattern[place % len(pattern)]
        left -= length
        current.append(end)
    if place % 2 == 0 and len(current) > 1:
        pieces.append(tuple(current))
    return pieces
