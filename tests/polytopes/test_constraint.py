from fractions import Fraction

import pytest
from hypothesis import given

from polyrelax.arithmetic.rational import Vector, vector
from polyrelax.errors import InexactInputError
from polyrelax.polytopes.constraint import Constraint
from polyrelax.strategies import constraints, vectors


def test_slack_is_the_distance_in_the_units_of_the_offset() -> None:
    constraint = Constraint.at_most([1, 2], 5)
    assert constraint.slack(vector([1, 1])) == 2
    assert constraint.slack(vector([5, 1])) == -2


def test_an_equation_holds_on_its_hyperplane_only() -> None:
    equation = Constraint.equal([1, -1], 0)
    assert equation.is_satisfied_by(vector([3, 3]))
    assert not equation.is_satisfied_by(vector([2, 3]))
    assert not equation.is_satisfied_by(vector([3, 2]))


def test_primitive_has_coprime_integers() -> None:
    assert Constraint.at_most(["2/3", "-4/3"], 2).primitive() == Constraint.at_most([1, -2], 3)


def test_primitive_keeps_the_direction_of_an_inequality_and_not_of_an_equation() -> None:
    assert Constraint.at_most([-2], 4).primitive() == Constraint.at_most([-1], 2)
    assert Constraint.equal([-2], 4).primitive() == Constraint.equal([1], -2)


def test_a_zero_constraint_is_primitive() -> None:
    zero = Constraint.equal([0, 0], 0)
    assert zero.primitive() == zero


@given(constraint=constraints(2), point=vectors(2))
def test_primitive_is_the_same_set(constraint: Constraint, point: Vector) -> None:
    assert constraint.primitive().is_satisfied_by(point) == constraint.is_satisfied_by(point)


@given(constraint=constraints(2), point=vectors(2))
def test_the_halves_say_the_same(constraint: Constraint, point: Vector) -> None:
    halves = constraint.halves()
    assert not any(half.is_equation for half in halves)
    expected = constraint.is_satisfied_by(point)
    assert all(half.is_satisfied_by(point) for half in halves) == expected


@given(constraint=constraints(2), point=vectors(2))
def test_embedding_ignores_the_other_coordinates(constraint: Constraint, point: Vector) -> None:
    embedded = constraint.embed([2, 0], 3)
    larger = (point[1], Fraction(7), point[0])
    assert embedded.slack(larger) == constraint.slack(point)


def test_floats_are_refused() -> None:
    with pytest.raises(InexactInputError, match=r"0\.1 is inexact"):
        Constraint.at_most([0.1], 0)  # type: ignore[list-item]


@pytest.mark.parametrize(
    ("constraint", "text", "latex"),
    [
        (Constraint.at_most([1, "-1/2"], 3), "x0 - 1/2 x1 <= 3", r"x_{0} - 1/2 x_{1} \le 3"),
        (Constraint.equal([0, -1], -1), "-x1 == -1", r"-x_{1} = -1"),
        (Constraint.at_most([0], -1), "0 <= -1", r"0 \le -1"),
    ],
)
def test_constraints_read_as_in_a_book(constraint: Constraint, text: str, latex: str) -> None:
    assert (str(constraint), constraint.latex()) == (text, latex)
