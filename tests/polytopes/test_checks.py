"""What makes no sense is refused in one sentence, before anything is computed."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import pytest

from polyrelax.errors import DimensionError, InexactInputError, PolyrelaxError, UnknownNameError
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import graph_hull, relu_image_hull
from polyrelax.polytopes.relu_hull import graph_constraints, is_symmetric
from polyrelax.polytopes.subdivision import orthant_cells, orthant_vertices

TRIANGLE = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)
SHAPES = {
    "points": TRIANGLE,
    "constraints": Polytope.intersection(TRIANGLE.constraints, 2),
    "box": Polytope.box([0, 0], [1, 1]),
    "explicit": TRIANGLE.explicit(),
    "empty": Polytope.empty(2),
}
TAKES_COORDINATES: dict[str, Callable[[Polytope, Sequence[int]], object]] = {
    "project": Polytope.project,
    "orthant_cells": lambda p, js: list(orthant_cells(p, js)),
    "orthant_vertices": lambda p, js: list(orthant_vertices(p, js)),
    "graph_hull": graph_hull,
    "graph_constraints": graph_constraints,
    "relu_image_hull": relu_image_hull,
    "is_symmetric": is_symmetric,
}


@pytest.mark.parametrize("function", TAKES_COORDINATES)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("wrong", [2, -1, "a", 0.0, None])
def test_coordinates_are_integers_below_the_dimension(
    function: str, shape: str, wrong: int
) -> None:
    with pytest.raises(DimensionError, match=r"^found coordinates \[.+\], expected integers"):
        TAKES_COORDINATES[function](SHAPES[shape], [0, wrong])


def test_constraints_are_placed_on_coordinates() -> None:
    constraint = Constraint.at_most([1, 2], 3)
    with pytest.raises(DimensionError, match="found coordinates"):
        constraint.embed([0, 2], 2)
    with pytest.raises(DimensionError, match="found dimension 1, expected 2"):
        constraint.embed([0], 2)


BAD: dict[str, tuple[type[PolyrelaxError], Callable[[], object]]] = {
    "a number for a point": (DimensionError, lambda: Polytope.hull(_untyped([0.5]), 1)),
    "a float in a point": (InexactInputError, lambda: Polytope.hull(_untyped([[0.5]]), 1)),
    "numbers for ends": (DimensionError, lambda: Polytope.box(_untyped(0), _untyped(1))),
    "a number for a direction": (DimensionError, lambda: TRIANGLE.support(_untyped(1))),
    "a number for a row": (DimensionError, lambda: TRIANGLE.affine_map([_untyped(1)], [0])),
    "a float within": (InexactInputError, lambda: _untyped((0.5, 0)) in TRIANGLE),
    "a number for coordinates": (DimensionError, lambda: TRIANGLE.project(_numbers(0))),
    "a negative dimension": (DimensionError, lambda: Polytope.hull([], -1)),
    "a dimension that is none": (DimensionError, lambda: Polytope.empty(_number("1"))),
    "a float in a constraint": (InexactInputError, lambda: Constraint(_half(), Fraction(0))),
    "an engine that is none": (UnknownNameError, lambda: Polytope.empty(1, engine="steam")),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_arguments_have_an_error_of_their_own(name: str) -> None:
    expected, function = BAD[name]
    with pytest.raises(expected, match=r"expected|inexact"):
        function()


def test_constraints_from_integers_are_exact() -> None:
    """Quotients of integers would be floats."""
    third = Constraint(_integers(3), Fraction(1))
    assert all(isinstance(value, Fraction) for value in (*third.normal, third.offset))
    interval = Polytope.intersection([third, Constraint(_integers(-1), Fraction(0))], 1)
    assert interval.vertices == ((0,), (Fraction(1, 3),))


def test_engines_may_be_named() -> None:
    for name in ("plain", "fast"):
        segment = Polytope.hull([[0], [1]], 1, engine=name)
        assert (segment.engine.name, len(segment.facets)) == (name, 2)


def _untyped(value: object) -> Iterable[str]:
    return value  # type: ignore[return-value]


def _numbers(value: object) -> Sequence[int]:
    return value  # type: ignore[return-value]


def _number(value: object) -> int:
    return value  # type: ignore[return-value]


def _half() -> tuple[Fraction, ...]:
    return (0.5,)  # type: ignore[return-value]


def _integers(*values: int) -> tuple[Fraction, ...]:
    return values  # type: ignore[return-value]
