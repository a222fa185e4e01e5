r"""Affine layers: maps :math:`x \mapsto Wx + b` with exact numbers.

The matrix is stored by its sparse rows, so that convolutions are affine layers too: as
fractions (:mod:`polyrelax.networks.rows`), or as arrays of doubles, each of which is the
dyadic rational that it is (:mod:`polyrelax.networks.double_rows`).  Equal maps are equal
values whichever way they are stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, final

from polyrelax.arithmetic.arguments import dimension, exact_vector, listed, require, whole
from polyrelax.arithmetic.linalg import Matrix
from polyrelax.arithmetic.rational import (
    ONE,
    ZERO,
    Scalar,
    SparseVector,
    Vector,
    dense_vector,
    matrix,
    shown,
    sparse,
    vector,
)
from polyrelax.arithmetic.words import amount
from polyrelax.arithmetic.working_form import working_form
from polyrelax.errors import ArgumentError, DimensionError
from polyrelax.networks.dimensions import point_of
from polyrelax.networks.display import affine_latex, chain_latex, is_short
from polyrelax.networks.rows import RationalRows, Rows, is_same, product

if TYPE_CHECKING:  # numpy takes longer to import than most small networks to bound
    import numpy as np
    import numpy.typing as npt

    from polyrelax.arithmetic.integer_matrix import IntegerMatrix

_HASHED: Final = 64


@final
@dataclass(frozen=True, init=False, eq=False, repr=False)
class Affine:
    """The map ``x -> (<rows[i], x> + bias[i])``.

    >>> layer = Affine.dense([[1, -1], [0, 2]], [0, "1/2"])
    >>> [str(value) for value in layer(vector([3, 1]))]
    ['2', '5/2']
    """

    stored: Rows
    bias: Vector

    def __init__(
        self,
        rows: Iterable[Iterable[tuple[int, Scalar]]],
        bias: Iterable[Scalar],
        in_dim: int,
    ) -> None:
        width = dimension(in_dim, "a number of inputs")
        self._store(RationalRows.of(listed(rows, "rows"), width), exact_vector(bias, "a bias"))

    def _store(self, stored: Rows, bias: Vector) -> None:
        if stored.out_dim != len(bias):
            found = (
                f"found {amount(stored.out_dim, 'row')} and "
                f"{amount(len(bias), 'bias', 'biases')}"
            )
            raise DimensionError(f"{found}, expected the same number")
        object.__setattr__(self, "stored", stored)
        object.__setattr__(self, "bias", bias)

    @classmethod
    def of_rows(cls, stored: Rows, bias: Vector) -> Affine:
        """Return the map with a matrix that is stored already.

        >>> Affine.of_rows(RationalRows((((0, ONE),),), 2), (ONE,))
        Affine(2 -> 1)
        """
        if not hasattr(type(stored), "picks"):
            raise ArgumentError(f"found {shown(stored)}, expected rows that are stored")
        layer = cls.__new__(cls)
        layer._store(stored, exact_vector(bias, "a bias"))
        return layer

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
        rows = tuple(sparse(row) for row in exact)
        return cls.of_rows(RationalRows(rows, len(exact[0])), shift)

    @classmethod
    def of_doubles(
        cls,
        weight: npt.NDArray[np.floating],
        bias: npt.NDArray[np.floating] | None = None,
    ) -> Affine:
        """Return the map of a matrix and a bias of floats, exactly as they are.

        No fraction is made of the matrix.  Raises :class:`NotANumberError` for an entry that
        is not finite, :class:`InexactInputError` for types that float64 does not hold.

        >>> import numpy as np
        >>> Affine.of_doubles(np.array([[0.5]])) == Affine.dense([["1/2"]])
        True
        """
        from polyrelax.networks.double_rows import DoubleRows, vector_of  # noqa: PLC0415

        stored = DoubleRows.of_dense(weight)
        return cls.of_rows(stored, vector_of(bias, stored.out_dim))

    @classmethod
    def of_sparse_doubles(
        cls,
        starts: npt.NDArray[np.int64],
        columns: npt.NDArray[np.int64],
        values: npt.NDArray[np.floating],
        bias: npt.NDArray[np.floating] | None = None,
        *,
        in_dim: int,
    ) -> Affine:
        """Return the map of compressed sparse rows of floats, exactly as they are.

        Row ``i`` has ``values[k]`` in column ``columns[k]`` for ``k`` from ``starts[i]`` up to,
        and without, ``starts[i + 1]``.

        >>> import numpy as np
        >>> ends, entries = np.array([0, 0, 2]), np.array([2.0, 1.0])
        >>> Affine.of_sparse_doubles(ends, np.array([2, 0]), entries, in_dim=3).rows
        ((), ((0, Fraction(1, 1)), (2, Fraction(2, 1))))
        """
        from polyrelax.networks.double_rows import DoubleRows, vector_of  # noqa: PLC0415

        stored = DoubleRows.of_arrays(starts, columns, values, in_dim)
        return cls.of_rows(stored, vector_of(bias, stored.out_dim))

    @classmethod
    def select(cls, coordinates: Iterable[int], in_dim: int) -> Affine:
        """Return the map ``x -> (x[j] for j in coordinates)``.

        >>> [str(value) for value in Affine.select([1, 1, 0], 2)(vector([3, 4]))]
        ['4', '4', '3']
        """
        rows = tuple(
            ((whole(j, "a coordinate"), ONE),) for j in listed(coordinates, "coordinates")
        )
        return cls(rows, (ZERO,) * len(rows), in_dim)

    @property
    def in_dim(self) -> int:
        """The number of values that the layer reads."""
        return self.stored.in_dim

    @property
    def out_dim(self) -> int:
        """The number of values that the layer gives."""
        return len(self.bias)

    @property
    def rows(self) -> tuple[SparseVector, ...]:
        """The matrix, as sparse rows."""
        return self.stored.rows

    @working_form
    def weight(self) -> tuple[Vector, ...]:
        """The matrix, as dense rows."""
        return tuple(dense_vector(row, self.in_dim) for row in self.rows)

    @working_form
    def matrix(self) -> Matrix:
        """The matrix, in the form that the kernels work with."""
        return Matrix.from_sparse_rows(self.rows, self.in_dim)

    @working_form
    def column(self) -> Matrix:
        """The bias, in the form that the kernels work with."""
        return Matrix.column(self.bias)

    @working_form
    def diagonal(self) -> Vector | None:
        """The diagonal of the matrix if there is nothing else in it, or ``None``.

        >>> Affine.dense([[2, 0], [0, 0]]).diagonal, Affine.dense([[0, 1]]).diagonal
        ((Fraction(2, 1), Fraction(0, 1)), None)
        """
        picks = self.stored.picks
        if picks is None or self.in_dim != self.out_dim:
            return None
        if any(pick is not None and pick[0] != j for j, pick in enumerate(picks)):
            return None
        return tuple(ZERO if pick is None else pick[1] for pick in picks)

    @working_form
    def _integers(self) -> tuple[IntegerMatrix, IntegerMatrix]:
        from polyrelax.arithmetic.integer_matrix import IntegerMatrix  # noqa: PLC0415

        return self.stored.integers(), IntegerMatrix.column(self.bias)

    def integers(self) -> tuple[IntegerMatrix, IntegerMatrix]:
        """Return the matrix and the bias as limbs, made once.

        >>> [part.shape for part in Affine.dense([[1, "1/2", 3]], [4]).integers()]
        [(1, 3), (1, 1)]
        """
        return self._integers

    def __call__(self, x: Iterable[Scalar]) -> Vector:
        """Return the value at ``x``."""
        products = self.stored.times(point_of(x, self.in_dim))
        return tuple(value + shift for value, shift in zip(products, self.bias, strict=True))

    def after(self, inner: Affine) -> Affine:
        """Return the map ``x -> self(inner(x))``.

        >>> double = Affine.dense([[2]], [1])
        >>> double.after(double) == Affine.dense([[4]], [3])
        True
        """
        require(inner, Affine)
        if inner.out_dim != self.in_dim:
            raise DimensionError(
                f"the outer map reads {amount(self.in_dim, 'value')}, the inner one gives "
                f"{inner.out_dim}"
            )
        return Affine.of_rows(product(self.stored, inner.stored), self(inner.bias))

    def keep(self, neurons: Iterable[int]) -> Affine:
        """Return the map with every output but those of ``neurons`` replaced by zero.

        >>> Affine.dense([[1], [2]], [3, 4]).keep([1]) == Affine.dense([[0], [2]], [0, 4])
        True
        """
        kept = frozenset(whole(i, "a neuron") for i in listed(neurons, "neurons"))
        bias = tuple(b if i in kept else ZERO for i, b in enumerate(self.bias))
        return Affine.of_rows(self.stored.keep(kept), bias)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Affine):
            return NotImplemented
        return self.bias == other.bias and is_same(self.stored, other.stored)

    def __hash__(self) -> int:
        return hash((self.in_dim, self.bias[:_HASHED], self.stored.head(_HASHED)))

    def __repr__(self) -> str:
        return f"Affine({self.in_dim} -> {self.out_dim})"

    def _repr_latex_(self) -> str:
        if not is_short(self.in_dim, self.out_dim):
            return chain_latex((self.in_dim, self.out_dim), ["Affine"])
        return affine_latex(self.weight, self.bias)
