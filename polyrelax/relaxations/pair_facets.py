r"""Facets of pairs of rectifiers over octagons: floats propose them, integers prove them.

For two neurons let :math:`\pm z_i`, :math:`\pm z_j` and :math:`\pm z_i \pm z_j` have proved
bounds.  Cut by the axes, the octagon that these are has parts whose vertices, lifted to
:math:`(z_i, z_j, y_i, y_j)`, span the hull of the graph of both rectifiers over it
:cite:p:`singh2019beyond`.  Where ends are integers times a unit, vertices are multiples of half
of it.  The offset of a row is the greatest value at all lifted vertices, exactly; so the row
holds, whatever its coefficients are: they come from octagons that are slightly larger, so that
none is flat.  That rows are facets, and that none is missing, is not
claimed.

*Algorithm.*  All hyperplanes through four lifted vertices, of many pairs at once; those with
all vertices on one side are kept, once each, with coefficients to twenty bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final, final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.integer_matrix import IntegerMatrix
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.readable import readable

DIRECTIONS: Final = np.array(
    [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]]
)
"""The outer normals of an octagon's sides."""
FACET_BITS: Final = 20

_LINES: Final = np.concatenate([DIRECTIONS, [[1, 0], [0, 1]]])
_MEETING: Final = np.array(
    [
        (i, j)
        for i, j in combinations(range(len(_LINES)), 2)
        if _LINES[i, 0] * _LINES[j, 1] != _LINES[i, 1] * _LINES[j, 0]
    ]
)
_MOST_VERTICES: Final = 13
"""Eight corners of an octagon, four on the axes, and the origin."""
_QUADRUPLES: Final = np.array(list(combinations(range(_MOST_VERTICES), 4)))
_AT_ONCE: Final = 64
_SLACK: Final = 1e-9
LONGEST: Final = 57
"""The most bits of offsets whose vertices fit into a word."""
_FLAT: Final = 20
"""Octagons grow by 2**-20 of their size to find normals."""
_DIGITS: Final = 7


@final
@dataclass(frozen=True, eq=False)
class Octagons:
    """Pairs of neurons, and bounds in each direction in integers times ``2**-bits``."""

    pairs: Integers
    offsets: Integers
    bits: int

    def vertices(self) -> tuple[Integers, npt.NDArray[np.bool_]]:
        """Return points in halves of the unit, and which are vertices of parts.

        >>> square = Octagons(np.array([[0, 1]]), np.array([[1, 1, 1, 1, 2, 2, 2, 2]]), 0)
        >>> points, there = square.vertices()
        >>> sorted(set(map(tuple, points[there].tolist())))[:4]
        [(-2, -2), (-2, 0), (-2, 2), (0, -2)]
        """
        zero = np.zeros((len(self.pairs), 2), dtype=np.int64)
        offsets = np.concatenate([self.offsets, zero], axis=1)
        (a, b), (c, d) = (_LINES[_MEETING[:, k]].T for k in (0, 1))
        first, second = (offsets[:, _MEETING[:, k]] for k in (0, 1))
        scale = 2 // (a * d - b * c)  # determinants are 1, -1, 2 and -2
        x, y = (first * d - second * b) * scale, (second * a - first * c) * scale
        points = np.stack([x, y], axis=2)
        there = (points @ DIRECTIONS.T <= 2 * self.offsets[:, None, :]).all(axis=2)
        return points, there

    def grown(self) -> Octagons:
        """Return slightly larger ones, so that none is flat."""
        size = int(np.abs(self.offsets).max(initial=0)).bit_length()
        shift = max(0, min(_FLAT, LONGEST - size))
        finer = self.offsets << shift
        more = np.abs(finer).max(axis=1, keepdims=True, initial=0) >> _FLAT
        return Octagons(
            self.pairs, finer + more * np.abs(DIRECTIONS).sum(axis=1), self.bits + shift
        )

    def some(self, chosen: Integers) -> Octagons:
        """Return some of them."""
        return Octagons(self.pairs[chosen], self.offsets[chosen], self.bits)


@final
@readable
@dataclass(frozen=True)
class Facet:
    """A row between the inputs of a pair and then its outputs."""

    pair: tuple[int, int]
    coefficients: tuple[Fraction, ...]
    offset: Fraction


@final
@dataclass(frozen=True, eq=False)
class Facets:
    """Rows ``<a, z> + <b, y> <= c`` between pairs of neurons.

    ``coefficients`` are ``a`` and ``b``, integers times ``2**-FACET_BITS``; ``offsets`` are
    integers times ``2**-unit``, as long as they are.
    """

    pairs: Integers
    coefficients: Integers
    offsets: tuple[int, ...]
    unit: int

    def each(self) -> tuple[Facet, ...]:
        """Return the rows one by one, in exact numbers."""
        unit, scale = Fraction(1, 1 << FACET_BITS), 1 << self.unit
        return tuple(
            Facet((i, j), tuple(c * unit for c in row), Fraction(offset, scale))
            for (i, j), row, offset in zip(
                self.pairs.tolist(), self.coefficients.tolist(), self.offsets, strict=True
            )
        )

    def some(self, chosen: Integers) -> Facets:
        """Return some of them."""
        offsets = tuple(self.offsets[k] for k in chosen.tolist())
        return Facets(self.pairs[chosen], self.coefficients[chosen], offsets, self.unit)

    def matrices(self, width: int) -> tuple[IntegerMatrix, IntegerMatrix, IntegerMatrix]:
        """Return ``a`` and ``b`` as matrices of so many columns, and ``c`` as a column."""
        starts, columns = 2 * np.arange(len(self.pairs) + 1), self.pairs.ravel()
        values = self.doubles()[0]
        sides = (np.ascontiguousarray(values[:, s : s + 2]).ravel() for s in (0, 2))
        a, b = (IntegerMatrix.of_doubles(starts, columns, side, width) for side in sides)
        unit = 1 << self.unit
        return a, b, IntegerMatrix.column([Fraction(c, unit) for c in self.offsets])

    def doubles(self) -> tuple[Doubles, Doubles]:
        """Return the coefficients and offsets to about a double."""
        coefficients = np.ldexp(self.coefficients.astype(np.float64), -FACET_BITS)
        offsets = np.array([offset / (1 << self.unit) for offset in self.offsets])
        return coefficients, offsets


NO_FACETS: Final[Mapping[int, Facets]] = {}
"""No facets at any step."""


def facets_of(octagons: Octagons) -> Facets:
    """Return rows that hold for two rectifiers over octagons, all facets among them.

    Over the square of side 2 around 0 the facets are those of two triangles:

    >>> square = Octagons(np.array([[3, 5]]), np.array([[1, 1, 1, 1, 2, 2, 2, 2]]), 0)
    >>> found = facets_of(square)
    >>> len(found.offsets), found.pairs[0].tolist()
    (6, [3, 5])
    """
    starts = range(0, len(octagons.pairs), _AT_ONCE)
    chosen = (np.arange(s, min(s + _AT_ONCE, len(octagons.pairs))) for s in starts)
    parts = [_some_facets(octagons.some(some)) for some in chosen]
    none = (np.zeros((0, 2), dtype=np.int64), np.zeros((0, 4), dtype=np.int64))
    pairs = np.concatenate([none[0], *(part.pairs for part in parts)])
    coefficients = np.concatenate([none[1], *(part.coefficients for part in parts)])
    offsets = tuple(offset for part in parts for offset in part.offsets)
    return Facets(pairs, coefficients, offsets, FACET_BITS + octagons.bits + 1)


def _some_facets(octagons: Octagons) -> Facets:
    place, normals = _supporting(_vertices(octagons.grown()).astype(np.float64))
    whole = np.rint(np.ldexp(normals, FACET_BITS)).astype(np.int64)
    exact, rows = _vertices(octagons).astype(object), whole.astype(object)
    values = (exact[place] * rows[:, None, :]).sum(axis=2).max(axis=1)
    offsets = tuple(map(int, values.tolist()))
    return Facets(octagons.pairs[place], whole, offsets, FACET_BITS + octagons.bits + 1)


def _vertices(octagons: Octagons) -> Integers:
    """Return the lifted vertices of each octagon, some of them several times."""
    points, there = octagons.vertices()
    return _few(np.concatenate([points, np.maximum(points, 0)], axis=2), there)


def _few(lifted: Integers, there: npt.NDArray[np.bool_]) -> Integers:
    found = np.zeros((len(lifted), _MOST_VERTICES, 4), dtype=np.int64)
    for k, (points, some) in enumerate(zip(lifted, there, strict=True)):
        distinct = np.unique(points[some], axis=0)
        found[k] = distinct[np.arange(_MOST_VERTICES) % len(distinct)]
    return found


def _supporting(points: Doubles) -> tuple[Integers, Doubles]:
    """Return outer normals of hyperplanes through four points with all points behind them.

    The first of both says whose points they are.
    """
    size = np.maximum(np.abs(points).max(axis=1), 1.0)
    scaled = points / size[:, None, :]
    corners = scaled[:, _QUADRUPLES]
    normals = _orthogonal(corners[:, :, 1:] - corners[:, :, :1])
    length = np.abs(normals).max(axis=2, keepdims=True)
    normals = normals / np.where(length > _SLACK, length, np.inf)
    values = np.einsum("pvd,pqd->pqv", scaled, normals)
    level = np.einsum("pqd,pqd->pq", corners[:, :, 0], normals)[:, :, None]
    outward = (values <= level + _SLACK).all(axis=2) & (length[:, :, 0] > _SLACK)
    inward = (values >= level - _SLACK).all(axis=2) & (length[:, :, 0] > _SLACK)
    signed = np.where(inward[:, :, None], -normals, normals)
    place, which = np.nonzero(outward | inward)
    rounded = np.round(signed[place, which], _DIGITS) + 0.0
    keys = np.concatenate([place[:, None], rounded], axis=1)
    _, first = np.unique(keys, axis=0, return_index=True)
    place, which = place[first], which[first]
    found = signed[place, which] / size[place]
    return place, found / np.abs(found).max(axis=1, keepdims=True)


def _orthogonal(rows: Doubles) -> Doubles:
    """Return vectors of four entries that are orthogonal to three rows each."""
    minors = [np.delete(rows, k, axis=3) for k in range(4)]
    signs = (1, -1, 1, -1)
    return np.stack([s * np.linalg.det(m) for s, m in zip(signs, minors, strict=True)], axis=2)
