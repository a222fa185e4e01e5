"""Numbers of claims P4.2 and P4.3; strategies are checked by other code than found them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import vector
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.expressivity.data_sets import (
    BooleanFunction,
    LabelledPoints,
    cyclic_windows,
    standard_bound,
    star,
)

HALF = Fraction(1, 2)
FUNCTIONS: dict[str, BooleanFunction] = {
    "and": all,
    "or": any,
    "xor": lambda x: sum(x) % 2 == 1,
    "majority": lambda x: 2 * sum(x) > len(x),
}


@pytest.mark.parametrize("dim", [2, 3, 4, 5])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_standard_networks_have_radius_1_over_2d_and_others_one_half(
    name: str, dim: int
) -> None:
    data = LabelledPoints.of_function(dim, FUNCTIONS[name])
    game = standard_bound(data)
    assert game.radius == Fraction(1, 2 * dim)
    assert data.best_radius == HALF
    assert game.is_proved_by(data)


@pytest.mark.parametrize("dim", range(2, 9))
def test_every_symmetric_function_has_2d_points_that_no_standard_network_separates_farther(
    dim: int,
) -> None:
    """Theorem 3.5: a function of the number of ones changes between m - 1 and m for some m."""
    for weight in range(1, dim + 1):
        data = cyclic_windows(dim, weight)
        game = standard_bound(data)
        assert len(data.points) == (dim + 1 if weight in (1, dim) else 2 * dim)
        assert game.radius == Fraction(1, 2 * dim)
        assert game.is_proved_by(data)


def test_the_star_limits_conjunctions() -> None:
    assert [standard_bound(star(d)).radius for d in (2, 3, 4)] == [
        Fraction(1, 4),
        Fraction(1, 6),
        Fraction(1, 8),
    ]


def test_points_on_a_line_are_separated_by_standard_networks_as_well_as_by_any() -> None:
    data = LabelledPoints((vector([0]), vector([3]), vector([4])), (0, 0, 1))
    assert standard_bound(data).radius == data.best_radius == HALF
    assert data.nearest == (1, 2)


def test_three_classes_are_bounded_by_the_worst_two() -> None:
    corners = (vector([0, 0]), vector([1, 0]), vector([0, 1]), vector([9, 9]))
    data = LabelledPoints(corners, (0, 1, 1, 2))
    game = standard_bound(data)
    assert (game.classes, game.radius) == ((0, 1), Fraction(1, 4))


@st.composite
def labelled_points(draw: st.DrawFn) -> LabelledPoints:
    dim = draw(st.integers(1, 3))
    numbers = st.fractions(-2, 2, max_denominator=3)
    points = draw(st.lists(st.tuples(*[numbers] * dim), min_size=2, max_size=6, unique=True))
    labels = [0, 1, *(draw(st.integers(0, 2)) for _ in points[2:])]
    return LabelledPoints(tuple(points), tuple(labels))


@given(labelled_points())
def test_the_bound_is_proved_by_both_strategies_and_within_what_any_classifier_has(
    data: LabelledPoints,
) -> None:
    game = standard_bound(data)
    assert game.is_proved_by(data)
    assert game.radius <= min(data.distance(p) for p in data.pairs(*game.classes)) / 2


def test_bad_data_is_named() -> None:
    origin, end = vector([0]), vector([1])
    with pytest.raises(ShapeError, match="one class"):
        LabelledPoints((origin, end), (1, 1))
    with pytest.raises(ShapeError, match=r"\(0\) with two labels"):
        LabelledPoints((origin, origin), (0, 1))
    with pytest.raises(DimensionError, match="2 points and 1 label, expected"):
        LabelledPoints((origin, end), (0,))
    with pytest.raises(DimensionError, match="different dimensions"):
        LabelledPoints((origin, vector([0, 1])), (0, 1))
    with pytest.raises(ShapeError, match="expected 1 to 3"):
        cyclic_windows(3, 4)
