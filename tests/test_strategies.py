"""Strategies give what they say, and shrink to what a person can check by hand."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector
from polyrelax.errors import DimensionError, EmptySetError
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.networks.gallery import monotone_ramps, monotone_sum
from polyrelax.networks.gallery.lattice import max_min
from polyrelax.networks.layers import Affine, Identity, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import (
    affine_layers,
    boxes,
    boxes_in,
    breakpoints,
    constraints,
    cpwl,
    flat_polytopes,
    hulls,
    mixed_networks,
    networks,
    piecewise,
    points_in,
    polytopes,
    rationals,
    systems,
    vectors,
)

_ORIGIN = (Fraction(0), Fraction(0))
_SEARCH = settings(max_examples=300, deadline=None, database=None, derandomize=True)


def test_numbers_shrink_to_zero_and_to_whole_numbers() -> None:
    assert find(rationals(), lambda _: True, settings=_SEARCH) == 0
    assert find(rationals(), lambda x: x > Fraction(1, 2), settings=_SEARCH) == 1
    assert find(vectors(2), lambda _: True, settings=_SEARCH) == _ORIGIN


@pytest.mark.parametrize("full_dimensional", [False, True])
def test_polytopes_shrink_to_the_unit_box(full_dimensional: bool) -> None:
    strategy = polytopes(2, full_dimensional=full_dimensional)
    assert find(strategy, lambda _: True, settings=_SEARCH) == Polytope.box([0, 0], [1, 1])


def test_a_polytope_with_a_slanted_facet_shrinks_to_few_vertices_of_small_numbers() -> None:
    found = find(polytopes(2, full_dimensional=True), lambda p: not p.is_box, settings=_SEARCH)
    assert len(found.vertices) == 3
    assert max(abs(x) for vertex in found.vertices for x in vertex) <= 1


def test_lower_dimensional_polytopes_shrink_to_the_origin() -> None:
    found = find(flat_polytopes(2), lambda _: True, settings=_SEARCH)
    assert found == Polytope.hull([_ORIGIN], 2)


def test_networks_shrink_to_affine_maps_and_then_to_zero() -> None:
    smallest = find(networks(2), lambda _: True, settings=_SEARCH)
    assert smallest == Network((Affine.dense([[0, 0]]),))
    bent = find(networks(1), lambda f: len(f.layers) > 1, settings=_SEARCH)
    assert bent.widths == (1, 1, 1, 1)


def test_a_network_that_is_not_constant_shrinks_to_one_weight() -> None:
    unit = Polytope.box([0], [1])

    def is_not_constant(network: Network) -> bool:
        ((least, greatest),) = exact_range(network, unit)
        return least < greatest

    found = find(networks(1), is_not_constant, settings=_SEARCH)
    assert found in [Network((Affine.dense([[w]]),)) for w in (1, -1)]


@given(polytopes(3, full_dimensional=True))
def test_full_dimensional_polytopes_are(polytope: Polytope) -> None:
    assert polytope.affine_dim == 3


@given(flat_polytopes(3))
def test_flat_polytopes_are_not_empty_and_not_full_dimensional(polytope: Polytope) -> None:
    assert 0 <= polytope.affine_dim < 3


@pytest.mark.parametrize("affine_dim", [-1, 1])
def test_systems_come_in_every_dimension(affine_dim: int) -> None:
    found = find(systems(2), lambda p: p.affine_dim == affine_dim, settings=_SEARCH)
    assert found.affine_dim == affine_dim


@given(st.data())
def test_what_is_drawn_inside_a_polytope_is_inside(data: st.DataObject) -> None:
    polytope = data.draw(polytopes(2))
    assert data.draw(points_in(polytope)) in polytope
    assert data.draw(boxes_in(polytope)) <= polytope


def test_a_box_inside_can_be_as_large_as_the_polytope() -> None:
    square = Polytope.box([0, 0], [2, 2])
    assert find(boxes_in(square), lambda box: box == square, settings=_SEARCH) == square


@given(boxes(2), constraints(2), hulls(2))
def test_boxes_and_hulls_are_not_empty(
    box: Polytope, constraint: Constraint, hull: Polytope
) -> None:
    assert box.is_box
    assert constraint.dim == 2
    assert not hull.is_empty


@given(networks(2, (3, 1), out_dim=2))
def test_networks_have_the_widths_that_were_asked_for(network: Network) -> None:
    assert network.widths == (2, 3, 3, 1, 1, 2)


@given(mixed_networks(2, (3, 1), out_dim=2))
def test_mixed_networks_have_the_hidden_widths_that_were_asked_for(network: Network) -> None:
    layers = [layer for layer in network.layers if not isinstance(layer, Identity)]
    assert Network(tuple(layers)).widths == (2, 3, 3, 1, 1, 2)


def test_a_relu_of_some_coordinates_shrinks_to_a_network_of_zeros() -> None:
    bent = ReLU(2, (0,))
    found = find(mixed_networks(1, (2,)), lambda f: bent in f.layers, settings=_SEARCH)
    assert found == Network((Affine.dense([[0], [0]]), bent, Affine.dense([[0, 0]])))


def test_identity_layers_shrink_to_one() -> None:
    one, zero = Identity(1), Affine.dense([[0]])
    found = find(mixed_networks(1, (1,)), lambda f: one in f.layers, settings=_SEARCH)
    assert found == Network((zero, ReLU(1), one, zero))


@given(breakpoints())
def test_breakpoints_go_from_left_to_right(
    points: tuple[tuple[Fraction, Fraction], ...],
) -> None:
    assert len(points) >= 2
    network = monotone_sum(points)  # which refuses points that do not
    assert all(network((x,)) == (y,) for x, y in points)


@given(breakpoints(monotone=True))
def test_monotone_breakpoints_never_fall(points: tuple[tuple[Fraction, Fraction], ...]) -> None:
    network = monotone_ramps(points)  # which refuses values that do
    assert all(network((x,)) == (y,) for x, y in points)


def test_a_function_that_falls_shrinks_to_one_step() -> None:
    found = find(breakpoints(), lambda f: f[0][1] > f[-1][1], settings=_SEARCH)
    assert found == ((0, 0), (1, -1))


@given(piecewise(convex=True), piecewise(monotone=True))
def test_functions_are_convex_or_monotone_if_asked_for(
    convex: Piecewise, rising: Piecewise
) -> None:
    assert convex.is_convex
    assert min(rising.slopes) >= 0


def test_a_wave_shrinks_to_two_kinks() -> None:
    def is_a_wave(function: Piecewise) -> bool:
        return not (function.is_convex or function.is_monotone or function.slopes[0])

    found = find(piecewise(), is_a_wave, settings=_SEARCH)
    assert len(found.breaks) <= 2
    assert set(map(abs, found.slopes)) == {0, 1}


_FAMILIES = st.lists(
    st.integers(1, 4).flatmap(lambda size: affine_layers(2, size)), min_size=1, max_size=4
)


@given(_FAMILIES, vectors(2))
def test_a_max_min_network_is_the_maximum_of_the_minima(
    groups: list[Affine], x: Vector
) -> None:
    assert max_min(groups)(x) == (max(min(group(x)) for group in groups),)


def test_functions_that_bend_shrink_to_one_neuron() -> None:
    found = find(cpwl(1), lambda f: len(f.layers) > 1, settings=_SEARCH)
    assert found.widths == (1, 2, 2, 1)
    assert found((Fraction(5),)) == (0,)


def test_nothing_is_inside_the_empty_set() -> None:
    with pytest.raises(EmptySetError, match="found the empty set"):
        find(points_in(Polytope.empty(2)), lambda _: True)


def test_a_point_has_no_lower_dimensional_subsets() -> None:
    with pytest.raises(DimensionError, match="found dimension 0"):
        find(flat_polytopes(0), lambda _: True)


@pytest.mark.parametrize("kind", [Affine, Constraint, Network, Polytope])
def test_types_are_known_to_hypothesis(kind: type) -> None:
    assert isinstance(find(st.from_type(kind), lambda _: True), kind)


@pytest.mark.parametrize("first", ["hypothesis", "polyrelax.strategies"])
def test_the_entry_point_works_whatever_is_imported_first(first: str) -> None:
    program = f"""
import {first}
from hypothesis import find, strategies
from polyrelax import Polytope
print(find(strategies.from_type(Polytope), lambda _: True))
"""
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert run.stdout == "Polytope.box(['0'], ['1'])\n"
