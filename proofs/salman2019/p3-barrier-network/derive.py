"""Bound the network by every method of the barrier, and check LP-ALL's optimum by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Scalar, Vector, dot, rational, vector
from polyrelax.networks.gallery import salman_example
from polyrelax.networks.regions import extremes
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import relu_graph_hull
from polyrelax.relaxations.deeppoly import (
    CROWN,
    FAST_LIN,
    BackSubstitution,
    Slope,
    parallel_slope,
)
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.multi_neuron import KReLU, octahedron
from polyrelax.relaxations.program_set import ProgramSet
from polyrelax.relaxations.trace import Relaxation, propagate
from polyrelax.relaxations.triangle import Triangle

SQUARE = Polytope.box([-1, -1], [1, 1])
LP_ALL = Triangle()
SLOPES = tuple(map(Fraction, ("4/15", "2/3", "0", "1", "1/3", "1/5")))
PAIR = ((0, 1),)

# Variables x_1, x_2, z_11, z_12, h_11, h_12, z_21, z_22, h_21, h_22, z_3 and then the constant.
VERTEX: tuple[Scalar, ...] = (-1, 1, 2, 0, "8/3", 0, "-8/3", "5/3", 0, "5/3", "-2/3")
# Each row is >= 0, with the multiplier that proves the optimum.
INEQUALITIES: tuple[tuple[tuple[Scalar, ...], Scalar], ...] = (
    ((1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), "5/48"),
    ((-1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 0),
    ((0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 0),
    ((0, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), "5/12"),
    ((0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0), 0),
    ((0, 0, -1, 0, 1, 0, 0, 0, 0, 0, 0, 0), 0),
    ((0, 0, 4, 0, -6, 0, 0, 0, 0, 0, 0, 8), "5/96"),
    ((0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0), 0),
    ((0, 0, 0, -1, 0, 1, 0, 0, 0, 0, 0, 0), "5/16"),
    ((0, 0, 0, 4, 0, -6, 0, 0, 0, 0, 0, 8), 0),
    ((0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0), 0),
    ((0, 0, 0, 0, 0, 0, 0, -1, 0, 1, 0, 0), 0),
    ((0, 0, 0, 0, 0, 0, 0, "5/3", 0, "-16/3", 0, "55/9"), "3/16"),
)
# Each row is = 0: the affine layers, and the stable neuron h_21.
EQUATIONS: tuple[tuple[tuple[Scalar, ...], Scalar], ...] = (
    ((-2, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1), "5/24"),
    ((-1, -2, 0, -1, 0, 0, 0, 0, 0, 0, 0, 1), "-5/16"),
    ((0, 0, 0, 0, -1, 0, -1, 0, 0, 0, 0, 0), 0),
    ((0, 0, 0, 0, 1, -1, 0, -1, 0, 0, 0, -1), "5/16"),
    ((0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0), -1),
    ((0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, 1), -1),
)
OBJECTIVE = vector((0,) * 10 + (1, 0))


def derive() -> Iterator[tuple[str, object]]:
    yield "IBP: z_1; z_2; z_3", table(IBP())
    yield "CROWN: z_1; z_2; min z_3", table(CROWN, lowest=True)
    yield "LP-GREEDY: z_1; z_2; min z_3", table(FAST_LIN, lowest=True)
    yield "LP-LAST (bounds of LP-GREEDY): min z_3", least(Triangle(neurons=FAST_LIN))
    yield "LP-ALL: z_1; z_2; z_3", table(LP_ALL)
    yield "exact: z_1; z_2; z_3", table(Exact())
    yield "exact minimum at", extremes(salman_example(), SQUARE)[0].minimum.point
    yield from mixtures()
    for slope in SLOPES:
        method = BackSubstitution("J", with_slope(slope), neurons=FAST_LIN)
        key = f"J with slope {slope} below neuron (1, 1), bounds of LP-GREEDY"
        yield key, least(method)
    yield from optimality()
    yield from pairs()


def mixtures() -> Iterator[tuple[str, object]]:
    yield "LP on bounds of IBP: min z_3", least(Triangle(neurons=IBP()))
    yield "LP on bounds of CROWN: min z_3", least(Triangle(neurons=CROWN))
    for name, method, source, bounds in (
        ("CROWN", CROWN, "LP-GREEDY", FAST_LIN),
        ("LP-GREEDY", FAST_LIN, "LP-ALL", LP_ALL),
        ("CROWN", CROWN, "LP-ALL", LP_ALL),
    ):
        mixed = replace(method, neurons=bounds)
        yield f"{name} pass on bounds of {source}: min z_3", least(mixed)


def optimality() -> Iterator[tuple[str, object]]:
    point = (*vector(VERTEX), Fraction(1))
    slacks = [dot(vector(row), point) for row, _ in INEQUALITIES]
    errors = [dot(vector(row), point) for row, _ in EQUATIONS]
    yield "LP-ALL vertex feasible", min(slacks) >= 0 and not any(errors)
    yield "LP-ALL vertex: z_3", dot(OBJECTIVE, point)
    signs = [rational(multiplier) >= 0 for _, multiplier in INEQUALITIES]
    yield "LP-ALL multipliers: signs right", all(signs)
    *linear, constant = remainder()
    key = "LP-ALL multipliers: z_3 less the combination of rows"
    yield key, "not constant" if any(linear) else constant


def pairs() -> Iterator[tuple[str, object]]:
    first, both = ((1, PAIR),), ((1, PAIR), (3, PAIR))
    coupled = KReLU(2, groups=first, neurons=LP_ALL)
    yield "2-ReLU on layer 1, bounds of LP-ALL: min z_3", least(coupled)
    yield "2-ReLU on layer 1, own bounds: min z_3", least(KReLU(2, groups=first))
    coupled = KReLU(2, groups=both, neurons=LP_ALL)
    yield "2-ReLU on both layers, bounds of LP-ALL: min z_3", least(coupled)
    before = propagate(salman_example(), SQUARE, LP_ALL).sets[1]
    assert isinstance(before, ProgramSet)
    hull = relu_graph_hull(octahedron(before))
    key = "octahedron of z_1: vertices and facets of the hull of its ReLU graph"
    yield key, [len(hull.vertices), len(hull.facets)]


def table(method: Relaxation, *, lowest: bool = False) -> str:
    """Return the bounds of z_1, z_2 and z_3, of this perhaps the lower one alone."""
    bounds = propagate(salman_example(), SQUARE, method).bounds
    last = str(bounds[5][0].lower) if lowest else shown(bounds[5])
    return f"{shown(bounds[1])}; {shown(bounds[3])}; {last}"


def least(method: Relaxation) -> Fraction:
    return propagate(salman_example(), SQUARE, method).output[0].lower


def with_slope(slope: Fraction) -> Slope:
    """Return the slopes of LP-GREEDY, but for neuron 1 of layer 1."""

    def choose(layer: int, neuron: int, z: Interval) -> Fraction:
        return slope if (layer, neuron) == (1, 1) else parallel_slope(layer, neuron, z)

    return choose


def remainder() -> Vector:
    """Return z_3 less the sum of multiplier times row, as coefficients and constant."""
    weighted = [(vector(row), rational(m)) for row, m in (*INEQUALITIES, *EQUATIONS)]
    columns = zip(*(row for row, _ in weighted), strict=True)
    multipliers = tuple(m for _, m in weighted)
    return tuple(c - dot(multipliers, col) for c, col in zip(OBJECTIVE, columns, strict=True))


def shown(bounds: tuple[Interval, ...]) -> str:
    return ", ".join(map(str, bounds))
