"""Linear programs answer as conversions do, and where conversions would never end."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.errors import UnboundedError
from polyrelax.polytopes import conversion
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.engines import Plain
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.redundancy import (
    extreme_points,
    implicit_equations,
    irredundant,
    is_in_hull,
    programs_pay,
)
from polyrelax.polytopes.subdivision import volume
from polyrelax.strategies import flat_polytopes, hulls, polytopes, systems, vectors

DIM = 3


@st.composite
def sets(draw: st.DrawFn) -> Polytope:
    """Generate polytopes, flat and empty ones too."""
    kinds = [polytopes(DIM), hulls(DIM), systems(DIM), flat_polytopes(DIM)]
    return draw(st.sampled_from(kinds).flatmap(lambda kind: kind))


@given(st.lists(vectors(DIM), min_size=1, max_size=9, unique=True))
def test_extreme_points_are_the_vertices(points: list[Vector]) -> None:
    constraints = conversion.enumerate_constraints(points, DIM, Plain())
    assert extreme_points(points) == conversion.select_vertices(points, constraints)


@given(st.lists(vectors(DIM), min_size=1, max_size=9, unique=True), vectors(DIM))
def test_a_point_is_in_a_hull_iff_it_satisfies_the_facets(
    points: list[Vector], point: Vector
) -> None:
    constraints = conversion.enumerate_constraints(points, DIM, Plain())
    wanted = all(constraint.is_satisfied_by(point) for constraint in constraints)
    assert is_in_hull(points, point) == wanted


@given(sets(), st.randoms(use_true_random=False))
def test_irredundant_constraints_are_the_canonical_ones(
    polytope: Polytope, random: Random
) -> None:
    """Of a set whose constraints are shuffled, doubled, and joined by weaker ones."""
    vertices = conversion.enumerate_vertices(polytope.description, DIM, Plain())
    wanted = conversion.select_constraints(polytope.description, vertices, DIM)
    halves = [half for c in polytope.description for half in c.halves()]
    weaker = [Constraint(half.normal, half.offset + random.randint(0, 2)) for half in halves]
    given_ = [*polytope.description, *weaker, Constraint.at_most([0] * DIM, 0)]
    random.shuffle(given_)
    assert irredundant(given_, DIM) == wanted
    equations = implicit_equations(given_, DIM)
    assert (equations is None) == (not vertices)
    if equations is not None:
        assert DIM - len(equations) == polytope.affine_dim


def test_unbounded_sets_have_irredundant_constraints() -> None:
    """The quadrant x, y >= 0: x + y >= 0 follows; then x + y <= 0 leaves a point."""
    quadrant = [Constraint.at_least(a, 0) for a in ([1, 0], [0, 1], [1, 1])]
    assert [str(c) for c in irredundant(quadrant, 2)] == ["-x0 <= 0", "-x1 <= 0"]
    corner = irredundant([*quadrant, Constraint.at_most([1, 1], 0)], 2)
    assert [str(c) for c in corner] == ["x0 == 0", "x1 == 0"]
    assert irredundant([], 2) == ()


def random_points(seed: int) -> list[list[int]]:
    random = Random(seed)
    return [[random.randint(-10, 10) for _ in range(20)] for _ in range(60)]


def test_sixty_points_in_twenty_dimensions_are_asked_without_their_facets() -> None:
    points = random_points(0)
    middle = [Fraction(a + b + c, 3) for a, b, c in zip(*points[:3], strict=True)]
    hull = Polytope.hull([*points, middle], 20)
    assert middle in hull
    assert [20] * 20 not in hull
    vertices = hull.vertices
    assert set(vertices) <= {vector(point) for point in points}
    for one in vertices[:3]:
        assert not is_in_hull([x for x in hull.points if x != one], one)
    assert hull == Polytope.hull(points[::-1], 20)
    assert Polytope.hull(points[:50], 20) <= hull
    assert not hull <= Polytope.hull(points[:50], 20)
    assert "constraints" not in vars(hull.form)


@pytest.mark.parametrize("dim", [18, 24])
def test_a_cut_cube_is_asked_without_its_vertices(dim: int) -> None:
    """The cube with sum at most half the dimension has some 2**dim / 2 vertices; no side of
    it follows from the others."""
    unit = [[int(i == j) for j in range(dim)] for i in range(dim)]
    sides = [
        *(Constraint.at_most(row, 1) for row in unit),
        *(Constraint.at_least(row, 0) for row in unit),
        Constraint.at_most([1] * dim, Fraction(dim, 2)),
    ]
    weaker = Constraint.at_most([1] * dim, dim)
    cube = Polytope.intersection(sides, dim)
    assert cube == Polytope.intersection([weaker, *sides[::-1]], dim)
    assert (len(cube.facets), cube.affine_dim) == (2 * dim + 1, dim)
    flat = Polytope.intersection([*sides, Constraint.at_least([1] * dim, "9")], dim)
    assert flat.affine_dim == (dim - 1 if dim == 18 else dim)
    assert cube != flat


def test_what_has_no_bounds_is_refused_by_programs_too() -> None:
    rows = [Constraint.at_least([int(i == j) for j in range(20)], 0) for i in range(20)]
    rows += [Constraint.at_most([1, *[-1] * 19], k) for k in range(40)]
    assert programs_pay(len(rows), 20)
    orthant = Polytope.intersection(rows, 20)
    with pytest.raises(UnboundedError, match="found the ray"):
        _ = orthant.constraints
    with pytest.raises(UnboundedError, match="found the ray"):
        _ = orthant.affine_dim


@pytest.mark.parametrize("dim", [3, 10])
def test_the_volume_of_a_cross_polytope(dim: int) -> None:
    """It is 2**dim / dim!: each orthant holds a simplex."""
    units = [[sign * (i == j) for i in range(dim)] for j in range(dim) for sign in (1, -1)]
    assert volume(Polytope.hull(units, dim)) == Fraction(2**dim, math.factorial(dim))


def test_no_points_have_a_hull_without_points() -> None:
    assert not is_in_hull([], vector([0]))
    assert extreme_points([]) == ()


def test_many_points_in_space_are_converted() -> None:
    assert not programs_pay(100_000, 3)
    assert programs_pay(100_000, 9)
