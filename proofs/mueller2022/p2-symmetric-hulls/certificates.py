"""Certify hulls of the ReLU's graph, and the sets of the triangles over cross-polytopes."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.hulls import certify_hull, certify_set
from polyrelax.networks.layers import Identity, ReLU
from polyrelax.networks.network import Network, concatenate

from .derive import box, cross, truncated_box


def certificates() -> Iterator[tuple[str, Certificate]]:
    for k in (2, 3):
        relu = Network((ReLU(k),))
        yield f"box-{k}", certify_hull(relu, box(k))
        yield f"cross-{k}", certify_hull(relu, cross(k))
        yield f"truncated-{k}", certify_hull(relu, truncated_box(k))
    graph = concatenate(Network((Identity(2),)), Network((ReLU(2),)))
    yield "triangles-2", certify_set(graph, cross(2), "triangle")
