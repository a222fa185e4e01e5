"""Certify equal bounds of a network and its reflection, in pairs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.analysis.precision import grid, segments
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import monotone_ramps, tent, tent_merged
from polyrelax.networks.rewrite import reflect, without_skips

RAMPS = monotone_ramps([(0, 0), (1, 2), (2, "5/2"), (3, 4)])
INSTANCES = (
    ("ramps", RAMPS, (0, 3), segments(grid(0, 3, 12))),
    ("tent", tent(), (-1, 1), segments(grid(-1, 1, 8))),
    ("merged tent", tent_merged(), (-1, 1), segments(grid(-1, 1, 8))),
)


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    for name, network, ends, boxes in INSTANCES:
        reflected = without_skips(reflect(network), [ends], margin=1)
        for box in boxes:
            key = f"{name}: boxes where dp1 of g equals dp0 of h"
            yield key, partial(certify_range, reflected, box, "dp1")
            yield key, partial(certify_range, network, box, "dp0")
