"""The triangle in arrays against exact linear programs, whatever the floats propose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.limbs import Doubles
from polyrelax.lp.float_program import FloatProgram, proposed_multipliers
from polyrelax.networks.affine import Affine
from polyrelax.networks.layers import Identity, Layer, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations import triangle_program
from polyrelax.relaxations.array_triangle import BoundedSet, bounded_sets
from polyrelax.relaxations.deeppoly import CROWN
from polyrelax.relaxations.program_set import ProgramSet
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import FEW_NEURONS, Triangle
from tests.networks.cases import networks
from tests.relaxations.test_integer_substitution import boxes

BITS = 20


def random_network(seed: int, *widths: int) -> Network:
    generator = np.random.default_rng(seed)
    layers: list[Layer] = []
    for n, m in pairwise(widths):
        weight = generator.normal(size=(m, n)) / np.sqrt(n)
        layers += [Affine.of_doubles(weight, generator.normal(size=m) / 8), ReLU(m)]
    return Network(tuple(layers[:-1]))


def convolutional_network() -> Network:
    """Two convolutions of 3 x 3 on an image of 6 x 6, and a dense layer."""
    generator = np.random.default_rng(7)
    layers: list[Layer] = []
    for size in (6, 4):
        out = size - 2
        dense = np.zeros((2, out, out, size * size if size == 6 else 2 * size * size))
        for c in range(2):
            kernel = generator.normal(size=(3, 3)) / 3
            for i in range(out):
                for j in range(out):
                    image = np.zeros((size, size))
                    image[i : i + 3, j : j + 3] = kernel
                    dense[c, i, j] = np.tile(image.ravel(), dense.shape[3] // size**2)
        layers += [Affine.of_doubles(dense.reshape(2 * out * out, -1)), ReLU(2 * out * out)]
    return Network((*layers, Affine.of_doubles(generator.normal(size=(2, 8)))))


def unit_box(dim: int) -> Polytope:
    return Polytope.box([0] * dim, [1] * dim)


def assert_contains(found: list[BoundedSet], network: Network, domain: Polytope) -> None:
    exact = propagate(network, domain, Triangle()).bounds
    for here, true in zip(found, exact, strict=True):
        assert all(x.contains(y) for x, y in zip(here.bounds, true, strict=True))


@settings(max_examples=25)
@given(networks(3, 4, 3, 2), boxes(3))
def test_bounds_contain_the_exact_optima(network: Network, domain: Polytope) -> None:
    assert_contains(list(bounded_sets(network, domain, BITS)), network, domain)


@pytest.mark.parametrize(
    "network", [random_network(1, 4, 8, 6, 3), convolutional_network()], ids=["dense", "conv"]
)
def test_bounds_are_near_the_exact_optima(network: Network) -> None:
    """The proposals of the float solver are worth something: a millionth of the width."""
    domain = unit_box(network.in_dim)
    found = list(bounded_sets(network, domain, 32))
    assert_contains(found, network, domain)
    exact = propagate(network, domain, Triangle()).bounds
    crown = propagate(network, domain, replace(CROWN, bits=32)).bounds
    for here, true in zip(found, exact, strict=True):
        for x, y in zip(here.bounds, true, strict=True):
            assert x.width - y.width <= y.width / 10**6 + Fraction(1, 2**30)
    last = [sum(x.width for x in bounds) for bounds in (found[-1].bounds, crown[-1])]
    assert last[0] < last[1]


def test_a_bound_of_two_layers_is_what_theory_says() -> None:
    """x in [-1, 1]^2: the triangles give relu(x + y) + relu(x - y) <= x + 2 <= 3.

    Fast-Lin's lines, 1/2 z + 1, give the same; the slopes matter below: for
    relu(x + y) - relu(x - y) the line below relu(x - y) is 0 at best, and the triangle over
    z = x + y in [-2, 2] says at most x/2 + y/2 + 1 - max(0, x - y) <= 2, at x = y = 1.
    """
    hidden = Affine.dense([[1, 1], [1, -1]])
    outer = Affine.dense([[1, 1], [1, -1]])
    network = Network((hidden, ReLU(2), outer))
    *_, last = bounded_sets(network, Polytope.box([-1, -1], [1, 1]), 8)
    assert [x.upper for x in last.bounds] == [3, 2]
    assert last.bounds[1].lower == -2


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 0.0, -1e300, 1e300, -0.25])
def test_bounds_hold_whatever_is_proposed(
    value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, domain = random_network(2, 3, 6, 6, 2), unit_box(3)

    def foolish(
        program: FloatProgram, objectives: Iterable[Doubles], _solver: object
    ) -> Doubles:
        return np.full((len(list(objectives)), len(program.row_lower)), value)

    monkeypatch.setattr(triangle_program, "proposed_multipliers", foolish)
    found = list(bounded_sets(network, domain, BITS))
    assert_contains(found, network, domain)
    assert found[-1].proofs


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_bounds_hold_for_random_proposals(seed: int) -> None:
    network, domain = random_network(2, 3, 5, 5, 2), unit_box(3)
    generator = np.random.default_rng(seed)

    def random(
        program: FloatProgram, objectives: Iterable[Doubles], _solver: object
    ) -> Doubles:
        return generator.normal(size=(len(list(objectives)), len(program.row_lower)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(triangle_program, "proposed_multipliers", random)
        assert_contains(list(bounded_sets(network, domain, BITS)), network, domain)


def test_layers_that_rectify_some_values_or_none_are_followed() -> None:
    dense = random_network(3, 3, 6, 6, 2)
    first, _, second, _, third = dense.layers
    network = Network((first, ReLU(6, (0, 2, 5)), Identity(6), second, ReLU(6, ()), third))
    domain = Polytope.box([-1] * 3, [1] * 3)
    found = list(bounded_sets(network, domain, BITS))
    assert_contains(found, network, domain)
    assert found[2].bounds == found[3].bounds


def test_neurons_that_are_stable_need_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(program: FloatProgram, objectives: Iterable[Doubles], _solver: object) -> Doubles:
        raise AssertionError("asked for multipliers, expected no question")

    monkeypatch.setattr(triangle_program, "proposed_multipliers", none)
    hidden = Affine.dense([[1, 1], [-1, -1]], [1, -1])
    network = Network((hidden, ReLU(2), Affine.dense([["1/2", 7]])))
    *_, last = bounded_sets(network, unit_box(2), 8)
    assert [str(x) for x in last.bounds] == ["[1/2, 3/2]"]
    assert not last.proofs


def test_supports_are_those_of_the_program_over_the_same_bounds() -> None:
    network, domain = random_network(5, 3, 6, 2), unit_box(3)
    *_, last = bounded_sets(network, domain, BITS)
    for direction in ([1, 0], [1, 1], [-2, 1]):
        exact = tuple(map(Fraction, direction))
        support = last.support(exact)
        assert support.value == sum(
            (a * b for a, b in zip(exact, support.point, strict=True)), Fraction(0)
        )
    for j, bound in enumerate(last.bounds):
        unit = tuple(Fraction(i == j) for i in range(2))
        opposite = tuple(-a for a in unit)
        assert last.support(unit).value <= bound.upper
        assert -last.support(opposite).value >= bound.lower


def test_a_program_that_is_too_large_leaves_bounds_that_are_no_worse_than_crown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(triangle_program, "_MOST_NUMBERS", 0)
    network, domain = random_network(6, 3, 6, 2), unit_box(3)
    found = list(bounded_sets(network, domain, BITS))
    assert_contains(found, network, domain)
    crown = propagate(network, domain, replace(CROWN, bits=BITS)).output
    for bound, known in zip(found[-1].bounds, crown, strict=True):
        assert known.lower <= bound.lower <= bound.upper <= known.upper


def test_bounds_that_a_point_attains_need_no_program(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(program: FloatProgram, objectives: Iterable[Doubles], _solver: object) -> Doubles:
        raise AssertionError("asked for multipliers, expected no question")

    monkeypatch.setattr(triangle_program, "proposed_multipliers", none)
    network = Network((Affine.dense([[2]], [-1]), ReLU(1), Affine.dense([[1]], [3])))
    *_, last = bounded_sets(network, unit_box(1), 8)  # 3 + relu(2 x - 1)
    assert [str(x) for x in last.bounds] == ["[3, 4]"]


def test_bounds_that_no_point_attains_are_asked_of_programs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Doubles] = []

    def counted(
        program: FloatProgram, objectives: Iterable[Doubles], _solver: object
    ) -> Doubles:
        asked.extend(objectives)
        return proposed_multipliers(program, asked)

    monkeypatch.setattr(triangle_program, "proposed_multipliers", counted)
    hidden = Affine.dense([[2], [1]], [-1, "-1/2"])  # relu(z) - 2 relu(z/2) is 0 everywhere
    network = Network((hidden, ReLU(2), Affine.dense([[1, -2]])))
    *_, last = bounded_sets(network, unit_box(1), 8)
    assert len(asked) == 2
    half, ulp = Fraction(1, 2), Fraction(1, 256)  # at z = 0: 1/2 - 0, and 0 - 2 * 1/4
    assert -half - ulp <= last.bounds[0].lower <= -half
    assert half <= last.bounds[0].upper <= half + ulp


@pytest.mark.parametrize("hidden", [FEW_NEURONS, FEW_NEURONS + 1])
def test_few_neurons_are_bounded_by_exact_programs_many_in_arrays(hidden: int) -> None:
    network, domain = random_network(1, 2, hidden, 1), unit_box(2)
    *_, last = Triangle(8).sets(network, domain)
    assert isinstance(last, BoundedSet if hidden > FEW_NEURONS else ProgramSet)
    assert isinstance([*Triangle().sets(network, domain)][-1], ProgramSet)


@pytest.mark.parametrize("power", [-900, -300, 160, 400])
def test_numbers_near_and_beyond_the_ends_of_floats_are_bounded_too(power: int) -> None:
    factor = Fraction(2) ** power
    rows = [[factor, -factor], [factor, factor / 3]]
    layers: tuple[Layer, ...] = (Affine.dense(rows), ReLU(2), Affine.dense(rows), ReLU(2))
    network = Network((*layers, Affine.dense([[1, -1]])))
    domain = Polytope.box([-1, "-1/2"], ["1/3", 1])
    assert_contains(list(bounded_sets(network, domain, BITS)), network, domain)
