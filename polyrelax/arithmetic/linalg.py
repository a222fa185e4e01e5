"""Linear algebra over the rationals; FLINT inside, never outside.

:class:`Matrix` keeps a matrix in FLINT's form between operations, which is what the
kernels work with; the functions below it take and return tuples of rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Final, final

import flint

from polyrelax.arithmetic.arguments import (
    dimension,
    exact_vector,
    listed,
    require,
    sparse_vector,
)
from polyrelax.arithmetic.rational import ZERO, SparseVector, Vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import ArgumentError, DimensionError, TooLargeError

_NONE: Final = flint.fmpq(0)
_MOST_ENTRIES: Final = 100_000_000
"""FLINT ends the process where memory ends; as many entries take 1.6 GB."""


def _fmpq(value: Fraction) -> flint.fmpq:
    return flint.fmpq(value.numerator, value.denominator)


def _fraction(value: flint.fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def _different(first: Matrix, second: Matrix) -> DimensionError:
    return DimensionError(f"found shapes {first.shape} and {second.shape}, expected one")


def _require_room(rows: int, columns: int) -> None:
    if rows * columns > _MOST_ENTRIES:
        found = f"found a matrix of shape {rows} x {columns}"
        raise TooLargeError(f"{found}, expected at most {_MOST_ENTRIES} entries")


@final
class Matrix:
    """An immutable rational matrix.

    >>> swap = Matrix.from_rows([(Fraction(0), Fraction(1)), (Fraction(1), Fraction(0))], 2)
    >>> swap @ swap == Matrix.identity(2)
    True
    """

    __slots__ = ("_data",)

    def __init__(self, data: flint.fmpq_mat) -> None:
        if not isinstance(data, flint.fmpq_mat):
            require(data, flint.fmpq_mat)
        self._data: Final = data

    @classmethod
    def from_rows(cls, rows: Sequence[Vector], columns: int) -> Matrix:
        """Return the matrix with the given rows, each of length ``columns``."""
        width = dimension(columns, "a number of columns")
        known = [exact_vector(row, "a row") for row in listed(rows, "rows")]
        for row in known:
            if len(row) != width:
                raise DimensionError(f"found a row of length {len(row)}, expected {width}")
        entries = [_fmpq(value) for row in known for value in row]
        return cls(flint.fmpq_mat(len(known), width, entries))

    @classmethod
    def from_sparse_rows(cls, rows: Sequence[SparseVector], columns: int) -> Matrix:
        """Return the matrix whose rows have the given nonzero entries."""
        width = dimension(columns, "a number of columns")
        known = [sparse_vector(row, width) for row in listed(rows, "rows")]
        _require_room(len(known), width)
        data = flint.fmpq_mat(len(known), width)
        for i, row in enumerate(known):
            for j, value in row:
                data[i, j] = _fmpq(value)
        return cls(data)

    @classmethod
    def column(cls, entries: Vector) -> Matrix:
        """Return ``entries`` as a matrix of one column."""
        known = exact_vector(entries, "a column")
        return cls(flint.fmpq_mat(len(known), 1, [_fmpq(value) for value in known]))

    @classmethod
    def identity(cls, dim: int) -> Matrix:
        """Return the identity matrix."""
        _require_room(dimension(dim, "a size"), dim)
        return cls.from_sparse_rows([((i, Fraction(1)),) for i in range(dim)], dim)

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return (self._data.nrows(), self._data.ncols())

    @property
    def rows(self) -> tuple[Vector, ...]:
        """The rows, as tuples of fractions."""
        return tuple(tuple(_fraction(value) for value in row) for row in self._data.tolist())

    @property
    def entries(self) -> Vector:
        """All entries, row by row."""
        return tuple(_fraction(value) for value in self._data.entries())

    @property
    def transpose(self) -> Matrix:
        """The transposed matrix."""
        return Matrix(self._data.transpose())

    def __matmul__(self, other: Matrix) -> Matrix:
        if not isinstance(other, Matrix):
            return NotImplemented
        if self.shape[1] != other.shape[0]:
            raise DimensionError(f"cannot multiply {self.shape} by {other.shape}")
        return Matrix(self._data * other._data)

    def __add__(self, other: Matrix) -> Matrix:
        if not isinstance(other, Matrix):
            return NotImplemented
        try:
            return Matrix(self._data + other._data)
        except ValueError:
            raise _different(self, other) from None

    def __sub__(self, other: Matrix) -> Matrix:
        if not isinstance(other, Matrix):
            return NotImplemented
        try:
            return Matrix(self._data - other._data)
        except ValueError:
            raise _different(self, other) from None

    def __neg__(self) -> Matrix:
        return Matrix(-self._data)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Matrix):
            return NotImplemented
        return self.shape == other.shape and self._data == other._data

    def __hash__(self) -> int:
        return hash((self.shape, self.entries))

    def __reduce__(self) -> tuple[Callable[..., Matrix], tuple[tuple[Vector, ...], int]]:
        return (Matrix.from_rows, (self.rows, self.shape[1]))  # FLINT's own cannot be pickled

    def __repr__(self) -> str:
        return f"Matrix of {amount(self.shape[0], 'row')} and {amount(self.shape[1], 'column')}"

    @property
    def positive_part(self) -> Matrix:
        """The matrix of the entries ``max(a, 0)``."""
        entries = [value if value > 0 else _NONE for value in self._data.entries()]
        return Matrix(flint.fmpq_mat(*self.shape, entries))

    def scale_columns(self, factors: Vector) -> Matrix:
        """Return the matrix whose column ``j`` is multiplied by ``factors[j]``."""
        scales = [_fmpq(factor) for factor in exact_vector(factors, "factors")]
        if len(scales) != self.shape[1]:
            raise DimensionError(f"found {len(scales)} factors, expected {self.shape[1]}")
        rows = self._data.tolist()
        entries = [a * s for row in rows for a, s in zip(row, scales, strict=True)]
        return Matrix(flint.fmpq_mat(*self.shape, entries))

    def rank(self) -> int:
        """Return the rank."""
        return int(self._data.rref()[1])

    def echelon(self) -> Matrix:
        """Return the nonzero rows of the reduced row echelon form."""
        reduced, rank = self._data.rref()
        entries = reduced.entries()[: rank * self.shape[1]]
        return Matrix(flint.fmpq_mat(rank, self.shape[1], entries))

    def solve(self, right: Matrix) -> Matrix | None:
        """Return the ``X`` with ``self @ X == right``, or ``None`` if ``self`` is singular."""
        require(right, Matrix)
        if not self.shape[0] == self.shape[1] == right.shape[0]:
            found = f"found matrices of the shapes {self.shape} and {right.shape}"
            raise DimensionError(f"{found}, expected a square one and as many rows")
        try:
            return Matrix(self._data.solve(right._data))
        except ZeroDivisionError:
            return None


def rank(rows: Iterable[Vector], columns: int) -> int:
    """Return the dimension of the span of ``rows``.

    >>> rank([(Fraction(1), Fraction(2)), (Fraction(2), Fraction(4))], 2)
    1
    """
    return Matrix.from_rows(listed(rows, "rows"), columns).rank()


def row_echelon(rows: Iterable[Vector], columns: int) -> tuple[Vector, ...]:
    """Return the reduced row echelon basis of the span of ``rows``.

    >>> row_echelon([(Fraction(2), Fraction(4))], 2)
    ((Fraction(1, 1), Fraction(2, 1)),)
    """
    return Matrix.from_rows(listed(rows, "rows"), columns).echelon().rows


def kernel(rows: Iterable[Vector], columns: int) -> tuple[Vector, ...]:
    """Return a basis of the vectors orthogonal to every row.

    >>> kernel([(Fraction(1), Fraction(2))], 2)
    ((Fraction(-2, 1), Fraction(1, 1)),)
    """
    echelon = row_echelon(rows, columns)
    pivots = [next(j for j, value in enumerate(row) if value) for row in echelon]
    free = [j for j in range(columns) if j not in set(pivots)]
    return tuple(_kernel_vector(echelon, pivots, j, columns) for j in free)


def _kernel_vector(
    echelon: tuple[Vector, ...], pivots: Sequence[int], free: int, columns: int
) -> Vector:
    entries = [ZERO] * columns
    entries[free] = Fraction(1)
    for pivot, row in zip(pivots, echelon, strict=True):
        entries[pivot] = -row[free]
    return tuple(entries)


def determinant(rows: Sequence[Vector]) -> Fraction:
    """Return the determinant of a square matrix given by its rows.

    >>> determinant([(Fraction(1), Fraction(2)), (Fraction(3), Fraction(4))])
    Fraction(-2, 1)
    """
    known = listed(rows, "rows")
    return _fraction(Matrix.from_rows(known, len(known))._data.det())


def integer_determinant(rows: Sequence[Sequence[int]]) -> int:
    """Return the determinant of a square matrix of integers given by its rows.

    >>> integer_determinant([(1, 2), (3, 4)])
    -2
    """
    known = [listed(row, "a row") for row in listed(rows, "rows")]
    if not all(isinstance(entry, int) for row in known for entry in row):
        raise ArgumentError("found an entry of another kind, expected integers")
    if any(len(row) != len(known) for row in known):
        raise DimensionError(f"found a row of another length, expected {len(known)}")
    return int(flint.fmpz_mat(known).det()) if known else 1


def meeting_point(rows: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return where ``n`` hyperplanes of ``n``-space meet, as coprime integers ``(w, w x)``.

    A row ``(b, a)`` stands for ``b + <a, x> = 0``.  Raises :class:`ZeroDivisionError` unless
    they meet in one point.

    >>> meeting_point([(-1, 2, 0), (1, 0, 3)])
    (6, 3, -2)
    """
    known = [listed(row, "a row") for row in listed(rows, "rows")]
    if not all(isinstance(entry, int) for row in known for entry in row):
        raise ArgumentError("found an entry of another kind, expected integers")
    if any(len(row) != len(known) + 1 for row in known):
        raise DimensionError(f"found a row of another length, expected {len(known) + 1}")
    if not known:
        return (1,)
    matrix = flint.fmpz_mat([row[1:] for row in known])
    right = flint.fmpz_mat([[-row[0]] for row in known])
    point = [_fraction(value) for value in matrix.solve(right).entries()]
    common = math.lcm(*(value.denominator for value in point))
    return (common, *(v.numerator * (common // v.denominator) for v in point))


def solve(rows: Sequence[Vector], right: Vector) -> Vector | None:
    """Return the solution of a square system, or ``None`` if its matrix is singular.

    >>> solve([(Fraction(2),)], (Fraction(1),))
    (Fraction(1, 2),)
    """
    known = exact_vector(right, "a right side")
    solution = Matrix.from_rows(rows, len(known)).solve(Matrix.column(known))
    return None if solution is None else solution.entries
