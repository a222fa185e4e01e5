from fractions import Fraction
from itertools import combinations
from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import orthant_cells, split, triangulate, volume
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
