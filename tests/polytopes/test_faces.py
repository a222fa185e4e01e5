from itertools import combinations, product
from math import comb

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.polytopes.faces import f_vector, face_lattice, incidence, vertex_graph
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import polytopes

CUBE = Polytope.box([0, 0, 0], [1, 1, 1])
ANY = st.sampled_from([1, 2, 3]).flatmap(polytopes)


def cross_polytope(dim: int) -> Polytope:
    return Polytope.hull(
        [[s * (i == j) for i in range(dim)] for j in range(dim) for s in (-1, 1)], dim
    )


def simplex(dim: int) -> Polytope:
    return Polytope.hull([[int(i == j) for i in range(dim)] for j in range(dim + 1)], dim)


def cyclic(points: int, dim: int) -> Polytope:
    return Polytope.hull([[t**k for k in range(1, dim + 1)] for t in range(points)], dim)


@pytest.mark.parametrize("dim", [1, 2, 3, 4])
def test_faces_of_the_cube_simplex_and_cross_polytope_by_formula(dim: int) -> None:
    cube = [2 ** (dim - k) * comb(dim, k) for k in range(dim + 1)]
    assert f_vector(Polytope.box([0] * dim, [1] * dim)) == (1, *cube)
    assert f_vector(simplex(dim)) == tuple(comb(dim + 1, k) for k in range(dim + 2))
    assert f_vector(cross_polytope(dim)) == (1, *reversed(cube[:-1]), 1)


def test_a_cyclic_polytope_in_dimension_four_is_neighbourly() -> None:
    assert f_vector(cyclic(6, 4)) == (1, 6, 15, 18, 9, 1)
    assert vertex_graph(cyclic(6, 4)).number_of_edges() == comb(6, 2)


def test_the_cube_has_28_faces_with_the_empty_one() -> None:
    lattice = face_lattice(CUBE)
    assert len(lattice) == 28
    assert lattice.number_of_edges() == 8 + 24 + 24 + 6
    assert [n for n, degree in lattice.in_degree() if degree == 0] == [frozenset()]
    assert [n for n, degree in lattice.out_degree() if degree == 0] == [frozenset(range(8))]


def test_faces_of_flat_empty_and_point_polytopes() -> None:
    assert f_vector(Polytope.hull([[0, 0, 0], [1, 1, 0], [2, 0, 0]], 3)) == (1, 3, 3, 1)
    assert f_vector(Polytope.empty(3)) == (1,)
    assert f_vector(Polytope.hull([[1, 2]], 2)) == (1, 1)
    assert f_vector(Polytope.box([], [])) == (1, 1)
    assert list(face_lattice(Polytope.empty(1)).nodes(data="dim")) == [(frozenset(), -1)]


def test_incidence_of_the_square_by_hand() -> None:
    square = Polytope.box([0, 0], [1, 1])  # vertices 00, 01, 10, 11; facets -x0, -x1, x1, x0
    assert [str(facet) for facet in square.facets] == [
        "-x0 <= 0",
        "-x1 <= 0",
        "x1 <= 1",
        "x0 <= 1",
    ]
    assert incidence(square) == ({0, 1}, {0, 2}, {1, 3}, {2, 3})


def test_the_graph_of_the_cube_joins_vertices_that_differ_in_one_coordinate() -> None:
    graph = vertex_graph(CUBE)
    corners = list(product((0, 1), repeat=3))
    assert [graph.nodes[i]["point"] for i in range(8)] == corners
    expected = {
        (i, j)
        for i, j in combinations(range(8), 2)
        if sum(s != t for s, t in zip(corners[i], corners[j], strict=True)) == 1
    }
    assert set(graph.edges) == expected


@given(polytope=ANY)
def test_euler_relation(polytope: Polytope) -> None:
    assert sum((-1) ** k * count for k, count in enumerate(f_vector(polytope))) == 0


@given(polytope=ANY)
def test_the_lattice_is_graded_and_has_the_diamond_property(polytope: Polytope) -> None:
    lattice = face_lattice(polytope)
    dims = nx.get_node_attributes(lattice, "dim")
    assert all(dims[above] == dims[below] + 1 for below, above in lattice.edges)
    for face in lattice:
        seconds = [second for first in lattice[face] for second in lattice[first]]
        assert all(seconds.count(second) == 2 for second in seconds)


@given(polytope=ANY)
def test_dimensions_of_faces_are_those_of_their_hulls(polytope: Polytope) -> None:
    for face, dim in face_lattice(polytope).nodes(data="dim"):
        hull = Polytope.hull([polytope.vertices[i] for i in face], polytope.dim)
        assert hull.affine_dim == dim


@given(polytope=ANY)
def test_edges_of_the_graph_are_the_faces_of_dimension_one(polytope: Polytope) -> None:
    edges = {face for face, dim in face_lattice(polytope).nodes(data="dim") if dim == 1}
    assert {frozenset(edge) for edge in vertex_graph(polytope).edges} == edges
