"""Small networks by enumeration, and two imprecise ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product

from polyrelax.analysis.precision import exact_bounds, is_precise
from polyrelax.arithmetic.rational import Scalar
from polyrelax.networks.gallery import cancelling, tent_unit_weights
from polyrelax.networks.network import Network, WeightAndBias, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.trace import Relaxation, propagate
from polyrelax.relaxations.triangle import Triangle

UNIT = Polytope.box([-1], [1])


def derive() -> Iterator[tuple[str, object]]:
    for widths, relaxation in (
        ((1, 1, 1), Triangle()),
        ((1, 1, 1, 1), Triangle()),
        ((1, 2, 1), LayerHull()),
        ((1, 2, 1, 1), LayerHull()),
        ((1, 1, 2, 1), LayerHull()),
    ):
        name = "-".join(map(str, widths))
        yield f"{name}: imprecise, {relaxation.name}", _failures(widths, relaxation)
    for each in (Triangle(), LayerHull()):
        found = propagate(cancelling(), UNIT, each).output
        yield f"relu(x) - relu(x) on [-1, 1], {each.name}", found
    name = "relu(1 - relu(x)) + relu(1 - relu(-x)) on [-2, 2]"
    witness, double = tent_unit_weights(), Polytope.box([-2], [2])
    yield f"{name}: range", exact_bounds(witness, double)
    yield f"{name}, p:1", propagate(witness, double, LayerHull()).output


def _failures(widths: tuple[int, ...], relaxation: Relaxation) -> str:
    every = list(networks(widths))
    failures = sum(not is_precise(each, UNIT, relaxation) for each in every)
    return f"{failures} of {len(every)}"


def networks(widths: tuple[int, ...]) -> Iterator[Network]:
    *hidden, last = (_maps(*shape) for shape in pairwise(widths))
    output = [(weight, bias) for weight, bias in last if not any(bias)]
    for maps in product(*hidden, output):
        yield network(*maps)


def _maps(columns: int, rows: int) -> list[WeightAndBias]:
    """Return the affine maps with weights -1 and 1 and biases -1/2 and 0."""
    biases: tuple[Scalar, ...] = ("-1/2", 0)
    return [
        ([entries[i * columns : (i + 1) * columns] for i in range(rows)], bias)
        for entries in product((-1, 1), repeat=rows * columns)
        for bias in product(biases, repeat=rows)
    ]
