r"""Affine maps :math:`x \mapsto Wx + b`, their rows stored sparsely, as convolutions need."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.linalg import Matrix
from polyrelax.arithmetic.rational import (
    ONE,
    ZERO,
    Scalar,
    SparseVector,
    Vector,
    matrix,
    sparse,
    vector,
)
from polyrelax.arithmetic.working_form import working_form
from polyrelax.errors import DimensionError
from polyrelax.networks.dimensions import require_dim
from polyrelax.networks.display import affine_latex, chain_latex, is_short


@final
@dataclass(frozen=True)
class Affine:
    """The map ``x -> (<rows[i], x> + bias[i])``.

    >>> layer = Affine.dense([[1, -1], [0, 2]], [0, "1/2"])
    >>> [str(value) for value in layer(vector([3, 1]))]
    ['2', '5/2']
    """

    rows: tuple[SparseVector, ...]
    bias: Vector
    in_dim: int

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.bias):
            raise DimensionError(
                f"found {len(self.rows)} rows and {len(self.bias)} biases, expected as many"
            )
        for i, row in enumerate(self.rows):
            if any(not 0 <= j < self.in_dim for j, _ in row):
                raise DimensionError(f"row {i} leaves the {self.in_dim} coordinates it reads")

    @classmethod
    def dense(
        cls, weight: Iterable[Iterable[Scalar]], bias: Iterable[Scalar] | None = None
    ) -> Affine:
        """Return the map with the given matrix, of one row or more, and bias (none: zero).

        >>> Affine.dense([[0, 3]]).rows
        (((1, Fraction(3, 1)),),)
        """
        exact = matrix(weight)
        if not exact:
            raise DimensionError("found a weight without rows, expected at least one")
        shift = (ZERO,) * len(exact) if bias is None else vector(bias)
        return cls(tuple(sparse(row) for row in exact), shift, len(exact[0]))

    @classmethod
    def select(cls, coordinates: Iterable[int], in_dim: int) -> Affine:
        """Return the map ``x -> (x[j] for j in coordinates)``.

        >>> [str(value) for value in Affine.select([1, 1, 0], 2)(vector([3, 4]))]
        ['4', '4', '3']
        """
        rows = tuple(((j, ONE),) for j in coordinates)
        return cls(rows, (ZERO,) * len(rows), in_dim)

    @property
    def out_dim(self) -> int:
        """The number of values that the layer gives."""
        return len(self.rows)

    @working_form
    def weight(self) -> tuple[Vector, ...]:
        """The matrix, as dense rows."""
        return tuple(_dense(row, self.in_dim) for row in self.rows)

    @working_form
    def matrix(self) -> Matrix:
        """The matrix, in the form that the kernels work with."""
        return Matrix.from_sparse_rows(self.rows, self.in_dim)

    @working_form
    def _scaled(self) -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
        """Each row as integers over one denominator."""
        return tuple(_scale_row(row) for row in self.rows)

    def __call__(self, x: Vector) -> Vector:
        """Return the value at ``x``, summed in integers: a fraction per row, not per term."""
        require_dim(x, self.in_dim)
        common = math.lcm(*(value.denominator for value in x))
        scaled = [value.numerator * (common // value.denominator) for value in x]
        return tuple(
            Fraction(sum(a * scaled[j] for j, a in row), common * denominator) + shift
            for (denominator, row), shift in zip(self._scaled, self.bias, strict=True)
        )

    def after(self, inner: Affine) -> Affine:
        """Return the map ``x -> self(inner(x))``.

        >>> double = Affine.dense([[2]], [1])
        >>> double.after(double) == Affine.dense([[4]], [3])
        True
        """
        if inner.out_dim != self.in_dim:
            raise DimensionError(
                f"the outer map reads {self.in_dim} values, the inner one gives {inner.out_dim}"
            )
        rows = tuple(_combine(row, inner.rows) for row in self.rows)
        return Affine(rows, self(inner.bias), inner.in_dim)

    def keep(self, neurons: Iterable[int]) -> Affine:
        """Return the map with every output but those of ``neurons`` replaced by zero.

        >>> Affine.dense([[1], [2]], [3, 4]).keep([1]) == Affine.dense([[0], [2]], [0, 4])
        True
        """
        kept = set(neurons)
        rows = tuple(row if i in kept else () for i, row in enumerate(self.rows))
        bias = tuple(b if i in kept else ZERO for i, b in enumerate(self.bias))
        return Affine(rows, bias, self.in_dim)

    def __repr__(self) -> str:
        return f"Affine({self.in_dim} -> {self.out_dim})"

    def _repr_latex_(self) -> str:
        if not is_short(self.in_dim, self.out_dim):
            return chain_latex((self.in_dim, self.out_dim), ["Affine"])
        return affine_latex(self.weight, self.bias)


def _dense(row: SparseVector, dim: int) -> Vector:
    entries = [ZERO] * dim
    for j, value in row:
        entries[j] = value
    return tuple(entries)


def _scale_row(row: SparseVector) -> tuple[int, tuple[tuple[int, int], ...]]:
    common = math.lcm(*(value.denominator for _, value in row))
    return common, tuple((j, a.numerator * (common // a.denominator)) for j, a in row)


def _combine(row: SparseVector, rows: tuple[SparseVector, ...]) -> SparseVector:
    """Return the sum of ``rows[j]`` times the entry ``j`` of ``row``."""
    if len(row) == 1 and row[0][1] == 1:
        return rows[row[0][0]]
    total: dict[int, Fraction] = {}
    for j, factor in row:
        for k, value in rows[j]:
            total[k] = total.get(k, ZERO) + factor * value
    return tuple((k, value) for k, value in sorted(total.items()) if value)
