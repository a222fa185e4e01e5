from itertools import product
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector, matrix
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.incidence import (
    adjacent_pairs,
    maximal,
    members,
    tight_sets,
    transposed,
)
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
