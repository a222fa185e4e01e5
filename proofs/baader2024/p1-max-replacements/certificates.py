"""Certify the triangle's sets of (z, y), and that what is replaced is the same function."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.functions import certify_zero
from polyrelax.certificates.hulls import certify_set
from polyrelax.networks.layers import Identity, ReLU
from polyrelax.networks.network import Network, concatenate, network
from polyrelax.networks.rewrite import fold
from polyrelax.polytopes.polytope import Polytope

from .derive import one_neuron

SEGMENT = Polytope.box([-1], [1])


def certificates() -> Iterator[tuple[str, Certificate]]:
    two = network(([[1], [-1]], [0, 0]), ([[2, -1]], [0]))
    three = network(([[1], [-1], [3]], [0, 0, 0]), ([[2, -1, -1]], [0]))
    nested = fold([*one_neuron(1, 1).layers, ReLU(1)])
    for name, replaced, replacing in (
        ("two", two, one_neuron(1, 1)),
        ("three", three, one_neuron(1, -2)),
        ("nested", nested, one_neuron(0, 2)),
    ):
        both = concatenate(replaced, replacing)
        last = len(both.layers)
        yield f"{name}-same", certify_zero(both, SEGMENT, ((ONE, last, 0), (-ONE, last, 1)))
        for side, function in (("before", replaced), ("after", replacing)):
            graph = concatenate(Network((Identity(1),)), function)
            yield f"{name}-{side}", certify_set(graph, SEGMENT, "triangle")
