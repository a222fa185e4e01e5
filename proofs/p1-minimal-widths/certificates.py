"""Certify the two witnesses, and that the triangle and P_1 are exact on all small networks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import cancelling, tent_unit_weights
from polyrelax.polytopes.polytope import Polytope

from .derive import UNIT, networks


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "cancelling", certify_range(cancelling(), UNIT, "triangle", "p:1")
    double = Polytope.box([-2], [2])
    yield "tent", certify_range(tent_unit_weights(), double, "exact", "p:1")


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    for widths, name in (
        ((1, 1, 1), "triangle"),
        ((1, 1, 1, 1), "triangle"),
        ((1, 2, 1), "p:1"),
        ((1, 2, 1, 1), "p:1"),
        ((1, 1, 2, 1), "p:1"),
    ):
        key = f"{'-'.join(map(str, widths))}: imprecise, {name}"
        for each in networks(widths):
            yield key, partial(certify_range, each, UNIT, "exact", name)
