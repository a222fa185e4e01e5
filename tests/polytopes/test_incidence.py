from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector, matrix
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.incidence import (
    adjacent_pairs,
    crossing_edges,
    maximal,
    members,
    tight_sets,
    transposed,
)
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.residues import PRIME, orthogonal_sets
from polyrelax.strategies import constraints, vectors

SETS = st.lists(st.integers(0, 63), max_size=8)


@given(given=st.lists(constraints(2), max_size=4), points=st.lists(vectors(2), max_size=4))
def test_bits_are_the_points_with_slack_zero(
    given: list[Constraint], points: list[Vector]
) -> None:
    for constraint, bits in zip(given, tight_sets(given, points), strict=True):
        expected = [i for i, point in enumerate(points) if constraint.slack(point) == 0]
        assert list(members(bits)) == expected


@given(sets=SETS)
def test_transposing_twice_is_the_identity(sets: list[int]) -> None:
    assert list(transposed(transposed(sets, 6), len(sets))) == sets


@given(sets=SETS)
def test_maximal_sets_are_those_in_no_other(sets: list[int]) -> None:
    chosen = maximal(sets)
    assert all(any(s & sets[i] == s for i in chosen) for s in sets)
    assert all(sets[i] & sets[j] != sets[i] for i, j in product(chosen, chosen) if i != j)
    assert all(sets.index(sets[i]) == i for i in chosen)


def test_diagonals_of_a_square_are_no_edges() -> None:
    facets_of = [0b0101, 0b0110, 0b1001, 0b1010]
    assert list(adjacent_pairs(facets_of, 2)) == [(0, 1), (0, 2), (1, 3), (2, 3)]


@given(sets=SETS, first=st.integers(0, 255), second=st.integers(0, 255))
def test_edges_are_the_pairs_that_no_third_vertex_joins(
    sets: list[int], first: int, second: int
) -> None:
    """By definition, for any sets; with a dimension of one there is nothing to discard."""
    everything = (1 << len(sets)) - 1
    expected = []
    for i, j in product(members(first & everything), members(second & everything)):
        common = sets[i] & sets[j]
        if i != j and sum(s & common == common for s in sets) == 2:
            expected.append((i, j))
    assert list(crossing_edges(sets, first & everything, second, dim=1)) == expected
    counted = [(i, j) for i, j in expected if (sets[i] & sets[j]).bit_count() >= 2]
    assert list(crossing_edges(sets, first & everything, second, dim=3)) == counted


@pytest.mark.parametrize(("points", "dim"), [(6, 4), (8, 4), (7, 5)])
def test_all_pairs_of_a_neighbourly_polytope_are_edges(points: int, dim: int) -> None:
    """Gale: in dimension four and more each two points on the moment curve span an edge."""
    curve = [[t**k for k in range(1, dim + 1)] for t in range(points)]
    polytope = Polytope.hull(curve, dim)
    sets = tight_sets(polytope.facets, polytope.vertices)
    pairs = list(adjacent_pairs(transposed(sets, points), dim))
    assert pairs == list(combinations(range(points), 2))


@pytest.mark.parametrize("dim", [1, 2, 3, 4])
def test_edges_of_cubes_and_cross_polytopes(dim: int) -> None:
    """A cube has dim * 2**(dim - 1) edges; in its dual only opposite vertices span none."""
    cube = Polytope.hull(product((0, 1), repeat=dim), dim)
    units = [[s * (i == j) for i in range(dim)] for j in range(dim) for s in (-1, 1)]
    cross = Polytope.hull(units, dim)
    expected = (dim << (dim - 1), 2 * dim * (dim - 1) if dim > 1 else 1)
    for polytope, edges in zip((cube, cross), expected, strict=True):
        facets_of = transposed(
            tight_sets(polytope.facets, polytope.vertices), len(polytope.vertices)
        )
        assert len(list(adjacent_pairs(facets_of, dim))) == edges


def test_products_that_vanish_modulo_the_prime_only_are_not_zero() -> None:
    columns = [(1, 0), (0, 1), (PRIME, -1), (1, -PRIME)]
    assert orthogonal_sets([(PRIME, 1), (1, PRIME), (0, PRIME**3)], columns) == (8, 4, 1)


def test_many_terms_do_not_overflow() -> None:
    long = (-1,) * 5000
    assert orthogonal_sets([long, (*long[1:], 4999)], [(1,) * 5000]) == (0, 1)


def test_large_incidences_are_those_of_small_ones() -> None:
    random = Random(0)
    points = matrix([[random.randint(0, 3) for _ in range(3)] for _ in range(400)])
    given = [
        Constraint.at_most([random.randint(-1, 1) for _ in range(3)], random.randint(-1, 3))
        for _ in range(200)
    ]
    assert len(given) * len(points) > 50_000
    assert tight_sets(given, points) == tuple(tight_sets([c], points)[0] for c in given)


def test_no_points_and_no_constraints() -> None:
    assert tight_sets([], matrix([[1]])) == ()
    assert tight_sets([Constraint.at_most([1], 1)], []) == (0,)
