"""What makes no sense is refused where it enters, in one sentence."""

from collections.abc import Callable

import pytest

from polyrelax.errors import (
    GroupingError,
    LayerIndexError,
    PrecisionError,
    UnknownNameError,
)
from polyrelax.networks.gallery import tent
from polyrelax.networks.network import network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import BackSubstitution, zero_slope
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.layerwise import Phase
from polyrelax.relaxations.multi_neuron import KReLU
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Trace, propagate
from polyrelax.relaxations.triangle import Triangle

SEGMENT = Polytope.box([-1], [1])


@pytest.mark.parametrize(
    "make",
    [
        lambda: IBP(-1),
        lambda: BackSubstitution("mine", zero_slope, -1),
        lambda: Triangle(-1),
        lambda: KReLU(2, bits=-1),
        lambda: relaxation("dp0", -1),
        lambda: relaxation("exact", -1),
    ],
)
def test_negative_bits_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(PrecisionError, match="found -1 bits, expected at least 0"):
        make()


@pytest.mark.parametrize(
    ("name", "hint"),
    [("p1", "p:1 or dp1"), ("krelu3", "krelu:3 or krelu:K"), ("triangel", "triangle")],
)
def test_names_that_are_close_are_offered(name: str, hint: str) -> None:
    with pytest.raises(UnknownNameError) as refusal:
        relaxation(name)
    assert str(refusal.value).endswith(f"; did you mean {hint}?")


def test_no_bits_round_to_integers() -> None:
    # The least integers around [-1/3, 1/3] are -1 and 1.
    third = Polytope.box(["-1/3"], ["1/3"])
    assert str(propagate(tent(), third, IBP(0)).bounds[1][0]) == "[-1, 1]"


@pytest.mark.parametrize(("layer", "neuron"), [(0, 0), (1, 2), (1, -1), (5, 0), (-2, 0)])
def test_a_phase_of_what_is_no_relu_neuron_is_refused(layer: int, neuron: int) -> None:
    method = Triangle(phases=(Phase(layer, neuron, active=True),))
    with pytest.raises(GroupingError, match=f"neuron {neuron} of layer {layer}, expected"):
        propagate(tent(), SEGMENT, method)


def test_a_phase_of_a_relu_neuron_counts() -> None:
    neuron = network(([[1]], [0]), ([[1]], [0]))  # max(x, 0), which is 0 for x <= 0
    method = Triangle(phases=(Phase(1, 0, active=False),))
    assert str(propagate(neuron, SEGMENT, method).output[0]) == "[0, 0]"


@pytest.fixture
def trace() -> Trace:
    return propagate(tent(), SEGMENT, IBP())


@pytest.mark.parametrize("index", [6, 9, -7])
def test_a_layer_that_is_not_there_is_refused(trace: Trace, index: int) -> None:
    with pytest.raises(LayerIndexError, match=rf"found layer {index}, expected 0 .* to 5"):
        trace.polytope(index)


def test_layers_count_from_either_end(trace: Trace) -> None:
    assert trace.polytope(-6) == trace.polytope(0) == SEGMENT
    assert trace.polytope(5) == trace.polytope(-1) == Polytope.box([0], [2])
