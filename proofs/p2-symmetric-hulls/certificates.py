"""Certify hulls of the ReLU's graph, and the sets of the triangles over cross-polytopes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.hulls import certify_hull, certify_set
from polyrelax.networks.layers import Identity, ReLU
from polyrelax.networks.network import Network, concatenate
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope


def certificates() -> Iterator[tuple[str, Certificate]]:
    for k in (2, 3):
        relu = Network((ReLU(k),))
        yield f"box-{k}", certify_hull(relu, Polytope.box([-1] * k, [1] * k))
        yield f"cross-{k}", certify_hull(relu, cut_box(k, Fraction(1)))
        yield f"truncated-{k}", certify_hull(relu, cut_box(k, Fraction(3, 2)))
    graph = concatenate(Network((Identity(2),)), Network((ReLU(2),)))
    yield "triangles-2", certify_set(graph, cut_box(2, Fraction(1)), "triangle")


def cut_box(k: int, radius: Fraction) -> Polytope:
    """Return the x with |x_j| <= 1 and sum |x_j| <= radius."""
    cuts = [Constraint.at_most(signs, radius) for signs in product((-1, 1), repeat=k)]
    return Polytope.intersection((*Polytope.box([-1] * k, [1] * k).constraints, *cuts), k)
