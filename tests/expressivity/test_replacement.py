from __future__ import annotations

from fractions import Fraction

import pytest

from polyrelax.analysis.precision import exact_bounds, is_precise
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.expressivity.replacement import replacement_chain
from polyrelax.networks.gallery import maximum, maximum_encodings, tent
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network, network
from polyrelax.networks.rewrite import clamp, fold, reflect
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation

# max(max(x1, x2), x1), and x2 + max(z, 0) through a second layer that switches elsewhere
AGAIN = fold([Affine.dense([[1, 0], [0, 1], [1, 0]]), *maximum(3).layers])
ENCODINGS = (*maximum_encodings(), maximum(2), AGAIN, clamp(maximum(2), 0, 1), reflect(AGAIN))


@pytest.mark.parametrize("net", ENCODINGS)
def test_no_step_of_the_chain_loosens_and_the_end_is_one_neuron(net: Network) -> None:
    chain = replacement_chain(net)
    assert chain.is_decreasing
    last = chain.steps[-1].network
    assert [layer.in_dim for layer in last.layers] == [2, 3, 3]
    # for x2 + max(z, 0) the triangle's bound at the upper corner is c + 2 eps, by hand
    assert chain.steps[-1].upper == chain.center + 2 * chain.radius
    assert chain.gap >= chain.radius > 0


@pytest.mark.parametrize("net", ENCODINGS)
def test_the_steps_are_networks_of_the_same_function(net: Network) -> None:
    chain = replacement_chain(net)
    values = {exact_bounds(step.network, chain.box) for step in chain.steps}
    assert values == {((chain.center - chain.radius, chain.center + chain.radius),)}
    assert not is_precise(net, chain.box, relaxation("triangle"))


@pytest.mark.parametrize("net", maximum_encodings())
def test_the_gap_of_one_hidden_layer_is_the_radius(net: Network) -> None:
    chain = replacement_chain(net)
    assert chain.gap == chain.radius == Fraction(1, 2)


def test_the_box_is_one_on_which_a_clamp_does_not_help() -> None:
    # On the unit square the clamped network is exact.  The clamp at 0 is stable if c - eps > 0,
    # that at 1 if the triangle's bound is at most 1: c + 2 eps <= 1, for c = 1/2 eps <= 1/4.
    clamped = clamp(maximum(2), 0, 1)
    assert is_precise(clamped, Polytope.box([0, 0], [1, 1]), relaxation("triangle"))
    chain = replacement_chain(clamped)
    assert (chain.center, chain.radius, chain.gap) == (Fraction(1, 2), *[Fraction(1, 4)] * 2)


def test_other_functions_are_refused() -> None:
    with pytest.raises(ShapeError, match="is not max"):
        replacement_chain(network(([[1, -1], [0, 1]], [0, 0]), ([[1, -1]], [0])))
    with pytest.raises(DimensionError, match="found 1 input "):
        replacement_chain(tent())
