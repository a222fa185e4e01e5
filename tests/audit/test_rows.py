"""Claimed rows of layers: by hand on a segment, and beside the vertices of all orthants."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Vector, dot
from polyrelax.audit.row_sets import (
    approached,
    layer_hull,
    rows_of_inputs,
    rows_of_neurons,
    volume_ratio,
)
from polyrelax.audit.rows import Role, claims_about, judged_rows, proof_of_row
from polyrelax.certificates.check import check
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.errors import (
    DimensionError,
    EmptySetError,
    FalseBoundError,
    ShapeError,
    UnboundedError,
)
from polyrelax.networks.layers import Neurons, ReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import polytopes

SEGMENT = Polytope.box([-1], [1])
ABOVE_ZERO = Constraint.at_most([0, -1], 0)
ABOVE_INPUT = Constraint.at_most([1, -1], 0)
UPPER = Constraint.at_most([-1, 2], 1)
AT_MOST_ONE = Constraint.at_most([0, 1], 1)
TINY = Fraction(1, 2**52)


def graph_of(domain: Polytope) -> Iterator[Vector]:
    """Yield the rectifiers' graph over the vertices of a polytope's part in each orthant."""
    for signs in product((-1, 1), repeat=domain.dim):
        sides = [
            Constraint.at_least([sign * (i == j) for i in range(domain.dim)], 0)
            for j, sign in enumerate(signs)
        ]
        part = domain & Polytope.intersection([*domain.description, *sides], domain.dim)
        yield from ((*x, *(max(s, Fraction(0)) for s in x)) for x in part.vertices)


@settings(max_examples=6, deadline=None)
@given(polytopes(dim=2), st.data())
def test_rows_of_hulls_with_a_coefficient_moved_are_what_all_vertices_say(
    domain: Polytope, data: st.DataObject
) -> None:
    hull = layer_hull(ReLU(2), domain)
    facets = [half for side in hull.constraints for half in side.halves()]
    step = data.draw(st.sampled_from([TINY, -TINY, Fraction(1, 1000), Fraction(-1, 1000)]))
    k = data.draw(st.integers(0, 4))
    moved = [
        Constraint(
            tuple(a + step * (j == k) for j, a in enumerate(f.normal)),
            f.offset + step * (k == 4),
        )
        for f in facets
    ]
    points = list(graph_of(domain))
    for found in judged_rows(ReLU(2), domain, moved):
        least = min(found.row.slack(point) for point in points)
        assert found.slack == least
        assert found.is_valid == (least >= 0)
        assert found.point[:2] in domain
        assert found.point[2:] == tuple(max(x, Fraction(0)) for x in found.point[:2])


@settings(max_examples=8, deadline=None)
@given(polytopes(dim=2))
def test_the_rows_of_a_hull_are_its_facets_and_equations_and_miss_nothing(
    domain: Polytope,
) -> None:
    hull = layer_hull(ReLU(2), domain)
    rows = [half for side in hull.constraints for half in side.halves()]
    found = list(judged_rows(ReLU(2), domain, rows))
    equations = sum(each.role is Role.EQUATION for each in found)
    assert equations == 2 * len(hull.equations)
    assert sum(each.role is Role.FACET for each in found) == len(rows) - equations
    assert not any(side.is_missing for side in approached(hull, rows))


@pytest.mark.parametrize(
    ("row", "role", "slack"),
    [
        (ABOVE_ZERO, Role.FACET, 0),
        (ABOVE_INPUT, Role.FACET, 0),
        (UPPER, Role.FACET, 0),
        (AT_MOST_ONE, Role.REDUNDANT, 0),
        (Constraint.at_most([-1, 2], 1 + TINY), Role.REDUNDANT, TINY),
        (Constraint.at_most([-1, 2], 1 - TINY), None, -TINY),
        (Constraint.at_most([0, 0], 1), Role.REDUNDANT, 1),
        (Constraint.at_most([0, 0], 0), Role.EQUATION, 0),
        (Constraint.at_most([0, 0], -1), None, -1),
    ],
)
def test_rows_of_a_rectifier_to_the_last_digit(
    row: Constraint, role: Role | None, slack: Fraction
) -> None:
    (found,) = judged_rows(ReLU(1), SEGMENT, [row])
    assert (found.role, found.slack) == (role, slack)
    x, y = found.point
    assert y == max(x, 0)
    assert found.moved.slack(found.point) == max(slack, 0)


def test_a_row_of_the_same_facet_repeats_the_first() -> None:
    twice = Constraint.at_most([-2, 4], 2)
    first, other, second = judged_rows(ReLU(1), SEGMENT, [UPPER, ABOVE_ZERO, twice])
    assert (first.role, other.role) == (Role.FACET, Role.FACET)
    assert (second.role, second.repeats) == (Role.REPEATED, 0)


def test_what_holds_with_equality_on_a_flat_graph_is_an_equation() -> None:
    always_on = Polytope.box([1], [2])
    below, above = Constraint.at_most([-1, 1], 0), Constraint.at_most([1, -1], 0)
    found = judged_rows(ReLU(1), always_on, [below, above, Constraint.at_most([1, 0], 2)])
    assert [each.role for each in found] == [Role.EQUATION, Role.EQUATION, Role.FACET]


@settings(max_examples=2, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=16, max_size=16))
def test_of_many_neurons_cases_find_the_least_slack_coordinate_by_coordinate(
    normal: list[int],
) -> None:
    # Over a box the form is a sum, each term greatest at -1, 0 or 2.
    terms = zip(normal[:8], normal[8:], strict=True)
    most = sum(max(-a, 0, 2 * a + 2 * c) for a, c in terms)
    row = Constraint.at_most(normal, 20)
    (found,) = judged_rows(ReLU(8), Polytope.box([-1] * 8, [2] * 8), [row])
    assert found.slack == 20 - most
    assert dot(row.normal, found.point) == most
    assert found.point[8:] == tuple(max(x, Fraction(0)) for x in found.point[:8])


def test_rows_of_other_neurons() -> None:
    larger = Neurons(2, ((Maximum(2), (0, 1)),))
    square = Polytope.box([0, 0], [1, 1])
    rows = [
        Constraint.at_most(*row) for row in (([1, 0, -1], 0), ([-1, -1, 1], 0), ([0, -1, 1], 0))
    ]
    found = list(judged_rows(larger, square, rows))
    assert [each.role for each in found] == [Role.FACET, Role.FACET, None]
    assert (found[2].slack, found[2].point) == (-1, (1, 0, 1))


def test_a_valid_row_has_a_certificate() -> None:
    claims = claims_about(ReLU(1), SEGMENT)
    proof = proof_of_row(claims, UPPER)
    problem = Problem(claims.network, SEGMENT)
    assert "exact: -1 v(0, 0) + 2 v(1, 0) <= 1" in check(
        StreamedCertificate(problem, (proof,)).dumps()
    )


def test_what_is_missing_has_its_gap_and_its_share_of_the_volume() -> None:
    hull = layer_hull(ReLU(1), SEGMENT)
    lower = [*rows_of_inputs(SEGMENT, 2), ABOVE_ZERO, ABOVE_INPUT]
    assert [side.gap for side in approached(hull, lower) if side.side == UPPER] == [None]
    with pytest.raises(UnboundedError):
        volume_ratio(hull, lower)
    # At (-1, 1) the row -x + 2 y <= 1 is exceeded by 2, its greatest coefficient; the area is
    # 2 less a triangle of 1/2, that of the hull 1/2.
    rows = [*lower, AT_MOST_ONE]
    assert [side.gap for side in approached(hull, rows) if side.side == UPPER] == [1]
    assert volume_ratio(hull, rows) == 3
    complete = [*lower, *rows_of_neurons(ReLU(1), SEGMENT)]
    assert {side.gap for side in approached(hull, complete)} == {0}
    assert volume_ratio(hull, complete) == 1


def test_rows_that_cut_off_points_are_refused_where_gaps_are_asked_for() -> None:
    with pytest.raises(FalseBoundError, match="cut off points with"):
        list(approached(layer_hull(ReLU(1), SEGMENT), [Constraint.at_most([-1, 2], 0)]))


def test_what_is_no_row_of_the_layer_is_refused() -> None:
    with pytest.raises(DimensionError):
        list(judged_rows(ReLU(1), SEGMENT, [Constraint.at_most([1], 1)]))
    with pytest.raises(ShapeError, match="found an equation"):
        list(judged_rows(ReLU(1), SEGMENT, [Constraint.equal([0, 1], 1)]))
    with pytest.raises(EmptySetError):
        list(judged_rows(ReLU(1), Polytope.empty(1), [UPPER]))
    with pytest.raises(ShapeError, match="flat hull"):
        volume_ratio(layer_hull(ReLU(1), Polytope.box([1], [2])), [])
