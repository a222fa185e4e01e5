from __future__ import annotations

import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.errors import DimensionError
from polyrelax.networks.layers import Affine, Identity, ReLU
from polyrelax.networks.network import Network, compose, concatenate, network, residual
from tests.networks.cases import networks, vectors


@given(networks(2, 3, 2), networks(2, 2, 1), vectors(2))
def test_composition_evaluates_one_after_the_other(f: Network, g: Network, x: Vector) -> None:
    assert compose(f, g)(x) == (g @ f)(x) == g(f(x))


@given(networks(2, 3, 2), networks(2, 1), vectors(2))
def test_concatenation_evaluates_side_by_side(f: Network, g: Network, x: Vector) -> None:
    assert concatenate(f, g)(x) == f(x) + g(x)
    assert concatenate(g, f)(x) == g(x) + f(x)


def test_concatenation_pairs_layers_of_one_kind() -> None:
    f = network(([[1]], [0]), ([[1]], [0]))
    assert concatenate(f, f).widths == (1, 2, 2, 2)


def test_concatenation_may_start_with_a_relu() -> None:
    both = concatenate(Network((ReLU(1),)), Network((Identity(1), ReLU(1))))
    assert both(vector([-3])) == vector([0, 0])


@given(networks(2, 3, 2), vectors(2))
def test_residual_adds_the_input(f: Network, x: Vector) -> None:
    assert residual(f)(x) == tuple(s + t for s, t in zip(x, f(x), strict=True))


@given(networks(2, 3, 2, 1), vectors(2))
def test_prefix_and_suffix_compose_to_the_network(f: Network, x: Vector) -> None:
    for depth in range(len(f.layers) + 1):
        assert f.suffix(depth)(f.prefix(depth)(x)) == f(x)
        assert f.activations(x)[depth] == f.prefix(depth)(x)


def test_activations_have_the_widths() -> None:
    f = network(([[1, 0], [0, 1], [1, 1]], [0, 0, 0]), ([[1, 1, 1]], [0]))
    assert tuple(map(len, f.activations(vector([1, 2])))) == f.widths == (2, 3, 3, 1)


def test_errors_name_the_layer() -> None:
    with pytest.raises(
        DimensionError, match=r"layer 2 \(Affine\(3 -> 1\)\) reads 3 values, layer 1"
    ):
        Network((Affine.dense([[1]]), ReLU(1), Affine.dense([[1, 1, 1]])))
    with pytest.raises(DimensionError, match="without layers"):
        Network(())
    one, two = network(([[1]], [0])), network(([[1, 1]], [0]))
    with pytest.raises(DimensionError, match="read 1 and 2 values"):
        concatenate(one, two)
    with pytest.raises(DimensionError, match="branch from 2 to 1"):
        residual(two)
