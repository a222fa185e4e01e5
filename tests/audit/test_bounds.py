"""Claimed bounds, by hand on the tent and against exact ranges of random networks.

The tent has the values 1 to 2 on [-1, 1], and 2 at 0 alone.
"""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.audit.bounds import ClaimedBound, Judged, Soundness, judged
from polyrelax.certificates.check import check
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.gallery import tent
from polyrelax.networks.network import Network, network
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.strategies import networks

SEGMENT = Polytope.box([-1], [1])
TINY = Fraction(1, 2**52)


def of_tent(sign: int, value: Fraction, layer: int = 5, coordinate: int = 0) -> Judged:
    trace = propagate(tent(), SEGMENT, relaxation("triangle"))
    (found,) = judged(trace, SEGMENT, [ClaimedBound(layer, coordinate, sign, value)])
    return found


@pytest.mark.parametrize(
    ("sign", "value", "verdict"),
    [
        (1, Fraction(2), "sound"),
        (1, 2 - TINY, "refuted"),
        (1, 2 + TINY, "sound"),
        (-1, Fraction(1), "sound"),
        (-1, 1 + TINY, "refuted"),
        (-1, 1 - TINY, "sound"),
    ],
)
def test_bounds_of_the_tent_to_the_last_digit(sign: int, value: Fraction, verdict: str) -> None:
    found = of_tent(sign, value)
    assert found.verdict == verdict
    attained = tent()(found.point)[0]
    assert attained == found.attained
    assert found.missing == (TINY if verdict == "refuted" else 0)


def test_what_only_cases_prove_has_a_row_with_a_certificate() -> None:
    found = of_tent(-1, Fraction(1))  # the triangle says 0
    assert found.row is not None
    made = StreamedCertificate(Problem(tent(), SEGMENT), (found.row,)).dumps()
    assert "exact: -1 v(5, 0) <= -1" in check(made)


def test_values_of_neurons_and_inputs_are_judged_too() -> None:
    assert of_tent(1, Fraction(1), layer=2).verdict is Soundness.SOUND
    assert of_tent(1, Fraction(99, 100), layer=2).verdict is Soundness.REFUTED
    assert of_tent(-1, Fraction(-1), layer=0).verdict is Soundness.SOUND
    assert of_tent(-1, Fraction(0), layer=0).verdict is Soundness.REFUTED


@pytest.mark.parametrize(("layer", "coordinate"), [(6, 0), (5, 1), (-1, 0)])
def test_values_that_there_are_not_are_refused(layer: int, coordinate: int) -> None:
    with pytest.raises(DimensionError):
        of_tent(1, Fraction(1), layer, coordinate)


def test_a_bound_is_on_one_side() -> None:
    with pytest.raises(ShapeError, match="found the sign 2"):
        ClaimedBound(0, 0, 2, Fraction(0))


@settings(deadline=None, max_examples=60)
@given(networks(2), st.integers(-3, 3), st.sampled_from((1, -1)))
def test_a_claim_is_sound_if_and_only_if_the_exact_range_keeps_it(
    net: Network, moved: int, sign: int
) -> None:
    square = Polytope.box([-1, 0], [1, 1])
    ((low, high),) = exact_range(net, square)
    end = high if sign > 0 else low
    claim = ClaimedBound(len(net.layers), 0, sign, end + moved * TINY)
    trace = propagate(net, square, relaxation("crown"))
    (found,) = judged(trace, square, [claim])
    assert found.verdict == ("sound" if sign * moved >= 0 else "refuted")
    if found.verdict is Soundness.REFUTED:
        assert net(found.point)[0] == found.attained
        assert found.point in square


def test_on_a_polytope_extreme_points_are_tried() -> None:
    triangle = Polytope.hull([(0, 0), (1, 0), (0, 1)], 2)
    plus = network(([[1, 1]], [0]))
    trace = propagate(plus, triangle, relaxation("triangle"))
    (found,) = judged(trace, triangle, [ClaimedBound(1, 0, 1, Fraction(99, 100))])
    assert (found.verdict, found.attained) == ("refuted", 1)
