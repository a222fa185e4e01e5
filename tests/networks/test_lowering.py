"""The same functions with rectifiers alone."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import Vector
from polyrelax.errors import UnsupportedNeuronError
from polyrelax.networks.layers import Neurons, rectified
from polyrelax.networks.lowering import with_rectifiers
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.broken_line import BrokenLine
from polyrelax.networks.neurons.component import Component
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.sort import Sort
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.strategies import neuron_networks, vectors

half = Fraction(1, 2)


@given(neuron_networks(2, out_dim=2), vectors(2))
def test_the_lowered_network_is_the_same_function_of_rectifiers(
    network: Network, x: Vector
) -> None:
    lowered = with_rectifiers(network)
    assert lowered(x) == network(x)
    for layer in lowered.layers:
        rectified(layer)


def test_single_neurons_lose_where_a_maximum_is_written_with_rectifiers() -> None:
    # (x + y + 1) / 2 is the least bound of y + max(x - y, 0) by the triangle: 3/2 at (1, 1).
    square = Polytope.box([0, 0], [1, 1])
    greater = Network((Neurons(2, ((Maximum(2), (0, 1)),)),))
    triangle = relaxation("triangle")
    assert str(propagate(greater, square, triangle).output[0]) == "[0, 1]"
    lowered = propagate(with_rectifiers(greater), square, triangle)
    assert str(lowered.output[0]) == "[0, 3/2]"


@given(vectors(1))
def test_a_broken_line_has_a_rectifier_for_each_kink(x: Vector) -> None:
    zigzag = BrokenLine(((-half, half), (half, -half)), Fraction(1), Fraction(2))
    network = Network((Neurons(1, ((zigzag, (0,)),)),))
    lowered = with_rectifiers(network)
    assert lowered(x) == network(x)
    assert lowered.neuron_count == 2


def test_a_neuron_without_a_form_is_refused() -> None:
    middle = Network((Neurons(3, ((Component(Sort(3), 1), (0, 1, 2)),)),))
    message = (
        "^found the neuron output 1 of sort of 3, expected one that has a form in rectifiers$"
    )
    with pytest.raises(UnsupportedNeuronError, match=message):
        with_rectifiers(middle)
