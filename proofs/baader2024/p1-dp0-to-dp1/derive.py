"""DeepPoly-1 of a reflected network beside DeepPoly-0 of the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from polyrelax.analysis.precision import grid, imprecise, segments
from polyrelax.networks.gallery import monotone_ramps, tent, tent_merged
from polyrelax.networks.network import Network
from polyrelax.networks.rewrite import reflect, without_skips
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0, DP1
from polyrelax.relaxations.trace import propagate


def derive() -> Iterator[tuple[str, object]]:
    ramps = monotone_ramps([(0, 0), (1, 2), (2, "5/2"), (3, 4)])
    boxes = segments(grid(0, 3, 12))
    yield (
        "ramps: boxes where dp1 of g equals dp0 of h",
        _agreement(_plain(ramps, 0, 3), ramps, boxes),
    )
    yield "ramps: boxes where dp1 of h equals dp0 of h", _agreement(ramps, ramps, boxes)
    boxes = segments(grid(-1, 1, 8))
    for name, network in (("tent", tent()), ("merged tent", tent_merged())):
        agreement = _agreement(_plain(network, -1, 1), network, boxes)
        yield f"{name}: boxes where dp1 of g equals dp0 of h", agreement
    for name, form in (("h", tent_merged()), ("g", _plain(tent_merged(), -1, 1))):
        yield (
            f"merged tent: imprecise boxes, dp1 of {name}",
            len(list(imprecise(form, boxes, DP1))),
        )


def _plain(network: Network, lower: int, upper: int) -> Network:
    """Return the reflected network, with what passes a ReLU carried by stable neurons."""
    return without_skips(reflect(network), [(lower, upper)], margin=1)


def _agreement(converted: Network, network: Network, boxes: Sequence[Polytope]) -> str:
    agree = sum(
        propagate(converted, box, DP1).output == propagate(network, box, DP0).output
        for box in boxes
    )
    return f"{agree} of {len(boxes)}"
