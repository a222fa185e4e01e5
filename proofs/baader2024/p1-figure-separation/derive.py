"""DeepPoly and the triangle on the four encodings of a convex function."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import exact_bounds
from polyrelax.networks.gallery import convex_encoding
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0, DP1
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle

BOX = Polytope.box([-1], [2])


def derive() -> Iterator[tuple[str, object]]:
    yield "range", exact_bounds(_encoding("-+"), BOX)
    for relaxation, choices in (
        (DP0, ("-+", "++", "--", "+-")),
        (Triangle(), ("-+", "++", "--", "+-")),
        (DP1, ("-+", "+-")),
    ):
        for signs in choices:
            found = propagate(_encoding(signs), BOX, relaxation).output
            yield f"signs {signs}, {relaxation.name}", found


def _encoding(signs: str) -> Network:
    return convex_encoding([-1, 0, 1], [0, 1], signs)
