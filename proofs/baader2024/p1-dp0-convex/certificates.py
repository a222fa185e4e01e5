"""Certify which sign vectors DeepPoly-0 bounds exactly: on all boxes, or not on one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product

from polyrelax.analysis.precision import imprecise
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_gap, certify_range
from polyrelax.networks.gallery import absolute_value, convex_encoding, convex_split_encoding
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0

from .derive import BOXES, FUNCTIONS, UNIT_BOXES


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    for slopes, kinks in FUNCTIONS:
        key = f"slopes {slopes}; kinks {kinks}: precise signs"
        for choice in product("-+", repeat=len(kinks.split(", "))):
            encoding = convex_encoding(slopes.split(", "), kinks.split(", "), "".join(choice))
            for certificate in decided(encoding, BOXES):
                yield key, certificate
    split = convex_split_encoding([-2, -1, 1, 2], [-1, 0, 1])
    near, far = (network(([[1]], [t]), ([[1]], [1 - t])) for t in (1, 2))
    kinks = "4 neurons at -1, 0, 0, 1 and signs --++"
    for key, encoding, boxes in (
        (f"slopes -2, -1, 1, 2 with {kinks}: imprecise boxes", split, BOXES),
        ("relu(x) + relu(-x): imprecise boxes", absolute_value(), BOXES),
        ("relu(x + 1) on [-1, 1]: imprecise boxes", near, UNIT_BOXES),
        ("relu(x + 2) - 1, equal to it on [-1, 1]: imprecise boxes", far, UNIT_BOXES),
    ):
        for certificate in decided(encoding, boxes):
            yield key, certificate


def decided(encoding: Network, boxes: tuple[Polytope, ...]) -> Iterator[partial[Certificate]]:
    """Yield a gap on one box, or exactness on every box."""
    box = next(imprecise(encoding, boxes, DP0), None)
    if box is not None:
        yield partial(certify_gap, encoding, box, "dp0")
        return
    for each in boxes:
        yield partial(certify_range, encoding, each, "exact", "dp0")
