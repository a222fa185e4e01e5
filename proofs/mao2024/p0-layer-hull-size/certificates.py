"""Certify the hull of the layer for n = 3, the facets of the face for n = 4, and two cuts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.hulls import certify_hull

from .derive import box, cut_network, layer_of, lifted, quadric


def certificates() -> Iterator[tuple[str, partial[Certificate]]]:
    unit = [[Fraction(k == i) for k in range(9)] for i in range(3, 9)]
    yield "hull-3", partial(certify_hull, layer_of(3, unit), box(3))
    for n in (3, 4):
        yield f"cut-{n}", partial(certify_range, cut_network(n), box(n), "exact")


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    key = "n = 4: facets of the face that are bounds of the layer, with a multiple"
    for facet in quadric(4).facets:
        yield key, partial(certify_range, layer_of(4, [lifted(4, facet)]), box(4), "exact")
