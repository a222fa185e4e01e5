"""Surfaces, pairs of neurons: what is drawn are the exact sets."""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from mpl_toolkits.mplot3d.art3d import Poly3DCollection

from polyrelax.errors import DimensionError, EmptySetError
from polyrelax.networks.gallery import (
    maximum,
    salman_example,
    section_three_example,
    tent,
    two_relu_example,
)
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.networks.regions import count_patterns, exact_hull, linear_regions
from polyrelax.plotting import (
    plot_extent,
    plot_pair,
    plot_polytope,
    plot_surface,
    relaxed_function,
    relaxed_pair,
)
from polyrelax.plotting.canvas import Points
from polyrelax.plotting.surfaces import extents
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import volume
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.strategies import polytopes
from tests.plotting.pixels import empty_space, ink, middles, pixel

UNIT = Polytope.box([0, 0], [1, 1])
SQUARE = Polytope.box([-1, -1], [1, 1])
TRIANGLE, LAYER = relaxation("triangle"), relaxation("p:1")


def test_every_region_has_its_whole_boundary() -> None:
    """Seen from above, nothing hides an edge; regions have three or four corners."""
    network = section_three_example()
    figure, axes = empty_space(elev=90, azim=-90)
    plot_surface(network, SQUARE, ax=axes).set_linewidth(5)
    drawn = ink(figure)
    for region in linear_regions(network, SQUARE):
        for middle in middles(region.cell):
            assert drawn[pixel(axes, np.append(middle, 1))] > 700  # black


def test_a_surface_has_a_face_for_each_region_and_its_corners_are_exact(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[set[tuple[float, ...]]] = []

    def collection(faces: list[Points], **looks: object) -> Poly3DCollection:
        drawn.extend({tuple(corner.tolist()) for corner in face} for face in faces)
        return Poly3DCollection(faces, **looks)

    monkeypatch.setattr("polyrelax.plotting.surfaces.Poly3DCollection", collection)
    plot_surface(maximum(2), UNIT, ax=Figure().add_subplot(projection="3d"))
    above = {(0.0, 0.0, 0.0), (0.0, 1.0, 1.0), (1.0, 1.0, 1.0)}
    below = {(0.0, 0.0, 0.0), (1.0, 0.0, 1.0), (1.0, 1.0, 1.0)}
    assert sorted(drawn, key=sorted) == sorted([above, below], key=sorted)


def test_axes_in_space_grow_with_what_is_drawn() -> None:
    axes = Figure().add_subplot(projection="3d")
    plot_polytope(Polytope.box([0, 0, -5], [1, 1, 0]), ax=axes)
    plot_surface(maximum(2), UNIT, ax=axes)
    least, greatest = axes.get_zlim()
    assert least <= -5
    assert greatest >= 1


def test_neighbouring_faces_have_different_colours() -> None:
    axes = Figure().add_subplot(projection="3d")
    colours = plot_surface(section_three_example(), SQUARE, ax=axes).get_facecolor()
    assert len(colours) == count_patterns(section_three_example(), SQUARE)
    assert len({tuple(colour) for colour in np.asarray(colours).tolist()}) > 1


def test_one_hidden_layer_allows_the_hull_of_the_graph() -> None:
    assert relaxed_function(maximum(2), UNIT, LAYER) == exact_hull(maximum(2), UNIT)


@pytest.mark.parametrize("name", ["ibp", "dp0", "dp1", "triangle", "krelu:2", "p:1"])
def test_every_relaxation_allows_the_graph(name: str) -> None:
    network = salman_example()
    relaxed = relaxed_function(network, SQUARE, relaxation(name))
    assert exact_hull(network, SQUARE) <= relaxed


def test_the_extent_of_the_triangle_over_the_maximum() -> None:
    # The triangle of max(x0 - x1, 0) on [-1, 1] has the height (1 - |z|) / 2.
    cells = list(extents(relaxed_function(maximum(2), UNIT, TRIANGLE)))
    heights = {
        x: v for cell, values in cells for x, v in zip(cell.vertices, values, strict=True)
    }
    half = Fraction(1, 2)
    assert heights == {(0, 0): half, (1, 1): half, (0, 1): 0, (1, 0): 0}
    assert len(cells) == 2


@settings(max_examples=25)
@given(polytopes(3, full_dimensional=True))
def test_the_integral_of_the_extent_is_the_volume(polytope: Polytope) -> None:
    cells = list(extents(polytope))
    total = sum((_integral(cell, values) for cell, values in cells), Fraction(0))
    assert total == volume(polytope)
    assert Polytope.hull_of_union([cell for cell, _ in cells]) == polytope.project([0, 1])


def _integral(cell: Polytope, values: tuple[Fraction, ...]) -> Fraction:
    """Return the volume below an affine function of a polygon that is not negative."""
    roof = [(*x, value) for x, value in zip(cell.vertices, values, strict=True)]
    floor = [(*x, Fraction(0)) for x in cell.vertices]
    return volume(Polytope.hull([*roof, *floor], 3))


def test_a_flat_polytope_has_no_extent() -> None:
    flat = Polytope.intersection(
        [Constraint.equal([1, 1, 1], 1), *Polytope.box([0] * 3, [1] * 3).constraints], 3
    )
    assert [set(values) for _, values in extents(flat)] == [{0}]


def test_the_scale_ends_at_the_largest_extent_unless_it_is_given(ax: Axes) -> None:
    drawn = plot_extent(maximum(2), UNIT, TRIANGLE, ax=ax)
    assert max(drawn.levels) == np.nextafter(0.5, 1)
    drawn = plot_extent(maximum(2), UNIT, TRIANGLE, ax=ax, largest=2)
    assert max(drawn.levels) == np.nextafter(2, 3)


def test_a_relaxation_that_is_exact_everywhere_leaves_nothing_unknown(ax: Axes) -> None:
    linear = Network((Affine.dense([[1, 2]]),))
    ((_, values),) = extents(relaxed_function(linear, UNIT, TRIANGLE))
    assert set(values) == {0}
    assert max(plot_extent(linear, UNIT, TRIANGLE, ax=ax).levels) == np.nextafter(1, 2)


def test_pictures_are_lines_and_areas_in_files_for_print() -> None:
    figure = Figure((8, 4))
    plane, space = figure.add_subplot(1, 2, 1), figure.add_subplot(1, 2, 2, projection="3d")
    drawn = plot_extent(salman_example(), SQUARE, TRIANGLE, ax=plane)
    figure.colorbar(drawn, ax=plane)
    plot_surface(salman_example(), SQUARE, ax=space)
    written = io.StringIO()
    figure.savefig(written, format="svg")
    assert "<path" in written.getvalue()
    assert "<image" not in written.getvalue()


def test_surfaces_need_two_inputs_one_output_and_a_polygon(ax: Axes) -> None:
    with pytest.raises(DimensionError, match="from 1 to 1 value, expected two inputs"):
        plot_surface(tent(), Polytope.box([0], [1]))
    with pytest.raises(DimensionError, match="no polygon"):
        plot_extent(maximum(2), Polytope.box([0, 0], [1, 0]), TRIANGLE, ax=ax)


def test_two_neurons_see_half_of_the_pairs_that_one_by_one_allow() -> None:
    # Of the triangles' pentagon, y0 + y1 <= 3 in [0, 2]^2, the pair keeps y0 + y1 <= 2.
    single, double = (
        relaxed_pair(propagate(two_relu_example(), SQUARE, relaxation(name)), 2, (0, 1))
        for name in ("triangle", "krelu:2")
    )
    assert double.vertices == ((0, 0), (0, 2), (2, 0))
    assert (volume(double), volume(single)) == (2, Fraction(7, 2))


def test_a_pair_of_a_wide_layer_is_a_projection_in_the_order_that_is_asked_for() -> None:
    rows = [[1, 0], [0, 1], [1, 1], [0, 3]] * 3
    wide = Network((Affine.dense(rows),))
    trace = propagate(wide, UNIT, TRIANGLE)
    assert relaxed_pair(trace, 1, (11, 4)) == Polytope.box([0, 0], [3, 1])
    with pytest.raises(DimensionError, match=r"found neurons \[0, 12\]"):
        relaxed_pair(trace, 1, (0, 12))
    with pytest.raises(DimensionError, match=r"found neurons \[1, 1\]"):
        relaxed_pair(trace, 1, (1, 1))


def test_pairs_are_drawn_with_the_true_ones_above(ax: Axes) -> None:
    trace = propagate(two_relu_example(), SQUARE, TRIANGLE)
    relaxed, *true = plot_pair(SQUARE, [trace], index=2, ax=ax)
    assert isinstance(relaxed, Polygon)
    corners = {tuple(map(float, p)) for p in np.asarray(relaxed.get_xy())}
    assert corners == {(0, 0), (0, 2), (1, 2), (2, 1), (2, 0)}
    assert {artist.get_label() for artist in true} == {"true values"}
    assert min(artist.get_zorder() for artist in true) >= relaxed.get_zorder()
    with pytest.raises(EmptySetError, match="found no traces"):
        plot_pair(SQUARE, [], index=2, ax=ax)
