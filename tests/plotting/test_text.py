"""No text of a picture is clipped, and no two texts overlap, at the sizes that are used."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations

import pytest
from matplotlib import pyplot as plt
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxBase

from polyrelax.networks.gallery import (
    maximum,
    salman_example,
    section_three_example,
    tent,
    two_relu_example,
)
from polyrelax.plotting import (
    legend_beside,
    plot_answers,
    plot_extent,
    plot_function,
    plot_gaps,
    plot_layers,
    plot_pair,
    plot_polytope,
    plot_progress,
    plot_radii,
    plot_regions,
    plot_relaxations,
    plot_surface,
    plot_widths,
)
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from tests.plotting.brackets import bracket

SQUARE, SEGMENT = Polytope.box([-1, -1], [1, 1]), Polytope.box([-1], [1])
NAMES = ("ibp", "dp1", "triangle", "m:2", "p:1", "p:2", "p:3")
GAPS = {k: Fraction(k + 1, 7) for k in range(0, 40, 3)}


def _texts(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Bbox]]:
    """Return what is written when a figure is drawn, and where."""
    written: list[tuple[str, Bbox]] = []
    draw = Text.draw

    def noted(text: Text, renderer: RendererBase) -> None:
        if text.get_visible() and text.get_text():
            written.append((text.get_text(), text.get_window_extent(renderer)))
        draw(text, renderer)

    FigureCanvasAgg(figure)
    figure.draw_without_rendering()  # finds the layout
    monkeypatch.setattr(Text, "draw", noted)
    figure.draw_without_rendering()
    return written


def _relaxations() -> Figure:
    figure = plt.figure(figsize=(10, 3), layout="constrained")
    for ax, names in zip(
        figure.subplots(1, 3, sharey=True), [NAMES[:3], ["dp0"], ["crown"]], strict=True
    ):
        plot_relaxations([relaxation(name) for name in names], -1, 2, ax=ax)
        ax.legend(loc="upper left", frameon=False)
    return figure


def _function() -> Figure:
    figure = plt.figure(figsize=(6.5, 3.2), layout="constrained")
    traces = [propagate(tent(), SEGMENT, relaxation(name)) for name in NAMES]
    plot_function(tent(), SEGMENT, traces, ax=figure.subplots())
    legend_beside()
    return figure


def _layers() -> Figure:
    plot_layers(section_three_example(), SQUARE, [relaxation("ibp"), relaxation("p:1")])
    return plt.gcf()


def _layers_of_one_input() -> Figure:
    plot_layers(tent(), SEGMENT, [relaxation(name) for name in ("ibp", "triangle", "p:1")])
    return plt.gcf()


def _regions() -> Figure:
    figure = plt.figure(figsize=(4.6, 4), layout="constrained")
    plot_regions(salman_example(), SQUARE, ax=figure.subplots())
    return figure


def _pair() -> Figure:
    figure = plt.figure(figsize=(4.5, 4), layout="constrained")
    traces = [propagate(two_relu_example(), SQUARE, relaxation(n)) for n in ("ibp", "krelu:2")]
    plot_pair(SQUARE, traces, index=2, ax=figure.subplots())
    return figure


def _widths() -> Figure:
    figure = plt.figure(figsize=(5, 3), layout="constrained")
    traces = [propagate(salman_example(), SQUARE, relaxation(name)) for name in NAMES]
    plot_widths(traces, ax=figure.subplots())
    legend_beside()
    return figure


def _solid() -> Figure:
    figure = plt.figure(layout="constrained")
    cube = Polytope.box([0, 0, 0], [1, 1, 1]).cut(Constraint.at_most([1, 1, 1], "5/2"))
    plot_polytope(cube, ax=figure.add_subplot(projection="3d"))
    return figure


def _surface() -> Figure:
    figure = plt.figure(figsize=(9, 4.2), layout="constrained")
    for place, network in enumerate((maximum(2), salman_example()), start=1):
        plot_surface(network, SQUARE, ax=figure.add_subplot(1, 2, place, projection="3d"))
    return figure


def _extent() -> Figure:
    figure = plt.figure(figsize=(4.5, 3.6), layout="constrained")
    ax = figure.subplots()
    drawn = plot_extent(salman_example(), SQUARE, relaxation("triangle"), ax=ax)
    figure.colorbar(drawn, ax=ax, label="unknown about $y$")
    return figure


def _answers() -> Figure:
    figure = plt.figure(figsize=(5.4, 3.4), layout="constrained")
    row = dict.fromkeys(("any", "monotone", "convex", "both"), True)
    plot_answers({name: dict(row) for name in NAMES[:-1]}, ax=figure.subplots())
    return figure


def _radii() -> Figure:
    figure = plt.figure(figsize=(6.4, 3), layout="constrained")
    lower = {"lp-greedy": 4, "lp-last": 5, "lp-all": 6, "krelu:2": 7}
    images = range(15)
    plot_radii(
        {n: {k: bracket(x, 10 + k % 7) for k in images} for n, x in lower.items()},
        ax=figure.subplots(),
    )
    legend_beside()
    return figure


def _search() -> Figure:
    figure = plt.figure(figsize=(8, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    plot_gaps(GAPS.values(), ax=left)
    plot_progress({1000 * k: gap for k, gap in GAPS.items()}, 1_404_000, ax=right)
    return figure


@pytest.mark.parametrize(
    "picture",
    [
        *(_relaxations, _function, _layers, _layers_of_one_input, _regions, _pair, _widths),
        *(_solid, _surface, _extent, _answers, _radii, _search),
    ],
    ids=lambda picture: picture.__name__.strip("_"),
)
def test_text_is_inside_the_picture_and_does_not_overlap(
    picture: Callable[[], Figure], monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = picture()
    written = _texts(figure, monkeypatch)
    plt.close(figure)
    page = figure.bbox
    assert len(written) > 4
    assert [name for name, box in written if not _is_inside(box, page)] == []
    assert [
        (one, two)
        for (one, first), (two, second) in combinations(written, 2)
        if Bbox.intersection(first, second) is not None
    ] == []


def _is_inside(box: BboxBase, page: BboxBase) -> bool:
    return bool(
        page.x0 <= box.x0 and page.y0 <= box.y0 and box.x1 <= page.x1 and box.y1 <= page.y1
    )


def test_the_search_for_overlaps_finds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = Figure()
    figure.text(0.5, 0.5, "one")
    figure.text(0.5, 0.5, "two")
    figure.text(0.99, 0.5, "clipped")
    (_, one), (_, two), (_, clipped) = _texts(figure, monkeypatch)
    assert Bbox.intersection(one, two) is not None
    assert _is_inside(one, figure.bbox)
    assert not _is_inside(clipped, figure.bbox)
