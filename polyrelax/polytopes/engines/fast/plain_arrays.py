r"""Pointed cones by numpy alone, in integers: of 64 bits if a bound allows, else of any size.

Every ray that occurs is a primitive vector whose entries, and whose inner products with rows,
are at most the bound :math:`B` of the determinants.  A new ray is a sum of two products of
these, so integers of 64 bits suffice if :math:`2 B^2 < 2^{63}`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from polyrelax.arithmetic.linalg import Matrix
from polyrelax.arithmetic.rational import primitive, vector
from polyrelax.polytopes.engines.engine import IntRow
from polyrelax.polytopes.engines.fast.preparation import determinant_bound

_Integers: TypeAlias = NDArray[np.int64] | NDArray[np.object_]
_Indices: TypeAlias = NDArray[np.intp]


class _Rays(NamedTuple):
    entries: _Integers
    tight: NDArray[np.bool_]  # rays, rows


def pointed_rays(rows: Sequence[IntRow]) -> list[IntRow] | int:
    """Return the extreme rays of a pointed cone, or the index of a row that is zero on it.

    The first rows must be independent, as many as there are columns.

    >>> sorted(pointed_rays([(1, -1), (0, 1)]))
    [(1, 0), (1, 1)]
    """
    small = 2 * determinant_bound(rows) ** 2 < 1 << 63
    array: _Integers = np.array(rows, np.int64 if small else object)
    rays = _simplicial(array)
    for i in range(len(rows[0]), len(rows)):
        values = rays.entries @ array[i]
        if not (values < 0).any():
            continue
        if not (values > 0).any():
            return i
        rays = _cut(rays, values, i)
    return [tuple(map(int, ray)) for ray in rays.entries]


def _simplicial(rows: _Integers) -> _Rays:
    """Return the rays of the cone of the first rows: the columns of their inverse."""
    dim = rows.shape[1]
    square = [vector(row) for row in rows[:dim].tolist()]
    inverse = Matrix.from_rows(square, dim).solve(Matrix.identity(dim))
    assert inverse is not None, "the first rows are independent"
    entries = np.zeros_like(rows[:dim])
    for i, column in enumerate(inverse.transpose.rows):
        entries[i] = primitive(column)
    tight = np.zeros((dim, len(rows)), np.bool_)
    tight[:, :dim] = ~np.eye(dim, dtype=np.bool_)
    return _Rays(entries, tight)


def _cut(rays: _Rays, values: _Integers, row: int) -> _Rays:
    """Return the rays of the part where the row, given by its values, is not negative."""
    below, above = _adjacent(rays, np.nonzero(values < 0)[0], np.nonzero(values > 0)[0])
    new = _primitive(
        values[above, np.newaxis] * rays.entries[below]
        - values[below, np.newaxis] * rays.entries[above]
    )
    rays.tight[values == 0, row] = True
    tight = rays.tight[below] & rays.tight[above]
    tight[:, row] = True
    kept = values >= 0
    return _Rays(
        np.concatenate([rays.entries[kept], new]), np.concatenate([rays.tight[kept], tight])
    )


def _adjacent(rays: _Rays, below: _Indices, above: _Indices) -> tuple[_Indices, _Indices]:
    """Return the pairs of rays, one of each kind, that no third ray separates.

    Adjacent rays have ``dim - 2`` independent rows in common, and there is no third ray on
    which all these rows are zero.
    """
    numbers = rays.tight.astype(np.float32)  # counts below 2**24 are exact
    common = numbers[below] @ numbers[above].T
    first, second = np.nonzero(common >= rays.entries.shape[1] - 2)
    first, second = below[first], above[second]
    words = np.packbits(rays.tight, axis=1)
    flags = [_is_alone(words, common) for common in words[first] & words[second]]
    alone = np.array(flags, np.bool_)
    return first[alone], second[alone]


def _is_alone(words: NDArray[np.uint8], common: NDArray[np.uint8]) -> bool:
    """Whether the common rows of two rays are all zero on no third one."""
    return int(np.count_nonzero(~(common & ~words).any(axis=1))) == 2


def _primitive(entries: _Integers) -> _Integers:
    divisors = np.gcd.reduce(entries, axis=1, keepdims=True)
    primitive_rows: _Integers = entries // divisors
    return primitive_rows
