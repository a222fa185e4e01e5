"""Certify the two witnesses, and that the triangle and P_1 are exact on all small networks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from polyrelax.arithmetic.rational import vector
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.enumerations import Enumeration, certify_enumeration
from polyrelax.certificates.spaces import FiniteSpace
from polyrelax.networks.gallery import cancelling, tent_unit_weights
from polyrelax.polytopes.polytope import Polytope

from .derive import UNIT


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "cancelling", certify_range(cancelling(), UNIT, "triangle", "p:1")
    double = Polytope.box([-2], [2])
    yield "tent", certify_range(tent_unit_weights(), double, "exact", "p:1")


def enumerations() -> Iterator[tuple[str, partial[Enumeration]]]:
    signs, biases = vector([-1, 1]), vector(["-1/2", 0])
    for widths, name in (
        ((1, 1, 1), "triangle"),
        ((1, 1, 1, 1), "triangle"),
        ((1, 2, 1), "p:1"),
        ((1, 2, 1, 1), "p:1"),
        ((1, 1, 2, 1), "p:1"),
    ):
        key = f"{'-'.join(map(str, widths))}: imprecise, {name}"
        space = FiniteSpace(widths, signs, biases, signs, UNIT)
        yield key, partial(certify_enumeration, space, name, side="both")
