"""Certify that three relaxations are exact on each linear region."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.regions import linear_regions

from .derive import INSTANCES, METHODS


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    for name, network, domain in INSTANCES:
        for region in linear_regions(network, domain):
            yield f"{name}: A", partial(certify_range, network, region.cell, "exact", *METHODS)
