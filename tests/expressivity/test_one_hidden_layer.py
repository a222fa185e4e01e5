from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.analysis.precision import grid
from polyrelax.errors import DimensionError
from polyrelax.expressivity.constructions import maximum_of_affine
from polyrelax.expressivity.one_hidden_layer import UnequalJumps, jumps, one_hidden_layer
from polyrelax.networks.gallery import maximum_encodings, tent, tent_merged
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import networks

SQUARE = Polytope.box([-1, -1], [1, 1])
MAX3 = maximum_of_affine([[0, 0], [1, 0], [0, 1]], [0, 0, 0])  # max(0, x, y)


def test_the_maximum_of_three_needs_two_hidden_layers() -> None:
    found = one_hidden_layer(MAX3, SQUARE)
    assert isinstance(found, UnequalJumps)
    assert found.holds(MAX3)


def test_the_maximum_of_three_breaks_on_half_of_each_line() -> None:
    # across x = 0 the jump is 1 below and 0 above, likewise across y = 0; across x = y the
    # function is 0 where both are negative and max(x, y) where both are positive
    found = {str(h): sorted(j.size for j in parts) for h, parts in jumps(MAX3, SQUARE).items()}
    assert {h: set(sizes) for h, sizes in found.items()} == {
        "x0 == 0": {0, 1},
        "x1 == 0": {0, 1},
        "x0 - x1 == 0": {0, 1},
    }


def test_a_false_witness_does_not_hold() -> None:
    found = one_hidden_layer(MAX3, SQUARE)
    assert isinstance(found, UnequalJumps)
    assert not UnequalJumps(found.hyperplane, found.first, found.first).holds(MAX3)
    assert not found.holds(maximum_encodings()[0])


@pytest.mark.parametrize("net", maximum_encodings())
def test_the_maximum_of_two_needs_one_neuron(net: Network) -> None:
    found = one_hidden_layer(net, SQUARE)
    assert isinstance(found, Network)
    assert found.layers[1].in_dim == 2  # and the linear term
    for x in product(grid(-1, 1, 4), repeat=2):
        assert found(x) == net(x)


def test_in_one_dimension_every_function_has_one_hidden_layer() -> None:
    line = Polytope.box([-1], [1])
    for net in (tent(), tent_merged()):
        found = one_hidden_layer(net, line)
        assert isinstance(found, Network)
        assert found.layers[1].in_dim == 4  # kinks at -1/2, 0, 1/2
        assert [found((x,)) for x in grid(-1, 1, 8)] == [net((x,)) for x in grid(-1, 1, 8)]


def test_breaks_outside_the_domain_do_not_count() -> None:
    found = one_hidden_layer(MAX3, Polytope.box([-1, -1], [1, "-1/2"]))
    assert isinstance(found, Network)
    assert found.layers[1].in_dim == 2


@settings(max_examples=15)
@given(
    net=networks(in_dim=2, widths=(3,)),
    x=st.tuples(*[st.fractions(-1, 1, max_denominator=5)] * 2),
)
def test_one_hidden_layer_is_recognised(net: Network, x: tuple[Fraction, Fraction]) -> None:
    found = one_hidden_layer(net, SQUARE)
    assert isinstance(found, Network)
    assert found(x) == net(x)


@settings(max_examples=10)
@given(net=networks(in_dim=2, widths=(2, 2)))
def test_a_verdict_on_two_hidden_layers_is_proved(net: Network) -> None:
    found = one_hidden_layer(net, SQUARE)
    if isinstance(found, UnequalJumps):
        assert found.holds(net)
    else:
        for x in product(grid(-1, 1, 3), repeat=2):
            assert found(x) == net(x)


def test_flat_domains_and_several_outputs_are_refused() -> None:
    with pytest.raises(DimensionError, match="dimension 1"):
        one_hidden_layer(MAX3, Polytope.hull([[0, 0], [1, 1]], 2))
    with pytest.raises(DimensionError, match="2 outputs"):
        one_hidden_layer(tent().prefix(1), Polytope.box([0], [1]))
