"""Certify the rising N on three intervals: the bounds are attained by the network."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.expressivity.constructions import precise_encoding
from polyrelax.polytopes.polytope import Polytope

from .derive import RISING


def certificates() -> Iterator[tuple[str, Certificate]]:
    net = precise_encoding(RISING)
    for lower, upper in ((0, 5), (1, 4), (2, 3)):
        interval = Polytope.box([lower], [upper])
        made = certify_range(net, interval, "exact", "triangle", "dp0")
        yield f"rising-on-{lower}-to-{upper}", made
