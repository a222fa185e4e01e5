"""Bound networks on pieces whose images stay convex."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.networks.gallery import maximum, tent
from polyrelax.networks.network import Network
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate


def derive() -> Iterator[tuple[str, object]]:
    for a, b in ((-1, 0), (0, 1), (-1, 1)):
        piece = Polytope.box([a], [b])
        yield f"tent on [{a}, {b}]: images convex", path_images_convex(tent(), piece)
        ranges = [propagate(tent(), piece, r).output for r in (Exact(), LayerHull())]
        yield f"tent on [{a}, {b}]: exact, p:1", ranges
    cube = Polytope.box([0] * 3, [1] * 3)
    regions = tuple(linear_regions(maximum(3), cube))
    exact = sum(is_exact(maximum(3), region.cell) for region in regions)
    yield "maximum of 3: regions on which p:1 is exact", f"{exact} of {len(regions)}"


def path_images_convex(network: Network, segment: Polytope) -> bool:
    """Whether each layer maps a segment to a point or segment, which a path must fill."""
    return all(hull.affine_dim <= 1 for hull in Exact().sets(network, segment))


def is_exact(network: Network, piece: Polytope) -> bool:
    exact, relaxed = (propagate(network, piece, r).output for r in (Exact(), LayerHull()))
    return exact == relaxed
