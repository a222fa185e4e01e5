"""Test two verifiers against the exact range of random networks."""

from collections.abc import Callable
from fractions import Fraction

from hypothesis import find, given

from polyrelax import Affine, Network, Polytope, exact_range
from polyrelax.arithmetic.rational import Vector
from polyrelax.strategies import boxes, networks

Ends = list[tuple[Fraction, Fraction]]
Verifier = Callable[[Network, Ends], Ends]


def sound(network: Network, ends: Ends) -> Ends:
    for layer in network.layers:
        if isinstance(layer, Affine):
            rows = zip(layer.weight, layer.bias, strict=True)
            ends = [sum_of_products(row, ends, bias) for row, bias in rows]
        else:
            ends = [(max(low, Fraction(0)), max(high, Fraction(0))) for low, high in ends]
    return ends


def sum_of_products(row: Vector, ends: Ends, bias: Fraction) -> tuple[Fraction, Fraction]:
    products = [sorted((a * low, a * high)) for a, (low, high) in zip(row, ends, strict=True)]
    return bias + sum(low for low, _ in products), bias + sum(high for _, high in products)


def careless(network: Network, ends: Ends) -> Ends:
    lower = network(tuple(low for low, _ in ends))
    upper = network(tuple(high for _, high in ends))
    return list(zip(lower, upper, strict=True))


def is_wrong(verifier: Verifier, network: Network, box: Polytope) -> bool:
    ((low, high),) = verifier(network, list(box.bounds))
    ((least, greatest),) = exact_range(network, box)
    return not low <= least <= greatest <= high


@given(networks(2), boxes(2))
def test_the_sound_verifier_is(network: Network, box: Polytope) -> None:
    assert not is_wrong(sound, network, box)


def test_the_careless_verifier_is_caught() -> None:
    unit = Polytope.box([0], [1])
    caught = find(networks(1), lambda network: is_wrong(careless, network, unit))
    assert is_wrong(careless, caught, unit)  # a small one, such as max(1 - x, 0)
