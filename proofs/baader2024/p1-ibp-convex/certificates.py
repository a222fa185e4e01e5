"""Certify the bounds on two boxes, and a gap on every box with 0 inside."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.analysis.precision import grid, segments
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_gap, certify_range
from polyrelax.networks.gallery import absolute_value
from polyrelax.polytopes.polytope import Polytope

from .derive import ENCODINGS


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, upper in (("wide", 2), ("unit", 1)):
        box = Polytope.box([-1], [upper])
        yield name, certify_range(absolute_value(), box, "exact", "ibp")


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    for name, network in ENCODINGS.items():
        for box in segments(grid(-1, 1, 8)):
            if box.bounds[0].lower < 0 < box.bounds[0].upper:
                key = f"{name}: imprecise among boxes with 0 inside, of all"
                yield key, partial(certify_gap, network, box, "ibp")
