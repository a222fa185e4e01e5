"""Hulls of graphs by structure, each against the double description method."""

from fractions import Fraction
from itertools import product
from random import Random

import pytest

from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import relu_graph_hull
from polyrelax.polytopes.relu_hull import (
    graph_constraints,
    independent_groups,
    is_unconditional,
)


@pytest.mark.parametrize("interval", list(product((-2, 0, 1), (0, 1, 3))))
def test_intervals_on_each_side_of_zero(interval: tuple[int, int]) -> None:
    segment = Polytope.box([interval[0]], [interval[1]])
    assert graph_constraints(segment) == relu_graph_hull(segment).constraints


@pytest.mark.parametrize("seed", range(8))
def test_boxes_give_products_of_triangles(seed: int) -> None:
    random = Random(seed)
    lower = [Fraction(random.randint(-3, 2), 2) for _ in range(3)]
    box = Polytope.box(lower, [end + random.randint(0, 3) for end in lower])
    assert graph_constraints(box) == relu_graph_hull(box).constraints


def test_the_box_of_dimension_ten_has_thirty_facets() -> None:
    """The general method would have to enumerate 3**10 vertices."""
    found = graph_constraints(Polytope.box([-1] * 10, [2] * 10))
    assert len(found) == 30
    assert not any(c.is_equation for c in found)


@pytest.mark.parametrize(
    "bound", [Fraction(1), Fraction(3, 2), Fraction(5, 2)], ids=["cross", "cut", "nearly a box"]
)
def test_unconditional_polytopes_need_no_enumeration(bound: Fraction) -> None:
    constraints = [
        *(Constraint.at_most(signs, bound) for signs in product((-1, 1), repeat=3)),
        *Polytope.box([-1] * 3, [1] * 3).constraints,
    ]
    polytope = Polytope.intersection(constraints, 3)
    assert is_unconditional(polytope)
    assert graph_constraints(polytope) == relu_graph_hull(polytope).constraints


@pytest.mark.parametrize(("k", "facets"), [(1, 3), (2, 7), (3, 13), (4, 23)])
def test_symmetric_octahedra_have_a_facet_for_each_set_of_neurons(k: int, facets: int) -> None:
    """There are 2 k + 2**k - 1 of them."""
    directions = [c for c in product((-1, 0, 1), repeat=k) if any(c)]
    constraints = [Constraint.at_most(c, Fraction(sum(map(abs, c)) + 1, 2)) for c in directions]
    assert len(graph_constraints(Polytope.intersection(constraints, k))) == facets


@pytest.mark.parametrize("seed", range(6))
def test_products_are_taken_apart_and_together_again(seed: int) -> None:
    random = Random(seed)
    points = [[random.randint(-3, 3), random.randint(-3, 3)] for _ in range(4)]
    polytope = (Polytope.hull(points, 2) * Polytope.box([-1], [2])).project([0, 2, 1])
    assert (1,) in independent_groups(polytope)
    assert graph_constraints(polytope) == relu_graph_hull(polytope).constraints


def test_a_polytope_symmetric_about_another_point_is_not_unconditional() -> None:
    shifted = Polytope.hull([[0, 1], [2, 1], [1, 0], [1, 2]], 2)
    assert not is_unconditional(shifted)
    assert graph_constraints(shifted) == relu_graph_hull(shifted).constraints


def test_the_empty_set_has_an_empty_graph() -> None:
    assert graph_constraints(Polytope.empty(2)) == Polytope.empty(4).constraints
