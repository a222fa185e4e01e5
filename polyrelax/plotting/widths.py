"""How wide the bounds of relaxations are, layer by layer."""

from __future__ import annotations

import io
from collections.abc import Sequence
from statistics import mean

import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from polyrelax.plotting.canvas import legend_beside, name_axes, plane
from polyrelax.plotting.looks import label, look
from polyrelax.relaxations.trace import Trace


def plot_widths(traces: Sequence[Trace], *, ax: Axes | None = None) -> list[Line2D]:
    """Draw the mean width of the bounds after each layer, one line for each trace.

    The scale is logarithmic if no mean is zero and they differ by a factor of thirty.

    >>> from matplotlib.figure import Figure
    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.interval import IBP
    >>> from polyrelax.relaxations.trace import propagate
    >>> trace = propagate(tent(), Polytope.box([-1], [1]), IBP())
    >>> plot_widths([trace], ax=Figure().subplots())[0].get_ydata().tolist()
    [2.0, 2.0, 1.0, 2.0, 1.0, 2.0]
    """
    axes = plane(ax)
    lines = [_line(axes, trace) for trace in traces]
    heights = np.concatenate([np.asarray(line.get_ydata()) for line in lines])
    if 0 < 30 * heights.min() <= heights.max():
        axes.set_yscale("log")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    name_axes(axes, "layers done", "mean width of the bounds")
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
    drawn = io.StringIO()
    with rc_context({"svg.hashsalt": "polyrelax"}):
        figure = Figure(figsize=(7, 3.6), layout="constrained")
        axes = figure.subplots()
        plot_widths(traces, ax=axes)
        legend_beside(axes)
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    document = drawn.getvalue()
    return document[document.index("<svg") :]


def _line(axes: Axes, trace: Trace) -> Line2D:
    style = look(trace.relaxation)
    widths = [float(mean(x.width for x in bounds)) for bounds in trace.bounds]
    (line,) = axes.plot(
        np.arange(len(widths)),
        np.array(widths),
        color=style.colour,
        linestyle=style.dashes,
        marker=style.marker,
        markersize=5,
        label=label(trace.relaxation),
    )
    return line
