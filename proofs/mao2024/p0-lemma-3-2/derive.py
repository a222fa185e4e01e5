"""Compare P_1 with the suffix of a network on the hull of its prefix's image."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.gallery import section_three_example, tent, unbounded_gap
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])
SQUARE = Polytope.box([-1, -1], [1, 1])
INSTANCES = (
    ("tent on [-1, 1]", tent(), SEGMENT),
    ("broken line on [-1, 1]", unbounded_gap((-1, 1), 1), SEGMENT),
    ("section 3 example on [-1, 1]^2", section_three_example(), SQUARE),
)


def derive() -> Iterator[tuple[str, object]]:
    for name, network, domain in INSTANCES:
        outputs = tuple(suffix_values(network, domain))
        relaxed = propagate(network, domain, LayerHull()).polytope(-1)
        yield f"{name}, every split inside P_1", all(values <= relaxed for values in outputs)
        ranges = [values.bounds[0] for values in outputs]
        widest = Interval(min(r.lower for r in ranges), max(r.upper for r in ranges))
        yield f"{name}, widest range of f_2 on conv f_1(X)", widest


def suffix_values(network: Network, domain: Polytope) -> Iterator[Polytope]:
    """Yield the hull of f_2(conv f_1(X)) for each split of the network."""
    for depth, hull in enumerate(Exact().sets(network, domain)):
        yield propagate(network.suffix(depth), hull, Exact()).polytope(-1)
