from fractions import Fraction
from itertools import combinations, product
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import (
    orthant_cells,
    orthant_vertices,
    split,
    triangulate,
    volume,
)
from polyrelax.strategies import polytopes, rationals, vectors

ANY = st.sampled_from([1, 2, 3]).flatmap(polytopes)


@pytest.mark.parametrize("dim", [1, 2, 3, 4])
def test_volumes_by_formula(dim: int) -> None:
    units = [[int(i == j) for i in range(dim)] for j in range(dim)]
    opposite = [[-s for s in unit] for unit in units]
    simplex = Polytope.hull([[0] * dim, *units], dim)
    cross = Polytope.hull([*units, *opposite], dim)
    assert volume(simplex) == Fraction(1, factorial(dim))
    assert volume(cross) == Fraction(2**dim, factorial(dim))
    assert volume(Polytope.box([-1] * dim, [2] * dim)) == 3**dim
    assert volume(Polytope.box([0] * dim, [1] * dim).cut(simplex.facets[-1])) == volume(simplex)


def test_the_volume_of_a_zonotope_is_the_sum_of_its_parallelepipeds() -> None:
    """Each two of these three segments span an area of one."""
    segments = [Polytope.hull([[0, 0], edge], 2) for edge in ([1, 0], [0, 1], [1, 1])]
    assert volume(segments[0] + segments[1] + segments[2]) == 3


def test_flat_and_empty_polytopes_have_no_volume() -> None:
    assert volume(Polytope.hull([[0, 0], [1, 1]], 2)) == 0
    assert volume(Polytope.empty(2)) == 0
    assert volume(Polytope.empty(0)) == 0
    assert volume(Polytope.box([], [])) == 1


def test_triangulations_of_small_polytopes() -> None:
    assert triangulate(Polytope.hull([[0, 0, 0], [1, 0, 0], [0, 1, 0]], 3)) == ((0, 1, 2),)
    assert triangulate(Polytope.hull([[5]], 1)) == ((0,),)
    assert triangulate(Polytope.empty(2)) == ()
    assert len(triangulate(Polytope.box([0, 0, 0], [1, 1, 1]))) == 6


@given(polytope=ANY)
def test_triangulations_have_full_simplices_that_overlap_in_faces(polytope: Polytope) -> None:
    simplices = triangulate(polytope)
    hulls = [Polytope.hull([polytope.vertices[i] for i in s], polytope.dim) for s in simplices]
    assert all(
        hull.affine_dim == polytope.affine_dim == len(s) - 1
        for hull, s in zip(hulls, simplices, strict=True)
    )
    for (s, first), (t, second) in combinations(
        list(zip(simplices, hulls, strict=True))[:8], 2
    ):
        common = [polytope.vertices[i] for i in set(s) & set(t)]
        assert first & second == Polytope.hull(common, polytope.dim)


@given(polytope=ANY, offset=rationals(), data=st.data())
def test_volume_is_additive_under_a_split(
    polytope: Polytope, offset: Fraction, data: st.DataObject
) -> None:
    normal = data.draw(vectors(polytope.dim).filter(any))
    for chosen in (polytope, polytope.explicit()):
        below, above = split(chosen, normal, offset)
        assert volume(below) + volume(above) == volume(polytope)
        assert Polytope.hull_of_union([below, above]) == polytope


@given(polytope=polytopes(2, full_dimensional=True), rows=st.tuples(vectors(2), vectors(2)))
def test_volume_scales_with_the_determinant(
    polytope: Polytope, rows: tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
) -> None:
    (a, b), (c, d) = rows
    assert volume(polytope.affine_map(rows, [1, 2])) == abs(a * d - b * c) * volume(polytope)


@given(polytope=ANY)
def test_orthant_cells_cover_without_overlap_and_keep_the_dimension(polytope: Polytope) -> None:
    cells = list(orthant_cells(polytope, range(polytope.dim)))
    assert all(cell <= polytope for cell in cells)
    assert all(cell.affine_dim == polytope.affine_dim for cell in cells)
    assert all(low >= 0 or up <= 0 for cell in cells for low, up in cell.bounds)
    assert sum(volume(cell) for cell in cells) == volume(polytope)
    for first, second in combinations(cells, 2):
        assert (first & second).affine_dim < polytope.affine_dim
    assert all(any(vertex in cell for cell in cells) for vertex in polytope.vertices)


def orthants(dim: int, coordinates: list[int]) -> list[list[Constraint]]:
    """Return for each choice of signs the constraints that say them."""
    units = [[int(i == j) for i in range(dim)] for j in coordinates]
    sides = [(Constraint.at_most(u, 0), Constraint.at_least(u, 0)) for u in units]
    return [list(signs) for signs in product(*sides)]


@given(polytope=ANY, data=st.data())
def test_vertices_and_cells_are_those_of_each_orthant_by_itself(
    polytope: Polytope, data: st.DataObject
) -> None:
    coordinates = data.draw(st.lists(st.integers(0, polytope.dim - 1), unique=True))
    parts = [
        Polytope.intersection([*polytope.constraints, *signs], polytope.dim)
        for signs in orthants(polytope.dim, coordinates)
    ]
    found = list(orthant_vertices(polytope, coordinates))
    assert len(found) == len(set(found))
    assert set(found) == {vertex for part in parts for vertex in part.vertices}
    cells = list(orthant_cells(polytope, coordinates))
    assert all(any(cell == part for part in parts) for cell in cells)
    assert all(
        cell.constraints == Polytope.hull(cell.vertices, polytope.dim).constraints
        for cell in cells
    )


@pytest.mark.parametrize("dim", [2, 3, 4])
def test_the_vertices_of_the_cells_of_a_cube_are_a_grid(dim: int) -> None:
    """As a box, and as constraints that are not known to be one: {-1, 0, 1}**dim."""
    box = Polytope.box([-1] * dim, [1] * dim)
    grid = set(product((-1, 0, 1), repeat=dim))
    for cube in (box, box.explicit(), Polytope.hull(box.vertices, dim)):
        assert set(orthant_vertices(cube, range(dim))) == grid


def test_equations_and_points_keep_what_they_are() -> None:
    diagonal = Polytope.hull([[-1, -1, 5], [2, 2, 5]], 3)
    assert list(orthant_vertices(diagonal, [0, 1])) == [(-1, -1, 5), (0, 0, 5), (2, 2, 5)]
    assert all(cell.equations == diagonal.equations for cell in orthant_cells(diagonal, [0]))
    point = Polytope.hull([[0, -1]], 2)
    assert list(orthant_vertices(point, [0, 1])) == [(0, -1)]
    assert list(orthant_vertices(Polytope.empty(2), [0])) == []


def test_a_cell_within_a_larger_one_is_left_out() -> None:
    touching = Polytope.hull([[0, 0], [1, 1], [1, -1]], 2)
    assert len(list(orthant_cells(touching, [0]))) == 1
    assert len(list(orthant_cells(touching, [0, 1]))) == 2


def test_what_lies_within_a_coordinate_hyperplane_is_one_cell() -> None:
    segment = Polytope.hull([[0, 1], [0, 2]], 2)
    assert list(orthant_cells(segment, [0, 1])) == [segment]


def test_the_empty_set_has_no_cells() -> None:
    assert list(orthant_cells(Polytope.empty(2), [0])) == []


@pytest.mark.parametrize("dim", [1, 2, 3, 4])
def test_a_cross_polytope_has_one_simplex_in_each_orthant(dim: int) -> None:
    units = [[s * (i == j) for i in range(dim)] for j in range(dim) for s in (-1, 1)]
    cells = list(orthant_cells(Polytope.hull(units, dim), range(dim)))
    assert len(cells) == 2**dim
    assert {volume(cell) for cell in cells} == {Fraction(1, factorial(dim))}


def test_a_box_is_cut_into_boxes_even_in_784_dimensions() -> None:
    image = Polytope.box([-1, *[0] * 783], [1] * 784)
    assert [cell.bounds[0] for cell in orthant_cells(image, [0, 500])] == [(-1, 0), (0, 1)]
