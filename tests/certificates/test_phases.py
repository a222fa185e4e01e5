"""Certificates of exact extremes are accepted by the checker, and say what the regions say."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.certificates.check import RejectedError, check
from polyrelax.certificates.phases import certify_maxima
from polyrelax.certificates.streamed import StreamedCertificate
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.phases.extremes import maximum
from polyrelax.relaxations.phases.reduced import Reduced
from polyrelax.relaxations.trace import propagate
from polyrelax.strategies import networks

SQUARE = Polytope.box([-1, -1], [1, 1])
TRIANGLE = SQUARE.cut(Constraint.at_most([1, 1], 0))
SEGMENT = SQUARE.cut(Constraint.equal([1, 1], 0))


def of_range(net: Network, domain: Polytope, bits: int = 32) -> StreamedCertificate:
    trace = propagate(net, domain, relaxation("crown", bits))
    known = Reduced.of(net, domain, trace.bounds)
    found = [maximum(known, (Fraction(sign),)) for sign in (-1, 1)]
    return certify_maxima(trace, domain, found)


@settings(deadline=None, max_examples=40)
@given(networks(2), st.sampled_from((SQUARE, TRIANGLE, SEGMENT)), st.sampled_from((2, 32)))
def test_the_range_of_a_network_is_certified_from_both_sides(
    net: Network, domain: Polytope, bits: int
) -> None:
    ((low, high),) = exact_range(net, domain)
    made = of_range(net, domain, bits)
    assert made.values == (-low, high, -low, high)
    assert "reaches" in check(made.dumps())


@pytest.mark.parametrize("seed", range(6))
def test_neurons_whose_intervals_end_at_0_are_certified_too(seed: int) -> None:
    generator = np.random.default_rng(seed)
    layers: list[Affine | ReLU] = []
    for n, m in ((2, 4), (4, 3), (3, 1)):
        weight, bias = generator.integers(-1, 2, (m, n)), generator.integers(0, 2, m) / 2
        layers += [Affine.of_doubles(weight.astype(float), bias), ReLU(m)]
    net, corner = Network(tuple(layers[:-1])), Polytope.box([0, 0], [1, 1])
    ((low, high),) = exact_range(net, corner)
    assert of_range(net, corner).values[:2] == (-low, high)


def test_a_tree_without_one_of_its_leaves_or_with_other_multipliers_is_rejected() -> None:
    net = network(([[1], [1]], [0, "-1/2"]), ([[1, -1]], [0]))  # the triangle reaches 3/4
    text = of_range(net, Polytope.box([-1], [1])).dumps()
    lines = text.splitlines()
    leaves = [k for k, line in enumerate(lines) if line.startswith(('{"terms', '{"empty'))]
    for k in leaves:
        with pytest.raises(RejectedError):
            check("\n".join(lines[:k] + lines[k + 1 :]) + "\n")
    smaller = text.replace('"at most", "value": "1/2"', '"at most", "value": "1/3"')
    assert smaller != text
    with pytest.raises(RejectedError):
        check(smaller.replace('"at_most": "1/2"', '"at_most": "1/3"'))
