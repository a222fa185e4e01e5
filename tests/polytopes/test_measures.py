"""Volumes, centroids, faces and polars of polytopes known by hand, and how these move."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings

from polyrelax.arithmetic.rational import vector
from polyrelax.errors import DimensionError, EmptySetError, ShapeError
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import polytopes, rationals, vectors

CUBE = Polytope.box([-1, -1, -1], [1, 1, 1])
ONES = vector([1, 1])
TRIANGLE = Polytope.hull([[0, 0], [3, 0], [0, 3]])


def simplex(dim: int) -> Polytope:
    return Polytope.hull([[0] * dim, *([int(i == j) for j in range(dim)] for i in range(dim))])


def cross_polytope(dim: int) -> Polytope:
    units = [[int(i == j) for j in range(dim)] for i in range(dim)]
    return Polytope.hull([*units, *([-x for x in unit] for unit in units)])


@pytest.mark.parametrize("dim", [1, 2, 3, 4])
def test_a_simplex_has_the_volume_one_over_a_factorial_and_the_mean_as_centroid(
    dim: int,
) -> None:
    assert simplex(dim).volume == Fraction(1, factorial(dim))
    assert simplex(dim).centroid == (Fraction(1, dim + 1),) * dim


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_the_polar_of_a_cube_is_the_cross_polytope_and_the_other_way_round(dim: int) -> None:
    cube = Polytope.box([-1] * dim, [1] * dim)
    assert cube.polar == cross_polytope(dim)
    assert cross_polytope(dim).polar == cube


def test_a_polar_has_the_faces_of_the_polytope_in_opposite_order() -> None:
    assert CUBE.f_vector == (1, 8, 12, 6, 1)
    assert CUBE.polar.f_vector == (1, 6, 12, 8, 1)


def test_the_polar_of_a_multiple_is_the_polar_divided() -> None:
    assert (3 * CUBE).polar == Fraction(1, 3) * cross_polytope(3)


@pytest.mark.parametrize(
    "polytope",
    [TRIANGLE, Polytope.box([1], [2]), Polytope.hull([[1, 1], [-1, -1]]), Polytope.empty(2)],
    ids=["origin at a vertex", "origin outside", "flat", "empty"],
)
def test_a_polytope_without_the_origin_in_its_interior_has_no_polar(polytope: Polytope) -> None:
    with pytest.raises(ShapeError, match="expected the origin in its interior"):
        _ = polytope.polar


def test_the_only_point_without_dimension_is_its_own_polar() -> None:
    assert Polytope.box([], []).polar == Polytope.box([], [])


def test_the_centroid_of_a_trapezium_is_that_of_its_parts() -> None:
    # A square of area 1 around 1/2, and a triangle of area 1/2 around 4/3.
    trapezium = Polytope.hull([[0, 0], [1, 1], [0, 1], [2, 0]])
    assert trapezium.centroid == (Fraction(7, 9), Fraction(4, 9))


def test_a_flat_polytope_has_its_centroid_in_its_plane() -> None:
    # A square with a corner above: twice as long in one direction, in the plane z = 2 x.
    flat = Polytope.hull([[0, 0, 0], [1, 0, 2], [1, 3, 2], [0, 3, 0]])
    assert flat.volume == 0
    assert flat.centroid == (Fraction(1, 2), Fraction(3, 2), 1)
    assert Polytope.hull([[5, 7]]).centroid == (5, 7)


@settings(max_examples=20)
@given(polytopes(2), rationals(), vectors(2))
def test_measures_move_and_grow_with_the_polytope(
    polytope: Polytope, factor: Fraction, shift: tuple[Fraction, ...]
) -> None:
    image = factor * polytope + shift
    assert image.volume == factor**2 * polytope.volume
    if not polytope.is_empty:
        moved = (factor * x + s for x, s in zip(polytope.centroid, shift, strict=True))
        assert image.centroid == tuple(moved)


@settings(max_examples=20)
@given(polytopes(2))
def test_interior_points_satisfy_all_facets_strictly(polytope: Polytope) -> None:
    if polytope.is_empty:
        with pytest.raises(EmptySetError, match="expected a set that has an interior"):
            _ = polytope.interior_point
        return
    point = polytope.interior_point
    assert point in polytope
    for facet in polytope.facets:
        assert sum(a * x for a, x in zip(facet.normal, point, strict=True)) < facet.offset


def test_sums_products_and_reflections_are_those_of_the_points() -> None:
    assert 2 * TRIANGLE == TRIANGLE * 2 == TRIANGLE + TRIANGLE
    assert Polytope.hull([[0, 0], [-3, 0], [0, -3]]) == -TRIANGLE
    assert (
        TRIANGLE + vector([1, "1/2"])
        == vector([1, "1/2"]) + TRIANGLE
        == Polytope.hull([[1, "1/2"], [4, "1/2"], [1, "7/2"]])
    )
    assert TRIANGLE + vector([-1, -1]) == TRIANGLE - ONES
    assert Decimal("0.5") * CUBE == Polytope.box(["-1/2"] * 3, ["1/2"] * 3)
    assert Polytope.box([0] * 3, [0] * 3) == 0 * CUBE


def test_a_cut_out_polytope_is_moved_as_a_hull_is() -> None:
    sides = [Constraint.at_least([1, 0], 0), Constraint.at_least([0, 1], 0)]
    cut = Polytope.intersection([*sides, Constraint.at_most([1, 1], 3)], 2)
    assert (cut + ONES, -cut, cut.centroid) == (TRIANGLE + ONES, -TRIANGLE, ONES)


def test_integers_of_numpy_move_and_scale_from_either_side() -> None:
    shift = np.array([1, 2])
    assert TRIANGLE + shift == shift + TRIANGLE == TRIANGLE + vector([1, 2])
    assert np.int64(2) * TRIANGLE == TRIANGLE * np.int64(2) == 2 * TRIANGLE


def test_a_ball_of_the_maximum_norm_is_a_box_within_its_clip() -> None:
    assert Polytope.around([0, 1], "1/4") == Polytope.box(["-1/4", "3/4"], ["1/4", "5/4"])
    clipped = Polytope.around([0, 1], Decimal("0.25"), clip=(0, 1))
    assert clipped == Polytope.box([0, "3/4"], ["1/4", 1])
    assert Polytope.around([3], 1, clip=(0, 1)).is_empty
    with pytest.raises(ShapeError, match="found the radius -1, expected at least 0"):
        Polytope.around([0], -1)


def test_the_dimension_of_points_need_not_be_named_if_there_are_any() -> None:
    assert Polytope.hull([[0], [1]]) == Polytope.hull([[0], [1]], 1)
    with pytest.raises(DimensionError, match="found no points, expected some, or"):
        Polytope.hull([])
    with pytest.raises(DimensionError, match="found dimension 2, expected 1"):
        Polytope.hull([[0], [1, 2]])
