"""Certify the bounds of clamped networks on the clamp's set and on smaller boxes."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import maximum, tent
from polyrelax.networks.rewrite import clamp
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    unit, small = Polytope.box([-1], [1]), Polytope.box(["-1/4"], ["1/4"])
    yield "tent", certify_range(tent(), unit, "exact", "p:1")
    yield "tent-clamped", certify_range(clamp(tent(), 1, 2), unit, "exact", "ibp")
    yield "tent-clamped-small", certify_range(clamp(tent(), 1, 2), small, "exact", "ibp")
    clamped = clamp(maximum(2), 0, 1)
    square = Polytope.box([0, 0], [1, 1])
    yield "max-clamped", certify_range(clamped, square, "ibp", "triangle")
    for k, (lower, upper) in enumerate((("1/4", "3/4"), ("3/8", "5/8"))):
        smaller = Polytope.box([lower] * 2, [upper] * 2)
        yield f"max-clamped-{k}", certify_range(clamped, smaller, "exact", "triangle")
