"""Polytopes in one, two and three dimensions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import networkx as nx
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Polygon
from mpl_toolkits.mplot3d.art3d import Poly3DCollection
from mpl_toolkits.mplot3d.axes3d import Axes3D

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import DimensionError, EmptySetError, PictureError
from polyrelax.plotting.canvas import Points, as_places, name_axes, plane, space
from polyrelax.plotting.looks import PLAIN, Look
from polyrelax.polytopes.faces import incidence, vertex_graph
from polyrelax.polytopes.polytope import Polytope

_WIDEST: Final = 1000


def plot_polytope(
    polytope: Polytope,
    *,
    ax: Axes | None = None,
    look: Look = PLAIN,
    label: str | None = None,
    linewidth: float = 1.5,
) -> Artist:
    """Draw a nonempty polytope in one, two or three dimensions and return its artist.

    Its faces are those of the face lattice: a facet of a cube is one square.  Points and
    segments are drawn as such.

    >>> from matplotlib.figure import Figure
    >>> drawn = plot_polytope(Polytope.box([0, 0], [1, 2]), ax=Figure().subplots())
    >>> drawn.get_xy().tolist()
    [[0.0, 0.0], [0.0, 2.0], [1.0, 2.0], [1.0, 0.0], [0.0, 0.0]]
    """
    require(polytope, Polytope)
    require(look, Look)
    require(label, str | None, "a text, or None")
    require(linewidth, float | int, "a width")
    if not 0 <= linewidth <= _WIDEST:
        raise PictureError(
            f"found the width {shown(linewidth)}, expected one from 0 to {_WIDEST}"
        )
    if polytope.is_empty:
        raise EmptySetError("found the empty set, expected a polytope that can be drawn")
    if not 1 <= polytope.dim <= 3:
        raise DimensionError(f"found dimension {polytope.dim}, expected one, two or three")
    axes = space(ax) if polytope.dim == 3 else plane(ax)
    shape = _line if polytope.affine_dim < 2 else _polygon if polytope.dim == 2 else _solid
    artist = shape(axes, polytope, look)
    artist.set(label=label, linewidth=linewidth)
    name_axes(axes, "$x_0$", "$x_1$" if polytope.dim > 1 else "", "$x_2$")
    return artist


def outline(polytope: Polytope) -> Points:
    """Return the vertices of a polygon in the order of its boundary.

    >>> outline(Polytope.box([0, 0], [1, 1])).tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0], [1.0, 0.0]]
    """
    require(polytope, Polytope)
    return next(polygons(polytope))


def _line(axes: Axes, polytope: Polytope, look: Look) -> Artist:
    points = as_places(polytope.vertices)
    if polytope.dim == 1:
        points = np.column_stack([points, np.zeros(len(points))])
        axes.yaxis.set_visible(False)
    marker = "o" if polytope.dim == 1 or polytope.affine_dim == 0 else ""
    (artist,) = axes.plot(*points.T, color=look.colour, linestyle=look.dashes, marker=marker)
    return artist


def _polygon(axes: Axes, polytope: Polytope, look: Look) -> Artist:
    patch = Polygon(
        outline(polytope),
        facecolor=to_rgba(look.colour, look.opacity),
        edgecolor=look.colour,
        linestyle=look.dashes,
        joinstyle="round",
    )
    axes.add_patch(patch)
    axes.autoscale_view()
    return patch


def _solid(axes: Axes, polytope: Polytope, look: Look) -> Artist:
    axes3d = space(axes)
    artist: Artist = Poly3DCollection(
        list(map(closed, polygons(polytope))),
        facecolors=to_rgba(look.colour, look.opacity),
        edgecolors=look.colour,
        linestyles=[look.dashes],
    )
    add_to_space(axes3d, artist, as_places(polytope.vertices))
    return artist


def add_to_space(axes: Axes3D, faces: Poly3DCollection, points: Points) -> None:
    """Add faces with the given corners to axes, which grow so that all is seen."""
    require(points, np.ndarray, "points as an array")
    require(axes, Axes3D)
    require(faces, Poly3DCollection)
    axes.auto_scale_xyz(*points.T, had_data=axes.has_data())
    axes.add_collection3d(faces, autolim=False)
    axes.locator_params(nbins=4)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_rotate_label(False)  # else labels stand on their heads from some sides
        axis.labelpad = 7
    axes.set_box_aspect(None, zoom=0.85)  # else the last label is clipped


def closed(face: Points) -> Points:
    """Return the boundary of a face back to where it begins.

    matplotlib 3.11 closes only the faces in space that have the most corners of all.

    >>> closed(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])).tolist()
    [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    """
    require(face, np.ndarray, "points as an array")
    return np.concatenate([face, face[:1]])


def polygons(polytope: Polytope) -> Iterator[Points]:
    """Yield the two-dimensional faces, each as the vertices along its boundary.

    >>> sorted(len(face) for face in polygons(Polytope.box([0, 0, 0], [1, 1, 1])))
    [4, 4, 4, 4, 4, 4]
    """
    require(polytope, Polytope)
    points = as_places(polytope.vertices)
    graph = vertex_graph(polytope)
    everything = frozenset(range(len(points)))
    for face in incidence(polytope) if polytope.affine_dim == 3 else (everything,):
        yield points[_around(graph.subgraph(face))]


def _around(cycle: nx.Graph) -> list[int]:
    """Return the nodes of a cycle in order, from the least towards its lesser neighbour."""
    start = min(cycle)
    order = [start, min(cycle[start])]
    while len(order) < len(cycle):
        order += [node for node in cycle[order[-1]] if node != order[-2]]
    return order
