"""Certify that three relaxations are exact on each linear region."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import hat, maximum, tent, unbounded_gap
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.polytope import Polytope

METHODS = ("exact", "p:1", "m:1", "triangle")
SEGMENT = Polytope.box([-1], [1])


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    instances = (
        ("tent on [-1, 1]", tent(), SEGMENT),
        ("hat on [-1, 1]", hat(), SEGMENT),
        ("maximum of 3 on [0, 1]^3", maximum(3), Polytope.box([0] * 3, [1] * 3)),
        ("broken line on [-1, 1]", unbounded_gap((-1, 1), 1), SEGMENT),
    )
    for name, network, domain in instances:
        for region in linear_regions(network, domain):
            yield f"{name}: A", partial(certify_range, network, region.cell, *METHODS)
