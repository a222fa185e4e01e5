from __future__ import annotations

from fractions import Fraction

import sympy
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.linalg import Matrix, determinant, kernel, rank, row_echelon, solve
from polyrelax.arithmetic.rational import Vector, dot, vector

entries = st.fractions(min_value=-3, max_value=3, max_denominator=4)


def matrices(rows: int, columns: int) -> st.SearchStrategy[tuple[Vector, ...]]:
    row = st.tuples(*[entries] * columns)
    return st.tuples(*[row] * rows)


def as_sympy(rows: tuple[Vector, ...]) -> sympy.Matrix:
    return sympy.Matrix([[sympy.Rational(v.numerator, v.denominator) for v in r] for r in rows])


@given(matrices(3, 4))
def test_rank_and_nullity_add_up_to_the_columns(rows: tuple[Vector, ...]) -> None:
    null = kernel(rows, 4)
    assert rank(rows, 4) == as_sympy(rows).rank() == 4 - len(null) == 4 - rank(null, 4)
    assert all(dot(row, vector_) == 0 for row in rows for vector_ in null)


@given(matrices(3, 3))
def test_determinant_is_sympys(rows: tuple[Vector, ...]) -> None:
    expected = as_sympy(rows).det()
    assert determinant(rows) == Fraction(int(expected.p), int(expected.q))


@given(matrices(3, 3), st.tuples(entries, entries, entries))
def test_solve_finds_the_solution_or_the_matrix_is_singular(
    rows: tuple[Vector, ...], right: Vector
) -> None:
    solution = solve(rows, right)
    if solution is None:
        assert determinant(rows) == 0
    else:
        assert tuple(dot(row, solution) for row in rows) == right


@given(matrices(2, 3))
def test_row_echelon_spans_the_same_space(rows: tuple[Vector, ...]) -> None:
    echelon = row_echelon(rows, 3)
    assert rank((*rows, *echelon), 3) == rank(rows, 3) == len(echelon)


@given(matrices(2, 3))
def test_a_matrix_is_its_positive_part_minus_that_of_its_negative(
    rows: tuple[Vector, ...],
) -> None:
    a = Matrix.from_rows(rows, 3)
    assert (a.positive_part - (-a).positive_part).rows == rows
    assert all(entry >= 0 for entry in a.positive_part.entries)


def test_scale_columns_multiplies_by_a_diagonal() -> None:
    a = Matrix.from_rows([vector([1, 2]), vector([3, 4])], 2)
    assert a.scale_columns(vector([10, "1/2"])).rows == (vector([10, 1]), vector([30, 2]))
