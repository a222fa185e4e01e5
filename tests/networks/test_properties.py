from __future__ import annotations

from fractions import Fraction

import pytest

from polyrelax.arithmetic.rational import vector
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.properties import Case, Property, Row
from polyrelax.polytopes.polytope import Polytope

ONE = Fraction(1)
UNIT, HALF = Polytope.box([0, 0], [1, 1]), Polytope.box([0, 0], ["1/2", 1])


def row(offset: int, *, is_strict: bool = False) -> Row:
    """x1 - 2 y0 at most, or below, the offset."""
    return Row(((1, ONE),), ((0, Fraction(-2)),), Fraction(offset), is_strict)


def test_a_row_holds_on_its_boundary_unless_it_is_strict() -> None:
    inputs, outputs = vector([5, 1]), vector([1])
    assert row(-1).holds(inputs, outputs)
    assert not row(-1, is_strict=True).holds(inputs, outputs)
    assert row(0, is_strict=True).holds(inputs, outputs)


def test_rows_are_written_as_people_do() -> None:
    assert str(row(3)) == "x1 - 2 y0 <= 3"
    assert str(Row((), ((2, -ONE),), ONE / 2, is_strict=True)) == "-y2 < 1/2"
    assert str(Row((), (), ONE)) == "0 <= 1"


def test_a_case_holds_in_its_inputs_where_all_rows_do() -> None:
    case = Case(HALF, (row(-1), row(0)))
    assert case.holds(vector(["1/2", 1]), vector([1]))
    assert not case.holds(vector(["1/2", 1]), vector(["3/4"]))
    assert not case.holds(vector(["2/3", 1]), vector([1]))


def test_the_first_case_that_holds_is_found() -> None:
    property_ = Property(2, 1, (Case(HALF, (row(0),)), Case(UNIT)))
    at = [property_.case_at(vector(x), vector(y)) for x, y in (([0, 0], [0]), ([1, 0], [0]))]
    assert at == list(property_.cases)
    assert property_.case_at(vector([2, 0]), vector([0])) is None


def test_sets_of_inputs_are_told_apart_as_sets() -> None:
    same = Polytope.hull([[0, 0], [0, 1], [1, 0], [1, 1]], 2)
    property_ = Property(2, 1, (Case(UNIT), Case(HALF), Case(same), Case(UNIT)))
    assert property_.input_sets() == (UNIT, HALF)
    assert Property(2, 1, (Case(UNIT), Case(same))).input_set() == UNIT
    with pytest.raises(ShapeError, match="found 2 different sets of inputs, expected one"):
        property_.input_set()


@pytest.mark.parametrize(
    ("in_dim", "out_dim", "message"),
    [
        (3, 1, "case 1: found inputs of dimension 2, expected 3"),
        (2, 0, "found y0, expected fewer than 0 of them"),
    ],
)
def test_cases_fit_the_dimensions(in_dim: int, out_dim: int, message: str) -> None:
    with pytest.raises(DimensionError, match=message):
        Property(in_dim, out_dim, (Case(UNIT, (row(0),)),))
