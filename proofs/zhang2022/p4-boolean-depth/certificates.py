"""Certify what standard networks miss functions of three variables by, and |x| by MaxMin."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.functions import certify_zero
from polyrelax.certificates.lipschitz import certify_missed
from polyrelax.expressivity.circuits import Circuits
from polyrelax.expressivity.distances import difference
from polyrelax.networks.gallery import absolute_value
from polyrelax.networks.lowering import with_rectifiers
from polyrelax.polytopes.polytope import Polytope

from .derive import CLASSES, absolute_maxmin, sensitive


def certificates() -> Iterator[tuple[str, Certificate]]:
    circuits, cube = Circuits.of(3), Polytope.box([0] * 3, [1] * 3)
    for number, table in enumerate(CLASSES.values()):
        pairs = [(p.first, p.second, p.weight) for p in sensitive(table)]
        network = with_rectifiers(circuits.network(table))
        yield f"missed-{number}", certify_missed(network, cube, pairs)
    less = with_rectifiers(difference(absolute_maxmin(), absolute_value()))
    zero = ((ONE, len(less.layers), 0),)
    yield "absolute", certify_zero(less, Polytope.box([-1], [1]), zero)
