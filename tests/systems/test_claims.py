"""Bounds of traces are rows that are proved, whatever the relaxation and the neurons."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE
from polyrelax.networks.gallery import tent, two_relu_example
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.multi_neuron import KReLU, LayerNeurons
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Relaxation, propagate
from polyrelax.strategies import mixed_networks, neuron_networks
from polyrelax.systems.cases import (
    Node,
    Order,
    RefutedError,
    highest_first,
    maximum,
)
from polyrelax.systems.claims import Claims
from polyrelax.systems.places import bending_units
from polyrelax.systems.rows import Leaf, Proved, Row, Split
from polyrelax.systems.tree import Key

NAMES = ("ibp", "dp0", "dp1", "crown", "fastlin", "triangle", "krelu:2", "p:1", "exact")
SQUARE = Polytope.box([-1, -1], [1, 1])
CORNER = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)


def holds_at(row: Row, network: Network, x: tuple[Fraction, ...]) -> bool:
    values = network.activations(x)
    return sum(c * values[i][j] for (i, j), c in row.form) <= row.offset


@given(
    neuron_networks(2, most_layers=2),
    st.sampled_from([SQUARE, CORNER]),
    st.sampled_from(NAMES),
    st.data(),
)
def test_every_bound_of_every_relaxation_is_proved_and_holds(
    network: Network, domain: Polytope, name: str, data: st.DataObject
) -> None:
    bounds = propagate(network, domain, relaxation(name)).bounds
    claims = Claims(network, domain, bounds)
    share = st.fractions(0, 1, max_denominator=5)
    a, b = (data.draw(share) for _ in range(2))
    x = (a, b * (1 - a))
    for j in range(network.out_dim):
        for sign in (1, -1):
            row = claims.end((len(network.layers), j), sign)
            assert isinstance(row.reason, Proved)
            assert holds_at(row, network, x)
            bound = bounds[-1][j].upper if sign > 0 else -bounds[-1][j].lower
            assert row.offset == bound


def test_a_false_bound_is_refuted_by_a_point_of_the_network() -> None:
    claims = Claims(tent(), Polytope.box([-1], [1]), exact_bounds())
    form = (((5, 0), ONE),)
    with pytest.raises(
        RefutedError, match=r"found 2 at inputs .*, expected at most 3/2"
    ) as found:
        claims.prove(form, Fraction(3, 2))
    point = found.value.point
    assert tent()((point[0, 0],)) == (point[5, 0],) == (2,)


def exact_bounds() -> tuple[tuple[Interval, ...], ...]:
    return propagate(tent(), Polytope.box([-1], [1]), relaxation("exact")).bounds


def test_the_triangle_leaves_a_combination_and_the_network_needs_cases() -> None:
    """The tent is at least 1, which the triangle misses by 1 (README)."""
    domain, place = Polytope.box([-1], [1]), (5, 0)
    loose = Claims(tent(), domain, propagate(tent(), domain, relaxation("triangle")).bounds)
    kinds = {type(node) for node in nodes_of(loose.end(place, -1))}
    assert kinds == {Leaf}
    exact = Claims(tent(), domain, exact_bounds())
    assert Split in {type(node) for node in nodes_of(exact.end(place, -1))}


def nodes_of(row: Row) -> tuple[object, ...]:
    assert isinstance(row.reason, Proved)
    return row.reason.nodes


def first_come(node: Node) -> Key:
    return (node.index,)


def test_what_a_trace_keeps_of_two_neurons_together_leaves_a_combination() -> None:
    """relu(x + y) + relu(x - y) is at most 2 on the square, by a facet of both neurons."""
    relaxed = propagate(two_relu_example(), SQUARE, KReLU(2))
    assert relaxed.output[0].upper == 2
    known = (two_relu_example(), SQUARE, relaxed.bounds)
    together, apart = Claims(*known, relaxed.couplings), Claims(*known)
    kinds = [{type(node) for node in nodes_of(c.end((3, 0), 1))} for c in (together, apart)]
    assert kinds[0] == {Leaf}
    assert Split in kinds[1]


@settings(max_examples=15)
@given(
    mixed_networks(in_dim=2, widths=(3, 2)),
    st.sampled_from([SQUARE, CORNER]),
    st.sampled_from([None, 8]),
    st.booleans(),
)
def test_bounds_of_layerwise_programs_are_combinations_of_what_the_trace_keeps(
    network: Network, domain: Polytope, bits: int | None, all_inputs: bool
) -> None:
    tight: Relaxation = LayerNeurons(1) if all_inputs else KReLU(2, bits=bits)
    relaxed = propagate(network, domain, tight)
    claims = Claims(network, domain, relaxed.bounds, relaxed.couplings)
    for sign in (-1, 1):
        row = claims.end((len(network.layers), 0), sign)
        assert {type(node) for node in nodes_of(row)} == {Leaf}


@pytest.mark.parametrize("order", [highest_first, first_come])
def test_the_maximum_of_two_is_the_same_in_any_order_of_cases(order: Order) -> None:
    """max(x, y) + max(x, -y) on the square is at most 2, where x = 1."""
    layer = Neurons(3, ((Maximum(2), (0, 1)), (Maximum(2), (0, 2))))
    network = Network((Affine.dense([[1, 0], [0, 1], [0, -1]]), layer, Affine.dense([[1, 1]])))
    boxes = propagate(network, SQUARE, relaxation("ibp")).bounds
    claims = Claims(network, SQUARE, boxes)
    claims.end((3, 0), 1)
    row, point = maximum(
        claims.systems[3], (((3, 0), ONE),), tuple(bending_units(network)), order=order
    )
    assert row.offset == 2
    assert network((point[0, 0], point[0, 1])) == (2,)
