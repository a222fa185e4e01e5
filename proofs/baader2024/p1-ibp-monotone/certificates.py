"""Certify exactness on every box of the grid, and a gap of DeepPoly-1 where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.analysis.precision import grid, segments
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_gap, certify_range
from polyrelax.networks.gallery import monotone_ramps

from .derive import POINTS


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    network, boxes = monotone_ramps(POINTS), segments(grid(0, 3, 12))
    for box in boxes:
        yield "boxes", partial(certify_range, network, box, "exact", "ibp", "dp0", "triangle")
        lower, upper = box.bounds[0]
        if any(lower < point < upper for point in (1, 2)):
            yield (
                "imprecise, dp1, with 1 or 2 inside",
                partial(certify_gap, network, box, "dp1"),
            )
