"""Certify how far every standard network is from each threshold of the number of ones."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.lipschitz import certify_missed
from polyrelax.expressivity.order_statistics import windows
from polyrelax.polytopes.polytope import Polytope

from .derive import threshold


def certificates() -> Iterator[tuple[str, Certificate]]:
    for dim in range(2, 9):
        cube = Polytope.box([0] * dim, [1] * dim)
        for ones in range(1, dim + 1):
            pairs = [(p.first, p.second, p.weight) for p in windows(dim, ones)]
            found = certify_missed(threshold(dim, ones), cube, pairs)
            yield f"missed-{dim}-{ones}", found
