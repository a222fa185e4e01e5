"""The graph of a network of one input and one output, its hull, and bounds of its values."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError
from polyrelax.networks.input_sets import InputSet, input_set
from polyrelax.networks.network import Network
from polyrelax.networks.regions import exact_hull, trace_vertices
from polyrelax.plotting.canvas import as_place, as_places, name_axes, plane
from polyrelax.plotting.looks import BLACK, GREEN, Look, label, look
from polyrelax.plotting.shapes import plot_polytope
from polyrelax.relaxations.trace import Trace


def plot_function(
    network: Network,
    domain: InputSet,
    traces: Sequence[Trace] = (),
    *,
    ax: Axes | None = None,
) -> list[Artist]:
    """Draw the graph of a network over an interval, its hull, and the bounds of traces.

    Bounds are bars beside the graph: what a trace believes that the values are.

    >>> from matplotlib.figure import Figure
    >>> from polyrelax.networks.gallery import tent
    >>> _, graph = plot_function(tent(), ([-1], [1]), ax=Figure().subplots())
    >>> graph.get_xdata().tolist(), graph.get_ydata().tolist()
    ([-1.0, -0.5, 0.0, 0.5, 1.0], [1.0, 1.0, 2.0, 1.0, 1.0])
    """
    require(network, Network)
    traces = all_of(traces, Trace, "traces")
    if (network.in_dim, network.out_dim) != (1, 1):
        raise DimensionError(
            f"found a network from {network.in_dim} to {amount(network.out_dim, 'value')}, "
            "expected one input and one output"
        )
    domain, axes = input_set(network, domain), plane(ax)
    name_axes(axes, "$x$", "$f(x)$")
    points = sorted((run[0][0], run[-1][0]) for run in trace_vertices(network, domain))
    graph = as_places(points)
    hull = plot_polytope(exact_hull(network, domain), ax=axes, look=Look(GREEN), label="hull")
    (line,) = axes.plot(*graph.T, color=BLACK, linewidth=2.5, label="$f$")
    return [hull, line, *_bars(axes, traces, domain.bounds[0])]


def _bars(axes: Axes, traces: Sequence[Trace], ends: Interval) -> list[Artist]:
    """Draw the bounds of each trace as a bar on the right."""
    artists: list[Artist] = []
    step = as_place(ends.width) / 14
    for place, trace in enumerate(traces, start=1):
        style = look(trace.relaxation)
        bounds = [as_place(end) for end in trace.output[0]]
        x = as_place(ends.upper) + place * step
        (bar,) = axes.plot([x, x], bounds, color=style.colour, marker="_", linewidth=3)
        bar.set(linestyle=style.dashes, solid_capstyle="butt")
        bar.set_label(label(trace.relaxation))
        artists.append(bar)
    return artists
