"""Constructions are precise on all intervals, whatever the function."""

from __future__ import annotations

from hypothesis import given, settings

from polyrelax.expressivity.all_boxes import decide
from polyrelax.expressivity.constructions import (
    convex_minimal,
    flat_encoding,
    monotone_encoding,
)
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.networks.network import Network
from polyrelax.networks.rewrite import reflect
from polyrelax.strategies import piecewise

FEW = settings(max_examples=max(4, settings().max_examples // 4))


def _is_precise(network: Network, function: Piecewise, *names: str) -> bool:
    assert Piecewise.of_network(network) == function
    return all(decide(network, name).is_precise for name in names)


@FEW
@given(piecewise(max_kinks=2, monotone=True))
def test_single_neurons_express_monotone_functions(function: Piecewise) -> None:
    network = monotone_encoding(function)
    assert _is_precise(network, function, "ibp", "dp0", "triangle")
    assert _is_precise(reflect(network), function, "dp1")


@FEW
@given(piecewise(max_kinks=2, convex=True))
def test_lines_below_neurons_express_convex_functions(function: Piecewise) -> None:
    network = convex_minimal(function)
    assert _is_precise(network, function, "dp0", "triangle")
    assert _is_precise(reflect(network), function, "dp1")


@FEW
@given(piecewise(max_kinks=2))
def test_hulls_of_layers_express_all_functions(function: Piecewise) -> None:
    assert _is_precise(flat_encoding(function), function, "p:1")
