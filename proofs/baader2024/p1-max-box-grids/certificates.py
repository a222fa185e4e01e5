"""Certify the bounds on every box of the grids, and on the two triangles."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from polyrelax.analysis.precision import cells, grid
from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_maximum, certify_range
from polyrelax.networks.gallery import maximum
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    for k in range(1, 6):
        corner = 1 - Fraction(1, k)
        box = Polytope.box([corner] * 2, [1, 1])
        for name in ("triangle", "ibp"):
            form = ((ONE, len(maximum(2).layers), 0),)
            yield f"{k}-top-cell-{name}", certify_maximum(maximum(2), box, name, form)
    for name, corners in (("below", [1, 0]), ("above", [0, 1])):
        half = Polytope.hull([[0, 0], corners, [1, 1]], 2)
        yield f"triangle-{name}", certify_range(maximum(2), half, "exact", "triangle")


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    for k in range(1, 6):
        for box in cells(grid(0, 1, k), 2):
            for name in ("triangle", "ibp"):
                key = f"{k} x {k} boxes: greatest upper bound, {name}"
                yield key, partial(certify_range, maximum(2), box, name)
