"""Two networks of one ramp under four relaxations."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.analysis.precision import exact_bounds
from polyrelax.networks.gallery import ramp_difference, ramp_reflected
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import DP0, DP1
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle


def derive() -> Iterator[tuple[str, object]]:
    for lower, upper in (("7/5", "23/10"), ("1/2", "5/2"), ("0", "3")):
        box = Polytope.box([lower], [upper])
        yield f"range on [{lower}, {upper}]", exact_bounds(ramp_reflected(), box)
        for name, network in (("h1", ramp_reflected()), ("h2", ramp_difference())):
            for relaxation in (IBP(), DP0, DP1, Triangle()):
                found = propagate(network, box, relaxation).output
                yield f"{name} on [{lower}, {upper}], {relaxation.name}", found
