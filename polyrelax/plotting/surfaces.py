r"""Networks of two inputs and one output: the graph, what relaxations make of it, and the gap.

Over a polygon :math:`X` a relaxation allows a polytope :math:`R` of points
:math:`(x_0, x_1, y)` that contains the graph.  Its *extent* over a point,

.. math:: w(x) = \max\{y : (x, y) \in R\} - \min\{y : (x, y) \in R\},

is what remains unknown about the value there.  The extent is concave and affine on each
nonempty intersection of the shadows of an upper and a lower facet.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.tri import Triangulation, TriContourSet
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import Vector, dot, shown
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, PictureError
from polyrelax.networks.adjacency import adjacency_graph
from polyrelax.networks.input_sets import InputSet, input_set
from polyrelax.networks.layers import Affine, Identity
from polyrelax.networks.network import Network, concatenate
from polyrelax.plotting.canvas import Points, as_place, as_places, name_axes, plane, space
from polyrelax.plotting.looks import BLACK
from polyrelax.plotting.regions import colours_of, require_polygon
from polyrelax.plotting.shapes import add_to_space, closed
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.svg import around
from polyrelax.relaxations.trace import Relaxation, propagate

_LEVELS = 10


class Extent(NamedTuple):
    """A polygon, its vertices, and the extent over each of them."""

    cell: Polytope
    values: Vector


def relaxed_function(
    network: Network, domain: InputSet, relaxation: Relaxation | str
) -> Polytope:
    """Return the points (inputs..., outputs...) that a relaxation allows.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.relaxations.triangle import Triangle
    >>> segment = Polytope.box([-1], [1])
    >>> [str(c) for c in relaxed_function(absolute_value(), segment, Triangle()).facets]
    ['-x0 - x1 <= 0', 'x1 <= 1', 'x0 - x1 <= 0']
    """
    require(network, Network)
    both = concatenate(Network((Identity(network.in_dim),)), network)
    return propagate(both, domain, relaxation).polytope(len(both.layers))


def plot_surface(
    network: Network, domain: InputSet, *, ax: Axes | None = None
) -> Poly3DCollection:
    """Draw the graph of a network over a polygon: a face for each region, coloured by pattern.

    >>> from matplotlib.figure import Figure
    >>> from polyrelax.networks.gallery import maximum
    >>> square, axes = Polytope.box([0, 0], [1, 1]), Figure().add_subplot(projection="3d")
    >>> len(plot_surface(maximum(2), square, ax=axes).get_facecolor())
    2
    """
    domain = input_set(network, domain)
    _require_surface(network, domain)
    axes = space(ax)
    graph = adjacency_graph(network, domain)
    colours = colours_of(graph)
    faces = [_raised(node["polytope"], node["linear"]) for _, node in graph.nodes(data=True)]
    artist = Poly3DCollection(
        list(map(closed, faces)),
        facecolors=[to_rgba(colours[pattern], 0.85) for pattern in graph],
        edgecolors=BLACK,
        linewidths=0.8,
    )
    add_to_space(axes, artist, np.concatenate(faces))
    name_axes(axes, "$x_0$", "$x_1$", "$y$")
    return artist


def extents(relaxed: Polytope) -> Iterator[Extent]:
    """Yield the polygons on which the extent of a polytope in space is affine.

    >>> slope = Polytope.hull([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 3]], 3)
    >>> [(cell.vertices == ((0, 0), (0, 1), (1, 0)), *map(str, values))
    ...     for cell, values in extents(slope)]
    [(True, '3', '0', '0')]
    """
    require(relaxed, Polytope)
    if relaxed.dim != 3:
        raise DimensionError(f"found dimension {relaxed.dim}, expected 3")
    halves = [half for c in relaxed.constraints for half in c.halves()]
    upper = [half for half in halves if half.normal[2] > 0]
    lower = [half for half in halves if half.normal[2] < 0]
    for above in upper:
        for below in lower:
            cell = _shadow(relaxed, above) & _shadow(relaxed, below)
            if cell.affine_dim == 2:
                heights = [_height(above, x) - _height(below, x) for x in cell.vertices]
                yield Extent(cell, tuple(heights))


def plot_extent(
    network: Network,
    domain: InputSet,
    relaxation: Relaxation | str,
    *,
    ax: Axes | None = None,
    largest: float | None = None,
) -> TriContourSet:
    """Draw how much a relaxation leaves unknown about the value over each point of a polygon.

    The result can be given to ``Figure.colorbar``.  ``largest`` is the end of the scale, by
    default the largest extent; to compare pictures, give them the same.

    >>> from matplotlib.figure import Figure
    >>> from polyrelax.networks.gallery import maximum
    >>> from polyrelax.relaxations.triangle import Triangle
    >>> square = Polytope.box([0, 0], [1, 1])
    >>> drawn = plot_extent(maximum(2), square, Triangle(), ax=Figure().subplots())
    >>> drawn.zmax
    0.5
    """
    require(largest, float | int | None, "a number, or None")
    domain = input_set(network, domain)
    _require_surface(network, domain)
    if largest is not None and not 0 <= largest <= sys.float_info.max:
        raise PictureError(
            f"found {shown(largest)} as the end of the scale, expected no less than zero"
        )
    axes = plane(ax)
    cells = tuple(extents(relaxed_function(network, domain, relaxation)))
    mesh, values = _mesh(cells)
    levels = np.linspace(0, largest or values.max() or 1, _LEVELS + 1)
    levels[-1] = np.nextafter(levels[-1], np.inf)  # what is as large as the scale is filled too
    drawn: TriContourSet = axes.tricontourf(mesh, values, levels=levels, cmap="cividis")
    name_axes(axes, "$x_0$", "$x_1$")
    axes.set_aspect("equal")
    return drawn


def _require_surface(network: Network, domain: Polytope) -> None:
    if (network.in_dim, network.out_dim) != (2, 1):
        raise DimensionError(
            f"found a network from {network.in_dim} to {amount(network.out_dim, 'value')}, "
            "expected two inputs and one output"
        )
    require_polygon(domain)


def _raised(cell: Polytope, linear: Affine) -> Points:
    """Return the boundary of a cell, lifted to the graph."""
    return as_places(x + linear(x) for x in around(cell.vertices))


def _shadow(relaxed: Polytope, side: Constraint) -> Polytope:
    """Return the projection to the plane of the face on which a constraint is tight."""
    tight = (x[:2] for x in relaxed.vertices if dot(side.normal, x) == side.offset)
    return Polytope.hull(tight, 2)


def _height(side: Constraint, x: Vector) -> Fraction:
    """Return the y with (x, y) on the plane of a constraint that is not vertical."""
    return (side.offset - dot(side.normal[:2], x)) / side.normal[2]


def _mesh(cells: Iterable[Extent]) -> tuple[Triangulation, npt.NDArray[np.float64]]:
    """Return triangles that fill cells without seams, and the values at their corners."""
    numbers: dict[Vector, int] = {}
    values: list[float] = []
    triangles: list[tuple[int, int, int]] = []
    for cell, heights in cells:
        for x, value in zip(cell.vertices, heights, strict=True):
            if numbers.setdefault(x, len(numbers)) == len(values):
                values.append(as_place(value))
        first, *rest = (numbers[x] for x in around(cell.vertices))
        triangles += [(first, one, two) for one, two in pairwise(rest)]
    x, y = as_places(numbers).T
    return Triangulation(x, y, np.array(triangles)), np.array(values)
