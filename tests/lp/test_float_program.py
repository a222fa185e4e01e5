"""What is proposed in floats, and what becomes of programs without an optimum."""

from __future__ import annotations

import numpy as np

from polyrelax.lp.float_program import FloatProgram, FloatSolver, proposed_multipliers


def program(upper: float, limit: float) -> FloatProgram:
    """Return x + y <= limit for x and y from 0 to an upper bound."""
    return FloatProgram(
        np.zeros(2),
        np.full(2, upper),
        np.array([0, 2]),
        np.array([0, 1]),
        np.ones(2),
        np.array([-np.inf]),
        np.array([limit]),
    )


def test_multipliers_of_many_objectives_are_those_of_each() -> None:
    objectives = np.array([[1.0, 2.0], [-1.0, -1.0], [3.0, 3.0]])
    found = proposed_multipliers(program(np.inf, 1.0), objectives)
    assert found.tolist() == [[2.0], [0.0], [3.0]]


def test_infeasible_and_unbounded_programs_have_no_multipliers() -> None:
    one = np.array([[1.0, 1.0], [-1.0, 0.0]])
    assert np.isnan(proposed_multipliers(program(1.0, -1.0), one)).all()
    unbounded = proposed_multipliers(program(np.inf, np.inf), one)
    assert np.isnan(unbounded[0]).all()
    assert unbounded[1].tolist() == [0.0]


def test_no_objectives_have_no_multipliers() -> None:
    assert proposed_multipliers(program(1.0, 1.0), np.zeros((0, 2))).shape == (0, 1)


def grown() -> FloatProgram:
    """Return x + y <= 1 and y - z >= 0 for x, y and z from 0 on: one column and row more."""
    return FloatProgram(
        np.zeros(3),
        np.full(3, np.inf),
        np.array([0, 2, 4]),
        np.array([0, 1, 1, 2]),
        np.array([1.0, 1.0, 1.0, -1.0]),
        np.array([-np.inf, 0.0]),
        np.array([1.0, np.inf]),
    )


def test_a_program_that_has_grown_is_answered_as_if_it_were_new() -> None:
    """Of x + 2 y + 3 z the maximum is 5, at y = z = 1: 5 (x + y) - 3 (y - z), and 4 x more."""
    solver, small, objective = FloatSolver(), program(np.inf, 1.0), np.array([[1.0, 2.0, 3.0]])
    assert grown().extends(small)
    assert proposed_multipliers(small, objective[:, :2], solver).tolist() == [[2.0]]
    assert proposed_multipliers(grown(), objective, solver).tolist() == [[5.0, -3.0]]
    assert proposed_multipliers(grown(), objective).tolist() == [[5.0, -3.0]]


def test_a_program_that_is_another_is_answered_from_the_start() -> None:
    solver, objective = FloatSolver(), np.array([[1.0, 2.0]])
    assert proposed_multipliers(program(np.inf, 1.0), objective, solver).tolist() == [[2.0]]
    other = program(3.0, 4.0)  # x + 2 y <= (x + y) + y
    assert not other.extends(program(np.inf, 1.0))
    assert proposed_multipliers(other, objective, solver).tolist() == [[1.0]]
