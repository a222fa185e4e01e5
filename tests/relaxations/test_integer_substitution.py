"""Bounds in integers contain those in fractions, and are as near to them as is said.

The second opinion is the substitution in FLINT's rational matrices, over the same lines.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.networks.affine import Affine
from polyrelax.networks.images import layer_box
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import CROWN, DP0, DP1, FAST_LIN
from polyrelax.relaxations.integer_boxes import affine_box
from polyrelax.relaxations.integer_substitution import GUARD
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.lines import Lines
from polyrelax.relaxations.substitution import SubstitutedSet
from polyrelax.relaxations.trace import propagate
from tests.networks.cases import networks, vectors

BITS = 20
METHODS = [DP0, DP1, CROWN, FAST_LIN]
bits_counts = st.integers(0, 40)
wide_networks = networks(3, 4, 3, 2)


@st.composite
def boxes(draw: st.DrawFn, dim: int) -> Polytope:
    center = draw(vectors(dim))
    radius = draw(st.builds(Fraction, st.integers(0, 5), st.integers(1, 4)))
    return Polytope.box([c - radius for c in center], [c + radius for c in center])


def exact(found: SubstitutedSet) -> tuple[Interval, ...]:
    """Return what fractions say over the same steps."""
    steps = replace(found, bits=None, before=None).steps
    bare = SubstitutedSet(found.domain)
    for step in steps:
        bare = bare.then(step)
    return bare.bounds


def allowance(found: SubstitutedSet, bits: int) -> Fraction:
    """Return how far a bound may be from the exact one, by the theory of the module.

    Each layer of lines rounds multipliers by ``2**-(bits + GUARD)`` times the sizes of its
    inputs; what products lose is counted in smaller units; the bound is rounded once.
    """
    lost = ZERO
    for step in found.steps:
        if isinstance(step, Lines):
            lost += sum((max(-x.lower, x.upper) + 1 for x in step.box), ZERO)
    return Fraction(1, 1 << bits) + (lost + 1) / (1 << (bits + GUARD - 2))


@given(wide_networks, boxes(3), st.sampled_from(METHODS), bits_counts)
def test_bounds_contain_the_exact_ones_of_the_same_lines_and_are_near_them(
    given_network: Network, domain: Polytope, method: object, bits: int
) -> None:
    assert isinstance(method, type(CROWN))
    for found in replace(method, bits=bits).sets(given_network, domain):
        most = allowance(found, bits)
        for rounded, true in zip(found.bounds, exact(found), strict=True):
            assert rounded.contains(true.rounded(None))
            if found.steps and isinstance(found.steps[-1], Affine):
                assert true.lower - rounded.lower <= most
                assert rounded.upper - true.upper <= most


@given(wide_networks, boxes(3), bits_counts)
def test_interval_bounds_contain_the_exact_ones_and_are_one_unit_from_them(
    given_network: Network, domain: Polytope, bits: int
) -> None:
    unit = Fraction(1, 1 << bits)
    box = domain.bounds
    for layer, found in zip(
        given_network.layers, IBP(bits).sets(given_network, domain), strict=False
    ):
        assert found.bounds == box
        least = tuple(x.rounded(bits) for x in layer_box(layer, box))
        box = affine_box(layer, box, bits) if isinstance(layer, Affine) else least
        for rounded, true in zip(box, least, strict=True):
            assert rounded.contains(true)
            assert true.lower - rounded.lower <= unit
            assert rounded.upper - true.upper <= unit


@given(boxes(2), bits_counts)
def test_interval_bounds_of_short_numbers_are_the_least_ones(box: Polytope, bits: int) -> None:
    ends = [x.rounded(8) for x in box.bounds]
    layer = Affine.dense([["3/4", -2], ["1/8", 5]], ["1/3", 0])
    assert affine_box(layer, ends, bits) == tuple(
        x.rounded(bits) for x in layer_box(layer, tuple(ends))
    )


def test_a_hand_made_bound_is_what_theory_says() -> None:
    """On [-1, 2], y = max(z, 0) <= 2 (z + 1) / 3, so z - y >= (z - 2) / 3 >= -1 at z = -1.

    The slope 2/3 is rounded down to 10/16; the least line of that slope is above the ReLU at
    z = 2: y <= 5 z / 8 + 3 / 4, so z - y >= 3 z / 8 - 3 / 4 >= -9 / 8.
    """
    layers = (Affine.dense([[1], [1]]), ReLU(2, (1,)), Affine.dense([[1, -1]]))
    bound = propagate(Network(layers), Polytope.box([-1], [2]), replace(DP0, bits=4)).output[0]
    assert (bound.lower, bound.upper) == (Fraction(-9, 8), 2)


def random_network(seed: int, *widths: int, scale: float = 1.0) -> Network:
    generator = np.random.default_rng(seed)
    layers: list[Affine | ReLU] = []
    for n, m in pairwise(widths):
        weight = generator.normal(size=(m, n)) * scale / np.sqrt(n)
        layers += [Affine.of_doubles(weight, generator.normal(size=m) / 4), ReLU(m)]
    return Network(tuple(layers[:-1]))


@pytest.mark.parametrize("scale", [1.0, 2.0**12, 2.0**-20])
def test_weights_of_all_sizes_have_bounds_near_the_exact_ones(scale: float) -> None:
    deep = random_network(3, 12, 20, 20, 20, 5, scale=scale)
    domain = Polytope.box([-1] * 12, [1] * 12)
    *_, found = replace(CROWN, bits=BITS).sets(deep, domain)
    for rounded, true in zip(found.bounds, exact(found), strict=True):
        assert rounded.contains(true)
        assert (
            rounded.width - true.width <= 2 * allowance(found, BITS) * max(1, int(scale)) ** 3
        )


def test_weights_given_as_doubles_and_as_fractions_have_the_same_bounds() -> None:
    doubles = random_network(4, 6, 10, 10, 3)
    layers = tuple(
        Affine(layer.rows, layer.bias, layer.in_dim) if isinstance(layer, Affine) else layer
        for layer in doubles.layers
    )
    domain = Polytope.box([0] * 6, [1] * 6)
    for method in METHODS:
        rounding = replace(method, bits=32)
        first = propagate(doubles, domain, rounding).bounds
        assert first == propagate(Network(layers), domain, rounding).bounds


def test_numbers_beyond_all_floats_are_left_to_fractions() -> None:
    huge = 10**200
    deep = network(([[huge]], [0]), ([[huge]], [1]))
    domain = Polytope.box([-1], [1])
    *_, last = replace(DP1, bits=4).sets(deep, domain)
    assert last.integers() is None
    bound = propagate(deep, domain, replace(DP1, bits=4)).output[0]
    assert bound.contains(Interval(ONE, Fraction(huge**2 + 1)))


@pytest.mark.parametrize("size", [2.0**-1060, 2.0**-700, 2.0**-300, 2.0**300, 2.0**500])
def test_numbers_near_the_ends_of_floats_are_bounded_too(size: float) -> None:
    """What floats lose there is charged, or fractions take over."""
    hidden = Affine.of_doubles(np.array([[1.0, -1.0], [1.0, 1.0]]) * size)
    thirds = Affine.dense([["1/3", "-1/7"], ["1/9", "1/11"]])
    outer = Affine.of_doubles(np.array([[1.0, 1.0]]) / max(size, 2.0**-1000))
    network = Network((hidden, ReLU(2), thirds, ReLU(2), outer))
    domain = Polytope.box([-1, "-1/3"], ["1/3", 1])
    for method in METHODS:
        for found in replace(method, bits=BITS).sets(network, domain):
            for rounded, true in zip(found.bounds, exact(found), strict=True):
                assert rounded.contains(true)


@pytest.mark.parametrize("bits", [0, 32, 40])
def test_bounds_longer_than_a_word_keep_all_their_bits(bits: int) -> None:
    """Beside one another: integers of 64 bits with and without a sign, and longer ones."""
    sizes = [1, 2**22 + 1, 2**31 + 1, 2**32 + 1, 2**62 + 1, 2**63 + 1, 2**80 + 1]
    inner, shift = Affine.dense([[size] for size in sizes]), Affine.dense([[1]], [1])
    network, domain = Network((shift, inner)), Polytope.box([-2], [0])
    for method in (replace(CROWN, bits=bits), IBP(bits)):
        for size, bound in zip(sizes, propagate(network, domain, method).output, strict=True):
            true = Interval(Fraction(-size), Fraction(size))
            assert bound.contains(true)


def test_coefficients_beyond_all_floats_are_left_to_fractions() -> None:
    """The values are small, but not the forms by which the last is bounded."""
    tiny = Affine.dense([[Fraction(1, 2**900)]])
    large = Affine.dense([[2**700]])
    rest = Affine.dense([["1/3"]])
    network = Network((tiny, ReLU(1), tiny, ReLU(1), large, ReLU(1), large, ReLU(1), rest))
    domain = Polytope.box([-1], [1])
    *_, found = replace(CROWN, bits=BITS).sets(network, domain)
    assert found.bounds[0].contains(exact(found)[0])


@pytest.mark.parametrize("bits", [41, 100])
def test_many_bits_are_left_to_fractions(bits: int) -> None:
    thirds = network(([["1/3", "1/7"]], [0]), ([["1/3"]], [1]))
    domain = Polytope.box([-1, -1], [1, 1])
    bound = propagate(thirds, domain, replace(FAST_LIN, bits=bits)).output[0]
    true = propagate(thirds, domain, FAST_LIN).output[0]
    assert bound.contains(true)
    assert bound.width - true.width <= Fraction(4, 1 << bits)


def test_inputs_that_are_no_box_are_left_to_fractions() -> None:
    corner = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)
    total = network(([[1, 1]], [0]), ([[1]], [0]))
    bound = propagate(total, corner, replace(CROWN, bits=8)).output[0]
    assert (bound.lower, bound.upper) == (0, 1)  # on the box around it: [0, 2]


def test_lines_of_several_inputs_are_substituted_as_matrices() -> None:
    """Below max(z, w) lies w, above it lies z + w - 0 where both are in [0, 1]."""
    below, above = Affine.dense([[0, 1]]), Affine.dense([[1, 1]])
    unit = Interval(ZERO, ONE)
    lines = Lines(below, above, (unit, unit))
    start = SubstitutedSet(Polytope.box([0, 0], [1, 1]), bits=8)
    inputs = Affine.dense([[1, 0], [-1, 1]], [0, 1])  # z = x, w = 1 - x + y
    outer = Affine.dense([[2]], ["1/2"])
    found = start.then(inputs).then(lines).then(outer)
    assert found.bounds == exact(found)
    assert (found.bounds[0].lower, found.bounds[0].upper) == (Fraction(1, 2), Fraction(9, 2))
    assert start.then(inputs).then(lines).bounds[0] == (0, 2)


def points(dim: int) -> st.SearchStrategy[Vector]:
    return st.tuples(*[st.fractions(0, 1, max_denominator=9)] * dim)


@given(points(6))
def test_values_lie_in_the_bounds_of_every_layer(x: Vector) -> None:
    deep = random_network(8, 6, 8, 8, 4)
    domain = Polytope.box([0] * 6, [1] * 6)
    values = deep.activations(x)
    for method in METHODS:
        trace = propagate(deep, domain, replace(method, bits=12))
        for found, here in zip(trace.bounds, values, strict=True):
            assert all(value in bound for value, bound in zip(here, found, strict=True))
