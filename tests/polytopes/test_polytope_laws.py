"""Laws that hold for all polytopes, however they are given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector, dot, sparse
from polyrelax.lp import Optimum, maximize
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.engines import Cddlib, Plain
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.support import linear_program
from polyrelax.strategies import boxes, hulls, polytopes, systems, vectors

DIMS = [1, 2, 3]
ANY = st.sampled_from(DIMS).flatmap(polytopes)
PAIRS = st.sampled_from(DIMS).flatmap(lambda dim: st.tuples(polytopes(dim), polytopes(dim)))
TRIPLES = st.sampled_from([1, 2]).flatmap(lambda dim: st.tuples(*[polytopes(dim)] * 3))


@given(polytope=ANY)
def test_constraints_to_vertices_to_constraints_is_the_identity(polytope: Polytope) -> None:
    hull = Polytope.hull(polytope.vertices, polytope.dim)
    system = Polytope.intersection(hull.constraints, polytope.dim)
    assert hull.constraints == polytope.constraints == system.constraints
    assert hull.vertices == polytope.vertices == system.vertices


@given(polytope=ANY)
def test_the_three_ways_to_give_a_polytope_agree(polytope: Polytope) -> None:
    hull = Polytope.hull(polytope.vertices, polytope.dim)
    system = Polytope.intersection(polytope.constraints, polytope.dim)
    for other in (hull, system, polytope.explicit()):
        assert other == polytope
        assert hash(other) == hash(polytope)
        assert other.bounds == polytope.bounds
        assert other.is_box == polytope.is_box
        assert other.affine_dim == polytope.affine_dim


@given(polytope=ANY)
def test_the_number_of_equations_is_the_codimension(polytope: Polytope) -> None:
    assert len(polytope.equations) == polytope.dim - polytope.affine_dim


@given(polytope=ANY)
def test_no_constraint_and_no_vertex_can_be_spared(polytope: Polytope) -> None:
    for constraint in polytope.facets:
        others = [c for c in polytope.constraints if c != constraint]
        tighter = [*others, constraint.complement()]
        beyond = Polytope.intersection(tighter, polytope.dim)
        # Without its facet the set goes on beyond it: not only touches it.
        assert not _within(beyond, constraint)
    for vertex in polytope.vertices:
        rest = Polytope.hull([v for v in polytope.vertices if v != vertex], polytope.dim)
        assert vertex not in rest


def _within(beyond: Polytope, constraint: Constraint) -> bool:
    outcome = maximize(
        linear_program(beyond.description, beyond.dim), sparse(constraint.normal)
    )
    return isinstance(outcome, Optimum) and outcome.value <= constraint.offset


@given(polytope=ANY, data=st.data())
def test_the_support_is_attained_and_not_exceeded(
    polytope: Polytope, data: st.DataObject
) -> None:
    direction = data.draw(vectors(polytope.dim))
    support = polytope.support(direction)
    assert support.point in polytope
    assert dot(direction, support.point) == support.value
    assert support.value == max(dot(direction, vertex) for vertex in polytope.vertices)


@given(system=st.sampled_from(DIMS).flatmap(systems), data=st.data())
def test_linear_programs_and_the_engine_agree_on_systems(
    system: Polytope, data: st.DataObject
) -> None:
    fresh = Polytope.intersection(system.description, system.dim)
    assert fresh.is_empty == (not system.vertices)
    if not fresh.is_empty:
        direction = data.draw(vectors(system.dim))
        assert fresh.support(direction).value == max(dot(direction, v) for v in system.vertices)


@given(pair=PAIRS, data=st.data())
def test_a_point_is_in_the_intersection_iff_it_is_in_both(
    pair: tuple[Polytope, Polytope], data: st.DataObject
) -> None:
    first, second = pair
    point = data.draw(vectors(first.dim))
    assert (point in first & second) == (point in first and point in second)
    assert first & second <= first
    assert first & second == second & first


@given(pair=PAIRS)
def test_inclusion_is_an_order(pair: tuple[Polytope, Polytope]) -> None:
    first, second = pair
    assert (first <= second <= first) == (first == second)
    assert (first <= second) == (first & second == first)
    assert (first <= second) == all(vertex in second for vertex in first.vertices)


@given(pair=PAIRS)
def test_the_hull_of_the_union_is_the_least_upper_bound(
    pair: tuple[Polytope, Polytope],
) -> None:
    first, second = pair
    union = Polytope.hull_of_union(pair)
    assert first <= union
    assert second <= union
    assert set(union.vertices) <= set(first.vertices) | set(second.vertices)


@given(pair=PAIRS, data=st.data())
def test_supports_add_up_in_minkowski_sums(
    pair: tuple[Polytope, Polytope], data: st.DataObject
) -> None:
    first, second = pair
    direction = data.draw(vectors(first.dim))
    total = (first + second).support(direction).value
    assert total == first.support(direction).value + second.support(direction).value


@given(triple=TRIPLES)
def test_minkowski_sums_are_associative_and_distribute_over_hulls(
    triple: tuple[Polytope, Polytope, Polytope],
) -> None:
    p, q, r = triple
    assert (p + q) + r == p + (q + r)
    assert p + Polytope.hull_of_union([q, r]) == Polytope.hull_of_union([p + q, p + r])


@given(first=polytopes(1), second=polytopes(2))
def test_a_product_projects_to_its_factors(first: Polytope, second: Polytope) -> None:
    both = first * second
    assert both.project([0]) == first
    assert both.project([1, 2]) == second
    assert len(both.vertices) == len(first.vertices) * len(second.vertices)
    assert len(both.facets) == len(first.facets) + len(second.facets)


@given(polytope=polytopes(2), rows=st.lists(vectors(2), max_size=3), data=st.data())
def test_the_support_of_an_image_is_a_support_of_the_set(
    polytope: Polytope, rows: list[Vector], data: st.DataObject
) -> None:
    direction = data.draw(vectors(len(rows)))
    image = polytope.affine_map(rows, [0] * len(rows))
    pulled = [sum(c * row[j] for c, row in zip(direction, rows, strict=True)) for j in range(2)]
    assert image.support(direction).value == polytope.support(pulled).value


@given(polytope=polytopes(3), data=st.data())
def test_cutting_by_steps_and_by_the_engine_agree(
    polytope: Polytope, data: st.DataObject
) -> None:
    normal, point = data.draw(vectors(3)), data.draw(vectors(3))
    cut = Constraint(normal, dot(normal, point), data.draw(st.booleans()))
    stepwise = polytope.explicit().cut(cut)
    direct = Polytope.intersection((*polytope.constraints, cut), 3)
    assert stepwise.vertices == direct.vertices
    assert stepwise.constraints == direct.constraints


@given(given_as=st.sampled_from([boxes, hulls, systems]), data=st.data())
def test_engines_agree_on_polytopes(given_as: object, data: st.DataObject) -> None:
    assert callable(given_as)
    polytope = data.draw(given_as(3))
    constraints, points = polytope.constraints, polytope.vertices
    for engine in (Plain(), Cddlib()):
        assert Polytope.intersection(constraints, 3, engine=engine).vertices == points
        assert Polytope.hull(points, 3, engine=engine).constraints == constraints


@pytest.mark.parametrize("dim", [1, 2, 3, 4])
def test_the_cross_polytope_is_polar_to_the_cube(dim: int) -> None:
    units = [[s * (i == j) for i in range(dim)] for j in range(dim) for s in (-1, 1)]
    cross = Polytope.hull(units, dim)
    cube = Polytope.box([-1] * dim, [1] * dim)
    assert {facet.normal for facet in cross.facets} == set(cube.vertices)
    assert all(facet.offset == 1 for facet in cross.facets)
