"""Certify the triangle and M_1 on the maximum, and the hull of inputs and output."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.hulls import certify_set
from polyrelax.networks.gallery import maximum, maximum_encodings
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope

SQUARE = Polytope.box([0, 0], [1, 1])


def certificates() -> Iterator[tuple[str, Certificate]]:
    first = maximum_encodings()[0]
    yield "encoding-0", certify_range(first, SQUARE, "triangle", "m:1")
    yield "encoding-3", certify_range(maximum(2), SQUARE, "m:1")
    small = Polytope.box(["1/4", "1/4"], ["3/4", "3/4"])
    yield "small", certify_range(maximum(2), small, "m:1")
    yield "hull", certify_set(inputs_and_output(), SQUARE, "exact")


def inputs_and_output() -> Network:
    """Return (x1, x2) to (a, b, relu(a)) with a = x1 - x2 and b = x2."""
    read = Affine.dense([[1, -1], [0, 1], [1, -1]])
    return Network((read, ReLU(3, (2,))))
