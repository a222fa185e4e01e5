"""LP-GREEDY, LP-LAST and LP-ALL: what they bound, and in which order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.errors import TooLargeError
from polyrelax.networks.affine import Affine
from polyrelax.networks.gallery import maximum, salman_example
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.barrier import (
    BITS,
    LP_ALL,
    LP_GREEDY,
    LP_LAST,
    METHODS,
    BarrierMethod,
)
from polyrelax.relaxations.deeppoly import FAST_LIN
from polyrelax.relaxations.float_bounds import FloatNetwork
from polyrelax.relaxations.group_barrier import PAIRS
from polyrelax.relaxations.integer_substitution import unit_forms
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle
from tests.networks.cases import networks
from tests.relaxations.test_array_triangle import (
    convolutional_network,
    random_network,
    unit_box,
)
from tests.relaxations.test_integer_substitution import boxes

UNIT = Fraction(1, 2**BITS)


def ends(network: Network) -> Forms:
    return unit_forms(np.arange(network.out_dim))


def exact_ends(network: Network, domain: Polytope) -> list[Fraction]:
    """The optima over all triangles, which no single-neuron relaxation improves."""
    output = propagate(network, domain, Triangle()).output
    return [*(x.upper for x in output), *(-x.lower for x in output)]


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=15)
@given(networks(3, 4, 3, 2), boxes(3))
def test_no_bound_is_below_the_optimum(
    method: BarrierMethod, network: Network, domain: Polytope
) -> None:
    found = method.proved(network, domain, ends(network)).values
    assert all(a >= b for a, b in zip(found, exact_ends(network, domain), strict=True))


def test_greedy_is_fast_lin_and_nothing_else() -> None:
    network, domain = random_network(1, 4, 8, 6, 3), unit_box(4)
    output = propagate(network, domain, replace(FAST_LIN, bits=BITS)).output
    found = LP_GREEDY.proved(network, domain, ends(network))
    assert list(found.values) == [*(x.upper for x in output), *(-x.lower for x in output)]
    assert not found.wishes


@pytest.mark.parametrize(
    "network", [random_network(4, 4, 9, 8, 3), convolutional_network()], ids=["dense", "conv"]
)
def test_each_method_is_tighter_than_the_one_before(network: Network) -> None:
    domain = unit_box(network.in_dim)
    sums = [sum(m.proved(network, domain, ends(network)).values) for m in METHODS]
    assert sums[0] > sums[1] > sums[2] >= sum(exact_ends(network, domain))
    assert sums[2] <= sum(exact_ends(network, domain)) * Fraction(1001, 1000)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "network", [random_network(4, 4, 9, 8, 3), convolutional_network()], ids=["dense", "conv"]
)
def test_floats_foretell_what_is_proved(method: BarrierMethod, network: Network) -> None:
    """To a millionth here: the ascent takes the same way from the same boxes."""
    box = (np.zeros(network.in_dim), np.ones(network.in_dim))
    foretold = method.in_floats.maxima(FloatNetwork.of(network), box, ends(network).doubles())
    found = method.proved(network, unit_box(network.in_dim), ends(network)).values
    sizes = np.abs(np.array([float(value) for value in found]))
    assert (np.abs(foretold - [float(value) for value in found]) <= 1e-6 * sizes.max()).all()


def test_a_network_worked_out_by_hand() -> None:
    """The least outputs are -5/4, -1 and -2/3, and 0 in truth (P3, three ways to bound it)."""
    domain = Polytope.box([-1, -1], [1, 1])
    forms = unit_forms(np.array([0]))
    found = [-m.proved(salman_example(), domain, forms).values[1] for m in METHODS]
    optima = (Fraction(-5, 4), Fraction(-1), Fraction(-2, 3))
    for value, optimum in zip(found, optima, strict=True):
        assert optimum - Fraction(1, 1000) < value <= optimum
    assert optima[0] - found[0] <= 16 * UNIT
    pairs = -PAIRS.proved(salman_example(), domain, forms).values[1]
    assert found[2] < pairs <= 0


def test_the_maximum_of_two_numbers() -> None:
    """max(x, y) = y + relu(x - y) on the unit square: the triangle says at most 3/2."""
    for method in METHODS:
        assert method.proved(maximum(2), unit_box(2), ends(maximum(2))).values[0] == Fraction(
            3, 2
        )


def test_a_network_that_ends_in_rectifiers_is_bounded() -> None:
    network = Network((Affine.dense([[1, 1], [1, -1]]), ReLU(2)))
    domain = Polytope.box([-1, -1], [1, 1])
    for method in METHODS:
        assert list(method.proved(network, domain, ends(network)).values)[:2] == [2, 2]


@pytest.mark.parametrize("method", METHODS)
def test_outputs_that_are_never_positive_are_bounded(method: BarrierMethod) -> None:
    """On [-1, 1], x is rectified to [0, 1], and -x - 5 to 0; Fast-Lin allows (x - 1)/2."""
    network = Network((Affine.dense([[1], [-1]], [0, -5]), ReLU(2)))
    segment, forms = Polytope.box([-1], [1]), unit_forms(np.arange(2))
    least = Fraction(1, 2) if method == LP_GREEDY else 0
    assert method.proved(network, segment, forms).values == (1, 0, least, 0)
    ends = (np.array([-1.0]), np.array([1.0]))
    floats = method.in_floats.maxima(FloatNetwork.of(network), ends, forms.doubles())
    assert floats.tolist() == [1, 0, least, 0]


def test_forms_between_outputs_are_bounded_together() -> None:
    """relu(x) - relu(x) is 0, which bounds of the outputs one by one do not tell."""
    network = Network((Affine.dense([[1], [1]]), ReLU(2), Affine.dense([[1, 0], [1, 0]])))
    difference = Forms(np.array([[1, -1]]), np.arange(2), 0)
    for method in METHODS:
        assert method.proved(network, Polytope.box([-1], [1]), difference).values == (0,)


def test_numbers_beyond_all_floats_are_refused() -> None:
    network = Network((Affine.dense([[Fraction(2) ** 2000]]), ReLU(1)))
    with pytest.raises(TooLargeError, match="beyond all floats"):
        LP_LAST.proved(network, Polytope.box([-1], [1]), ends(network))


def test_values_are_whole_multiples_of_the_unit() -> None:
    network = random_network(1, 4, 8, 6, 3)
    found = LP_ALL.proved(network, unit_box(4), ends(network)).values
    assert all((value / UNIT).denominator == 1 for value in found)
