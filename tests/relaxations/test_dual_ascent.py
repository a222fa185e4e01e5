"""Dual ascent against exact linear programs over the same triangles."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from polyrelax.networks.affine import Affine
from polyrelax.networks.layers import Identity, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.array_triangle import (
    Tightening,
    bounded_sets,
    by_ascent,
    every_value,
    unstable_values,
)
from polyrelax.relaxations.dual_ascent import (
    Cone,
    adaptive_ends,
    ascended,
    parallel_ends,
    substituted,
)
from polyrelax.relaxations.float_steps import FloatAffine, FloatTriangles
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle
from tests.networks.cases import networks
from tests.relaxations.test_array_triangle import (
    assert_contains,
    convolutional_network,
    random_network,
    unit_box,
)
from tests.relaxations.test_integer_substitution import boxes

BITS = 20
ASCENT = Tightening(by_ascent)
UNSTABLE = Tightening(by_ascent, unstable_values)


@settings(max_examples=25)
@given(networks(3, 4, 3, 2), boxes(3))
def test_bounds_contain_the_exact_optima(network: Network, domain: Polytope) -> None:
    assert_contains(
        list(bounded_sets(network, domain, BITS, tightening=ASCENT)), network, domain
    )


@pytest.mark.parametrize(
    ("network", "part"),
    [(random_network(1, 4, 8, 6, 3), 50), (convolutional_network(), 500)],
    ids=["dense", "conv"],
)
def test_bounds_are_within_a_small_part_of_the_optimum(network: Network, part: int) -> None:
    domain = unit_box(network.in_dim)
    found = list(bounded_sets(network, domain, 32, tightening=ASCENT))
    assert_contains(found, network, domain)
    exact = propagate(network, domain, Triangle()).bounds
    for here, true in zip(found, exact, strict=True):
        for x, y in zip(here.bounds, true, strict=True):
            assert x.width - y.width <= y.width / part + Fraction(1, 2**30)


def test_only_unstable_neurons_are_bounded_anew() -> None:
    """Stable ones keep CROWN's bounds, and the outputs too, which no layer rectifies."""
    network, domain = random_network(4, 4, 9, 8, 3), Polytope.box([0] * 4, ["1/2"] * 4)
    every = list(bounded_sets(network, domain, BITS, tightening=ASCENT))
    some = list(bounded_sets(network, domain, BITS, tightening=UNSTABLE))
    crown = some[3].lines.bounds
    stable = [j for j, z in enumerate(crown) if not z.lower < 0 < z.upper]
    assert stable
    assert all(some[3].bounds[j] == crown[j] for j in stable)
    assert sum(x.width for x in some[3].bounds) < sum(x.width for x in crown)
    assert not some[-1].proofs
    assert every[-1].proofs


def test_the_choosers_differ_where_signs_are_known() -> None:
    network, domain = random_network(1, 4, 8, 6, 3), unit_box(4)
    *_, last = bounded_sets(network, domain, BITS, tightening=ASCENT)
    assert every_value(last.bounds, None).tolist() == [0, 1, 2]
    assert unstable_values(last.bounds, None).tolist() == []


def test_layers_that_rectify_some_values_or_none_are_followed() -> None:
    first, _, second, _, third = random_network(3, 3, 6, 6, 2).layers
    layers = (first, ReLU(6, (0, 2, 5)), Identity(6), second, ReLU(6, ()), third)
    network, domain = Network(layers), Polytope.box([-1] * 3, [1] * 3)
    assert_contains(
        list(bounded_sets(network, domain, BITS, tightening=UNSTABLE)), network, domain
    )


def test_ascent_finds_slopes_that_neither_choice_has() -> None:
    """-relu(x) - relu(-x) + x/2 on [-1, 1] is at most 0, and no smaller bound holds.

    The lines a x and -b x below give x (1/2 - a + b), so that a - b = 1/2 is needed.
    CROWN's slopes are 0 here (u = -l), which give 1/2; parallel ones are 1/2, and give 1/2.
    """
    end, both = np.ones(1), np.ones(2)
    split = FloatAffine.of(Affine.dense([[1], [-1], [1]]))
    triangles = FloatTriangles.over(np.append(-both, -2), np.append(both, 1), [0, 1])
    cone, form = Cone(-end, end, (split, triangles)), np.array([[-1.0, -1.0, 0.5]])
    assert substituted(cone, form, cone.parallel(1)).values.tolist() == [0.5]
    assert substituted(cone, form, cone.adaptive(1)).values.tolist() == [0.5]
    value = ascended(cone, form)[0][0]
    assert 0 <= value < 1 / 100


def test_both_ends_at_once_are_those_of_forms_and_their_opposites() -> None:
    # Slopes 1/2 and 3/4, a silent neuron and one that passes: all numbers are exact in floats.
    lower, upper = np.array([-1.0, -1, -3, 1]), np.array([1.0, 3, -1, 2])
    inner = FloatAffine.of(Affine.dense([[1, 0], [1, 1], [-1, 0], [0, 1]], [0, 1, -2, 1]))
    outer = FloatAffine.of(Affine.dense([[1, -2, 4, 1], [-1, 3, 1, -1]], [5, -3]))
    steps = (inner, FloatTriangles.over(lower, upper, range(4)), outer)
    cone, forms = Cone(-np.ones(2), np.array([1.0, 2.0]), steps), np.array([[1.0, 0], [1, -2]])
    for ends, slopes in ((parallel_ends, cone.parallel), (adaptive_ends, cone.adaptive)):
        low, high = ends(cone, forms)
        assert high.tolist() == substituted(cone, forms, slopes(2)).values.tolist()
        assert (-low).tolist() == substituted(cone, -forms, slopes(2)).values.tolist()
