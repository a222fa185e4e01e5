"""Certify that one identity layer blinds P_3 and not P_4."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.regions import trace_vertices
from polyrelax.polytopes.polytope import Polytope

from .derive import FIRST_RELU, INSTANCES, pumped

NAMES = ("tent", "broken-line", "section-3")


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, (_, network, domain) in zip(NAMES, INSTANCES, strict=True):
        runs = {run[-1] for run in trace_vertices(network.prefix(FIRST_RELU), domain)}
        hull, suffix = Polytope.hull(runs, 2), network.suffix(FIRST_RELU)
        yield f"{name}-suffix", certify_range(suffix, hull, "exact")
        yield name, certify_range(pumped(network, 1), domain, "p:3", "p:4")
