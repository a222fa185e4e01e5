"""Programs with a column for each value: optima are bounds, and values are points."""

from __future__ import annotations

from fractions import Fraction

import pytest

from polyrelax.arithmetic.rational import ONE, vector
from polyrelax.errors import DimensionError, UnknownNameError
from polyrelax.lp import LinearProgram, Optimum, maximize, minimize
from polyrelax.networks import gallery
from polyrelax.networks.layers import Affine, Identity, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.written_program import WrittenProgram, written_program

SQUARE = Polytope.box([-1, "-1/2"], [1, 1])
SIMPLEX = Polytope.hull([[-1, 0], [1, 0], [0, 1]], 2)
MIXED = Network(
    (
        Affine.dense([[1, "1/3"], [1, -1], [0, 2]], [0, "1/2", 5]),
        Neurons(3, ((MaxMin(), (1, 0)), (Maximum(2), (0, 1)))),
        Identity(3),
        ReLU(3, (0, 2)),
        Affine.dense([[1, 1, -1], [0, 0, 3]], [0, 1]),
    )
)
NETWORKS = [gallery.two_relu_example(), gallery.maximum(2), MIXED]


@pytest.mark.parametrize("domain", [SQUARE, SIMPLEX], ids=["box", "simplex"])
@pytest.mark.parametrize("name", ["triangle", "krelu:2"])
@pytest.mark.parametrize("network", NETWORKS, ids=["two", "maximum", "mixed"])
def test_optima_are_the_bounds_of_the_relaxation(
    network: Network, name: str, domain: Polytope
) -> None:
    trace = propagate(network, domain, relaxation(name))
    written = written_program(trace, domain)
    for j, bounds in enumerate(trace.output):
        objective = ((written.column(f"Y_{j}"), ONE),)
        best = [solve(written.program, objective) for solve in (minimize, maximize)]
        assert [each.value for each in best if isinstance(each, Optimum)] == [*bounds]


@pytest.mark.parametrize("bits", [None, 3])
@pytest.mark.parametrize("network", NETWORKS, ids=["two", "maximum", "mixed"])
def test_the_values_of_the_network_are_a_point_also_over_rounded_bounds(
    network: Network, bits: int | None
) -> None:
    trace = propagate(network, SQUARE, relaxation("krelu:2", bits))
    written = written_program(trace, SQUARE)
    for x in (vector([0, 0]), vector([1, "-1/2"]), vector(["-1/3", "1/7"])):
        values = network.activations(x)
        point = tuple(_value(name, values) for name in written.names)
        assert written.program.contains(point)
        output = written.column("Y_0")
        moved = (*point[:output], point[output] + 1, *point[output + 1 :])
        assert not written.program.contains(moved)


def _value(name: str, values: tuple[tuple[Fraction, ...], ...]) -> Fraction:
    depth, _, place = name[1:].partition("_")
    layer = {"X": 0, "Y": -1}.get(name[0], int(depth or 0))
    return values[layer][int(place)]


def test_what_is_no_program_of_layers_is_refused() -> None:
    trace = propagate(gallery.maximum(2), SQUARE, relaxation("ibp"))
    with pytest.raises(UnknownNameError, match="'ibp', expected triangle or krelu:K"):
        written_program(trace, SQUARE)
    with pytest.raises(DimensionError, match="found 1 different names, expected 2"):
        WrittenProgram(LinearProgram((None,) * 2, (None,) * 2), ("x", "x"))
    written = WrittenProgram(LinearProgram((None,), (None,)), ("x",))
    with pytest.raises(UnknownNameError, match="found the name 'y'"):
        written.column("y")
