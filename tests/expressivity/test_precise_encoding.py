"""The theorem: every function of one variable is exact for the triangle and for DeepPoly-0."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.expressivity.all_boxes import decide
from polyrelax.expressivity.constructions import precise_encoding
from polyrelax.expressivity.constructions.plans import plan
from polyrelax.expressivity.piecewise import Piecewise, Range
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.rewrite import reflect
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.strategies import piecewise, rationals

RISING = Piecewise.of_slopes([1, -1, 1], [2, 3], at_first_kink=2)
FUNCTIONS = [
    RISING,
    Piecewise.of_slopes([-3, 2, -1, 3], [0, 1, 3]),
    Piecewise.of_slopes([0, -1, 1, 0], [0, 1, "3/2"]),
    Piecewise.of_slopes([-1, 0, -1, 1], [0, 1, "4/3"]),
    Piecewise.of_slopes([1, -2, 0, 2], [-1, 0, 2]),
    Piecewise.of_slopes([2, 1, 3], [0, 1], at_first_kink=5),
    Piecewise.of_slopes([-2, -1, -3], [0, 1]),
    Piecewise.of_slopes([1, 3], [-1]),
    Piecewise.of_slopes([-3, -1], [1]),
    Piecewise.of_slopes([2], [], at_first_kink=1),
]
WITHIN: list[Range] = [
    (None, None),
    (Fraction(-2), Fraction(5)),
    (Fraction(-2), None),
    (None, Fraction(5)),
]


def ranges_agree(net: Network, function: Piecewise, lower: Fraction, upper: Fraction) -> bool:
    """Whether triangles and DeepPoly-0 find the least and the greatest value of a function."""
    values = [
        function(x) for x in (lower, upper, *(b for b in function.breaks if lower < b < upper))
    ]
    interval = Polytope.box([lower], [upper])
    for name in ("triangle", "dp0"):
        (found,) = propagate(net, interval, relaxation(name)).output
        if tuple(found) != (min(values), max(values)):
            return False
    return True


@given(piecewise(max_kinks=5), st.sampled_from(WITHIN), st.data())
def test_every_function_has_a_network_that_triangles_and_deeppoly_bound_exactly(
    function: Piecewise, within: Range, data: st.DataObject
) -> None:
    net = precise_encoding(function, within)
    ends = [Fraction(-8) if within[0] is None else within[0]]
    ends.append(Fraction(8) if within[1] is None else within[1])
    share = st.fractions(0, 1, max_denominator=7)
    lower, upper = sorted(ends[0] + data.draw(share) * (ends[1] - ends[0]) for _ in range(2))
    assert Piecewise.of_network(net).on(*within) == function.on(*within)
    assert ranges_agree(net, function, lower, upper)


@pytest.mark.parametrize("name", ["dp0", "triangle"])
@pytest.mark.parametrize("function", FUNCTIONS, ids=str)
def test_the_encoding_is_precise_on_all_intervals_of_the_line(
    function: Piecewise, name: str
) -> None:
    net = precise_encoding(function)
    assert Piecewise.of_network(net) == function
    assert decide(net, name).is_precise


@pytest.mark.parametrize("within", WITHIN[1:], ids=str)
def test_the_encoding_is_precise_on_all_intervals_inside(within: Range) -> None:
    assert decide(precise_encoding(RISING, within), "dp0", within).is_precise


def test_the_rising_n_needs_hidden_layers_of_2_3_and_3_neurons_at_most() -> None:
    assert precise_encoding(RISING).widths[1::2] == (2, 3, 3, 1)


def test_the_rising_n_is_not_precise_for_other_relaxations() -> None:
    net = precise_encoding(RISING)
    assert not decide(net, "dp1").is_precise
    assert not decide(net, "ibp").is_precise
    assert decide(reflect(net), "dp1").is_precise


@given(piecewise(max_kinks=4), rationals(), rationals())
def test_every_neuron_of_an_encoding_is_behind_a_relu(
    function: Piecewise, offset: Fraction, place: Fraction
) -> None:
    layers = precise_encoding(function, (min(offset, place), max(offset, place) + 1)).layers
    assert all(layer.neurons is None for layer in layers if isinstance(layer, ReLU))


@pytest.mark.parametrize("folds", [1, 2, 3])
def test_a_zigzag_of_equal_heights_has_a_layer_for_each_doubling_of_its_turns(
    folds: int,
) -> None:
    count = 2**folds - 1
    zigzag = Piecewise.of_slopes([(-1) ** i for i in range(count + 1)], range(count))
    assert plan(zigzag).depth == folds
    assert decide(precise_encoding(zigzag), "dp0").is_precise


def test_a_zigzag_on_a_compact_interval_needs_a_layer_for_each_turn_at_most() -> None:
    slopes = [(-1) ** i * (i + 1) for i in range(6)]
    growing = Piecewise.of_slopes(slopes, range(5))
    within = (Fraction(-1), Fraction(5))
    assert plan(growing, within).depth <= 5
    assert ranges_agree(precise_encoding(growing, within), growing, Fraction(0), Fraction(4))
