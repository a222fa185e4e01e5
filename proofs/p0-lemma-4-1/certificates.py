"""Certify that one identity layer blinds P_3 and not P_4."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import section_three_example, tent, unbounded_gap
from polyrelax.networks.layers import Identity
from polyrelax.networks.network import Network
from polyrelax.networks.regions import trace_vertices
from polyrelax.polytopes.polytope import Polytope

SEGMENT = Polytope.box([-1], [1])
INSTANCES = {
    "tent": (tent(), SEGMENT),
    "broken-line": (unbounded_gap((-1, 1), 1), SEGMENT),
    "section-3": (section_three_example(), Polytope.box([-1, -1], [1, 1])),
}
FIRST_RELU = 2


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, (network, domain) in INSTANCES.items():
        runs = {run[-1] for run in trace_vertices(network.prefix(FIRST_RELU), domain)}
        hull, suffix = Polytope.hull(runs, 2), network.suffix(FIRST_RELU)
        yield f"{name}-suffix", certify_range(suffix, hull, "exact")
        yield name, certify_range(pumped(network), domain, "p:3", "p:4")


def pumped(network: Network) -> Network:
    before, after = network.layers[:FIRST_RELU], network.layers[FIRST_RELU:]
    return Network((*before, Identity(before[-1].out_dim), *after))
