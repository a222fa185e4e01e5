"""The chain of replacements for seven networks of max(x1, x2)."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.expressivity.replacement import replacement_chain
from polyrelax.networks.gallery import maximum, maximum_encodings
from polyrelax.networks.layers import Affine
from polyrelax.networks.rewrite import clamp, fold, reflect

NAMES = ("x2 + relu(x1-x2)", "x1 + relu(x2-x1)", "(x1+x2)/2 + (relu(x1-x2)+relu(x2-x1))/2")
AGAIN = fold([Affine.dense([[1, 0], [0, 1], [1, 0]]), *maximum(3).layers])


def derive() -> Iterator[tuple[str, object]]:
    networks = dict(zip(NAMES, maximum_encodings(), strict=True))
    networks["relu(x1-x2) + relu(x2)"] = maximum(2)
    networks["the same, clamped to [0, 1]"] = clamp(maximum(2), 0, 1)
    for name, network in networks.items():
        chain = replacement_chain(network)
        yield f"{name}: center, radius, gap", (chain.center, chain.radius, chain.gap)
        yield f"{name}: every set inside the one before", chain.is_decreasing
    again = "max(max(x1, x2), x1)"
    reflected = f"{again}, relu(z) as z + relu(-z)"
    for name, network in ((again, AGAIN), (reflected, reflect(AGAIN))):
        chain = replacement_chain(network)
        yield f"{name}: every set inside the one before", chain.is_decreasing
        yield f"{name}: gap at least the radius", chain.gap >= chain.radius
