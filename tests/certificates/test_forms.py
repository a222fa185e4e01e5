"""Certificates of forms of outputs: what they state, and that they are about the network."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.certificates.certificate import layer_data
from polyrelax.certificates.check import (
    Layer,
    RejectedError,
    Work,
    check,
    examined,
    network_digest,
)
from polyrelax.certificates.check import layer as checked_layer
from polyrelax.certificates.forms import certify_forms
from polyrelax.certificates.streamed import short_layer_data
from polyrelax.certificates.subjects import digest, is_about_network
from polyrelax.networks.affine import Affine
from polyrelax.networks.layers import Identity, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.barrier import METHODS, BarrierMethod
from polyrelax.relaxations.group_barrier import PAIRS
from polyrelax.relaxations.integer_substitution import unit_forms
from polyrelax.strategies import mixed_networks
from polyrelax.systems.rows import Leaf, Proved
from polyrelax.verification.balls import Labelled
from polyrelax.verification.radii import certified_radius
from tests.certificates.test_schema import errors
from tests.relaxations.test_array_triangle import convolutional_network, random_network

NETWORKS = {
    "dense": random_network(4, 4, 9, 8, 3),
    "convolution": convolutional_network(),
    "partly rectified": Network(
        (
            Affine.dense([[1, 1], [1, -1], [2, 1]]),
            ReLU(3, (0, 2)),
            Identity(3),
            Affine.dense([[1, -1, 1], [1, 1, -2]], [3, 0]),
        )
    ),
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_radius_has_a_certificate(name: str, method: BarrierMethod) -> None:
    net = NETWORKS[name]
    point = Labelled.of(net, tuple(Fraction(j % 3, 2) for j in range(net.in_dim)))
    proof = certified_radius(point, method).proof
    assert proof is not None
    made = certify_forms(proof)
    assert made.values == proof.values
    assert check(made.dumps()) == str(made)
    stated = [dict(row.form) for row in made.rows]
    depth = len(net.layers)
    assert stated == [{(depth, j): 1, (depth, point.label): -1} for j in point.others]


@given(
    mixed_networks(2, [3, 2], out_dim=2),
    st.sampled_from(METHODS),
    st.sampled_from([Fraction(1), Fraction(1, 3), Fraction(10)]),
)
def test_every_bound_has_a_certificate_of_its_very_value(
    net: Network, method: BarrierMethod, radius: Fraction
) -> None:
    domain = Polytope.box([-radius, -radius], [radius, 2 * radius])
    proof = method.proved(net, domain, unit_forms(np.arange(2)))
    assert certify_forms(proof).values == proof.values


def test_files_follow_the_schema_and_name_their_network() -> None:
    net = NETWORKS["convolution"]
    domain = Polytope.box([-1] * net.in_dim, [1] * net.in_dim)
    made = certify_forms(METHODS[2].proved(net, domain, unit_forms(np.arange(net.out_dim))))
    assert errors("schema-2.json", list(map(json.loads, made.lines()))) == []
    subject = examined(made.dumps()).subject
    assert subject is not None
    assert is_about_network(subject, net)


def test_rows_of_a_convolution_share_their_lists() -> None:
    """A window of 3 x 3 on 12 x 12 pixels: two channels at 100 places, as 100 lists and 2."""
    size, kernel = 12, np.arange(1.0, 19.0).reshape(2, 9)
    starts = [i * size + j for i in range(size - 2) for j in range(size - 2)]
    windows = [[s + size * i + j for i in range(3) for j in range(3)] for s in starts]
    weight = np.zeros((200, size * size))
    for channel, place in product(range(2), range(100)):
        weight[100 * channel + place, windows[place]] = kernel[channel]
    layer = Affine.of_doubles(weight)
    data = short_layer_data(layer)
    assert isinstance(data, dict)
    shared = data["affine"]
    assert isinstance(shared, dict)
    assert shared["columns"] == windows
    assert shared["entries"] == kernel.astype(int).tolist()
    assert shared["rows"] == [[place, channel] for channel in range(2) for place in range(100)]
    net = Network((layer,))
    assert digest(net) == network_digest(144, [dense_layer(layer)])


def dense_layer(layer: Affine) -> Layer:
    """Return the checker's layer of a matrix that is written whole."""
    return checked_layer(layer_data(layer), layer.in_dim, Work(10**9))


def test_values_that_only_pass_a_layer_lose_nothing_that_is_not_rounded() -> None:
    """The first value of (x, relu(x)) is at most 2 on [-3, 2], and at least -3."""
    net = Network((Affine.dense([[1], [1]]), ReLU(2, (1,)), Affine.dense([[1, 0]])))
    proof = METHODS[0].proved(net, Polytope.box([-3], [2]), unit_forms(np.array([0])))
    assert certify_forms(proof).values == (2, 3)


def test_rows_leave_what_the_first_neurons_read_to_the_inputs() -> None:
    # Multiples of its ends would pay for rounding that the box of inputs does not need.
    net, unit = NETWORKS["dense"], Fraction(1, 4)
    point = Labelled.of(net, (unit,) * net.in_dim)
    for row in certify_forms(PAIRS.proved(net, point.ball(unit), point.rivals)).rows:
        assert isinstance(row.reason, Proved)
        (leaf,) = row.reason.nodes
        assert isinstance(leaf, Leaf)
        depths = {used.form[-1][0][0] for used, _ in leaf.terms}
        assert 2 in depths
        assert 1 not in depths


@pytest.mark.parametrize("method", METHODS)
def test_a_network_that_ends_in_rectifiers_has_certificates(method: BarrierMethod) -> None:
    net = Network((Affine.dense([[1, 1], [1, -1]]), ReLU(2)))
    forms = unit_forms(np.arange(2))
    made = certify_forms(method.proved(net, Polytope.box([-1, -1], [1, 1]), forms))
    assert made.values[:2] == (2, 2)


def test_a_smaller_value_is_rejected() -> None:
    net = NETWORKS["dense"]
    point = Labelled.of(net, (Fraction(1, 3),) * net.in_dim)
    proof = certified_radius(point, METHODS[2]).proof
    assert proof is not None
    text = certify_forms(proof).dumps()
    value = str(proof.values[0])
    assert value in text
    lower = str(proof.values[0] - 1)
    with pytest.raises(RejectedError):
        check(text.replace(f'"{value}"', f'"{lower}"'))
