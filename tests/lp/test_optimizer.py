from __future__ import annotations

import pickle
import random
from fractions import Fraction

import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import SparseVector, vector
from polyrelax.errors import DimensionError, EmptySetError, UnboundedError
from polyrelax.lp import (
    Infeasible,
    LinearProgram,
    Optimizer,
    Optimum,
    Proposer,
    Unbounded,
    feasible_point,
    maximize,
    minimize,
)
from polyrelax.lp._highs import Highs
from polyrelax.lp._integer_program import IntegerProgram
from tests.lp.programs import (
    Fixed,
    at_most,
    cdd_maximum,
    chain,
    equal,
    form,
    program,
    proves,
    summary,
    tasks,
)


def highs(task: LinearProgram) -> Proposer:
    return Highs(IntegerProgram.of(task))


def sessions(task: LinearProgram) -> list[Optimizer]:
    """Every way to solve one program: a tableau, HiGHS, and linear systems alone."""
    return [
        Optimizer(task),
        Optimizer(task, highs(task)),
        Optimizer(task, Fixed(None)),
    ]


# Program, objective, maximum; each by hand.
OPTIMA: dict[str, tuple[LinearProgram, tuple[int | str, ...], int | str]] = {
    "corner": (program([0, 0], [None, None], at_most(4, 1, 2), at_most(3, 1, 1)), (1, 1), 3),
    "fractional": (program([0, 0], [1, 1], at_most(1, 3, 0), at_most(1, 1, 2)), (1, 1), "2/3"),
    "equation": (program([0, 0], [None, None], equal(1, 1, 1)), (1, 2), 2),
    "free variables": (
        program([None] * 2, [None] * 2, at_most(1, 1, 1), at_most(1, 1, -1)),
        (1, 0),
        1,
    ),
    "fixed variable": (program([2, 0], [2, None], at_most(3, 1, 1)), (1, 1), 3),
    "all fixed": (program([2, 3], [2, 3], equal(5, 1, 1)), (1, -1), -1),
    "empty row": (program([0], [7], at_most(1, 0), equal(0, 0)), (1,), 7),
    "no rows": (program([-1, -1], [2, 3]), (1, -1), 3),
    "no variables": (program([], []), (), 0),
    "no variables, a row": (program([], [], at_most(1)), (), 0),
    "zero objective": (program([1], [2], at_most(3, 2)), (0,), 0),
    "redundant equations": (program([0, 0], [1, 1], equal(1, 1, 1), equal(2, 2, 2)), (1, 0), 1),
    "degenerate vertex": (
        program([0, 0], [1, 1], *(at_most(2, 1, 1) for _ in range(3)), at_most(3, 2, 1)),
        (1, 1),
        2,
    ),
    # Beale's program, on which the steepest rule cycles: optimum at (1/25, 0, 1, 0).
    "beale": (
        program(
            [0] * 4,
            [None] * 4,
            at_most(0, "1/4", -60, "-1/25", 9),
            at_most(0, "1/2", -90, "-1/50", 3),
            at_most(1, 0, 0, 1, 0),
        ),
        ("3/4", -150, "1/50", -6),
        "1/20",
    ),
    # Klee and Minty's cube in dimension 3: optimum 5^3 at (0, 0, 125).
    "klee-minty": (
        program(
            [0] * 3,
            [None] * 3,
            at_most(5, 1),
            at_most(25, 4, 1),
            at_most(125, 8, 4, 1),
        ),
        (4, 2, 1),
        125,
    ),
}


@pytest.mark.parametrize("name", OPTIMA)
def test_optima_by_hand(name: str) -> None:
    task, coefficients, expected = OPTIMA[name]
    objective = form(*coefficients)
    for session in sessions(task):
        optimum = session.maximum(objective)
        assert optimum.value == Fraction(expected)
        assert optimum.proves_maximum(task, objective)
        assert (
            session.minimum(form(*(-Fraction(c) for c in coefficients))).value == -optimum.value
        )


@pytest.mark.parametrize(
    "task",
    [
        program([0, 0], [None, None], at_most(-1, 1, 1)),
        program([None] * 2, [None] * 2, equal(0, 1, 1), equal(1, 1, 1)),
        program([0, 0], [1, 1], at_most("-1/1000000000000", 1, 1)),
        program([0], [1], at_most(-1, 0)),
        program([], [], equal(1)),
        chain(20, 1, 0),
    ],
)
def test_empty_programs_have_farkas_multipliers(task: LinearProgram) -> None:
    for session in sessions(task):
        outcome = session.maximize(())
        assert isinstance(outcome, Infeasible)
        assert outcome.proves_empty(task)
        assert session.feasible_point() is None
        with pytest.raises(EmptySetError):
            session.minimum(())


@pytest.mark.parametrize(
    ("task", "objective"),
    [
        (program([None], [None]), form(1)),
        (program([0, 0], [None, None], at_most(1, 1, -1)), form(1, 0)),
        (program([None] * 2, [None] * 2, equal(1, 1, 1)), form(1, -1)),
        (chain(20, 1, None), form(*[0] * 20, 1)),
    ],
)
def test_unbounded_objectives_have_a_ray(task: LinearProgram, objective: SparseVector) -> None:
    for session in sessions(task):
        outcome = session.maximize(objective)
        assert isinstance(outcome, Unbounded)
        assert outcome.proves_no_maximum(task, objective)
        with pytest.raises(UnboundedError):
            session.maximum(objective)


@given(tasks())
def test_every_outcome_proves_itself_and_is_cddlibs(
    task: tuple[LinearProgram, tuple[SparseVector, ...]],
) -> None:
    polyhedron, objectives = task
    for session in sessions(polyhedron):
        for objective in objectives:
            outcome = session.maximize(objective)
            assert proves(outcome, polyhedron, objective)
            assert summary(outcome) == cdd_maximum(polyhedron, objective)


@given(tasks())
def test_a_minimum_is_minus_the_maximum_of_the_opposite(
    task: tuple[LinearProgram, tuple[SparseVector, ...]],
) -> None:
    polyhedron, (objective, *_) = task
    outcome = minimize(polyhedron, objective)
    opposite = maximize(polyhedron, tuple((j, -c) for j, c in objective))
    match outcome:
        case Optimum():
            assert outcome.proves_minimum(polyhedron, objective)
            assert summary(opposite) == -outcome.value
        case Unbounded():
            assert outcome.proves_no_minimum(polyhedron, objective)
        case Infeasible():
            assert summary(opposite) == "infeasible"


@given(tasks())
def test_a_feasible_point_is_in_the_program(
    task: tuple[LinearProgram, tuple[SparseVector, ...]],
) -> None:
    polyhedron, _ = task
    point = feasible_point(polyhedron)
    expected = cdd_maximum(polyhedron, ())
    assert (expected == "infeasible") if point is None else polyhedron.contains(point)


def test_objectives_name_variables_of_the_program() -> None:
    session = Optimizer(program([0], [1]))
    for ask in (session.maximize, session.minimize, session.certified_upper):
        with pytest.raises(DimensionError, match="expected distinct below 1"):
            ask(((1, Fraction(1)),))


def wide_program(size: int) -> LinearProgram:
    """A dense program with a point inside, too large for the tableau."""
    rng = random.Random(size)
    rows = [
        at_most(rng.randint(1, 99), *(rng.randint(-9, 9) for _ in range(size)))
        for _ in range(size)
    ]
    return program([-1] * size, [10] * size, *rows)


def test_small_programs_use_the_tableau_and_large_ones_the_proposals() -> None:
    assert Optimizer(OPTIMA["beale"][0]).uses_tableau
    assert not Optimizer(wide_program(20)).uses_tableau


def test_bases_of_highs_are_confirmed_without_any_exchange() -> None:
    task = wide_program(20)
    session, exchanges = Optimizer(task), []
    for j in range(task.dim):
        objective = ((j, Fraction(1)), ((j + 1) % task.dim, Fraction(-2)))
        assert session.maximum(objective).proves_maximum(task, objective)
        exchanges.append(session.exchanges)
    assert exchanges == [0] * task.dim


def test_a_second_equal_question_takes_no_exchange() -> None:
    task, coefficients, _ = OPTIMA["klee-minty"]
    session = Optimizer(task)
    first = session.maximum(form(*coefficients))
    assert session.exchanges > 0
    assert session.maximum(form(*coefficients)) == first
    assert session.exchanges == 0


@pytest.mark.parametrize("task", [OPTIMA["beale"][0], wide_program(20)])
def test_a_pickled_session_answers_the_same(task: LinearProgram) -> None:
    session = Optimizer(task)
    copy = pickle.loads(pickle.dumps(session))
    assert copy.program == task
    assert copy.uses_tableau == session.uses_tableau
    assert copy.maximize(form(1)) == session.maximize(form(1))


def test_weights_of_a_million_need_the_scaling() -> None:
    # u = 10^6 x + 1, v = 10^6 u - 10^12 x: so v = 10^6 whatever x is.
    task = program(
        [0, None, None],
        [1, None, None],
        equal(1, -(10**6), 1, 0),
        equal(0, 10**12, -(10**6), 1),
    )
    for session in sessions(task):
        assert session.maximum(form(0, 0, 1)).value == 10**6
        assert session.minimum(form(0, 0, 1)).value == 10**6


def test_optima_that_floats_cannot_tell_apart() -> None:
    # With a = 2^60 the rows cross at x = y = a/(2a+1), better than (a/(a+1), 0) by 2^-61.
    a = 2**60
    task = program([0, 0], [1, 1], at_most(a, a + 1, a), at_most(a, a, a + 1))
    for session in sessions(task):
        optimum = session.maximum(form(1, 1))
        assert optimum.value == Fraction(2 * a, 2 * a + 1)
        assert optimum.point == vector([Fraction(a, 2 * a + 1)] * 2)


def test_numbers_beyond_the_floats() -> None:
    # 10^400 x + y <= 10^400 and y <= 1: x + y is greatest at y = 1.
    big = 10**400
    task = program([0, 0], [1, 1], at_most(big, big, 1))
    for session in sessions(task):
        assert session.maximum(form(1, 1)).value == 2 - Fraction(1, big)
        assert session.certified_upper(form(big, big)) >= 2 * big - 1
