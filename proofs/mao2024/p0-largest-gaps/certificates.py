"""Certify the ranges of the networks that were found, each of them with its gap."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range

from .derive import FOUND, UNIT


def certificates() -> Iterator[tuple[str, partial[Certificate]]]:
    for shape, found in FOUND.items():
        yield shape, partial(certify_range, found, UNIT, "exact", "p:1")
