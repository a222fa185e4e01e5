r"""Spans of symmetric piecewise linear functions, settled on the rays of an arrangement.

Let a finite set of hyperplanes through 0, mapped to itself by all permutations of the
coordinates, contain all breaks of some functions that are positively homogeneous and
linear on the line of :math:`(1, \dots, 1)`, which lies in all hyperplanes.  The hyperplanes cut
space into cones, each spanned by rays modulo that line.  A function linear on every cone is

.. math:: g\Bigl(\sum_r \lambda_r r + t\, e\Bigr) = \sum_r \lambda_r g(r) + t\, g(e),
          \qquad \lambda \ge 0, \quad e = (1, \dots, 1),

so it is given by its values on the rays and on that line, and a symmetric one by those on one
ray of each orbit.  Hence :math:`\sum_i c_i g_i = f` holds everywhere iff it holds for these
finitely many values: *membership* in a span comes with coefficients, *non-membership* with
a vector :math:`y` on these points,

.. math:: \sum_r y_r g_i(r) = 0 \text{ for all } i, \qquad \sum_r y_r f(r) \ne 0 .

Non-membership speaks of the given functions :math:`g_i` alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, cycle, islice, permutations
from typing import TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from polyrelax.arithmetic.arguments import all_of, listed, require, wholes
from polyrelax.arithmetic.linalg import Matrix, kernel
from polyrelax.arithmetic.rational import ZERO, SparseVector, Vector, dot, sparse
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.arithmetic.working_form import working_form
from polyrelax.errors import DimensionError, ShapeError, TooLargeError
from polyrelax.lp import LinearProgram, Optimizer, Optimum, Row

IntegerVector: TypeAlias = tuple[int, ...]
Forms: TypeAlias = frozenset[IntegerVector]
"""The linear forms of which a function is the greatest."""


def added(first: Forms, second: Forms) -> Forms:
    """Return the forms of the sum of two functions.

    >>> sorted(added(frozenset({(1, 0), (0, 1)}), frozenset({(1, 0)})))
    [(1, 1), (2, 0)]
    """
    first, second = _forms(first), _forms(second)
    if {len(form) for form in first} != {len(form) for form in second}:
        raise DimensionError("found forms of different dimensions, expected one dimension")
    return frozenset(
        tuple(a + b for a, b in zip(v, w, strict=True)) for v in first for w in second
    )


def _forms(forms: Forms) -> Forms:
    """Return linear forms of one dimension; raise an error for anything else."""
    known = frozenset(wholes(form, "a linear form") for form in listed(forms, "linear forms"))
    dims = {len(form) for form in known}
    if len(dims) != 1 or dims == {0}:
        raise DimensionError(f"found forms of {len(dims)} dimensions, expected one, not 0")
    return known


@final
@dataclass(frozen=True)
class Orbit:
    """The sum of the different images of a function under permutations of coordinates."""

    members: tuple[Forms, ...]

    @classmethod
    def of(cls, forms: Forms) -> Orbit:
        """Return the orbit of a function.

        >>> len(Orbit.of(frozenset({(1, 0, 0), (0, 1, 0)})).members)
        3
        """
        forms = _forms(forms)
        dim = len(next(iter(forms)))
        images = {
            frozenset(tuple(form[j] for j in order) for form in forms)
            for order in permutations(range(dim))
        }
        return cls(tuple(sorted(images, key=sorted)))

    @property
    def dim(self) -> int:
        """The number of variables."""
        return len(next(iter(self.members[0])))

    @working_form
    def _array(self) -> NDArray[np.int64]:
        """The forms of all members, of each member the first ones again up to one number."""
        most = max(map(len, self.members))
        rows = [list(islice(cycle(sorted(forms)), most)) for forms in self.members]
        return np.array(rows, dtype=np.int64)

    def __call__(self, x: IntegerVector) -> int:
        """Return the value at ``x``, in 64-bit integers that cannot overflow."""
        x = wholes(x, "x")
        if len(x) != self.dim:
            raise DimensionError(
                f"found a point of {amount(len(x), 'number')}, expected {self.dim}"
            )
        largest = max(map(abs, x)) * int(np.abs(self._array).max()) * self.dim
        if largest * len(self.members) >= 1 << 63:
            raise TooLargeError(f"found the point {x}, expected smaller coordinates")
        return int((self._array @ np.array(x, dtype=np.int64)).max(axis=1).sum())

    def breaks(self) -> Iterator[IntegerVector]:
        """Yield normals of hyperplanes among which are all on which the sum breaks."""
        for forms in self.members:
            for v, w in combinations(forms, 2):
                yield _oriented(tuple(a - b for a, b in zip(v, w, strict=True)))


@final
@dataclass(frozen=True)
class Arrangement:
    """Hyperplanes through (1, ..., 1) that are mapped to each other by all permutations."""

    normals: tuple[IntegerVector, ...]

    def __post_init__(self) -> None:
        normals = tuple(wholes(n, "a normal") for n in listed(self.normals, "normals"))
        object.__setattr__(self, "normals", normals)
        known = set(self.normals)
        for normal in self.normals:
            images = {_oriented(image) for image in permutations(normal)}
            if sum(normal) or not images <= known:
                raise ShapeError(f"found {normal}, expected symmetric normals of sum 0")

    @classmethod
    def of(cls, orbits: Iterable[Orbit]) -> Arrangement:
        """Return an arrangement that contains all breaks of some functions.

        >>> len(Arrangement.of([Orbit.of(frozenset({(1, 0, 0), (0, 1, 0)}))]).normals)
        3
        """
        orbits = all_of(orbits, Orbit, "orbits")
        return cls(tuple(sorted({n for orbit in orbits for n in orbit.breaks()})))

    @property
    def dim(self) -> int:
        """The number of variables."""
        return len(self.normals[0])

    @cached_property
    def points(self) -> tuple[IntegerVector, ...]:
        """A ray of each orbit, with least coordinate 0, and (1, ..., 1)."""
        found = {ray for line in self._lines() for ray in _both_ways(line)}
        return (*sorted(found), (1,) * self.dim)

    def _lines(self) -> Iterator[IntegerVector]:
        """Yield one-dimensional intersections, modulo (1, ..., 1), some of each orbit.

        Up to a permutation, one of the hyperplanes is the first of its orbit.
        """
        first = {min(map(_oriented, permutations(normal))) for normal in self.normals}
        for start in sorted(first):
            for others in combinations(self.normals, self.dim - 3):
                # the last coordinate is set to 0
                line = _cross([normal[:-1] for normal in (start, *others)])
                if any(line):
                    yield (*line, 0)


@final
@readable
@dataclass(frozen=True)
class Combination:
    """Coefficients by the numbers of the functions whose combination is another one."""

    coefficients: SparseVector


@final
@readable
@dataclass(frozen=True)
class Separation:
    """Weights of points that annihilate some functions, and not another one."""

    weights: SparseVector


@final
@dataclass(frozen=True)
class Dictionary:
    """Symmetric functions, and an arrangement that contains their breaks."""

    orbits: tuple[Orbit, ...]
    arrangement: Arrangement

    @cached_property
    def table(self) -> tuple[Vector, ...]:
        """The values of each function on the points of the arrangement."""
        return tuple(self.values(orbit) for orbit in self.orbits)

    @cached_property
    def rank(self) -> int:
        """The dimension of the span."""
        return Matrix.from_rows(self.table, len(self.arrangement.points)).rank()

    def values(self, orbit: Orbit) -> Vector:
        """Return the values of a function on the points, having checked its breaks."""
        require(orbit, Orbit)
        strange = set(orbit.breaks()) - set(self.arrangement.normals)
        if strange:
            raise ShapeError(
                f"found breaks {sorted(strange)}, expected some of the arrangement"
            )
        return tuple(Fraction(orbit(x)) for x in self.arrangement.points)

    def find(self, orbit: Orbit) -> Combination | Separation:
        """Return the combination with least coefficients, or why there is none.

        Least is the sum of the absolute values, over all images of all functions.

        >>> single = Orbit.of(frozenset({(1, 0, 0)}))  # x + y + z
        >>> pair = Orbit.of(frozenset({(1, 0, 0), (0, 1, 0)}))
        >>> known = Dictionary((single,), Arrangement.of([pair]))
        >>> found = known.find(pair)
        >>> type(found).__name__, known.proves(found, pair)
        ('Separation', True)
        """
        require(orbit, Orbit)
        target = self.values(orbit)
        for y in kernel(self.table, len(target)):
            if dot(y, target):
                return Separation(sparse(y))
        sizes = [len(each.members) for each in self.orbits]
        return Combination(_least(self.table, target, sizes))

    def proves(self, evidence: Combination | Separation, orbit: Orbit) -> bool:
        """Whether the evidence is right, by values on the points alone."""
        require(orbit, Orbit)
        require(evidence, Combination | Separation, "evidence")
        target = self.values(orbit)
        if isinstance(evidence, Combination):
            pairs = ((c, self.table[i]) for i, c in evidence.coefficients)
            scaled = [[c * value for value in row] for c, row in pairs]
            return tuple(sum(column, ZERO) for column in zip(*scaled, strict=True)) == target
        y = dict(evidence.weights)
        sums = [sum((y[k] * row[k] for k in y), ZERO) for row in (*self.table, target)]
        return not any(sums[:-1]) and sums[-1] != 0


def _least(table: Sequence[Vector], target: Vector, sizes: Sequence[int]) -> SparseVector:
    """Return coefficients of least sum of sizes times absolute values, a linear program."""
    count = len(table)
    rows = []
    for k, value in enumerate(target):
        entries = [(i, row[k]) for i, row in enumerate(table) if row[k]]
        pairs = [*entries, *((count + i, -a) for i, a in entries)]
        rows.append(Row(tuple(pairs), value, is_equation=True))
    program = LinearProgram((ZERO,) * (2 * count), (None,) * (2 * count), tuple(rows))
    outcome = Optimizer(program).minimize(tuple(enumerate(map(Fraction, (*sizes, *sizes)))))
    assert isinstance(outcome, Optimum)  # the target is in the span
    point = outcome.point
    return sparse(tuple(point[i] - point[count + i] for i in range(count)))


def _oriented(normal: IntegerVector) -> IntegerVector:
    """Return the primitive multiple whose first nonzero entry is positive."""
    divisor = math.gcd(*normal)
    leading = next((a for a in normal if a), 1)
    return tuple(a // (divisor if leading > 0 else -divisor) for a in normal)


def _both_ways(line: IntegerVector) -> Iterator[IntegerVector]:
    """Yield the two rays of a line, each moved along (1, ..., 1) and sorted."""
    for ray in (line, tuple(-a for a in line)):
        low = min(ray)
        moved = sorted(a - low for a in ray)
        divisor = math.gcd(*moved)
        yield tuple(a // divisor for a in moved)


def _cross(rows: Sequence[IntegerVector]) -> IntegerVector:
    """Return a vector orthogonal to n - 1 vectors of dimension n, 0 if they are dependent."""
    if any(len(row) != len(rows) + 1 for row in rows):
        raise DimensionError(
            f"found {amount(len(rows), 'vector')}, expected one less than coordinates"
        )
    size = len(rows) + 1
    return tuple(
        (-1) ** j * _determinant([[row[k] for k in range(size) if k != j] for row in rows])
        for j in range(size)
    )


def _determinant(rows: list[list[int]]) -> int:
    """Return a determinant in integers, by the first row."""
    if not rows:
        return 1
    return sum(
        (-1) ** j * a * _determinant([row[:j] + row[j + 1 :] for row in rows[1:]])
        for j, a in enumerate(rows[0])
        if a
    )
