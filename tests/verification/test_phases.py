"""Cases decided by branch and bound on unstable neurons, against exact ranges and by hand."""

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.check import check
from polyrelax.networks.network import Network, network
from polyrelax.networks.properties import Case, Property, Row
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import networks
from polyrelax.verification import halves, verify
from polyrelax.verification.phases import Phases, least_slack
from polyrelax.verification.verdict_certificates import certificate
from polyrelax.verification.verdicts import Holds, PhaseTree
from polyrelax.verification.verify import verified

SQUARE = Polytope.box([-1, -1], [1, 1])
TINY = Fraction(1, 10**12)


def at_least(value: Fraction, *, j: int = 0, is_strict: bool = False) -> Row:
    return Row((), ((j, -ONE),), -value, is_strict)


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.integers(-3, 3)), min_size=1)
)
def test_the_least_slack_is_the_least_of_what_is_left(
    rows: Sequence[tuple[int, int, int]],
) -> None:
    given_rows = [
        Row((), ((0, Fraction(a)), (1, Fraction(b))), Fraction(c)) for a, b, c in rows
    ]
    net = least_slack(given_rows, 2)
    for x, y in ((0, 0), (1, -2), (-3, 5)):
        point = Fraction(x), Fraction(y)
        assert net(point) == (min(c - a * x - b * y for a, b, c in rows),)


@settings(deadline=None, max_examples=25)
@given(networks(2), st.booleans())
def test_a_case_occurs_if_and_only_if_the_exact_range_reaches_it(
    net: Network, is_strict: bool
) -> None:
    ((_, high),) = exact_range(net, SQUARE)
    phases = Phases(net)
    for value in (high - TINY, high, high + TINY):
        case = Case(SQUARE, (at_least(value, is_strict=is_strict),))
        assert phases.can_decide(case)
        found = phases.decide(case, lambda: None)
        occurs = value < high or (value == high and not is_strict)
        if occurs:
            assert isinstance(found, tuple)
            assert case.holds(found, net(found))
        else:
            assert isinstance(found, PhaseTree)


@settings(deadline=None, max_examples=20)
@given(st.integers(-8, 8), st.integers(-8, 8), st.booleans())
def test_rows_that_hold_together_only_between_their_values(
    low: int, high: int, is_strict: bool
) -> None:
    """Of ``|x|`` on ``[-1, 2]``: a value in ``[low/4, high/4]`` that is taken, or none."""
    net, segment = network(([[1], [-1]], [0, 0]), ([[1, 1]], [0])), Polytope.box([-1], [2])
    ends = Fraction(low, 4), Fraction(high, 4)
    rows = at_least(ends[0], is_strict=is_strict), Row((), ((0, ONE),), ends[1], is_strict)
    case = Case(segment, rows)
    found = Phases(net).decide(case, lambda: None)
    zero, two = Fraction(0), Fraction(2)
    least, most = max(ends[0], zero), min(ends[1], two)
    expected = least <= most
    if is_strict:  # 0 is taken by itself, 2 too
        expected = ends[0] < most and least < ends[1] and ends[0] < ends[1]
    assert isinstance(found, tuple) is expected
    if isinstance(found, tuple):
        assert case.holds(found, net(found))


def test_hard_boxes_are_decided_by_phases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(halves, "_PATIENCE", 0)
    monkeypatch.setattr(verify, "FEW", 0)
    generator = np.random.default_rng(7)
    words = []
    for _ in range(6):
        weights = [generator.integers(-4, 5, shape) for shape in ((4, 2), (4, 4), (1, 4))]
        net = network(*((w.tolist(), [0] * len(w)) for w in weights))
        ((low, high),) = exact_range(net, SQUARE)
        for value in (high, high + Fraction(1, 16), high + (high - low) / 2 + TINY):
            found = verified(net, Property(2, 1, (Case(SQUARE, (at_least(value),)),)))
            assert found.word == ("violated" if value == high else "holds")
            words.append(isinstance(found, Holds) and found.trees == (None,))
    assert any(words)  # some boxes were settled so, which has no certificate


def test_robustness_on_many_inputs_is_proved_where_one_bound_is_not_enough() -> None:
    """The second output of the network is ``relu(s) - relu(s - 1/2) <= 1/2``, s a sum."""
    many = 80
    net = network(([[1] * many] * 2, [0, "-1/2"]), ([[0, 0], [1, -1]], ["51/100", 0]))
    cube = Polytope.box([-1] * many, [1] * many)
    greater = Row((), ((0, ONE), (1, -ONE)), Fraction(0))
    property_ = Property(many, 2, (Case(cube, (greater,)),))
    found = verified(net, property_)
    assert isinstance(found, Holds)
    (tree,) = found.trees
    assert isinstance(tree, PhaseTree)
    assert tree.leaves > 1
    told = check(certificate(net, property_, found) or "")
    assert told.startswith("exact: -1 v(3, 0) + 1 v(3, 1) <= -")


def test_a_search_that_is_ended_leaves_a_case_unknown() -> None:
    net = network(([[1] * 80] * 2, [0, "-1/2"]), ([[1, -1]], [0]))
    property_ = Property(
        80, 1, (Case(Polytope.box([-1] * 80, [1] * 80), (at_least(Fraction(3, 5)),)),)
    )
    assert verified(net, property_, ended=partial(bool, 1)).word == "unknown"
