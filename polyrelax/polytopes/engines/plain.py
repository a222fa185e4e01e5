r"""The double description method in plain Python, written to be read and to be tested against.

The method :cite:p:`motzkin1953` starts from the whole space, a cone of lines only, and cuts
it with one hyperplane :math:`\langle h, z\rangle = 0` after the other:

* If some line :math:`l` leaves the hyperplane, then every other generator is moved along
  :math:`l` into the hyperplane, and :math:`l`, turned to the positive side, becomes a ray (of
  an equation: is dropped).
* Otherwise the rays split into positive, zero and negative ones.  The negative ones go; each
  pair of a positive and a negative ray that are *adjacent*, spanning a face of dimension two
  modulo lines, leaves its common point with the hyperplane (of an equation, the positive
  ones go as well).

Two rays are adjacent iff no third ray lies on all those hyperplanes of earlier inequalities
on which both lie :cite:p:`fukuda1996`.  The sets of these hyperplanes are kept as integers,
bit :math:`i` for inequality :math:`i`.  The cost is cubic in the number of rays at each cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple, final

from polyrelax.polytopes.engines.engine import Cone, IntRow, combination, coprime


class _Ray(NamedTuple):
    """A ray and the set of earlier inequalities that hold with equality on it."""

    entries: IntRow
    tight: int


@final
@dataclass(frozen=True)
class Plain:
    """The double description method in plain Python.

    >>> Plain().extreme_rays([(1, -1), (0, 1)], [], 2)
    Cone(rays=((1, 0), (1, 1)), lines=())
    """

    name: str = "plain"

    def extreme_rays(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Cone:
        """Return the cone of ``z`` with ``<r, z> >= 0`` and ``<e, z> == 0`` for all rows."""
        lines = [tuple(int(i == j) for j in range(dim)) for i in range(dim)]
        rays: list[_Ray] = []
        for equation in equations:  # before any inequality: there are lines only
            lines = _section(lines, equation)
        # Sorted rows keep the intermediate cones small, as a rule.
        for index, row in enumerate(sorted(set(inequalities))):
            lines, rays = _cut(lines, rays, row, bit=1 << index)
        return Cone.spanned((ray.entries for ray in rays), lines, dim)


def _section(lines: list[IntRow], row: IntRow) -> list[IntRow]:
    """Return a basis of the vectors in the span of ``lines`` orthogonal to ``row``."""
    leaving = next((line for line in lines if _inner(row, line)), None)
    if leaving is None:
        return lines
    return [_moved(line, leaving, row) for line in lines if line is not leaving]


def _cut(
    lines: list[IntRow], rays: list[_Ray], row: IntRow, *, bit: int
) -> tuple[list[IntRow], list[_Ray]]:
    """Return the lines and rays of the part with ``<row, z> >= 0``."""
    leaving = next((line for line in lines if _inner(row, line)), None)
    if leaving is None:
        return lines, _cut_rays(rays, row, bit)
    # All earlier inequalities hold with equality on a line, hence also on the new ray.
    new = _Ray(leaving if _inner(row, leaving) > 0 else _negative(leaving), bit - 1)
    moved = [_Ray(_moved(ray.entries, leaving, row), ray.tight | bit) for ray in rays]
    return _section(lines, row), [*moved, new]


def _cut_rays(rays: list[_Ray], row: IntRow, bit: int) -> list[_Ray]:
    """Return the rays of the part with ``<row, z> >= 0`` of a cone whose lines stay."""
    values = [(ray, _inner(row, ray.entries)) for ray in rays]
    positive = [ray for ray, value in values if value > 0]
    negative = [ray for ray, value in values if value < 0]
    zero = [_Ray(ray.entries, ray.tight | bit) for ray, value in values if value == 0]
    new = [
        _Ray(_moved(minus.entries, plus.entries, row), (minus.tight & plus.tight) | bit)
        for plus, minus in _adjacent(positive, negative, rays)
    ]
    return [*positive, *zero, *new]


def _adjacent(
    positive: Sequence[_Ray], negative: Sequence[_Ray], rays: Sequence[_Ray]
) -> Iterator[tuple[_Ray, _Ray]]:
    """Yield the pairs from ``positive`` and ``negative`` that span a face of the cone."""
    for plus, minus in product(positive, negative):
        common = plus.tight & minus.tight
        on_face = (ray for ray in rays if ray.tight & common == common)
        if all(ray is plus or ray is minus for ray in on_face):
            yield plus, minus


def _moved(vector: IntRow, along: IntRow, row: IntRow) -> IntRow:
    """Return a multiple of that ``vector + t * along`` which is orthogonal to ``row``."""
    step, value = _inner(row, along), _inner(row, vector)
    sign = 1 if step > 0 else -1
    return coprime(combination(sign * step, vector, other_factor=-sign * value, other=along))


def _inner(row: IntRow, other: IntRow) -> int:
    return sum(s * t for s, t in zip(row, other, strict=True))


def _negative(row: IntRow) -> IntRow:
    return tuple(-entry for entry in row)
