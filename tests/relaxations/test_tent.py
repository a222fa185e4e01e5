"""The tent ``T (1 + max(1 - 2|x|, 0))`` on [-1, 1]: what repairs it, and what does not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from polyrelax.networks.gallery import (
    hat,
    tent,
    tent_clamped,
    tent_copied,
    tent_flattened,
    tent_merged,
    tent_with_blocks,
    tent_with_identities,
)
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.cross_layer import CrossLayer
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])


def output(
    network: Network, name: str, domain: Polytope = SEGMENT
) -> tuple[Fraction, Fraction]:
    [bounds] = propagate(network, domain, relaxation(name)).output
    return bounds


@pytest.mark.parametrize("height", [1, 10, 1000])
def test_the_gap_of_the_layer_hull_grows_with_the_height(height: int) -> None:
    assert output(tent(height), "exact") == (height, 2 * height)
    for name in ("p:1", "triangle", "m:1", "m:2", "ibp", "dp0"):
        assert output(tent(height), name) == (0, 2 * height)
    assert output(tent(height), "dp1") == (0, 3 * height)


def test_the_layer_hulls_are_a_triangle_and_a_square() -> None:
    trace = propagate(tent(), SEGMENT, relaxation("p:1"))
    assert trace.polytope(2) == Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)
    assert trace.polytope(3) == Polytope.hull([[1, 1], [-1, 1], [1, -1]], 2)
    assert trace.polytope(4) == Polytope.box([0, 0], [1, 1])


@pytest.mark.parametrize("identities", [0, 1, 2])
def test_a_window_is_exact_iff_it_holds_both_relus_and_what_is_between(identities: int) -> None:
    network = tent_with_identities(identities)
    for radius in range(1, len(network.layers) + 1):
        exact = radius >= identities + 3
        assert output(network, f"p:{radius}") == (1 if exact else 0, 2)


def test_one_identity_block_breaks_windows_of_two_blocks() -> None:
    # A block is two unit layers, so P_2 of blocks looks through four of them.
    assert propagate(tent_with_blocks(0), SEGMENT, CrossLayer(4)).output[0].lower == 1
    assert propagate(tent_with_blocks(1), SEGMENT, CrossLayer(4)).output[0].lower == 0


def test_copies_of_the_input_do_not_repair_the_layer_hull() -> None:
    assert output(tent_copied(), "p:1") == (0, 2)


def test_clamping_merging_and_flattening_repair_the_layer_hull() -> None:
    for network in (tent_clamped(), tent_merged(), tent_flattened()):
        assert output(network, "p:1") == (1, 2)
    assert output(tent_clamped(), "ibp") == output(tent_merged(), "ibp") == (1, 2)
    assert output(tent_flattened(), "triangle") == (0, 3)


def test_two_halves_repair_every_relaxation() -> None:
    for half in (Polytope.box([-1], [0]), Polytope.box([0], [1])):
        for name in ("p:1", "triangle", "ibp", "dp0"):
            assert output(tent(), name, half) == (1, 2)


def test_coupling_more_neurons_is_strictly_tighter_on_the_hat() -> None:
    assert output(hat(), "m:2") == (Fraction(-1, 3), 1)
    expected = {"exact": (0, 1), "p:1": (0, 1), "m:1": (-1, 2), "triangle": (-1, 2)}
    for name, bounds in {**expected, "dp0": (-4, 4), "ibp": (-4, 4)}.items():
        assert output(hat(), name) == bounds
