"""What charts show is what the library computes."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from polyrelax.errors import DimensionError
from polyrelax.networks.adjacency import adjacency_graph
from polyrelax.networks.gallery import maximum, section_three_example, tent
from polyrelax.networks.network import network
from polyrelax.networks.regions import count_patterns
from polyrelax.plotting import (
    plot_adjacency,
    plot_function,
    plot_layers,
    plot_regions,
    plot_relaxations,
    plot_relu_graph,
    plot_widths,
    relaxed_graph,
)
from polyrelax.plotting.layers import not_drawn
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

_RELU, _AFFINE = "after ReLU", "after affine"
SQUARE = Polytope.box([-1, -1], [1, 1])
SEGMENT = Polytope.box([-1], [1])


@pytest.mark.parametrize(
    ("name", "vertices"),
    [
        ("ibp", [(-1, 0), (-1, 2), (2, 0), (2, 2)]),
        ("triangle", [(-1, 0), (0, 0), (2, 2)]),
        ("dp0", [(-1, 0), (2, 0), (2, 2)]),
        ("dp1", [(-1, -1), (-1, 0), (2, 2)]),
        ("fastlin", [(-1, Fraction(-2, 3)), (-1, 0), (2, Fraction(4, 3)), (2, 2)]),
        ("p:1", [(-1, 0), (0, 0), (2, 2)]),
    ],
)
def test_the_relaxed_graph_of_a_relu(name: str, vertices: list[tuple[int, int]]) -> None:
    assert relaxed_graph(relaxation(name), -1, 2).vertices == tuple(vertices)


def _places(line: Artist) -> list[float]:
    assert isinstance(line, Line2D)
    return [float(x) for x in np.asarray(line.get_xdata())]


def _heights(line: Artist) -> list[float]:
    assert isinstance(line, Line2D)
    return [float(y) for y in np.asarray(line.get_ydata())]


def test_a_stable_neuron_has_no_kink(ax: Axes) -> None:
    for ends, heights in [((1, 3), [1, 3]), ((-3, -1), [0, 0]), ((-1, 1), [0, 0, 1])]:
        drawn = plot_relu_graph(*ends, ax=ax)
        assert _heights(drawn) == heights


def test_relaxations_have_labels_of_their_own_and_the_graph_comes_last(ax: Axes) -> None:
    names = ["ibp", "dp0", "dp1", "crown", "fastlin", "triangle", "p:1", "m:1", "krelu:1"]
    drawn = plot_relaxations([relaxation(name) for name in names], -1, 2, ax=ax)
    labels = [str(artist.get_label()) for artist in drawn]
    assert len(set(labels)) == len(names) + 1
    assert labels[-1] == r"$\max(z, 0)$"


def test_neighbouring_regions_have_different_colours(ax: Axes) -> None:
    patches = plot_regions(section_three_example(), SQUARE, ax=ax)
    assert len(patches) == count_patterns(section_three_example(), SQUARE)
    colour = {patch.get_label(): to_hex(patch.get_facecolor()) for patch in patches}
    graph = adjacency_graph(section_three_example(), SQUARE)
    assert all(colour[str(one)] != colour[str(two)] for one, two in graph.edges)


def test_a_pattern_is_written_only_where_it_fits() -> None:
    large, small = Figure((8, 8)).subplots(), Figure((0.5, 0.5)).subplots()
    plot_regions(maximum(2), SQUARE, ax=large)
    plot_regions(maximum(2), SQUARE, ax=small)
    assert len(large.texts) == 4
    assert len(small.texts) == 0


def test_the_adjacency_graph_has_a_line_for_each_edge(ax: Axes) -> None:
    *edges, nodes = plot_adjacency(section_three_example(), SQUARE, ax=ax)
    graph = adjacency_graph(section_three_example(), SQUARE)
    assert isinstance(nodes, PathCollection)
    assert (len(edges), len(np.asarray(nodes.get_offsets()))) == (len(graph.edges), len(graph))


def test_regions_are_drawn_in_the_plane_only(ax: Axes) -> None:
    with pytest.raises(DimensionError, match="no polygon"):
        plot_regions(tent(), SEGMENT, ax=ax)


def test_layers_of_width_one_and_two_have_a_panel_each() -> None:
    drawn = plot_layers(tent(), SEGMENT, [relaxation("p:1"), relaxation("p:3")])
    figure = plt.gcf()
    titles = [axes.get_title() for axes in figure.axes]
    assert titles == ["input", _AFFINE, _RELU, _AFFINE, _RELU, _AFFINE]
    assert len(drawn) == 6
    (legend,) = figure.legends
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["$P_{1}$", "$P_{3}$", "true values"]
    plt.close(figure)


def test_the_figure_says_which_layers_have_no_panel() -> None:
    plot_layers(maximum(3), Polytope.box([0] * 3, [1] * 3), [])
    figure = plt.gcf()
    widths = maximum(3).widths
    assert f"{widths[0]} values after " in figure.get_suptitle()
    assert figure.get_suptitle() == not_drawn(widths)
    plt.close(figure)
    assert (
        not_drawn([3, 3, 1, 4])
        == "not drawn: 3 values after 0-1 layers, 4 values after 3 layers"
    )


def test_wide_layers_have_no_panel() -> None:
    cube = Polytope.box([0] * 3, [1] * 3)
    row = Figure().subplots(1, 3)
    plot_layers(maximum(3), cube, [], axes=row)
    assert [axes.get_title() for axes in row] == [_AFFINE, _RELU, _AFFINE]
    with pytest.raises(DimensionError, match="found 2 axes, expected 3"):
        plot_layers(maximum(3), cube, [], axes=row[:2])


def test_the_last_panel_shows_the_bounds_of_the_outputs() -> None:
    row = Figure().subplots(1, 6)
    *_, (p1, p3, *_) = plot_layers(
        tent(), SEGMENT, [relaxation("p:1"), relaxation("p:3")], axes=row
    )
    assert _places(p1) == [0, 2]
    assert _places(p3) == [1, 2]


def test_bounds_stand_beside_the_graph(ax: Axes) -> None:
    trace = propagate(tent(), SEGMENT, relaxation("p:1"))
    _, _, bar = plot_function(tent(), SEGMENT, [trace], ax=ax)
    assert _heights(bar) == [0, 2]
    assert min(_places(bar)) > 1


def test_a_function_of_two_variables_has_no_graph_in_the_plane(ax: Axes) -> None:
    with pytest.raises(DimensionError, match="from 2 to 1"):
        plot_function(maximum(2), SQUARE, ax=ax)


def test_widths_are_means_and_the_scale_is_logarithmic_where_they_differ_much() -> None:
    trace = propagate(maximum(2), SQUARE, relaxation("ibp"))
    wide = propagate(tent(100), SEGMENT, relaxation("ibp"))
    linear, logarithmic = Figure().subplots(1, 2)
    (line,) = plot_widths([trace], ax=linear)
    assert _heights(line) == [2, 3, 1.5, 3]
    plot_widths([wide], ax=logarithmic)
    assert (linear.get_yscale(), logarithmic.get_yscale()) == ("linear", "log")


@pytest.mark.parametrize(
    ("weights", "digits"),
    [(["1e400", "1e-800"], [0, 400, 400, -400]), (["1e400", 0], [0, 400, 400, None])],
)
def test_widths_beyond_all_floats_are_drawn_by_their_logarithms(
    weights: list[str], digits: list[int | None]
) -> None:
    """[-1, 1] times 10**400 is 2 * 10**400 wide, 10**400 behind a ReLU, and so on."""
    chain = network(*(([[weight]], [0]) for weight in weights))
    axes = Figure().subplots()
    (line,) = plot_widths([propagate(chain, SEGMENT, relaxation("ibp"))], ax=axes)
    found = [None if np.isnan(y) else int(np.floor(y + 0.1)) for y in _heights(line)]
    assert found == digits
    assert axes.get_ylabel().endswith("log10")


def test_importing_the_pictures_is_the_first_import_of_matplotlib() -> None:
    program = """
import sys, polyrelax, polyrelax.cli
assert "matplotlib" not in sys.modules
import polyrelax.plotting
assert "matplotlib" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_style_for_papers_is_offered_and_not_applied() -> None:
    before = dict(plt.rcParams)
    with plt.style.context("polyrelax.plotting.print"):
        assert plt.rcParams["font.family"] == ["serif"]
    assert dict(plt.rcParams) == before
