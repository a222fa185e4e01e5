"""The criterion for one hidden layer, on small functions."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.expressivity.constructions import maximum_of_affine
from polyrelax.expressivity.one_hidden_layer import UnequalJumps, jumps, one_hidden_layer
from polyrelax.networks.gallery import maximum_encodings, tent
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope

THREE = maximum_of_affine([[0, 0], [1, 0], [0, 1]], [0, 0, 0])
SQUARE = Polytope.box([-1, -1], [1, 1])
LINES = {"x0 == 0": "x = 0", "x1 == 0": "y = 0", "x0 - x1 == 0": "x = y"}


def derive() -> Iterator[tuple[str, object]]:
    found = one_hidden_layer(THREE, SQUARE)
    yield "max(0, x, y) on [-1, 1]^2: one hidden layer", isinstance(found, Network)
    for hyperplane, parts in jumps(THREE, SQUARE).items():
        sizes = sorted({jump.size for jump in parts})
        yield f"max(0, x, y): jumps across {LINES[str(hyperplane)]}", sizes
    checked = isinstance(found, UnequalJumps) and found.holds(THREE)
    yield "max(0, x, y): second differences at the two points", checked
    below = Polytope.box([-1, -1], [1, "-1/2"])
    yield "max(0, x, y) on [-1, 1] x [-1, -1/2]: least neurons", _neurons(THREE, below)
    yield "max(x, y): least neurons", _neurons(maximum_encodings()[2], SQUARE)
    yield "tent on [-1, 1]: least neurons", _neurons(tent(), Polytope.box([-1], [1]))


def _neurons(network: Network, domain: Polytope) -> int | None:
    found = one_hidden_layer(network, domain)
    if isinstance(found, UnequalJumps):
        return None
    return sum(len(layer.active) for layer in found.layers if isinstance(layer, ReLU))
