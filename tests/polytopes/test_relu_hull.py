"""Hulls of graphs by structure, each against the double description method."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from random import Random

import pytest

from polyrelax.arithmetic.linalg import solve
from polyrelax.arithmetic.rational import Vector
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.conversion import affine_rank
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import graph_hull, relu_graph_hull
from polyrelax.polytopes.relu_hull import graph_constraints, independent_groups, is_symmetric


def part_vertices(polytope: Polytope, neurons: Sequence[int]) -> set[Vector]:
    """Return the vertices of the parts in all orthants, from every set of rows that has one.

    They are the points of the polytope in which hyperplanes of its constraints, or where a
    neuron's input is zero, meet in this point alone.
    """
    constraints, n = polytope.constraints, polytope.dim
    kinks = [(tuple(Fraction(i == j) for i in range(n)), Fraction(0)) for j in neurons]
    planes = list(dict.fromkeys([*((c.normal, c.offset) for c in constraints), *kinks]))
    found = set()
    for chosen in combinations(planes, n):
        point = solve([normal for normal, _ in chosen], tuple(value for _, value in chosen))
        if point is not None and all(satisfies(point, c) for c in constraints):
            found.add(point)
    return found


def satisfies(point: Vector, constraint: Constraint) -> bool:
    value = sum(a * x for a, x in zip(constraint.normal, point, strict=True))
    if constraint.is_equation:
        return value == constraint.offset
    return value <= constraint.offset


def enumerated(
    polytope: Polytope, neurons: Sequence[int] | None = None
) -> tuple[Constraint, ...]:
    """Return the constraints as the double description method finds them from the points."""
    chosen = range(polytope.dim) if neurons is None else neurons
    lifted = lifted_points(polytope, chosen)
    return Polytope.hull(lifted, polytope.dim + len(chosen)).constraints


def lifted_points(polytope: Polytope, neurons: Sequence[int]) -> list[Vector]:
    """Return points of the graph whose hull is that of all of them."""
    parts = part_vertices(polytope, neurons)
    return [(*x, *(max(x[j], Fraction(0)) for j in neurons)) for x in parts]


def subsets(dim: int) -> list[tuple[int, ...]]:
    return [s for size in range(dim + 1) for s in combinations(range(dim), size)]


@pytest.mark.parametrize("interval", list(product((-2, 0, 1), (0, 1, 3))))
def test_intervals_on_each_side_of_zero(interval: tuple[int, int]) -> None:
    segment = Polytope.box([interval[0]], [interval[1]])
    assert graph_constraints(segment) == enumerated(segment)


@pytest.mark.parametrize("seed", range(8))
def test_boxes_give_products_of_triangles(seed: int) -> None:
    random = Random(seed)
    lower = [Fraction(random.randint(-3, 2), 2) for _ in range(3)]
    box = Polytope.box(lower, [end + random.randint(0, 3) for end in lower])
    assert graph_constraints(box) == enumerated(box)


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
    assert is_symmetric(polytope, range(3))
    assert graph_constraints(polytope) == enumerated(polytope)


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
    assert graph_constraints(polytope) == enumerated(polytope)


def test_a_polytope_symmetric_about_another_point_is_not_unconditional() -> None:
    shifted = Polytope.hull([[0, 1], [2, 1], [1, 0], [1, 2]], 2)
    assert not is_symmetric(shifted, range(2))
    assert graph_constraints(shifted) == enumerated(shifted)


def test_the_empty_set_has_an_empty_graph() -> None:
    assert graph_constraints(Polytope.empty(2)) == Polytope.empty(4).constraints


@pytest.mark.parametrize("seed", range(12))
def test_any_neurons_of_any_polytope_have_the_hull_of_their_points(seed: int) -> None:
    """Stable neurons, products, flat polytopes and single points are among them."""
    random = Random(seed)
    dim = random.choice([2, 3])
    shift = [random.choice([-3, 0, 0, 2]) for _ in range(dim)]
    points = [
        [random.randint(-2, 2) + s for s in shift] for _ in range(random.choice([1, 2, 4, 7]))
    ]
    polytope = Polytope.hull(points, dim) * Polytope.box([-1], [random.choice([-1, 0, 2])])
    for neurons in subsets(dim + 1):
        assert graph_constraints(polytope, neurons) == enumerated(polytope, neurons)
        hull = graph_hull(polytope, neurons)
        lifted = lifted_points(polytope, neurons)
        assert hull.vertices == Polytope.hull(lifted, hull.dim).vertices
        assert hull.affine_dim == affine_rank(lifted, hull.dim)


@pytest.mark.parametrize("seed", range(6))
def test_polytopes_symmetric_in_some_coordinates_need_no_enumeration(seed: int) -> None:
    """Random points and their mirror images in the first two coordinates."""
    random = Random(seed)
    points = [[random.randint(1, 4) for _ in range(3)] for _ in range(5)]
    mirrored = [
        [s * p[0], t * p[1], p[2] - 2] for p in points for s in (-1, 1) for t in (-1, 1)
    ]
    polytope = Polytope.hull(mirrored, 3)
    assert is_symmetric(polytope, (0, 1))
    for neurons in [(0,), (1,), (0, 1), (1, 0)]:
        assert graph_constraints(polytope, neurons) == enumerated(polytope, neurons)


def test_the_order_of_the_neurons_is_that_of_the_outputs() -> None:
    box = Polytope.box([-1, 1], [1, 2])
    assert graph_hull(box, [1, 0]) == graph_hull(box, [0, 1]).project([0, 1, 3, 2])


def test_the_hull_over_ten_neurons_needs_no_points() -> None:
    """Of which there would be 3**10."""
    hull = relu_graph_hull(Polytope.box([-1] * 10, [2] * 10))
    assert len(hull.facets) == 30
    assert hull.bounds[0] == (-1, 2)
    assert hull.bounds[10] == (0, 2)
    assert hull.affine_dim == 20
    assert not hull.is_box


def test_the_graph_of_stable_neurons_over_a_point_is_a_point() -> None:
    hull = relu_graph_hull(Polytope.box([-1, 2], [-1, 2]))
    assert hull.is_box
    assert hull == Polytope.box([-1, 2, 0, 2], [-1, 2, 0, 2])
