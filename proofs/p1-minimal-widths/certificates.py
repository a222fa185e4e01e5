"""Certify the two witnesses, and that the triangle and P_1 are exact on all small networks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise, product

from polyrelax.arithmetic.rational import Scalar
from polyrelax.certificates.certificate import Certificate
from polyrelax.certificates.certify import certify_range
from polyrelax.networks.gallery import cancelling, tent_unit_weights
from polyrelax.networks.network import Network, WeightAndBias, network
from polyrelax.polytopes.polytope import Polytope

UNIT = Polytope.box([-1], [1])


def certificates() -> Iterator[tuple[str, Certificate]]:
    yield "cancelling", certify_range(cancelling(), UNIT, "triangle", "p:1")
    double = Polytope.box([-2], [2])
    yield "tent", certify_range(tent_unit_weights(), double, "exact", "p:1")


def rebuilt() -> Iterator[tuple[str, partial[Certificate]]]:
    for widths, name in (
        ((1, 1, 1), "triangle"),
        ((1, 1, 1, 1), "triangle"),
        ((1, 2, 1), "p:1"),
        ((1, 2, 1, 1), "p:1"),
        ((1, 1, 2, 1), "p:1"),
    ):
        key = f"{'-'.join(map(str, widths))}: imprecise, {name}"
        for each in networks(widths):
            yield key, partial(certify_range, each, UNIT, "exact", name)


def networks(widths: tuple[int, ...]) -> Iterator[Network]:
    *hidden, last = (maps(*shape) for shape in pairwise(widths))
    output = [(weight, bias) for weight, bias in last if not any(bias)]
    for chosen in product(*hidden, output):
        yield network(*chosen)


def maps(columns: int, rows: int) -> list[WeightAndBias]:
    """Return the affine maps with weights -1 and 1 and biases -1/2 and 0."""
    biases: tuple[Scalar, ...] = ("-1/2", 0)
    return [
        ([entries[i * columns : (i + 1) * columns] for i in range(rows)], bias)
        for entries in product((-1, 1), repeat=rows * columns)
        for bias in product(biases, repeat=rows)
    ]
