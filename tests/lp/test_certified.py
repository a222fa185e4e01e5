"""Certified bounds hold whatever the multipliers were."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import SparseVector
from polyrelax.errors import EmptySetError, UnboundedError
from polyrelax.lp import LinearProgram, Optimizer, Optimum, dual_bound
from polyrelax.lp._highs import Highs
from polyrelax.lp._integer_program import IntegerProgram
from tests.lp.programs import Fixed, at_most, basis, chain, equal, form, program, tasks

NAN, INFINITY = float("nan"), float("inf")
# x + y <= 1 in the unit square, then twice x - y == 0.
SQUARE = program([0, 0], [1, 1], at_most(1, 1, 1), equal(0, 2, -2))


@pytest.mark.parametrize(
    ("multipliers", "expected"),
    [
        pytest.param((1.0, 0.0), 1, id="the row itself"),
        pytest.param((0.0, 0.0), 2, id="the box alone"),
        pytest.param((0.5, 0.0), Fraction(3, 2), id="half of each"),
        # The residual of y = (1, -1/4) is (1/2, -1/2).
        pytest.param((1.0, -0.25), Fraction(3, 2), id="a negative one of an equation"),
        pytest.param((-1.0, 0.0), 2, id="a negative one of an inequality is put to 0"),
        pytest.param((NAN, INFINITY), 2, id="what is not finite is put to 0"),
        pytest.param((1e300, 0.0), 2, id="never worse than the box"),
        pytest.param((1.0, 5e-324), 1, id="what is below the precision is dropped"),
    ],
)
def test_bounds_by_hand(multipliers: tuple[float, float], expected: Fraction) -> None:
    session = Optimizer(SQUARE, basis([2, 3], multipliers=multipliers))
    assert session.certified_upper(form(1, 1)) == expected
    assert session.certified_lower(form(-1, -1)) == -expected


@given(tasks(bounded=True), st.lists(st.floats(), min_size=4, max_size=4))
def test_any_floats_give_a_valid_bound_no_worse_than_the_box(
    task: tuple[LinearProgram, tuple[SparseVector, ...]], floats: list[float]
) -> None:
    polyhedron, (objective, *_) = task
    proposer = basis(range(100), multipliers=floats[: len(polyhedron.rows)])
    bound = Optimizer(polyhedron, proposer).certified_upper(objective)
    box = dual_bound(polyhedron, objective, ())
    assert box is not None
    assert bound <= box
    outcome = Optimizer(polyhedron).maximize(objective)
    assert not isinstance(outcome, Optimum) or bound >= outcome.value


@given(tasks())
def test_bounds_from_highs_lie_above_the_maximum_and_below_the_minimum(
    task: tuple[LinearProgram, tuple[SparseVector, ...]],
) -> None:
    polyhedron, objectives = task
    session = Optimizer(polyhedron, Highs(IntegerProgram.of(polyhedron)))
    for objective in objectives:
        if isinstance(session.maximize(objective), Optimum):
            assert session.certified_upper(objective) >= session.maximum(objective).value
        if isinstance(session.minimize(objective), Optimum):
            assert session.certified_lower(objective) <= session.minimum(objective).value


def test_dyadic_optimal_multipliers_prove_the_maximum_itself() -> None:
    # x_0 <= ... <= x_20 <= 1: all multipliers of the maximum of x_0 are 1.
    task = chain(20, 0, 1)
    session = Optimizer(task)
    assert not session.uses_tableau
    assert session.certified_upper(form(1)) == 1
    assert session.certified_lower(form(*[0] * 20, 1)) == 0


def test_highs_proposes_multipliers_of_the_right_sign() -> None:
    session = Optimizer(SQUARE, Highs(IntegerProgram.of(SQUARE)))
    assert session.certified_upper(form(1, 1)) == 1
    # The equation has multiplier -1/2: -x - y = -(2x - 2y)/2 - 2y <= 0.
    tilted = program([-1, 0], [1, 1], equal(0, 2, -2))
    session = Optimizer(tilted, Highs(IntegerProgram.of(tilted)))
    assert session.certified_lower(form(1, 1)) == 0


def test_a_negative_multiplier_of_an_inequality_is_not_believed() -> None:
    # It would "prove" x + y <= -5 + 2 + 2 from the row x + y <= 5.
    task = program([0, 0], [1, 1], at_most(5, 1, 1))
    session = Optimizer(task, basis([2], multipliers=[-1.0]))
    assert session.certified_upper(form(1, 1)) == 2


def test_without_a_proposal_the_box_bounds() -> None:
    session = Optimizer(SQUARE, Fixed(None))
    assert session.certified_upper(form(1, 1)) == 2
    assert session.maximum(form(1, 1)).value == 1


def test_where_a_missing_bound_meets_a_residual_the_exact_maximum_is_taken() -> None:
    # 3x <= 1 has the multiplier 1/3, which no float is; x has no bound of its own.
    task = program([None], [None], at_most(1, 3))
    session = Optimizer(task, Highs(IntegerProgram.of(task)))
    assert session.certified_upper(form(1)) == Fraction(1, 3)
    with pytest.raises(UnboundedError):
        session.certified_lower(form(1))


def test_small_programs_certify_their_exact_maximum() -> None:
    task = program([0, 0], [1, 1], at_most(1, 3, 1))
    assert Optimizer(task).certified_upper(form(1, 0)) == Fraction(1, 3)
    with pytest.raises(EmptySetError):
        Optimizer(program([0], [1], at_most(-1, 1))).certified_upper(form(1))
