"""Polytopes are drawn by their faces, whatever their dimension."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon

from polyrelax.errors import DimensionError, EmptySetError
from polyrelax.plotting import Look, plot_polytope
from polyrelax.plotting.shapes import outline, polygons
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import volume
from polyrelax.strategies import polytopes
from tests.plotting.pixels import empty_space, ink, middles, pixel


def _faces(polytope: Polytope) -> list[int]:
    """Return the number of vertices of each polygon that is drawn in space."""
    assert plot_polytope(polytope, ax=Figure().add_subplot(projection="3d")).axes is not None
    return sorted(len(face) for face in polygons(polytope))


def test_a_cube_is_six_squares_and_a_prism_has_two_triangles() -> None:
    assert _faces(Polytope.box([0, 0, 0], [1, 1, 1])) == [4] * 6
    triangle = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)
    assert _faces(triangle * Polytope.box([0], [1])) == [3, 3, 4, 4, 4]


def test_every_edge_is_drawn_also_of_faces_with_fewer_corners_than_others() -> None:
    base = [[x, y, 0] for x in (0, 1) for y in (0, 1)]
    pyramid = Polytope.hull([*base, [-1, 2, 3]], 3)  # a square and four triangles
    figure, axes = empty_space()
    plot_polytope(pyramid, ax=axes, look=Look(opacity=0), linewidth=4)
    drawn = ink(figure)
    assert [middle for middle in middles(pyramid) if not drawn[pixel(axes, middle)]] == []


def test_a_polygon_in_space_is_one_face() -> None:
    assert _faces(Polytope.hull([[0, 0, 0], [1, 0, 1], [0, 1, 1]], 3)) == [3]


@given(polytopes(2, full_dimensional=True))
def test_the_outline_of_a_polygon_encloses_its_area(polytope: Polytope) -> None:
    x, y = outline(polytope).T
    area = abs(sum(x[i - 1] * y[i] - x[i] * y[i - 1] for i in range(len(x)))) / 2
    assert abs(area - float(volume(polytope))) < 1e-9  # what is drawn is in floats


@pytest.mark.parametrize(
    "polytope",
    [Polytope.box([0], [1]), Polytope.box([1], [1]), Polytope.hull([[0, 0], [1, 1]], 2)],
    ids=["interval", "point", "segment"],
)
def test_points_and_segments_are_lines(polytope: Polytope, ax: Axes) -> None:
    drawn = plot_polytope(polytope, ax=ax)
    assert isinstance(drawn, Line2D)
    assert len(np.asarray(drawn.get_xdata())) == len(polytope.vertices)


def test_the_current_axes_are_the_default(ax: Axes) -> None:
    drawn = plot_polytope(Polytope.box([0, 0], [1, 1]))
    assert drawn.axes is ax


def test_an_empty_figure_gets_axes_in_space() -> None:
    figure = plt.figure()
    plot_polytope(Polytope.box([0, 0, 0], [1, 1, 1]))
    assert [axes.name for axes in figure.axes] == ["3d"]
    plt.close(figure)


def test_axes_keep_the_labels_that_they_have(ax: Axes) -> None:
    ax.set_xlabel("mine")
    plot_polytope(Polytope.box([0, 0], [1, 1]), ax=ax)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("mine", "$x_1$")


def test_an_outline_has_no_area_colour(ax: Axes) -> None:
    drawn = plot_polytope(Polytope.box([0, 0], [1, 1]), ax=ax, look=Look(opacity=0), label="P")
    assert isinstance(drawn, Polygon)
    assert to_rgba(drawn.get_facecolor())[3] == 0
    assert drawn.get_label() == "P"


def test_what_cannot_be_drawn_is_refused(ax: Axes) -> None:
    with pytest.raises(EmptySetError, match="found the empty set"):
        plot_polytope(Polytope.empty(2), ax=ax)
    with pytest.raises(DimensionError, match="found dimension 4"):
        plot_polytope(Polytope.box([0] * 4, [1] * 4), ax=ax)
    with pytest.raises(DimensionError, match="expected axes with projection='3d'"):
        plot_polytope(Polytope.box([0] * 3, [1] * 3), ax=ax)
