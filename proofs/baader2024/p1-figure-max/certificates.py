"""Certify the facets of the triangle over the graph of the maximum, and the hull."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.hulls import certify_hull, certify_set
from polyrelax.networks.gallery import maximum_encodings
from polyrelax.networks.layers import Identity
from polyrelax.networks.network import Network, concatenate

from .derive import SQUARE


def certificates() -> Iterator[tuple[str, Certificate]]:
    encodings = maximum_encodings()
    graphs = [concatenate(Network((Identity(2),)), network) for network in encodings]
    for k, graph in enumerate(graphs):
        yield f"triangle-{k}", certify_set(graph, SQUARE, "triangle")
    yield "hull", certify_hull(encodings[0], SQUARE)
    yield "layer-hull", certify_set(graphs[0], SQUARE, "p:1")
