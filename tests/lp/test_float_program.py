"""What is proposed in floats, and what becomes of programs without an optimum."""

from __future__ import annotations

import numpy as np

from polyrelax.lp.float_program import FloatProgram, proposed_multipliers


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
