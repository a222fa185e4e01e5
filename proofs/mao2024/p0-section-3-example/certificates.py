"""Certify the gap of the example of Section 3."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import section_three_example
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    square = Polytope.box([-1, -1], [1, 1])
    yield "sum", certify_range(section_three_example(), square, "exact", "p:1")
