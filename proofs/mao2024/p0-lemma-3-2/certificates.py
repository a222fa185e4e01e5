"""Certify conv f_1(X), the range of f_2 on it and the wider one of P_1."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.hulls import certify_set
from polyrelax.networks.regions import trace_vertices
from polyrelax.polytopes.polytope import Polytope

from .derive import INSTANCES

NAMES = ("tent", "broken-line", "section-3")
FIRST_RELU = 2


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, (_, network, domain) in zip(NAMES, INSTANCES, strict=True):
        runs = {run[-1] for run in trace_vertices(network.prefix(FIRST_RELU), domain)}
        hull, suffix = Polytope.hull(runs, 2), network.suffix(FIRST_RELU)
        yield f"{name}-hull", certify_set(network, domain, "exact", depth=FIRST_RELU)
        yield f"{name}-suffix", certify_range(suffix, hull, "exact")
        yield name, certify_range(network, domain, "p:1")
