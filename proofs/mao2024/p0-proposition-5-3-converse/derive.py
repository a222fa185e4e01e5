"""Bound the tent on an interval whose image is a bent line."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import tent
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate

NAME = "tent on [-1/4, 1/4]"


def derive() -> Iterator[tuple[str, object]]:
    segment = Polytope.box(["-1/4"], ["1/4"])
    exact = propagate(tent(), segment, Exact())
    depths = range(len(exact.sets))
    # The image of a segment is a path: convex if and only if its hull is a point or segment.
    yield f"{NAME}: images convex", all(exact.polytope(i).affine_dim <= 1 for i in depths)
    yield f"{NAME}: exact", exact.output
    yield f"{NAME}: p:1", propagate(tent(), segment, LayerHull()).output
