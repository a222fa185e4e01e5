"""What ink is where."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d.axes3d import Axes3D
from mpl_toolkits.mplot3d.proj3d import proj_transform
from numpy.typing import NDArray

from polyrelax.plotting.canvas import Points
from polyrelax.polytopes.faces import vertex_graph
from polyrelax.polytopes.polytope import Polytope


def empty_space(**view: float) -> tuple[Figure, Axes3D]:
    """Return a figure whose only axes are in space and not drawn."""
    figure = Figure(figsize=(6, 6))
    axes = figure.add_subplot(projection="3d", proj_type="ortho")
    assert isinstance(axes, Axes3D)
    axes.set_axis_off()
    axes.view_init(**view)
    return figure, axes


def ink(figure: Figure) -> NDArray[np.int64]:
    """Return how dark each pixel is, 0 to 765, the lowest row first."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="rgba", dpi=figure.dpi)
    width, height = map(int, figure.get_size_inches() * figure.dpi)
    colours = np.frombuffer(drawn.getvalue(), np.uint8).reshape(height, width, 4)
    dark: NDArray[np.int64] = 765 - colours[::-1, :, :3].sum(axis=2, dtype=np.int64)
    return dark


def pixel(axes: Axes3D, point: Points) -> tuple[int, int]:
    """Return the row and the column where a point in space is drawn."""
    x, y, _ = proj_transform(*point, axes.get_proj())
    column, row = axes.transData.transform((x, y)).round().astype(int).tolist()
    return row, column


def middles(polytope: Polytope) -> Iterator[Points]:
    """Yield the middle of each edge."""
    corners = np.array(polytope.vertices, dtype=np.float64)
    for edge in vertex_graph(polytope).edges:
        yield corners[list(edge)].mean(axis=0)
