"""The linear regions of a network of two inputs, and which of them are neighbours."""

from __future__ import annotations

from io import BytesIO

import networkx as nx
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from matplotlib.text import Text

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import ArgumentError, DimensionError
from polyrelax.networks.adjacency import adjacency_graph
from polyrelax.networks.input_sets import InputSet, input_set
from polyrelax.networks.network import Network
from polyrelax.networks.pattern import ActivationPattern
from polyrelax.plotting.canvas import Points, name_axes, plane
from polyrelax.plotting.looks import AREAS, BLACK
from polyrelax.plotting.shapes import outline
from polyrelax.polytopes.polytope import Polytope


def plot_regions(
    network: Network,
    domain: InputSet,
    *,
    ax: Axes | None = None,
    write_patterns: bool = True,
) -> list[Polygon]:
    """Draw the regions of a network over a polygon, one patch for each activation pattern.

    Up to eight patterns have a colour each; of more, those with a common edge have different
    ones.  A pattern is written into its region where it fits; each patch has it as its label.

    >>> from matplotlib.figure import Figure
    >>> from polyrelax.networks.gallery import maximum
    >>> square = Polytope.box([0, 0], [1, 1])
    >>> [p.get_label() for p in plot_regions(maximum(2), square, ax=Figure().subplots())]
    ['-+', '++']
    """
    require(write_patterns, bool)
    require_polygon(input_set(network, domain))
    axes = plane(ax)
    graph = adjacency_graph(network, domain)
    colours = colours_of(graph)
    patches = [_patch(axes, graph.nodes[p]["polytope"], colours[p]) for p in graph]
    axes.autoscale_view()
    axes.locator_params(nbins=5)
    name_axes(axes, "$x_0$", "$x_1$")
    for pattern, patch in zip(graph, patches, strict=True):
        patch.set_label(str(pattern))
        if write_patterns:
            _write_inside(axes, patch, str(pattern))
    return patches


def picture_of_regions(network: Network, domain: Polytope, kind: str) -> bytes:
    """Return what :func:`plot_regions` draws as a file of a kind, such as ``svg``.

    >>> from polyrelax.networks.gallery import maximum
    >>> b"<svg" in picture_of_regions(maximum(2), Polytope.box([0, 0], [1, 1]), "svg")
    True
    """
    require(kind, str)
    figure, picture = Figure(), BytesIO()
    if kind not in figure.canvas.get_supported_filetypes():
        raise ArgumentError(f"found the kind {shown(kind)}, expected one such as svg")
    plot_regions(network, domain, ax=figure.subplots())
    figure.savefig(picture, format=kind)
    return picture.getvalue()


def plot_adjacency(
    network: Network, domain: Polytope, *, ax: Axes | None = None
) -> list[Artist]:
    """Draw the adjacency graph of the regions over a polygon: its edges, then its nodes.

    >>> from matplotlib.figure import Figure
    >>> from polyrelax.networks.gallery import maximum
    >>> square = Polytope.box([0, 0], [1, 1])
    >>> len(plot_adjacency(maximum(2), square, ax=Figure().subplots()))
    2
    """
    require(domain, Polytope)
    require_polygon(domain)
    axes = plane(ax)
    graph = adjacency_graph(network, domain)
    centre = {p: _centre(outline(graph.nodes[p]["polytope"])) for p in graph}
    drawn: list[Artist] = []
    for one, two in graph.edges:
        drawn += axes.plot(*np.array([centre[one], centre[two]]).T, color=BLACK, linewidth=1)
    nodes = np.array(list(centre.values()))
    drawn.append(
        axes.scatter(nodes[:, 0], nodes[:, 1], s=30, color="white", edgecolor=BLACK, zorder=4)
    )
    name_axes(axes, "$x_0$", "$x_1$")
    return drawn


def require_polygon(domain: Polytope) -> None:
    """Raise :class:`DimensionError` unless an input set is a polygon in the plane."""
    require(domain, Polytope)
    if domain.affine_dim != 2 or domain.dim != 2:
        raise DimensionError("found an input set that is no polygon, expected one in the plane")


def colours_of(graph: nx.Graph) -> dict[ActivationPattern, str]:
    """Return colours of the patterns of an adjacency graph; see :func:`plot_regions`.

    >>> import networkx as nx
    >>> colours_of(nx.path_graph(3))
    {0: '#56B4E9', 1: '#E69F00', 2: '#009E73'}
    """
    if not hasattr(graph, "adj"):
        raise ArgumentError(f"found {shown(graph)}, expected a graph")
    numbers = {pattern: number for number, pattern in enumerate(graph)}
    if len(graph) > len(AREAS):
        numbers = nx.greedy_color(graph, strategy="DSATUR")
    return {pattern: AREAS[number % len(AREAS)] for pattern, number in numbers.items()}


def _patch(axes: Axes, cell: Polytope, colour: str) -> Polygon:
    patch = Polygon(outline(cell), facecolor=colour, alpha=0.55, edgecolor="white", linewidth=1)
    axes.add_patch(patch)
    return patch


def _write_inside(axes: Axes, patch: Polygon, pattern: str) -> None:
    x, y = _centre(patch.get_xy()[:-1])
    signs = pattern.replace("-", "\N{MINUS SIGN}")
    text = axes.text(x, y, "\N{THIN SPACE}".join(signs), ha="center", va="center")
    if not _fits(axes, text, patch):
        text.remove()


def _fits(axes: Axes, text: Text, patch: Polygon) -> bool:
    box = text.get_window_extent()
    corners = axes.transData.inverted().transform(box.padded(2).corners())
    return bool(patch.get_path().contains_points(corners).all())


def _centre(points: Points) -> Points:
    """Return the centroid of a polygon."""
    x, y = points.T - points[0][:, None]
    following_x, following_y = np.roll(x, -1), np.roll(y, -1)
    areas = x * following_y - following_x * y
    if not areas.any():  # too thin for floats
        return np.array([points[:, 0].mean(), points[:, 1].mean()])
    sums = [((x + following_x) * areas).sum(), ((y + following_y) * areas).sum()]
    centre: Points = points[0] + np.array(sums) / (3 * areas.sum())
    return centre
