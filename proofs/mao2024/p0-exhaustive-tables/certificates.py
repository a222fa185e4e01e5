"""Certify the table but for its largest space and the windows of more than one layer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.arithmetic.rational import vector
from polyrelax.certificates.enumerations import Enumeration, certify_enumeration
from polyrelax.certificates.spaces import FiniteSpace
from polyrelax.polytopes.polytope import Polytope

from .derive import CERTIFIED, TABLE

MOST_NETWORKS = 250_000


def enumerations() -> Iterator[tuple[str, partial[Enumeration]]]:
    for shape, size, side, loose, tight, _ in TABLE:
        widths, values = tuple(map(int, shape.split("-"))), vector(range(-size, size + 1))
        box = Polytope.box([-1] * widths[0], [1] * widths[0])
        space = FiniteSpace(widths, values, values, tuple(filter(None, values)), box)
        if space.size <= MOST_NETWORKS and loose in CERTIFIED:
            name = f"{shape} over -{size}..{size}, {side}: {loose} against {tight}"
            make = partial(certify_enumeration, limit=MOST_NETWORKS, side=str(side))
            yield f"{name}, up to symmetry", partial(make, space, loose, tight)
