r"""The graph of one ReLU over an interval, and what relaxations make of it.

A relaxation replaces :math:`\{(z, \max(z, 0)) : l \le z \le u\}` by a polygon.  It is the
relaxed set of the outputs of the network :math:`z \mapsto (z, \max(z, 0))`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from polyrelax.arithmetic.arguments import listed
from polyrelax.arithmetic.rational import Scalar, rational, shown
from polyrelax.errors import EmptySetError
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.plotting.canvas import as_place, name_axes, plane
from polyrelax.plotting.looks import BLACK, label, look
from polyrelax.plotting.shapes import plot_polytope
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.trace import Relaxation, propagate, relaxation_of


def relaxed_graph(relaxation: Relaxation | str, lower: Scalar, upper: Scalar) -> Polytope:
    """Return the points (z, y) that a relaxation allows for ``y = max(z, 0)``.

    >>> from polyrelax.relaxations.triangle import Triangle
    >>> relaxed_graph(Triangle(), -1, 1).vertices == ((-1, 0), (0, 0), (1, 1))
    True
    """
    graph = Network((Affine.dense([[1], [1]]), ReLU(2, (1,))))
    return propagate(graph, Polytope.box([lower], [upper]), relaxation).polytope(2)


def plot_relu_graph(lower: Scalar, upper: Scalar, *, ax: Axes | None = None) -> Artist:
    """Draw the graph of the ReLU over an interval and return its line.

    >>> from matplotlib.figure import Figure
    >>> plot_relu_graph(-1, 2, ax=Figure().subplots()).get_ydata().tolist()
    [0.0, 0.0, 2.0]
    """
    axes = plane(ax)
    ends = (rational(lower), rational(upper))
    if ends[0] > ends[1]:
        raise EmptySetError(
            f"found the empty interval from {shown(ends[0])} to {shown(ends[1])}"
        )
    z = np.array(
        [as_place(x) for x in sorted({*ends, min(max(ends[0], rational(0)), ends[1])})]
    )
    (line,) = axes.plot(
        z, np.maximum(z, 0), color=BLACK, linewidth=2.5, zorder=3, label=r"$\max(z, 0)$"
    )
    name_axes(axes, "$z$", "$y$")
    return line


def plot_relaxations(
    relaxations: Iterable[Relaxation | str],
    lower: Scalar,
    upper: Scalar,
    *,
    ax: Axes | None = None,
) -> list[Artist]:
    r"""Draw what relaxations make of a ReLU over an interval, and its graph, which comes last.

    >>> from matplotlib.figure import Figure
    >>> [a.get_label() for a in plot_relaxations(["triangle"], -1, 1, ax=Figure().subplots())]
    ['triangle', '$\\max(z, 0)$']
    """
    chosen = [relaxation_of(each) for each in listed(relaxations, "relaxations")]
    axes = plane(ax)
    name_axes(axes, "$z$", "$y$")
    artists = []
    for relaxation in chosen:
        polygon, name = relaxed_graph(relaxation, lower, upper), relaxation.name
        artists.append(plot_polytope(polygon, ax=axes, look=look(name), label=label(name)))
    return [*artists, plot_relu_graph(lower, upper, ax=axes)]
