from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import ceil, log2

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.errors import DimensionError, ShapeError
from polyrelax.expressivity.newton import (
    Difference,
    OddFace,
    least_layers,
    max_min,
    maximum,
    newton_polytope,
    normalized_volume,
    obstruction,
)
from polyrelax.polytopes.polytope import Polytope

points = st.lists(st.integers(-2, 2), min_size=2, max_size=2)


def zonotope(segments: list[list[int]]) -> Polytope:
    total = Polytope.hull([[0, 0]], 2)
    for segment in segments:
        total = total + Polytope.hull([[0, 0], segment], 2)
    return total


@pytest.mark.parametrize("dim", [1, 2, 3, 4])
def test_a_unit_simplex_has_volume_one_in_any_lattice(dim: int) -> None:
    flat = maximum(dim + 1)  # in a hyperplane of a space of one more dimension
    full = newton_polytope(
        [[0] * dim, *([int(i == j) for j in range(dim)] for i in range(dim))]
    )
    assert normalized_volume(flat.vertices) == normalized_volume(full.vertices) == 1


def test_volumes_known_by_hand() -> None:
    cube = Polytope.box([0, 0, 0], [1, 1, 1])
    assert normalized_volume(cube.vertices) == 6  # 3! times 1
    assert normalized_volume([(Fraction(0), Fraction(0)), (Fraction(4), Fraction(6))]) == 2
    triangle = newton_polytope([[0, 0, 0], [2, 0, 2], [0, 1, 1]])
    assert normalized_volume(triangle.vertices) == 2  # x2 = x0 + x1 is no constraint on it


@pytest.mark.parametrize("count", range(2, 10))
def test_integral_networks_for_maxima_need_the_layers_of_the_literature(count: int) -> None:
    # ceil(log2 n) hidden layers for the maximum of n numbers (Haase, Hertrich, Loho)
    assert least_layers(maximum(count)) == ceil(log2(count))


@pytest.mark.parametrize(("count", "layers"), [(2, 1), (3, 1), (4, 2), (5, 2), (9, 2), (10, 3)])
def test_decimal_networks_for_maxima_need_the_layers_of_the_literature(
    count: int, layers: int
) -> None:
    # of dimension n - 1 = 3^k on: more than k layers, with 3 prime to 10
    assert least_layers(maximum(count), prime=3) == layers


@settings(max_examples=15)
@given(segments=st.lists(points, min_size=2, max_size=4))
def test_one_hidden_layer_has_even_faces(segments: list[list[int]]) -> None:
    assert obstruction(zonotope(segments), 1) is None


@settings(max_examples=15)
@given(
    first=st.lists(points, min_size=3, max_size=5),
    second=st.lists(points, min_size=3, max_size=5),
)
def test_volume_parity_of_the_plane_is_additive(
    first: list[list[int]], second: list[list[int]]
) -> None:
    # vol(P + Q) = vol P + vol Q + 2 (a mixed volume of lattice polytopes, an integer)
    p, q = newton_polytope(first), newton_polytope(second)
    if min(p.affine_dim, q.affine_dim) == 2:
        total = normalized_volume((p + q).vertices)
        parts = normalized_volume(p.vertices) + normalized_volume(q.vertices)
        assert (total - parts) % 2 == 0


@settings(max_examples=15)
@given(
    groups=st.lists(st.lists(points, min_size=1, max_size=3), min_size=1, max_size=3),
    x=st.tuples(*[st.fractions(-3, 3, max_denominator=4)] * 2),
)
def test_max_min_forms_have_their_values(
    groups: list[list[list[int]]], x: tuple[Fraction, Fraction]
) -> None:
    expected = max(min(a * x[0] + b * x[1] for a, b in group) for group in groups)
    assert max_min(groups)(x) == expected


def test_differences_add_up_and_cancel() -> None:
    f = max_min([[[1, 0], [0, 1]], [[-1, 0]]])
    assert (f + -f).is_zero
    assert not (f + f).is_zero
    both = Difference(maximum(2) + maximum(2), maximum(2))
    for x in product((Fraction(-1), Fraction(2)), repeat=2):
        assert both(x) == max(x)


def test_a_false_face_does_not_hold() -> None:
    found = obstruction(maximum(5), 2)
    assert found is not None
    assert found.holds
    assert not OddFace(found.vertices, 3, 2).holds


def test_bad_data_are_refused() -> None:
    with pytest.raises(ShapeError, match="integral"):
        normalized_volume([(Fraction(1, 2),)])
    with pytest.raises(DimensionError, match="no linear forms"):
        newton_polytope([])
    with pytest.raises(DimensionError, match="no groups"):
        max_min([])
