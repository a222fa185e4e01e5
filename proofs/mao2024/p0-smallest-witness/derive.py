"""Bound a network that computes zero."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import vector
from polyrelax.networks.network import network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate


def derive() -> Iterator[tuple[str, object]]:
    zero = network(([[1], [-1]], [0, 0]), ([[1, 0], [1, -1]], [0, 0]), ([[1, -1]], [0]))
    segment = Polytope.box([-1], [1])
    trace = propagate(zero, segment, LayerHull())
    yield "exact", propagate(zero, segment, Exact()).output
    yield "p:1", trace.output
    middle = vector(["1/2", "1/2"])
    yield "(1/2, 1/2) in the P_1 set behind ReLU layer 1", middle in trace.polytope(2)
    yield "value behind (1/2, 1/2)", zero.suffix(2)(middle)
