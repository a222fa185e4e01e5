from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from polyrelax.arithmetic.rational import vector
from polyrelax.errors import DimensionError, EmptySetError
from polyrelax.lp import Infeasible, LinearProgram, Optimum, Unbounded, dual_bound
from tests.lp.programs import at_most, equal, form, program

ZERO, ONE = Fraction(0), Fraction(1)
# The triangle with corners (0,0), (2,0), (0,1).
TRIANGLE = program([0, 0], [None, None], at_most(2, 1, 2))


def test_bounds_must_be_equally_many() -> None:
    with pytest.raises(DimensionError, match="found 1 lower and 2 upper bounds"):
        LinearProgram((ZERO,), (ZERO, ONE))


def test_crossed_bounds_are_refused() -> None:
    with pytest.raises(EmptySetError, match="variable 1 has bounds 1 > 0"):
        program([0, 1], [0, 0])


@pytest.mark.parametrize("bad", [((2, ONE),), ((-1, ONE),), ((0, ONE), (0, ONE))])
def test_rows_name_variables_of_the_program_once(bad: tuple[tuple[int, Fraction], ...]) -> None:
    with pytest.raises(DimensionError, match="expected distinct below 2"):
        replace(TRIANGLE, rows=(replace(TRIANGLE.rows[0], coefficients=bad),))


@pytest.mark.parametrize(
    ("point", "inside"),
    [([0, 1], True), ([1, "1/2"], True), ([1, "2/3"], False), ([-1, 0], False), ([0], False)],
)
def test_contains_checks_bounds_rows_and_dimension(point: list[int], inside: bool) -> None:
    assert TRIANGLE.contains(vector(point)) == inside


def test_recession_respects_bounds_rows_and_equations() -> None:
    cone = program([0, None], [None, None], at_most(0, -1, 1))
    assert cone.recedes(vector([1, 1]))
    assert not cone.recedes(vector([1, 2]))
    assert not cone.recedes(vector([-1, -1]))
    line = program([None, None], [None, None], equal(1, 1, -1))
    assert line.recedes(vector([1, 1]))
    assert not line.recedes(vector([1, 0]))


def test_multipliers_and_bounds_of_variables_prove_a_bound_together() -> None:
    # x + y = (x + 2y) - y <= 2 - 0, while half the row leaves x/2, which is unbounded.
    assert dual_bound(TRIANGLE, form(1, 1), ((0, ONE),)) == 2
    assert dual_bound(TRIANGLE, form(1, 1), ((0, Fraction(1, 2)),)) is None


def test_a_negative_multiplier_proves_nothing_for_an_inequality_only() -> None:
    line = program([0, 0], [1, 1], equal(1, 1, 1))
    assert dual_bound(line, form(-1, 0), ((0, -ONE),)) == 0
    assert dual_bound(replace(TRIANGLE, upper=(ONE, ONE)), form(-1, 0), ((0, -ONE),)) is None


def test_an_optimum_needs_its_value_its_point_and_its_multipliers() -> None:
    good = Optimum(Fraction(2), vector([2, 0]), ((0, ONE),))
    assert good.proves_maximum(TRIANGLE, form(1, 1))
    assert good.proves_minimum(TRIANGLE, form(-1, -1)) is False
    assert replace(good, value=Fraction(-2)).proves_minimum(TRIANGLE, form(-1, -1))
    for bad in (
        replace(good, value=Fraction(3)),
        replace(good, point=vector([3, -1])),
        replace(good, point=vector([0, 1])),
        replace(good, multipliers=((0, Fraction(2)),)),
        replace(good, multipliers=()),
    ):
        assert not bad.proves_maximum(TRIANGLE, form(1, 1))


def test_farkas_multipliers_add_up_to_a_contradiction() -> None:
    # x + y <= -1 within x, y >= 0.
    empty = program([0, 0], [None, None], at_most(-1, 1, 1))
    assert Infeasible(((0, ONE),)).proves_empty(empty)
    assert not Infeasible(()).proves_empty(empty)
    assert not Infeasible(((0, ONE),)).proves_empty(TRIANGLE)


def test_a_ray_proves_unboundedness_of_what_it_increases() -> None:
    quadrant = program([0, 0], [None, None])
    evidence = Unbounded(vector([0, 0]), vector([1, 0]))
    assert evidence.proves_no_maximum(quadrant, form(1, -1))
    assert evidence.proves_no_minimum(quadrant, form(-1, -1))
    assert not evidence.proves_no_maximum(quadrant, form(0, 1))
    assert not evidence.proves_no_maximum(TRIANGLE, form(1, 0))
    assert not replace(evidence, point=vector([-1, 0])).proves_no_maximum(quadrant, form(1, 0))
