from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.gallery import absolute_value, maximum_encodings
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.rewrite import clamp, clamp_below, fold, negate, reflect, without_skips
from tests.networks.cases import networks, small_rationals, vectors


@given(networks(2, 3, 2), vectors(2))
def test_rewriting_keeps_the_function(f: Network, x: Vector) -> None:
    box = [(value - 1, value + 2) for value in x]
    assert fold(f.layers)(x) == reflect(f)(x) == without_skips(reflect(f), box)(x) == f(x)
    assert negate(f)(x) == tuple(-value for value in f(x))


@given(networks(2, 3, 2), vectors(2), small_rationals, small_rationals)
def test_clamps_clamp(f: Network, x: Vector, a: Fraction, b: Fraction) -> None:
    low, high = min(a, b), max(a, b)
    assert clamp(f, low, high)(x) == tuple(min(max(y, low), high) for y in f(x))
    assert clamp_below(f, low)(x) == tuple(max(y, low) for y in f(x))


@given(networks(2, 3, 2))
def test_without_skips_every_relu_layer_is_whole(f: Network) -> None:
    plain = without_skips(f, [(-1, 1), (-1, 1)])
    assert all(
        layer.neurons is None or len(layer.active) == layer.width for layer in relus(plain)
    )


def relus(f: Network) -> list[ReLU]:
    return [layer for layer in f.layers if isinstance(layer, ReLU)]


def test_reflection_puts_the_carried_values_past_the_relu() -> None:
    assert relus(reflect(absolute_value())) == [ReLU(4, (2, 3))]


@pytest.mark.parametrize("f", maximum_encodings())
def test_carried_neurons_are_stable_on_the_box_and_wrong_beyond(f: Network) -> None:
    plain = without_skips(f, [(0, 1), (0, 1)], margin="1/2")
    inside, outside = (Fraction(0), Fraction(1)), (Fraction(-9), Fraction(-9))
    assert plain(inside) == f(inside)
    assert plain(outside) != f(outside)
