"""How wide the bounds of relaxations are, layer by layer."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from fractions import Fraction
from statistics import mean
from typing import Final

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from polyrelax.arithmetic.arguments import all_of
from polyrelax.errors import EmptySetError
from polyrelax.plotting.canvas import legend_beside, name_axes, plane
from polyrelax.plotting.looks import label, look
from polyrelax.relaxations.trace import Trace

MOST_DIGITS: Final = 100
"""Widths with more digits before or after the point are drawn by their logarithms: what they
come to on the scales of a chart would not be floats."""


def plot_widths(traces: Sequence[Trace], *, ax: Axes | None = None) -> list[Line2D]:
    """Draw the mean width of the bounds after each layer, one line for each trace.

    The scale is logarithmic if no mean is zero and they differ by a factor of thirty.  Where
    a mean is beyond 1e100 or below 1e-100, logarithms to the base ten are drawn, and no point
    for a mean of zero.

    >>> from matplotlib.figure import Figure
    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.interval import IBP
    >>> from polyrelax.relaxations.trace import propagate
    >>> trace = propagate(tent(), Polytope.box([-1], [1]), IBP())
    >>> plot_widths([trace], ax=Figure().subplots())[0].get_ydata().tolist()
    [2.0, 2.0, 1.0, 2.0, 1.0, 2.0]
    """
    traces = all_of(traces, Trace, "traces")
    if not traces:
        raise EmptySetError("found no traces, expected at least one to draw")
    axes = plane(ax)
    means = [[mean(x.width for x in box) for box in trace.bounds] for trace in traces]
    extreme = any(_is_extreme(width) for row in means for width in row)
    lines = [
        _line(axes, trace.relaxation, [(_logarithm if extreme else float)(x) for x in row])
        for trace, row in zip(traces, means, strict=True)
    ]
    heights = np.concatenate([np.asarray(line.get_ydata()) for line in lines])
    if not extreme and 0 < 30 * heights.min() <= heights.max():
        axes.set_yscale("log")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    what = "mean width of the bounds"
    name_axes(axes, "layers done", f"{what}, log10" if extreme else what)
    return lines


def widths_svg(traces: Sequence[Trace]) -> str:
    """Return the same chart with a legend as an SVG element, the same bytes each time.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.interval import IBP
    >>> from polyrelax.relaxations.trace import propagate
    >>> widths_svg([propagate(tent(), Polytope.box([-1], [1]), IBP())])[:4]
    '<svg'
    """
    traces = all_of(traces, Trace, "traces")
    drawn = io.StringIO()
    with rc_context({"svg.hashsalt": "polyrelax"}):
        figure = Figure(figsize=(7, 3.6), layout="constrained")
        axes = figure.subplots()
        plot_widths(traces, ax=axes)
        legend_beside(axes)
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    document = drawn.getvalue()
    return document[document.index("<svg") :]


def _is_extreme(width: Fraction) -> bool:
    return width > 0 and abs(_logarithm(width)) > MOST_DIGITS


def _logarithm(width: Fraction) -> float:
    """Return the logarithm to the base ten, no number for zero."""
    if not width:
        return math.nan
    return math.log10(width.numerator) - math.log10(width.denominator)


def _line(axes: Axes, relaxation: str, heights: Sequence[float]) -> Line2D:
    style = look(relaxation)
    (line,) = axes.plot(
        np.arange(len(heights)),
        np.array(heights),
        color=style.colour,
        linestyle=style.dashes,
        marker=style.marker,
        markersize=5,
        label=label(relaxation),
    )
    return line
