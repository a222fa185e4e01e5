"""What no axes can show is refused at the call, and all else is drawn without a complaint."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

import polyrelax.plotting
from polyrelax.errors import (
    DimensionError,
    EmptySetError,
    LayerIndexError,
    PictureError,
    PolyrelaxError,
)
from polyrelax.networks.gallery import maximum, section_three_example, tent, two_relu_example
from polyrelax.plotting import (
    plot_adjacency,
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
    plot_relu_graph,
    plot_surface,
    plot_widths,
)
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Trace, propagate
from polyrelax.verification.survey import Bracket

Draw = Callable[[Fraction, Axes], object]
IBP, TRIANGLE = relaxation("ibp"), relaxation("triangle")
SQUARE = Polytope.box([-1, -1], [1, 1])


def _segment(size: Fraction) -> Polytope:
    return Polytope.box([-size], [size])


def _strip(size: Fraction) -> Polytope:
    return Polytope.box([0, 0], [size, 1])


def _pair(size: Fraction) -> tuple[Polytope, list[Trace]]:
    domain = _strip(size)
    return domain, [propagate(two_relu_example(), domain, TRIANGLE)]


PLANE: dict[str, Draw] = {
    "plot_adjacency": lambda s, ax: plot_adjacency(section_three_example(), _strip(s), ax=ax),
    "plot_answers": lambda s, ax: plot_answers({f"p:{s}": {"convex": True}}, ax=ax),
    "plot_extent": lambda s, ax: plot_extent(maximum(2), _strip(s), TRIANGLE, ax=ax),
    "plot_function": lambda s, ax: plot_function(
        tent(), _segment(s), [propagate(tent(), _segment(s), IBP)], ax=ax
    ),
    "plot_gaps": lambda s, ax: plot_gaps([s, s, 2 * s], ax=ax),
    "plot_layers": lambda s, ax: plot_layers(tent(), _segment(s), [IBP], axes=[ax] * 6),
    "plot_pair": lambda s, ax: plot_pair(*_pair(s), index=2, ax=ax),
    "plot_polytope": lambda s, ax: plot_polytope(_strip(s), ax=ax),
    "plot_progress": lambda s, ax: plot_progress({1: s, 4: 2 * s}, 9, ax=ax),
    "plot_radii": lambda s, ax: plot_radii({"lp-all": {0: Bracket(s, 2 * s)}}, ax=ax),
    "plot_regions": lambda s, ax: plot_regions(maximum(2), _strip(s), ax=ax),
    "plot_relaxations": lambda s, ax: plot_relaxations([TRIANGLE], -s, s, ax=ax),
    "plot_relu_graph": lambda s, ax: plot_relu_graph(-s, s, ax=ax),
    "plot_widths": lambda s, ax: plot_widths([propagate(tent(), _segment(s), IBP)], ax=ax),
}
SPACE: dict[str, Draw] = {
    "plot_polytope": lambda s, ax: plot_polytope(Polytope.box([0] * 3, [1, s, 1]), ax=ax),
    "plot_surface": lambda s, ax: plot_surface(maximum(2), _strip(s), ax=ax),
}
HAVE_OTHER_SCALES = {"plot_answers", "plot_widths"}
DRAWN = [(False, name) for name in PLANE] + [(True, name) for name in SPACE]
in_both = pytest.mark.parametrize(
    ("solid", "name"), DRAWN, ids=[f"{name}{'-3d' * solid}" for solid, name in DRAWN]
)


def _axes(*, solid: bool) -> Axes:
    plt.switch_backend("agg")
    return plt.figure().add_subplot(projection="3d" if solid else None)


def _draw(name: str, size: Fraction, *, solid: bool, axes: Axes) -> None:
    (SPACE if solid else PLANE)[name](size, axes)
    axes.figure.canvas.draw()


def test_every_function_that_draws_is_tried() -> None:
    drawing = {name for name in polyrelax.plotting.__all__ if name.startswith("plot_")}
    assert drawing == PLANE.keys() | SPACE.keys()


@in_both
@pytest.mark.parametrize("exponent", [-400, -100, -20, 20, 99])
def test_numbers_of_any_usual_size_are_drawn(solid: bool, name: str, exponent: int) -> None:
    _draw(name, Fraction(10) ** exponent, solid=solid, axes=_axes(solid=solid))
    plt.close("all")


@in_both
@pytest.mark.parametrize("exponent", [101, 400])
def test_numbers_beyond_all_axes_are_refused(solid: bool, name: str, exponent: int) -> None:
    axes = _axes(solid=solid)
    if name in HAVE_OTHER_SCALES:
        _draw(name, Fraction(10) ** exponent, solid=solid, axes=axes)
    else:
        with pytest.raises(PictureError, match="found a coordinate beyond 1e100"):
            _draw(name, Fraction(10) ** exponent, solid=solid, axes=axes)
    plt.close("all")


@in_both
def test_axes_of_another_kind_are_refused(solid: bool, name: str) -> None:
    axes = _axes(solid=not solid)
    with pytest.raises(DimensionError, match="found axes"):
        _draw(name, Fraction(1), solid=solid, axes=axes)
    plt.close("all")


def test_polar_axes_are_no_plane() -> None:
    axes = plt.figure().add_subplot(projection="polar")
    with pytest.raises(DimensionError, match="found axes with projection='polar'"):
        plot_polytope(SQUARE, ax=axes)
    plt.close("all")


@pytest.mark.parametrize(
    ("draw", "error"),
    [
        (lambda ax: plot_answers({}, ax=ax), EmptySetError),
        (lambda ax: plot_widths([], ax=ax), EmptySetError),
        (lambda ax: plot_gaps([], ax=ax), EmptySetError),
        (lambda ax: plot_radii({}, ax=ax), EmptySetError),
        (lambda ax: plot_radii({"lp-all": {}}, ax=ax), EmptySetError),
        (lambda ax: plot_pair(SQUARE, [], index=2, ax=ax), EmptySetError),
        (lambda ax: plot_function(tent(), Polytope.empty(1), ax=ax), EmptySetError),
        (lambda ax: plot_relu_graph(2, 1, ax=ax), EmptySetError),
        (lambda ax: plot_relaxations([TRIANGLE], 2, 1, ax=ax), EmptySetError),
        (lambda ax: plot_regions(maximum(2), Polytope.empty(2), ax=ax), DimensionError),
        (
            lambda ax: plot_adjacency(maximum(2), Polytope.box([0, 0], [0, 1]), ax=ax),
            DimensionError,
        ),
        (lambda ax: plot_pair(*_pair(Fraction(1)), index=9, ax=ax), LayerIndexError),
        (lambda ax: plot_pair(*_pair(Fraction(1)), index=-1, ax=ax), LayerIndexError),
        (lambda ax: plot_progress({5: Fraction(1)}, 5, ax=ax), PictureError),
        (
            lambda ax: plot_extent(maximum(2), SQUARE, IBP, ax=ax, largest=-1.0),
            PictureError,
        ),
    ],
)
def test_nothing_to_draw_is_said(
    draw: Callable[[Axes], object], error: type[PolyrelaxError], ax: Axes
) -> None:
    with pytest.raises(error):
        draw(ax)
