"""All relaxations by name, which of them are tighter than which, and how traces compare."""

from __future__ import annotations

from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Trace, propagate

NAMES = (
    "ibp", "dp0", "dp1", "crown", "fastlin", "triangle",
    "krelu:2", "m:1", "m:2", "p:1", "p:2", "p:3", "exact",
)  # fmt: skip
TIGHTER = [  # (tighter, looser), each a theorem on sets
    ("exact", "p:3"), ("p:2", "p:1"), ("p:1", "m:2"), ("m:2", "m:1"), ("m:1", "triangle"),
    ("m:2", "krelu:2"), ("krelu:2", "triangle"), ("triangle", "ibp"), ("triangle", "dp0"),
    ("triangle", "dp1"), ("triangle", "crown"), ("triangle", "fastlin"),
]  # fmt: skip


def run(name: str, network: Network, domain: Polytope, bits: int | None = None) -> Trace:
    return propagate(network, domain, relaxation(name, bits))


def is_inside(inner: Trace, outer: Trace) -> bool:
    return all(
        a.contains(b)
        for wide, tight in zip(outer.bounds, inner.bounds, strict=True)
        for a, b in zip(wide, tight, strict=True)
    )
