r"""Facets of groups of rectifiers over octahedra: others propose them, integers prove them.

For a pair or a triple of neurons let all sums of their inputs with coefficients
:math:`-1, 0, 1` have proved bounds.  Cut by the axes, the octahedron that these are has parts
whose vertices, lifted to :math:`(z, y)`, span the hull of the graph of the rectifiers over it
:cite:p:`singh2019beyond`.  The offset of a row is the greatest value at all lifted vertices,
exactly; so the row holds, whatever its coefficients are: they come from octahedra that are
slightly larger, so that none is flat.  That rows are facets, and that none is missing, is not
claimed.

*Algorithm.*  Of pairs, all hyperplanes through four lifted vertices, of many pairs at once;
those with all vertices on one side are kept, once each.  Of triples, the facets of the hull of
an octahedron with offsets of few bits, which the double description method finds soon.
Coefficients have twenty bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.integer_matrix import IntegerMatrix
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.patterns import ranges
from polyrelax.arithmetic.readable import readable
from polyrelax.polytopes.engines.fast import Fast
from polyrelax.relaxations.octahedra import Octahedra

FACET_BITS: Final = 20
_PAIR: Final = 2

_MOST_VERTICES: Final = 13
"""Eight corners of an octagon, four on the axes, and the origin."""
_QUADRUPLES: Final = np.array(list(combinations(range(_MOST_VERTICES), 4)))
_AT_ONCE: Final = {2: 64, 3: 8}
_SLACK: Final = 1e-9
_COARSE_BITS: Final = 16
"""The bits of offsets of octahedra of triples whose facets are found."""
_DIGITS: Final = 7
_HALF: Final = 30
"""Of vertices in words, the bits that are multiplied apart."""


@final
@readable
@dataclass(frozen=True)
class Facet:
    """A row between the inputs of a group of neurons and then their outputs."""

    group: tuple[int, ...]
    coefficients: tuple[Fraction, ...]
    offset: Fraction


@final
@dataclass(frozen=True, eq=False)
class Facets:
    """Rows ``<a, z> + <b, y> <= c`` between groups of neurons, compressed.

    ``neurons`` are those of the rows, one row after the other, which begin at ``starts``;
    ``coefficients`` are those of ``z`` and ``y`` of each, integers times ``2**-FACET_BITS``;
    ``offsets`` are integers times ``2**-unit``, as long as they are.
    """

    starts: Integers
    neurons: Integers
    coefficients: Integers
    offsets: tuple[int, ...]
    unit: int

    @classmethod
    def of(
        cls, groups: Integers, coefficients: Integers, offsets: tuple[int, ...], unit: int
    ) -> Facets:
        """Return rows of groups of one size, whose coefficients are first those of ``z``."""
        size = groups.shape[1]
        pairs = np.stack([coefficients[:, :size], coefficients[:, size:]], axis=2)
        starts = size * np.arange(len(groups) + 1)
        return cls(starts, groups.ravel(), pairs.reshape(-1, 2), offsets, unit)

    @classmethod
    def joined(cls, parts: Iterable[Facets]) -> Facets:
        """Return the rows of one or more parts.

        >>> group, row = np.array([[3, 5]]), np.array([[1, 2, 3, 4]])
        >>> Facets.joined([Facets.of(group, row, (6,), k) for k in (20, 21)]).offsets
        (12, 6)
        """
        every = list(parts)
        unit = max(part.unit for part in every)
        counts = np.concatenate([np.diff(part.starts) for part in every])
        return cls(
            np.concatenate([[0], counts]).cumsum(),
            np.concatenate([part.neurons for part in every]),
            np.concatenate([part.coefficients for part in every]),
            tuple(c << (unit - part.unit) for part in every for c in part.offsets),
            unit,
        )

    def each(self) -> tuple[Facet, ...]:
        """Return the rows one by one, in exact numbers."""
        unit, scale = Fraction(1, 1 << FACET_BITS), 1 << self.unit
        found = []
        for k, offset in enumerate(self.offsets):
            here = slice(self.starts[k], self.starts[k + 1])
            numbers = self.coefficients[here].T.ravel().tolist()
            row = tuple(c * unit for c in numbers)
            found.append(
                Facet(tuple(self.neurons[here].tolist()), row, Fraction(offset, scale))
            )
        return tuple(found)

    def some(self, chosen: Integers) -> Facets:
        """Return some of them."""
        counts = np.diff(self.starts)[chosen]
        places = ranges(self.starts[chosen], counts)
        offsets = tuple(self.offsets[k] for k in chosen.tolist())
        starts = np.concatenate([[0], counts]).cumsum()
        return Facets(
            starts, self.neurons[places], self.coefficients[places], offsets, self.unit
        )

    def within(self, neurons: Integers) -> Facets:
        """Return those between some neurons only.

        >>> one = Facets.of(np.array([[3, 5]]), np.array([[1, 2, 3, 4]]), (6,), 20)
        >>> [len(one.within(np.array(some)).offsets) for some in ([3, 4], [3, 5])]
        [0, 1]
        """
        outside = ~np.isin(self.neurons, neurons)
        rows = np.repeat(np.arange(len(self.offsets)), np.diff(self.starts))
        return self.some(
            np.flatnonzero(np.bincount(rows[outside], minlength=len(self.offsets)) == 0)
        )

    def matrices(self, width: int) -> tuple[IntegerMatrix, IntegerMatrix, IntegerMatrix]:
        """Return ``a`` and ``b`` as matrices of so many columns, and ``c`` as a column."""
        values = self.doubles()[0]
        a, b = (
            IntegerMatrix.of_doubles(
                self.starts, self.neurons, np.ascontiguousarray(side), width
            )
            for side in values.T
        )
        unit = 1 << self.unit
        return a, b, IntegerMatrix.column([Fraction(c, unit) for c in self.offsets])

    def doubles(self) -> tuple[Doubles, Doubles]:
        """Return the coefficients and offsets to about a double."""
        coefficients = np.ldexp(self.coefficients.astype(np.float64), -FACET_BITS)
        offsets = np.array([offset / (1 << self.unit) for offset in self.offsets])
        return coefficients, offsets


NO_FACETS: Final[Mapping[int, Facets]] = {}
"""No facets at any step."""


def facets_of(octahedra: Octahedra) -> Facets:
    """Return rows that hold for rectifiers over octahedra, of pairs all facets among them.

    Over the square of side 2 around 0 the facets are those of two triangles:

    >>> square = Octahedra(np.array([[3, 5]]), np.array([[1, 1, 1, 1, 2, 2, 2, 2]]), 0)
    >>> found = facets_of(square)
    >>> len(found.offsets), found.each()[0].group
    (6, (3, 5))
    """
    count, most = len(octahedra.groups), _AT_ONCE[octahedra.size]
    chosen = [np.arange(s, min(s + most, count)) for s in range(0, count, most)]
    parts = [_some_facets(octahedra.some(some)) for some in chosen]
    if parts:
        return Facets.joined(parts)
    none = np.zeros((0, 2 * octahedra.size), dtype=np.int64)
    return Facets.of(octahedra.groups, none, (), FACET_BITS + octahedra.bits)


def _some_facets(octahedra: Octahedra) -> Facets:
    """Return the facets of some octahedra, with the least offsets that hold, rounded up."""
    proposed = _of_pairs if octahedra.size == _PAIR else _of_triples
    place, normals = proposed(octahedra)
    whole = np.rint(np.ldexp(normals, FACET_BITS)).astype(np.int64)
    twos = (octahedra.scale & -octahedra.scale).bit_length() - 1
    odd, offsets = octahedra.scale >> twos, list[int]()
    for k, points in enumerate(_lifted(octahedra)):
        offsets += [-(-value // odd) for value in _greatest(points, whole[place == k])]
    unit = FACET_BITS + octahedra.bits + twos
    return Facets.of(octahedra.groups[place], whole, tuple(offsets), unit)


def _lifted(octahedra: Octahedra) -> list[Integers]:
    """Return the distinct vertices of the parts of each octahedron, with their images."""
    found = zip(*octahedra.vertices(), strict=True)
    vertices = [np.unique(points[there], axis=0) for points, there in found]
    return [np.concatenate([z, np.maximum(z, 0)], axis=1) for z in vertices]


def _greatest(points: Integers, rows: Integers) -> list[int]:
    """Return the greatest value of each row at some points, which may be longer than a word.

    >>> _greatest(np.array([[1 << 60], [-3]]), np.array([[1 << 20], [-1]]))[0] == 1 << 80
    True
    """
    if not len(rows):
        return []
    high, low = points >> _HALF, points & ((1 << _HALF) - 1)
    below = low @ rows.T
    above = high @ rows.T + (below >> _HALF)
    first = above.max(axis=0)
    rest = np.where(above == first, below & ((1 << _HALF) - 1), -1).max(axis=0)
    pairs = zip(first.tolist(), rest.tolist(), strict=True)
    return [(a << _HALF) + b for a, b in pairs]


def _of_triples(octahedra: Octahedra) -> tuple[Integers, Doubles]:
    """Return outer normals of facets of octahedra with offsets of few bits, around each.

    The first of both says whose they are.
    """
    grown = octahedra.grown()
    place, normals = list[int](), list[list[float]]()
    for k, offsets in enumerate(grown.offsets):
        shift = max(0, int(np.abs(offsets).max()).bit_length() - _COARSE_BITS)
        coarse = -(-offsets >> shift)[None]
        (points,) = _lifted(Octahedra(grown.groups[k : k + 1], coarse, 0))
        cone = Fast().extreme_rays([(1, *p) for p in points.tolist()], (), 1 + points.shape[1])
        sides = [*cone.rays, *cone.lines, *(tuple(-a for a in line) for line in cone.lines)]
        found = [[-a for a in row] for _, *row in sides]
        size = [max(map(abs, row)) for row in found]
        normals += [[a / n for a in row] for row, n in zip(found, size, strict=True)]
        place += [k] * len(found)
    return np.array(place, dtype=np.int64), np.array(normals).reshape(-1, 2 * octahedra.size)


def _of_pairs(octagons: Octahedra) -> tuple[Integers, Doubles]:
    """Return outer normals of hyperplanes through four points with all points behind them.

    The first of both says whose points they are.
    """
    vertices = _lifted(octagons.grown())
    every = [points[np.arange(_MOST_VERTICES) % len(points)] for points in vertices]
    points = np.array(every).astype(np.float64)
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
