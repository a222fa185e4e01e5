"""Where to draw: the axes given, or the current ones, their labels, and numbers as places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.legend import Legend
from mpl_toolkits.mplot3d.axes3d import Axes3D

from polyrelax.arithmetic.arguments import all_of, dimension, exact, exact_vectors, require
from polyrelax.arithmetic.rational import shown
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, PictureError

LEGEND_LINE = 3.5
"""The length of lines in legends, in letters: long enough to tell dashes apart."""

MOST_DIGITS: Final = 100
"""Coordinates with more digits before the point are refused: areas are their products."""

Points: TypeAlias = npt.NDArray[np.float64]


def as_place(value: Fraction | int) -> float:
    """Return where on an axis a number is.

    >>> as_place(Fraction(1, 4))
    0.25
    """
    value = exact(value)
    if abs(value) > 10**MOST_DIGITS:
        raise PictureError(f"found a coordinate beyond 1e{MOST_DIGITS}, which no axes show")
    return float(value)


def as_places(points: Iterable[Sequence[Fraction | int]]) -> Points:
    """Return points as the rows of an array.

    >>> as_places([(Fraction(1, 2), Fraction(0))]).tolist()
    [[0.5, 0.0]]
    """
    points = exact_vectors(points, "points")
    if len({*map(len, points)}) > 1:
        raise DimensionError("found points of several dimensions, expected one")
    return np.array([[as_place(x) for x in point] for point in points], dtype=np.float64)


def chosen(ax: Axes | None) -> Axes:
    """Return the axes given, by default the current ones."""
    require(ax, Axes | None, "axes, or None")
    return plt.gca() if ax is None else ax


def plane(ax: Axes | None) -> Axes:
    """Return the axes to draw on in the plane, by default the current ones."""
    axes = chosen(ax)
    if axes.name != "rectilinear":
        raise DimensionError(f"found axes with projection={shown(axes.name)}, expected none")
    return axes


def space(ax: Axes | None) -> Axes3D:
    """Return the axes to draw on in three dimensions; an empty figure gets new ones."""
    require(ax, Axes | None, "axes, or None")
    if ax is None and not plt.gcf().axes:
        ax = plt.gcf().add_subplot(projection="3d")
    axes = chosen(ax)
    if not isinstance(axes, Axes3D):
        raise DimensionError("found axes of the plane, expected axes with projection='3d'")
    return axes


def panels(count: int, axes: Sequence[Axes] | None) -> Sequence[Axes]:
    """Return one axes for each panel: those given, or a new figure's in one row."""
    count = dimension(count, "a count")
    if axes is None:
        size = (2.6 * count + 0.4, 3.3)
        figure = plt.figure(figsize=size)
        figure.set_layout_engine("constrained", wspace=0.05, w_pad=0.1)
        return tuple(figure.subplots(1, count, squeeze=False)[0])
    given = all_of(axes, Axes, "axes")
    if len(given) != count:
        raise DimensionError(f"found {amount(len(given), 'axis', 'axes')}, expected {count}")
    return [plane(ax) for ax in given]


def name_axes(ax: Axes, *names: str) -> None:
    """Write the names of the axes, in the order x, y, z, where there are none yet."""
    require(ax, Axes)
    axes = [ax.xaxis, ax.yaxis, *([ax.zaxis] if isinstance(ax, Axes3D) else [])]
    for axis, name in zip(axes, names, strict=False):
        if not axis.get_label_text():
            axis.set_label_text(name)


def legend_beside(ax: Axes | None = None) -> Legend:
    """Write what is drawn on the right of the axes, each name once.

    >>> from matplotlib.figure import Figure
    >>> axes = Figure().subplots()
    >>> for x in (0, 1):
    ...     _ = axes.plot([x], [x], label="point")
    >>> [text.get_text() for text in legend_beside(axes).get_texts()]
    ['point']
    """
    axes = chosen(ax)
    drawn, names = axes.get_legend_handles_labels()
    handles = dict(zip(names, drawn, strict=True))
    return axes.legend(
        handles.values(),
        handles.keys(),
        loc="upper left",
        bbox_to_anchor=(1.01, 1),
        frameon=False,
        handlelength=LEGEND_LINE,
    )
