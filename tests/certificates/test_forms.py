"""Certificates of forms of outputs: what they state, and that they are about the network."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from polyrelax.certificates.check import RejectedError, check
from polyrelax.certificates.forms import certify_forms
from polyrelax.networks.affine import Affine
from polyrelax.networks.layers import Identity, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.barrier import METHODS, BarrierMethod
from polyrelax.relaxations.integer_substitution import unit_forms
from polyrelax.systems.rows import Leaf, Proved
from polyrelax.verification.balls import Labelled
from polyrelax.verification.radii import certified_radius
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


@pytest.mark.parametrize("method", METHODS)
def test_what_the_first_neurons_read_is_left_to_the_inputs(method: BarrierMethod) -> None:
    # Multiples of its ends would pay for rounding that the box of inputs does not need.
    net, unit = NETWORKS["dense"], Fraction(1, 4)
    point = Labelled.of(net, (unit,) * net.in_dim)
    proof = certified_radius(point, method).proof
    assert proof is not None
    for row in certify_forms(proof).rows:
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
