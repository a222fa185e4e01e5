"""Certify the gap of Theorem 3.3: on a segment, for T = 1 and T = 1000, and on a triangle."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import unbounded_gap
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    segment = Polytope.box([-1], [1])
    small, large = (unbounded_gap((-1, 1), height) for height in (1, 1000))
    yield "T-1", certify_range(small, segment, "exact", "p:1", "triangle", "ibp")
    yield "T-1000", certify_range(large, segment, "exact", "p:1")
    triangle = Polytope.hull([[0, 0], [1, 0], ["1/2", 1]], 2)
    plane = unbounded_gap((0, 1), 1, in_dim=2)
    yield "triangle", certify_range(plane, triangle, "exact", "p:1")
