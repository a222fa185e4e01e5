"""Compute the sets of the figure of Section 3, and the bounds behind them."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.networks.gallery import section_three_example
from polyrelax.networks.network import Network, network
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SQUARE = Polytope.box([-1, -1], [1, 1])


def derive() -> Iterator[tuple[str, object]]:
    example = section_three_example()
    trace = propagate(example, SQUARE, LayerHull())
    spurious = vector([1, 1])
    yield "W_1(X)", [shown(vertex) for vertex in trace.polytope(1).vertices]
    yield "conv U", [shown(vertex) for vertex in trace.polytope(2).vertices]
    yield "(1, 1) in conv U", spurious in trace.polytope(2)
    yield "(1, 1) in U", any(spurious in part for part in image(example.prefix(2)))
    for name in ("exact", "p:1"):
        distances = propagate(taxicab() @ example.prefix(2), SQUARE, relaxation(name))
        yield f"|u_1 - 1| + |u_2 - 1|, {name}", distances.output
        sums = propagate(example, SQUARE, relaxation(name))
        yield f"relu(1 - u_1) + relu(1 - u_2), {name}", sums.output


def taxicab() -> Network:
    """Return |u_1 - 1| + |u_2 - 1|."""
    weight = [[1, 0], [-1, 0], [0, 1], [0, -1]]
    return network((weight, [-1, 1, -1, 1]), ([[1, 1, 1, 1]], [0]))


def image(inner: Network) -> Iterator[Polytope]:
    """Yield the images of the linear regions: their union is the image of the square."""
    for region in linear_regions(inner, SQUARE):
        yield region.cell.affine_map(region.linear.weight, region.linear.bias)


def shown(point: Vector) -> str:
    return f"({', '.join(map(str, point))})"
