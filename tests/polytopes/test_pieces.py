"""Polytopes cut in two, by vertices and incidences alone."""

from itertools import product
from random import Random

import pytest

from polyrelax.arithmetic.rational import dot
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.conversion import dehomogenised
from polyrelax.polytopes.engines import IntRow
from polyrelax.polytopes.pieces import Piece, bisected, facet_labels, piece
from polyrelax.polytopes.polytope import Polytope


def of(polytope: Polytope) -> Piece:
    return piece(polytope.vertices, polytope.facets, polytope.affine_dim)


def hull(part: Piece, dim: int) -> Polytope:
    return Polytope.hull(map(dehomogenised, part.vertices), dim)


def random_polytope(random: Random, *, size: int) -> Polytope:
    """Points in the space, in a plane of it, or on a line."""
    dim = random.randint(1, 3)
    points = [
        [random.randint(-size, size) * (j < dim) for j in range(3)]
        for _ in range(random.randint(1, 9))
    ]
    return Polytope.hull(points, 3)


@pytest.mark.parametrize("seed", range(40))
def test_parts_are_those_of_the_double_description_method(seed: int) -> None:
    """Also where the hyperplane touches, misses, or contains the polytope."""
    random = Random(seed)
    polytope = random_polytope(random, size=random.choice([1, 3, 10**25]))
    row: IntRow = tuple(random.choice([-1, 0, 0, 1, 2]) for _ in range(4))
    below = Constraint.at_most(row[1:], -row[0])
    parts = bisected(of(polytope), row, label=len(polytope.facets))
    for part, side in zip(parts, (below, below.complement()), strict=True):
        assert hull(part, 3) == Polytope.intersection([*polytope.constraints, side], 3)
        assert len(hull(part, 3).vertices) == len(set(part.vertices)) == len(part.vertices)


@pytest.mark.parametrize("seed", range(20))
def test_incidences_follow_from_cut_to_cut(seed: int) -> None:
    """After three cuts, what is tight is what arithmetic says, and the facets are all there."""
    random = Random(seed)
    polytope = random_polytope(random, size=5)
    hyperplanes = [(c.normal, c.offset) for c in polytope.facets]
    parts = [of(polytope)]
    for _ in range(3):
        row = tuple(random.randint(-2, 2) for _ in range(4))
        label = len(hyperplanes)
        plane = Constraint.at_most(row[1:], -row[0])
        hyperplanes.append((plane.normal, plane.offset))
        halves = [bisected(part, row, label=label) for part in parts]
        parts = [h for pair in halves for h in pair if _has_inside(h, row)]
    for part in parts:
        for vertex, tight in zip(part.vertices, part.tight, strict=True):
            x = dehomogenised(vertex)
            on = [
                i for i, (normal, offset) in enumerate(hyperplanes) if dot(normal, x) == offset
            ]
            assert [i for i in range(len(hyperplanes)) if tight >> i & 1] == on
        assert len(facet_labels(part, len(hyperplanes))) == len(hull(part, 3).facets)


def _has_inside(part: Piece, row: IntRow) -> bool:
    """Whether some vertex is off the hyperplane; else the part is no more than a face."""
    return any(sum(s * t for s, t in zip(row, v, strict=True)) for v in part.vertices)


def test_the_cube_cut_by_its_diagonal_plane_has_a_hexagon_on_either_side() -> None:
    cube = Polytope.hull(product((-1, 1), repeat=3), 3)
    below, above = bisected(of(cube), (0, 1, 1, 1), label=6)
    assert len(below.vertices) == len(above.vertices) == 4 + 6
    assert len(set(below.vertices) & set(above.vertices)) == 6
    assert facet_labels(below, 7) == tuple(range(7))
