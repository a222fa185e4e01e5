"""Certify P_1 on pieces whose images stay convex, and on a segment whose images do not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import maximum, tent
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, (a, b) in {"left": (-1, 0), "right": (0, 1), "whole": (-1, 1)}.items():
        yield name, certify_range(tent(), Polytope.box([a], [b]), "exact", "p:1")


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    cube = Polytope.box([0] * 3, [1] * 3)
    for region in linear_regions(maximum(3), cube):
        exact = partial(certify_range, maximum(3), region.cell, "exact", "p:1")
        yield "maximum of 3: regions on which p:1 is exact", exact
