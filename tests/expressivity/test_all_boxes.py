from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.analysis.precision import exact_bounds, grid, imprecise, is_precise, segments
from polyrelax.arithmetic.interval import Interval
from polyrelax.errors import DimensionError, ShapeError, UnknownNameError
from polyrelax.expressivity.all_boxes import decide
from polyrelax.expressivity.end_bounds import Ends, range_on
from polyrelax.expressivity.end_relaxations import NAMES, bounds_by
from polyrelax.expressivity.piecewise import Piecewise, Range
from polyrelax.expressivity.some_boxes import imprecise_box
from polyrelax.networks.gallery import (
    absolute_value,
    convex_encoding,
    maximum,
    monotone_ramps,
    tent,
    tent_flattened,
    tent_merged,
)
from polyrelax.networks.network import Network, network
from polyrelax.networks.rewrite import reflect
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.strategies import networks

LINE: Range = (None, None)
RAMPS = monotone_ramps([(0, 0), (1, 2), (2, "5/2"), (3, 4)])

univariate = st.one_of(networks(in_dim=1, widths=(2, 1)), networks(in_dim=1, widths=(2, 2, 1)))


def test_a_decision_says_what_was_decided() -> None:
    assert str(decide(absolute_value(), "dp0", LINE)) == "precise on all intervals"
    refuted = decide(absolute_value(), "ibp")
    assert str(refuted) == f"not precise on {refuted.imprecise}"


def box(interval: Interval) -> Polytope:
    return Polytope.box([interval.lower], [interval.upper])


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15)
@given(
    net=univariate,
    ends=st.lists(st.fractions(-3, 3, max_denominator=4), min_size=2, max_size=2, unique=True),
)
def test_bounds_of_ends_are_those_of_the_relaxations(
    name: str, net: Network, ends: list[Fraction]
) -> None:
    lower, upper = sorted(ends)
    found = bounds_by(name)(net, Ends(lower, upper))
    expected = list(relaxation(name).sets(net, Polytope.box([lower], [upper])))[-1].bounds[0]
    assert (found.lower, found.upper) == expected
    exact = range_on(Piecewise.of_network(net), Ends(lower, upper))
    assert (exact.lower, exact.upper) == exact_bounds(net, Polytope.box([lower], [upper]))[0]


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=8)
@given(net=univariate)
def test_a_decision_agrees_with_the_relaxation_on_a_grid(name: str, net: Network) -> None:
    decision = decide(net, name)
    if decision.imprecise is None:
        assert not list(imprecise(net, segments(grid(-2, 2, 5)), relaxation(name)))
    else:
        assert not is_precise(net, box(decision.imprecise), relaxation(name))


@pytest.mark.parametrize(
    ("net", "within", "expected"),
    [
        (absolute_value(), LINE, "dp0 dp1 triangle p:1"),
        (RAMPS, (Fraction(0), Fraction(3)), "ibp dp0 triangle p:1"),
        (reflect(RAMPS), (Fraction(0), Fraction(3)), "dp1 triangle p:1"),
        (tent(), (Fraction(-1), Fraction(1)), ""),
        (tent_flattened(), LINE, "p:1"),
        (tent_merged(), LINE, "dp0 triangle p:1"),
        (reflect(tent_merged()), LINE, "dp1 triangle p:1"),
        (convex_encoding([-2, -1, 0, 1], [-1, 0, 1], "--+"), LINE, "dp0 triangle p:1"),
    ],
)
def test_precise_relaxations_of_networks_whose_proofs_are_known(
    net: Network, within: Range, expected: str
) -> None:
    precise = [name for name in NAMES if decide(net, name, within).is_precise]
    assert " ".join(precise) == expected


def test_a_decision_sees_what_a_grid_misses() -> None:
    # The two kinks are 1/1000 apart inside a cell of the grid; every box of the grid has both
    # or none, and both summands then rise from 0 or fall to it.
    net = network(([[1], [-1]], ["-1/3", "1003/3000"]), ([[1, 1]], [0]))
    cells = tuple(box(Interval(a, a + Fraction(1, 8))) for a in grid(0, 1, 8)[:2])
    assert not list(imprecise(net, cells, relaxation("ibp")))
    witness = decide(net, "ibp").imprecise
    assert witness is not None


def test_intervals_outside_the_domain_do_not_count() -> None:
    assert decide(absolute_value(), "ibp", (Fraction(0), None)).is_precise
    assert decide(absolute_value(), "ibp", (Fraction(-5), Fraction(0))).is_precise
    witness = decide(absolute_value(), "ibp", (Fraction(-1, 7), Fraction(1, 9))).imprecise
    assert witness is not None
    assert Interval(Fraction(-1, 7), Fraction(1, 9)).contains(witness)


def test_other_shapes_and_names_are_refused() -> None:
    with pytest.raises(DimensionError, match="2 inputs"):
        decide(maximum(2), "ibp")
    with pytest.raises(UnknownNameError, match="'crown', expected one of ibp"):
        decide(absolute_value(), "crown")


def test_a_box_that_refutes_is_found_in_two_dimensions() -> None:
    square = Polytope.box([0, 0], [1, 1])
    found = imprecise_box(maximum(2), square, relaxation("triangle"))
    assert found is not None
    assert not is_precise(maximum(2), found, relaxation("triangle"))
    assert imprecise_box(maximum(2), square, relaxation("p:1"), limit=30) is None


@pytest.mark.parametrize("within", [(Fraction(1), Fraction(-1)), (Fraction(0), Fraction(0))])
def test_a_range_without_intervals_is_refused(within: Range) -> None:
    with pytest.raises(ShapeError, match="expected the first to be less"):
        decide(absolute_value(), "ibp", within)
