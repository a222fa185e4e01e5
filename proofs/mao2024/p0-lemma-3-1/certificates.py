"""Certify the sets of P_1 behind each layer where they have an interior.

A point of P_1 is one of all layers together, glued; so the facets and points of one layer's
set say that gluing does not make it smaller.
"""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.hulls import certify_set
from polyrelax.networks.gallery import section_three_example, tent, unbounded_gap
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull

from .derive import SEGMENT

INSTANCES = {
    "tent": (tent(), SEGMENT),
    "broken-line": (unbounded_gap((-1, 1), 1), SEGMENT),
    "section-3": (section_three_example(), Polytope.box([-1, -1], [1, 1])),
}


def certificates() -> Iterator[tuple[str, Certificate]]:
    for name, (network, domain) in INSTANCES.items():
        for depth, found in enumerate(LayerHull().sets(network, domain)):
            if depth and found.affine_dim == found.dim:
                yield f"{name}-{depth}", certify_set(network, domain, "p:1", depth=depth)
