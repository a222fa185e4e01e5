"""Certify that rewritings of the tent are bounded exactly."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import tent, tent_clamped, tent_flattened, tent_merged
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    segment = Polytope.box([-1], [1])
    yield "clamp", certify_range(tent_clamped(), segment, "p:1", "triangle", "ibp")
    yield "merged", certify_range(tent_merged(), segment, "p:1", "triangle", "ibp")
    yield "flat", certify_range(tent_flattened(), segment, "p:1", "triangle")
    for name, (a, b) in {"left": (-1, 0), "right": (0, 1)}.items():
        yield f"tent-{name}", certify_range(tent(), Polytope.box([a], [b]), "p:1")
