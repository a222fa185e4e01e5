"""Certify the triangle's set of every network in the chains, and that all are one function."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.functions import certify_zero
from polyrelax.certificates.hulls import certify_set
from polyrelax.expressivity.replacement import Chain, replacement_chain
from polyrelax.networks.gallery import maximum, maximum_encodings
from polyrelax.networks.layers import Identity
from polyrelax.networks.network import Network, concatenate
from polyrelax.networks.rewrite import clamp


def certificates() -> Iterator[tuple[str, Certificate]]:
    networks = [*maximum_encodings(), clamp(maximum(2), 0, 1)]
    for index, network in enumerate(networks):
        yield from links(f"encoding-{index}", replacement_chain(network))


def links(name: str, chain: Chain) -> Iterator[tuple[str, Certificate]]:
    """Yield the set of (x1, x2, y) of each step, and that it computes what the last does."""
    *steps, end = chain.steps
    for index, step in enumerate(chain.steps):
        graph = concatenate(Network((Identity(2),)), step.network)
        yield f"{name}-step-{index}", certify_set(graph, chain.box, "triangle")
    for index, step in enumerate(steps):
        both = concatenate(step.network, end.network)
        last = len(both.layers)
        difference = ((ONE, last, 0), (-ONE, last, 1))
        yield f"{name}-step-{index}-same", certify_zero(both, chain.box, difference)
