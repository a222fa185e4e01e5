"""Wrong proposals cost time, never the result."""

from __future__ import annotations

from fractions import Fraction

import flint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import SparseVector
from polyrelax.lp import LinearProgram, Optimizer, Proposal
from polyrelax.lp._factored import Factored
from polyrelax.lp._integer_program import IntegerProgram, numbers
from polyrelax.lp._simplex import Dictionary, Optimal, Simplex
from polyrelax.lp._tableau import Tableau
from tests.lp.programs import (
    Fixed,
    at_most,
    basis,
    cdd_maximum,
    form,
    program,
    programs,
    proves,
    summary,
    tasks,
)

# The square [0,2]^2 without the corner beyond x + y <= 3; rows are variables 2 and 3.
CUT_SQUARE = program([0, 0], [2, 2], at_most(3, 1, 1), at_most(6, 2, 2))


def test_the_right_basis_takes_no_exchange() -> None:
    # x at its upper bound 2 and row 0 active: y = 1.
    session = Optimizer(CUT_SQUARE, basis([1, 3], at_upper=[0]))
    optimum = session.maximum(form(2, 1))
    assert (optimum.value, session.exchanges) == (5, 0)
    assert optimum.multipliers == ((0, Fraction(1)),)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(basis([2, 3]), id="the worst vertex"),
        pytest.param(basis([2, 3], at_upper=[0, 1]), id="a point outside"),
        pytest.param(basis([0, 3]), id="a feasible vertex"),
    ],
)
def test_a_wrong_basis_is_repaired_by_exact_exchanges(wrong: Fixed) -> None:
    session = Optimizer(CUT_SQUARE, wrong)
    optimum = session.maximum(form(2, 1))
    assert optimum.proves_maximum(CUT_SQUARE, form(2, 1))
    assert optimum.value == 5
    assert session.exchanges > 0


@pytest.mark.parametrize(
    "unusable",
    [
        pytest.param(Fixed(None), id="no idea"),
        pytest.param(basis([0, 1]), id="singular: both rows are parallel"),
        pytest.param(basis([0]), id="too few basic variables"),
        pytest.param(basis(range(4)), id="too many basic variables"),
        pytest.param(basis([0, 2, 17]), id="a variable that is none"),
    ],
)
def test_an_unusable_basis_is_replaced_by_the_last_one(unusable: Fixed) -> None:
    session = Optimizer(CUT_SQUARE, unusable)
    assert session.maximum(form(2, 1)).value == 5
    assert session.exchanges > 0
    assert session.maximum(form(2, 1)).value == 5
    assert session.exchanges == 0


@given(tasks(), st.data())
def test_any_basis_leads_to_cddlibs_optimum(
    task: tuple[LinearProgram, tuple[SparseVector, ...]], data: st.DataObject
) -> None:
    polyhedron, (objective, *_) = task
    rows = len(polyhedron.rows)
    everything = range(polyhedron.dim + rows)
    basic = data.draw(st.sets(st.sampled_from(everything), min_size=rows, max_size=rows))
    upper = data.draw(st.sets(st.sampled_from(everything)))
    outcome = Optimizer(polyhedron, basis(basic, upper)).maximize(objective)
    assert proves(outcome, polyhedron, objective)
    assert summary(outcome) == cdd_maximum(polyhedron, objective)


@given(tasks())
def test_blands_rule_alone_ends_at_the_same_optimum(
    task: tuple[LinearProgram, tuple[SparseVector, ...]],
) -> None:
    polyhedron, (objective, *_) = task
    integer = IntegerProgram.of(polyhedron)
    simplex = Simplex(integer, Tableau(integer), nearest_zero(integer))
    simplex.patience = 0
    verdict = simplex.maximize(numbers(objective))
    expected = cdd_maximum(polyhedron, objective)
    assert isinstance(verdict, Optimal) == isinstance(expected, Fraction)


def nearest_zero(integer: IntegerProgram) -> dict[int, flint.fmpq]:
    ends = zip(integer.lower, integer.upper, strict=True)
    candidates = [lower if lower is not None else upper for lower, upper in ends]
    return {j: candidates[j] or flint.fmpq(0) for j in range(integer.dim)}


@given(programs(), st.data())
def test_tableau_and_linear_systems_describe_the_same_bases(
    polyhedron: LinearProgram, data: st.DataObject
) -> None:
    integer = IntegerProgram.of(polyhedron)
    everything = range(len(integer.lower))
    tableau = Tableau(integer)
    for _ in range(data.draw(st.integers(0, 3))):
        leaving = {
            b: v for v in everything if v not in tableau.basic for b in tableau.column(v)
        }
        if not leaving:
            break
        b = data.draw(st.sampled_from(sorted(leaving)))
        tableau.exchange(b, leaving[b])
    systems: Dictionary = Factored(integer, tableau.basic)
    nonbasic = [v for v in everything if v not in tableau.basic]
    one = flint.fmpq(1)
    assert {v: tableau.form({v: one}) for v in everything} == {
        v: systems.form({v: one}) for v in everything
    }
    assert [tableau.column(v) for v in nonbasic] == [systems.column(v) for v in nonbasic]
    values = {v: flint.fmpq(v + 1, 3) for v in nonbasic}
    assert tableau.evaluate(values) == systems.evaluate(values)


def test_a_proposal_is_asked_for_once_per_question() -> None:
    class Counting:
        def __init__(self) -> None:
            self.questions = 0

        def propose(self, objective: object) -> Proposal | None:
            self.questions += 1
            return None

    proposer = Counting()
    session = Optimizer(CUT_SQUARE, proposer)
    session.maximize(form(1, 0))
    session.certified_upper(form(1, 0))
    assert proposer.questions == 2
