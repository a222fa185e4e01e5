"""Bound how far MaxMin networks of each depth are from order statistics, and attain it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.expressivity.circuits import Circuits, labelled
from polyrelax.expressivity.contractions import fan
from polyrelax.expressivity.distances import distance
from polyrelax.expressivity.lipschitz import least_error
from polyrelax.expressivity.order_statistics import (
    kth_largest,
    maxmin_maximum,
    order_statistic,
    windows,
)
from polyrelax.networks.contractions import require_contraction
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.passing import Pass
from polyrelax.polytopes.polytope import Polytope

DEPTHS = tuple(
    (dim, layers) for dim in range(2, 9) for layers in range(1, (dim - 1).bit_length() + 2)
)
"""Numbers of variables, and of affine layers up to where the maximum is exact."""
LONG = ((7, 2), (7, 3))
"""Of seven rotations, whose regions would take longer than all others."""
MAJORITY = 0b11101000
"""Of three, by the number of the corner: the median of zeros and ones."""


def derive() -> Iterator[tuple[str, object]]:
    for dim, layers in DEPTHS:
        name = f"d = {dim}, {layers} affine layer{'s' * (layers > 1)}"
        bounds = {max(missed(dim, k, layers), Fraction(0)) for k in range(1, dim + 1)}
        yield f"{name}: missed by", sorted(bounds)
        if (dim, layers) not in LONG:
            yield f"{name}: maximum, attained", attained(dim, layers)
    yield "d = 3: median, fewest affine layers that may miss nothing", fewest()
    network = median()
    require_contraction(network)
    assert fan(network) == 2**3
    yield (
        "d = 3, 4 affine layers: median, attained",
        distance(network, order_statistic(3, 2), unit(3)).value,
    )


def missed(dim: int, k: int, layers: int) -> Fraction:
    """What the windows prove; less than zero where they prove nothing."""
    return least_error(lambda x: kth_largest(x, k), windows(dim, k), fan=2 ** (layers - 1))


def attained(dim: int, layers: int) -> Fraction:
    """How far the best network is from the maximum on the cube."""
    network = maxmin_maximum(dim, layers - 1)
    require_contraction(network)
    affine = sum(isinstance(layer, Affine) for layer in network.layers)
    assert (affine, fan(network)) == (layers, 2 ** (layers - 1))
    return distance(network, greatest(dim), unit(dim)).value


def fewest() -> int:
    """One more than the levels of a circuit that is the median of zeros and ones."""
    corners = labelled(3, MAJORITY)
    for x, own in zip(corners.points, corners.labels, strict=True):
        assert kth_largest(x, 2) == own
    return 1 + Circuits.of(3).gates[MAJORITY].depth


def median() -> Network:
    """max(min(x, y), min(max(x, y), z)), by three layers of MaxMin between four affine ones."""
    pair = Neurons(3, ((MaxMin(), (0, 1)), (Pass(), (2,))))
    last = Neurons(2, ((MaxMin(), (0, 1)),))
    selected = ([0, 1, 2], [0, 2, 1], [1, 2], [0])
    first, second, third, fourth = (
        Affine.select(places, dim) for places, dim in zip(selected, (3, 3, 3, 2), strict=True)
    )
    return Network((first, pair, second, pair, third, last, fourth))


def greatest(dim: int) -> Network:
    return Network((Neurons(dim, ((Maximum(dim), tuple(range(dim))),)),))


def unit(dim: int) -> Polytope:
    return Polytope.box([0] * dim, [1] * dim)
