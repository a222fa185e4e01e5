"""Counterexamples are exact, within the clip, and not far where theory knows the nearest."""

from __future__ import annotations

from fractions import Fraction

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.errors import TooLargeError
from polyrelax.networks.network import network
from polyrelax.verification.attacks import attacked, attacked_within
from polyrelax.verification.balls import Labelled
from tests.relaxations.test_array_triangle import convolutional_network, random_network

UNIT = Interval(Fraction(0), Fraction(1))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("clip", [None, UNIT])
def test_a_counterexample_is_one_exactly(seed: int, clip: Interval | None) -> None:
    net = random_network(seed, 4, 9, 8, 3)
    point = Labelled.of(
        net, (Fraction(1, 3), Fraction(1, 2), Fraction(0), Fraction(1)), clip=clip
    )
    found = attacked(point)
    if found is None:
        assert clip is not None
        return
    values = net(found.point)
    assert max(values[j] for j in point.others) >= values[point.label]
    assert found.radius == max(
        abs(a - b) for a, b in zip(found.point, point.center, strict=True)
    )
    assert clip is None or all(value in clip for value in found.point)


def test_the_nearest_counterexample_of_an_affine_classifier_is_nearly_found() -> None:
    """y_0 - y_1 = x - 3 z is 1 at (1, 0), and 0 first at the distance 1/4."""
    plane = network(([[2, 0], [1, 3]], [0, 0]))
    found = attacked(Labelled.of(plane, (Fraction(1), Fraction(0))))
    assert found is not None
    assert Fraction(1, 4) <= found.radius <= Fraction(26, 100)


def test_a_point_of_another_class_is_its_own_counterexample() -> None:
    net = convolutional_network()
    right = Labelled.of(net, (Fraction(1, 2),) * net.in_dim)
    found = attacked(Labelled.of(net, right.center, right.others[0]))
    assert found is not None
    assert (found.radius, found.point) == (0, right.center)


def test_where_there_is_none_none_is_found() -> None:
    constant = network(([[0], [0]], [1, 0]))
    assert attacked(Labelled.of(constant, (Fraction(1, 2),), clip=UNIT)) is None


def test_the_same_seed_finds_the_same() -> None:
    point = Labelled.of(random_network(1, 4, 9, 8, 3), (Fraction(1, 3),) * 4)
    assert attacked(point, 5) == attacked(point, 5)


def test_weights_beyond_all_floats_are_refused() -> None:
    steep = Labelled.of(network(([[10**400, 0], [0, 1]], [0, 0])), (Fraction(1), Fraction(0)))
    with pytest.raises(TooLargeError, match="found numbers beyond all floats"):
        attacked(steep)
    with pytest.raises(TooLargeError, match="found numbers beyond all floats"):
        attacked_within(steep, Fraction(1))
