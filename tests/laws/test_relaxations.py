"""Laws that hold between relaxations, for all networks and input polytopes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, matrix, vector
from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import Affine, Identity, ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.relaxed_set import explicit_polytope
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle
from polyrelax.strategies import mixed_networks, networks, polytopes
from tests.laws.relaxations import NAMES, TIGHTER, is_inside, run

MONOTONE = ["ibp", "dp0", "dp1", "triangle", "krelu:2", "m:1", "p:1", "p:2", "exact"]

FEW = settings(max_examples=settings().max_examples // 3)
domains = polytopes(dim=2)
small_networks = st.one_of(
    networks(in_dim=2, widths=(2, 2), out_dim=1),
    mixed_networks(in_dim=2, widths=(2, 2), out_dim=1),
)


def midpoints(polytope: Polytope) -> list[Vector]:
    half = Fraction(1, 2)
    corners = polytope.vertices
    return [
        tuple(half * (s + t) for s, t in zip(p, q, strict=True))
        for p in corners
        for q in corners
    ]


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(network=small_networks, domain=domains)
def test_every_relaxation_contains_the_values_of_the_network(
    name: str, network: Network, domain: Polytope
) -> None:
    trace = run(name, network, domain)
    for x in midpoints(domain):
        for value, bounds in zip(network.activations(x), trace.bounds, strict=True):
            assert all(v in interval for v, interval in zip(value, bounds, strict=True))


@pytest.mark.parametrize("name", ["dp0", "triangle", "krelu:2", "m:1", "p:1", "p:2"])
@FEW
@given(network=small_networks, domain=domains)
def test_every_relaxed_set_contains_the_exact_one(
    name: str, network: Network, domain: Polytope
) -> None:
    relaxed, exact = run(name, network, domain), run("exact", network, domain)
    assert all(exact.polytope(i) <= relaxed.polytope(i) for i in range(len(relaxed.sets)))


@pytest.mark.parametrize(("tighter", "looser"), TIGHTER)
@FEW
@given(network=small_networks, domain=domains)
def test_relaxations_are_ordered_as_theory_says(
    tighter: str, looser: str, network: Network, domain: Polytope
) -> None:
    assert is_inside(run(tighter, network, domain), run(looser, network, domain))


@given(network=small_networks, domain=domains)
def test_the_triangle_is_the_relaxation_of_single_neurons(
    network: Network, domain: Polytope
) -> None:
    assert run("krelu:1", network, domain).bounds == run("triangle", network, domain).bounds


@given(network=small_networks, domain=domains)
def test_the_layer_hull_is_the_relaxation_of_all_neurons_of_a_layer(
    network: Network, domain: Polytope
) -> None:
    assert run("m:2", network, domain).bounds == run("p:1", network, domain).bounds


@given(network=small_networks, domain=domains)
def test_a_window_of_all_layers_is_exact(network: Network, domain: Polytope) -> None:
    depth = len(network.layers)
    assert run(f"p:{depth}", network, domain).bounds == run("exact", network, domain).bounds


@given(
    network=networks(in_dim=2, widths=(3,)) | mixed_networks(in_dim=2, widths=(3,)),
    domain=domains,
)
def test_one_hidden_layer_is_exact_under_the_layer_hull(
    network: Network, domain: Polytope
) -> None:
    assert run("p:1", network, domain).output == run("exact", network, domain).output


@pytest.mark.parametrize("name", MONOTONE)
@FEW
@given(network=small_networks, domain=domains, weight=st.fractions(0, 1, max_denominator=4))
def test_a_smaller_domain_gives_no_looser_bounds(
    name: str, network: Network, domain: Polytope, weight: Fraction
) -> None:
    centre = domain.vertices[0]
    shrunk = domain.affine_map(
        matrix([[1 - weight, 0], [0, 1 - weight]]), tuple(weight * c for c in centre)
    )
    assert is_inside(run(name, network, shrunk), run(name, network, domain))


@pytest.mark.parametrize(
    "name", ["dp0", "dp1", "crown", "fastlin", "triangle", "krelu:2", "m:1", "p:1"]
)
@FEW
@given(network=small_networks, domain=domains, shift=st.integers(-2, 2))
def test_an_affine_map_of_the_input_may_be_moved_into_the_domain(
    name: str, network: Network, domain: Polytope, shift: int
) -> None:
    first = Affine.dense(matrix([[1, 1], [shift, 2]]), vector([shift, 0]))
    mapped = domain.affine_map(first.weight, first.bias)
    moved = run(name, Network((first, *network.layers)), domain)
    assert moved.bounds[1:] == run(name, network, mapped).bounds


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("p:2", "p:3")])
@FEW
@given(
    network=small_networks, domain=domains, scale=st.integers(1, 3), shift=st.integers(-2, 2)
)
def test_bounds_follow_an_affine_map_of_the_output(  # not P_r: a window sees a layer less
    name: str, network: Network, domain: Polytope, scale: int, shift: int
) -> None:
    last = Affine.dense(matrix([[-scale]]), vector([shift]))
    [before] = run(name, network, domain).output
    [after] = run(name, Network((*network.layers, last)), domain).output
    assert after == Interval(shift - scale * before.upper, shift - scale * before.lower)


@pytest.mark.parametrize("name", ["dp0", "dp1", "crown", "fastlin", "triangle", "krelu:2"])
@pytest.mark.parametrize("bits", [4, 24])
@FEW
@given(network=small_networks, domain=domains)
def test_rounded_bounds_are_on_the_grid_and_contain_the_exact_range(
    name: str, bits: int, network: Network, domain: Polytope
) -> None:
    rounded = propagate(network, domain, relaxation(name, bits))
    assert is_inside(run("exact", network, domain), rounded)
    first = next(i for i, layer in enumerate(network.layers) if layer != Identity(2))
    ends = [end for box in rounded.bounds[first + 1 :] for interval in box for end in interval]
    assert all((end * 2**bits).denominator == 1 for end in ends)


@given(network=small_networks, domain=domains)
def test_the_rounded_triangle_lies_in_the_rounded_relaxations_that_contain_it(
    network: Network, domain: Polytope
) -> None:
    rounded = propagate(network, domain, Triangle(bits=16))
    for name in ("ibp", "crown", "fastlin"):
        assert is_inside(rounded, propagate(network, domain, relaxation(name, 16)))


def test_intervals_and_deeppoly_are_not_comparable() -> None:
    # The tent on [-1, 1] has IBP [0, 2] and DP-1 [0, 3]; relu(x) - relu(x) on [0, 1] has
    # stable neurons, so that DP-1 cancels them and IBP cannot.
    domain = Polytope.box([-1], [1])
    assert not is_inside(run("dp1", tent(), domain), run("ibp", tent(), domain))
    difference = Network(
        (Affine.dense(matrix([[1], [1]]), vector([0, 0])), ReLU(2),
         Affine.dense(matrix([[1, -1]]), vector([0])))
    )  # fmt: skip
    unit = Polytope.box([0], [1])
    assert run("dp1", difference, unit).output == (Interval(Fraction(0), Fraction(0)),)
    assert run("ibp", difference, unit).output == (Interval(Fraction(-1), Fraction(1)),)


def test_a_hull_from_supports_is_the_hull_from_points() -> None:
    cross = Polytope.hull([[1, 0], [-1, 0], [0, 1], [0, -1]], 2)
    relaxed = propagate(Network((ReLU(2),)), cross, Triangle()).sets[0]
    assert not isinstance(relaxed, Polytope)
    assert explicit_polytope(relaxed) == cross


def test_bounds_of_neurons_may_come_from_another_relaxation() -> None:
    looser = propagate(
        tent(), Polytope.box([-1], [1]), replace(Triangle(), neurons=relaxation("ibp"))
    )
    assert is_inside(run("triangle", tent(), Polytope.box([-1], [1])), looser)
