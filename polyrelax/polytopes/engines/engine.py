r"""What a double description engine is asked, and the one form in which it answers.

For integer matrices :math:`R` and :math:`E`, an engine describes the cone

.. math:: C = \{z \in \mathbb{Q}^d : Rz \ge 0,\ Ez = 0\}
            = \operatorname{cone}(r_1, \dots, r_s) + \operatorname{span}(l_1, \dots, l_t).

The *lines* :math:`l_i` are the reduced echelon basis of the largest subspace in :math:`C`.
The *rays* :math:`r_i` are one for each extreme ray of :math:`C` modulo that subspace, zero in
the pivot columns of the lines.  All are integer vectors with coprime entries, rays sorted, so
that equal cones have equal descriptions and engines can be compared by ``==``.

By duality this one question serves both directions: the vertices of a polytope from rows
``(b, -a)`` and ``(1, 0)``, its facets from rows ``(1, p)``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeAlias

from polyrelax.arithmetic.linalg import row_echelon
from polyrelax.arithmetic.rational import primitive

IntRow: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Cone:
    """The cone spanned by ``rays`` and ``lines``, in the form of this module."""

    rays: tuple[IntRow, ...]
    lines: tuple[IntRow, ...]

    @classmethod
    def spanned(cls, rays: Iterable[IntRow], lines: Iterable[IntRow], dim: int) -> Cone:
        """Return the canonical form of a minimal, but not canonical, description.

        >>> Cone.spanned([(5, 4)], [(2, 2)], 2)
        Cone(rays=((0, -1),), lines=((1, 1),))
        """
        basis = echelon(lines, dim)
        return cls(tuple(sorted({reduced(ray, basis) for ray in rays})), basis)


class Engine(Protocol):
    """A double description method."""

    @property
    def name(self) -> str:
        """The name under which people know it."""

    def extreme_rays(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Cone:
        """Return the cone of ``z`` with ``<r, z> >= 0`` and ``<e, z> == 0`` for all rows."""


def coprime(row: IntRow) -> IntRow:
    """Return ``row`` divided by the greatest common divisor of its entries.

    >>> coprime((4, -6)), coprime((0, 0))
    ((2, -3), (0, 0))
    """
    divisor = math.gcd(*row)
    return row if divisor in {0, 1} else tuple(entry // divisor for entry in row)


def echelon(rows: Iterable[IntRow], dim: int) -> tuple[IntRow, ...]:
    """Return the reduced echelon basis of the span of ``rows``, in coprime integers.

    >>> echelon([(2, 2), (0, 3)], 2)
    ((1, 0), (0, 1))
    """
    fractions = [tuple(Fraction(entry) for entry in row) for row in rows]
    return tuple(primitive(row) for row in row_echelon(fractions, dim)) if fractions else ()


def reduced(row: IntRow, basis: Sequence[IntRow]) -> IntRow:
    """Return the coprime positive multiple of ``row`` modulo an echelon basis.

    The result vanishes in the pivot columns of ``basis``.

    >>> reduced((3, 5, 0), [(1, 0, 0), (0, 2, 1)])
    (0, 0, -1)
    """
    for line in basis:
        pivot = next(j for j, entry in enumerate(line) if entry)
        if row[pivot]:
            row = combination(line[pivot], row, other_factor=-row[pivot], other=line)
    return coprime(row)


def combination(factor: int, row: IntRow, *, other_factor: int, other: IntRow) -> IntRow:
    """Return ``factor * row + other_factor * other``.

    >>> combination(2, (1, 0), other_factor=-1, other=(0, 3))
    (2, -3)
    """
    return tuple(factor * s + other_factor * t for s, t in zip(row, other, strict=True))
