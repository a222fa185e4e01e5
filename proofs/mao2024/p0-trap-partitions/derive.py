"""Count activation patterns and bound networks on fewer pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.regions import count_patterns
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])


def derive() -> Iterator[tuple[str, object]]:
    relu = Network((ReLU(1),))
    yield "relu on [-1, 1]: A", count_patterns(relu, SEGMENT)
    methods = ["exact", "ibp", "triangle"]
    key = f"relu on [-1, 1], one piece: {', '.join(methods)}"
    yield key, list(ranges(relu, SEGMENT, methods))
    yield "tent on [-1, 1]: A", count_patterns(tent(), SEGMENT)
    methods = ["exact", "ibp", "dp0", "triangle", "p:1"]
    for a, b in ((-1, 0), (0, 1)):
        found = ranges(tent(), Polytope.box([a], [b]), methods)
        yield f"tent on [{a}, {b}]: {', '.join(methods)}", list(found)


def ranges(network: Network, piece: Polytope, names: Iterable[str]) -> Iterator[Interval]:
    return (propagate(network, piece, relaxation(name)).output[0] for name in names)
