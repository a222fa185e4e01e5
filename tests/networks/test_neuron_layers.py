"""Layers of neurons: what they are, side by side with other layers, and what they refuse."""

from __future__ import annotations

import pickle
from fractions import Fraction

import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.errors import ArgumentError, DimensionError, UnsupportedNeuronError
from polyrelax.networks.adjacency import adjacency_graph
from polyrelax.networks.layers import (
    Affine,
    Identity,
    Layer,
    Neurons,
    ReLU,
    bending,
    kind,
    rectified,
    units,
)
from polyrelax.networks.network import Network, concatenate, residual
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.sort import Sort
from polyrelax.networks.pattern import pattern_at
from polyrelax.networks.rewrite import reflect, without_skips
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import neuron_networks, vectors

POOL = Neurons(3, ((Maximum(2), (0, 2)), (MaxMin(), (1, 2)), (Pass(), (0,))))


def test_values_stand_one_after_the_other() -> None:
    assert POOL(vector([1, 5, 3])) == (3, 5, 3, 1)
    assert (POOL.in_dim, POOL.out_dim) == (3, 4)
    assert [unit.outputs for unit in POOL.units] == [(0,), (1, 2), (3,)]
    assert [unit.neuron.name for unit in bending(POOL)] == ["maximum of 2", "maxmin"]
    assert kind(POOL) == "maximum of 2, maxmin, pass"
    assert repr(POOL) == "Neurons(3 -> 4: maximum of 2, maxmin, pass)"


def test_many_kinds_are_told_in_a_few_words() -> None:
    slopes = [LeakyReLU(Fraction(1, k)) for k in range(2, 9)]
    layer = Neurons(1, tuple((neuron, (0,)) for neuron in slopes))
    told = "leaky relu 1/2, leaky relu 1/3, leaky relu 1/4, leaky relu 1/5 and 3 more"
    assert kind(layer) == told
    assert repr(layer) == f"Neurons(1 -> 7: {told})"


def test_a_relu_layer_is_rectifiers_and_what_passes() -> None:
    layer = ReLU(3, (0, 2))
    assert [unit.neuron.name for unit in units(layer)] == ["relu", "pass", "relu"]
    assert Neurons(3, tuple((u.neuron, u.inputs) for u in layer.units))(
        vector([-1, -2, 3])
    ) == layer(vector([-1, -2, 3]))


def test_a_layer_that_was_asked_travels() -> None:
    asked = Neurons(3, POOL.placed)
    assert len(asked.units) == 3
    assert pickle.loads(pickle.dumps(asked)) == POOL


@pytest.mark.parametrize(
    ("placed", "message"),
    [
        ((), "found a layer without neurons, expected at least one"),
        (((Maximum(2), (0,)),), "found the neuron maximum of 2 on 1 value, expected 2"),
        (((Absolute(), (3,)),), r"found a neuron on \[3\], expected coordinates of 3"),
        (((Absolute(), (-1,)),), r"found a neuron on \[-1\], expected coordinates of 3"),
    ],
)
def test_impossible_layers_are_refused(
    placed: tuple[tuple[Absolute | Maximum, tuple[int, ...]], ...], message: str
) -> None:
    with pytest.raises(DimensionError, match=f"^{message}$"):
        Neurons(3, placed)


@pytest.mark.parametrize(
    ("placed", "message"),
    [
        (None, "found None, expected neurons"),
        ([3], "found 3, expected a neuron and its coordinates"),
        ([(3, (0,))], "found a tuple, expected a neuron and its coordinates"),
        ([(Absolute(), 0)], "found 0, expected coordinates"),
        ([(Absolute(), (0.5,))], "found 0.5, expected a coordinate"),
    ],
)
def test_what_is_no_layer_is_refused(placed: object, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        Neurons(3, placed)  # type: ignore[arg-type]


def test_lists_are_taken_for_tuples() -> None:
    assert Neurons(2, [(Maximum(2), [0, 1])]) == Neurons(2, ((Maximum(2), (0, 1)),))  # type: ignore[arg-type]


def test_points_of_another_dimension_are_refused() -> None:
    with pytest.raises(DimensionError, match="found a point with 2 coordinates, expected 3"):
        POOL(vector([1, 2]))


@given(neuron_networks(2), neuron_networks(2), vectors(2))
def test_networks_side_by_side_give_both_values(
    first: Network, second: Network, x: Vector
) -> None:
    assert concatenate(first, second)(x) == first(x) + second(x)


def test_a_skip_connection_passes_neurons() -> None:
    doubled = residual(Network((Neurons(2, ((Absolute(), (0,)), (Absolute(), (1,)))),)))
    assert doubled(vector([-3, 4])) == (0, 8)


@pytest.mark.parametrize("layer", [Affine.dense([[1]]), Identity(1), ReLU(1), ReLU(1, ())])
def test_layers_without_other_neurons_are_known_to_what_is_about_rectifiers(
    layer: Layer,
) -> None:
    assert rectified(layer) == ((0,) if layer == ReLU(1) else ())


def test_what_is_about_rectifiers_refuses_other_neurons() -> None:
    message = "^found a layer of maximum of 2, maxmin, pass, expected affine, ReLU and identity"
    for ask in (reflect, lambda network: without_skips(network, [(0, 1)] * 3)):
        with pytest.raises(UnsupportedNeuronError, match=message):
            ask(Network((POOL,)))


def test_patterns_number_the_pieces() -> None:
    layer = Neurons(3, ((Clip(Fraction(0), Fraction(1)), (0,)), (Sort(3), (0, 1, 2))))
    assert str(pattern_at(Network((layer,)), vector([2, 0, 1]))) == "2+"
    assert str(pattern_at(Network((layer,)), vector([-1, 3, 5]))) == "-5"


def test_regions_of_a_sort_are_joined_where_neighbours_change_places() -> None:
    sort = Network((Neurons(3, ((Sort(3), (0, 1, 2)),)),))
    graph = adjacency_graph(sort, Polytope.box([0, 0, 0], [1, 1, 1]))
    assert sorted(degree for _, degree in graph.degree) == [2] * 6  # a ring of six orders
