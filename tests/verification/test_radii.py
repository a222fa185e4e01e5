r"""Certified radii: by hand, in their order, below every counterexample.

For the affine classifier :math:`y = Wx` the radius is :math:`(y_c - y_j) / \|W_c - W_j\|_1`,
which each method finds to its tolerance.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.interval import Interval
from polyrelax.certificates.forms import certify_forms
from polyrelax.errors import ShapeError, UnknownNameError
from polyrelax.networks.network import Network, network
from polyrelax.relaxations.barrier import (
    LP_ALL,
    LP_GREEDY,
    LP_LAST,
    METHODS,
    BarrierMethod,
    ProvedForms,
)
from polyrelax.relaxations.group_barrier import PAIRS
from polyrelax.verification import radii as module
from polyrelax.verification.attacks import attacked
from polyrelax.verification.balls import Labelled
from polyrelax.verification.radii import (
    EVERY,
    TOLERANCES,
    CertifiedRadius,
    Method,
    certified_radius,
    method_named,
    proved_at,
)
from tests.relaxations.test_array_triangle import convolutional_network, random_network

UNIT = Interval(Fraction(0), Fraction(1))


def radii(point: Labelled) -> list[CertifiedRadius]:
    return [certified_radius(point, method) for method in METHODS]


@pytest.mark.parametrize("method", METHODS)
def test_an_affine_classifier_has_the_radius_of_theory(method: BarrierMethod) -> None:
    """y = (2 x, x + 3 z) at (1, 0): y_0 - y_1 = x - 3 z = 1, and the 1-norm of it is 4."""
    plane = network(([[2, 0], [1, 3]], [0, 0]))
    found = certified_radius(Labelled.of(plane, (Fraction(1), Fraction(0))), method)
    assert found.radius < Fraction(1, 4) <= found.radius * (1 + TOLERANCES[method.name])


def test_clipping_lets_balls_grow() -> None:
    """y_0 - y_1 = x + 3 z is at least 1 - 4 e around (1, 0), and 1 - e where z >= 0."""
    flat = network(([[1, 0], [0, -3]], [0, 0]))
    free = certified_radius(Labelled.of(flat, (Fraction(1), Fraction(0))), LP_GREEDY)
    kept = certified_radius(Labelled.of(flat, (Fraction(1), Fraction(0)), clip=UNIT), LP_GREEDY)
    assert free.radius < Fraction(1, 4) < Fraction(99, 100) < kept.radius < 1


@pytest.mark.parametrize("seed", range(4))
def test_greedy_last_all_and_attack_are_in_order(seed: int) -> None:
    net = random_network(seed, 4, 9, 8, 3)
    point = Labelled.of(net, (Fraction(1, 3), Fraction(1, 2), Fraction(0), Fraction(1)))
    greedy, last, every = (found.radius for found in radii(point))
    attack = attacked(point)
    assert attack is not None
    assert 0 < greedy <= last <= every < attack.radius


def test_a_convolutional_network_has_radii_too() -> None:
    net = convolutional_network()
    point = Labelled.of(net, tuple(Fraction(j % 3, 2) for j in range(net.in_dim)))
    greedy, last, every = (found.radius for found in radii(point))
    assert 0 < greedy <= last <= every


def test_what_is_certified_is_proved_there() -> None:
    net = random_network(1, 4, 9, 8, 3)
    point = Labelled.of(net, (Fraction(1, 3),) * 4)
    for found in radii(point):
        assert found.proof is not None
        assert max(found.proof.values) < 0
        assert found.proof.domain == point.ball(found.radius)


def test_a_point_of_another_class_has_radius_0() -> None:
    net = random_network(1, 4, 9, 8, 3)
    right = Labelled.of(net, (Fraction(1, 3),) * 4)
    wrong = Labelled.of(net, right.center, right.others[0])
    for found in radii(wrong):
        assert found.radius == 0
        assert found.proof is None


@settings(max_examples=10)
@given(st.integers(0, 50), st.sampled_from(METHODS))
def test_no_radius_holds_a_counterexample(seed: int, method: BarrierMethod) -> None:
    net = random_network(seed, 3, 6, 5, 3)
    point = Labelled.of(net, (Fraction(1, 2),) * 3)
    found, attack = certified_radius(point, method), attacked(point)
    assert attack is None or found.radius < attack.radius


def test_a_proof_at_a_radius_is_there_or_not() -> None:
    plane: Network = network(([[1, 0], [0, 1]], [0, 0]))
    point = Labelled.of(plane, (Fraction(1), Fraction(0)))
    for method in (LP_GREEDY, LP_LAST, LP_ALL):
        assert proved_at(point, method, Fraction(49, 100)) is not None
        assert proved_at(point, method, Fraction(1, 2)) is None


@pytest.mark.parametrize("power", [-700, 700])
def test_networks_of_very_small_or_large_numbers_have_radii(power: int) -> None:
    scale = Fraction(2) ** power
    net = network(([[scale, 0], [0, scale]], [0, 0]), ([[1, 0], [0, 1]], [0, 0]))
    found = certified_radius(Labelled.of(net, (Fraction(1), Fraction(0))), LP_GREEDY)
    assert found.radius < Fraction(1, 2)
    if power > 0:  # else margins are less than the unit that bounds are rounded to
        assert found.radius > Fraction(49, 100)


def test_pairs_certify_more_than_single_neurons_can() -> None:
    net = random_network(4, 4, 9, 8, 3)
    point = Labelled.of(net, (Fraction(1, 3), Fraction(1, 2), Fraction(0), Fraction(1)))
    single, pairs = (certified_radius(point, method) for method in (LP_ALL, PAIRS))
    attack = attacked(point)
    assert attack is not None
    assert single.radius < pairs.radius < attack.radius
    assert pairs.proof is not None
    assert pairs.proof.trace.relaxation == "krelu:2"
    assert certify_forms(pairs.proof).values == pairs.proof.values


def test_methods_have_names() -> None:
    assert [method_named(method.name) for method in EVERY] == list(EVERY)
    with pytest.raises(UnknownNameError, match="found method 'lp-some', expected one of"):
        method_named("lp-some")


@pytest.mark.parametrize("tolerance", [0, -1, 2, Fraction(10**5000)])
def test_a_tolerance_is_above_0_and_at_most_1(tolerance: Fraction) -> None:
    point = Labelled.of(network(([[1, 0], [0, 1]], [0, 0])), (Fraction(1), Fraction(0)))
    for method in (LP_ALL, PAIRS):
        with pytest.raises(ShapeError, match="expected one above 0, at most 1"):
            certified_radius(point, method, tolerance)


@pytest.mark.parametrize("reach", ["1/1000", "1/5", "9/20"])
def test_where_proofs_reach_less_far_than_floats_they_say_where_they_fail(
    monkeypatch: pytest.MonkeyPatch, reach: str
) -> None:
    """y_0 - y_1 = x - z around (1, 0) is certified up to 1/2; proofs beyond ``reach`` fail."""
    plane = Labelled.of(network(([[1, 0], [0, 1]], [0, 0])), (Fraction(1), Fraction(0)))
    asked: list[Fraction] = []

    def short(point: Labelled, method: Method, radius: Fraction) -> ProvedForms | None:
        asked.append(radius)
        return proved_at(point, method, radius) if radius <= Fraction(reach) else None

    monkeypatch.setattr(module, "proved_at", short)
    tolerance = Fraction(1, 100)
    found = certified_radius(plane, LP_LAST, tolerance).radius
    fails = min(radius for radius in asked if radius > Fraction(reach))
    assert found <= Fraction(reach) < fails
    assert fails <= found * (1 + tolerance)
