"""Count the leaves of branch and bound on the nested maximum, for two orders."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from polyrelax.analysis.partition import PhaseSearch, first_layer_first, last_layer_first
from polyrelax.networks.gallery import maximum
from polyrelax.networks.regions import linear_regions
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle

ORDERS = (("first", first_layer_first), ("last", last_layer_first))


def derive() -> Iterator[tuple[str, object]]:
    for d in (2, 3, 4):
        network, cube = maximum(d), Polytope.box([0] * d, [1] * d)
        bounds = propagate(network, cube, relaxation("m:1")).output
        yield f"d = {d}: M_1 without branching", bounds
        for name, order in ORDERS:
            search = PhaseSearch(network, cube, Fraction(1), order)
            leaves = sum(1 for _ in search.leaves())
            yield f"d = {d}: leaves, {name} layer first", leaves
    yield from pieces()


def pieces() -> Iterator[tuple[str, object]]:
    cube = Polytope.box([0] * 3, [1] * 3)
    orders = [Constraint.at_most([1, 0, -1], 0), Constraint.at_most([0, 1, -1], 0)]
    greatest_last = cube & Polytope.intersection([*cube.constraints, *orders], 3)
    bounds = propagate(maximum(3), greatest_last, Triangle()).output
    yield "triangle on {x_3 >= x_1, x_2}", bounds
    cells = (region.cell for region in linear_regions(maximum(3), cube))
    ranges = [propagate(maximum(3), cell, Triangle()).output for cell in cells]
    yield "triangle on the order cells of [0, 1]^3", ranges
