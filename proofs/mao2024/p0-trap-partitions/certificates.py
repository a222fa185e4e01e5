"""Certify the ranges on fewer pieces than activation patterns."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    relu, methods = Network((ReLU(1),)), ("exact", "ibp", "triangle")
    yield "relu", certify_range(relu, Polytope.box([-1], [1]), *methods)
    for name, (a, b) in {"left": (-1, 0), "right": (0, 1)}.items():
        yield (
            f"tent-{name}",
            certify_range(tent(), Polytope.box([a], [b]), *methods, "dp0", "p:1"),
        )
