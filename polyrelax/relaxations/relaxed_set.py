r"""What a relaxation knows about the values that may reach a layer.

A convex set :math:`S \subset \mathbb{Q}^n` is asked three questions: the bounds of its
coordinates, its *support* :math:`\max_{s \in S} \langle d, s \rangle` in a direction
:math:`d`, and, when its dimension is small, its vertices.  Whoever answers the second
answers the third: :func:`explicit_polytope` finds a polytope from supports alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Protocol

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, shown
from polyrelax.errors import ArgumentError, TooLargeError
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.support import Support

LARGEST_EXPLICIT_DIMENSION = 8


class RelaxedSet(Protocol):
    """A non-empty compact convex set; :class:`Polytope` is one."""

    @property
    def dim(self) -> int:
        """The dimension of the space."""

    @property
    def bounds(self) -> tuple[Interval, ...]:
        """The least and greatest value of each coordinate, or bounds of them."""

    def support(self, direction: Vector) -> Support:
        """Return the greatest value of ``<direction, s>`` and a point that attains it."""


def require_relaxed(value: object) -> None:
    """Raise :class:`ArgumentError` unless a value is a relaxed set, whose bounds are not asked.

    >>> require_relaxed(3)
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 3, expected a relaxed set
    """
    if not hasattr(value, "support") or isinstance(value, type):
        raise ArgumentError(f"found {shown(value)}, expected a relaxed set")


def explicit_polytope(relaxed: RelaxedSet) -> Polytope:
    r"""Return the set as a polytope, found by asking for supports only.

    The hull of the points found so far lies inside; where the support in the outer normal
    of one of its facets (or on either side of its affine hull) exceeds the hull's, the
    attaining point is new.  When none is new, the hull is the set.  Each question adds a
    boundary point or settles a facet, so the cost is one support per facet and vertex.

    >>> square = Polytope.box([0, 0], [1, 1])
    >>> explicit_polytope(square) == square
    True
    """
    if isinstance(relaxed, Polytope):
        return relaxed
    require_relaxed(relaxed)
    if relaxed.dim > LARGEST_EXPLICIT_DIMENSION:
        raise TooLargeError(
            f"an explicit polytope in dimension {relaxed.dim} was asked for, "
            f"at most {LARGEST_EXPLICIT_DIMENSION} is supported"
        )
    return _grow(relaxed)


def _grow(relaxed: RelaxedSet) -> Polytope:
    origin = (Fraction(0),) * relaxed.dim
    hull = Polytope.hull([relaxed.support(origin).point], relaxed.dim)
    settled: set[Vector] = set()
    while fresh := _points_beyond(hull, relaxed, settled):
        hull = Polytope.hull([*hull.vertices, *fresh], relaxed.dim)
    return hull


def _points_beyond(hull: Polytope, relaxed: RelaxedSet, settled: set[Vector]) -> list[Vector]:
    """Return attaining points outside ``hull``; record the normals that have none."""
    fresh = []
    for normal, offset in _outer_normals(hull):
        if normal in settled:
            continue
        support = relaxed.support(normal)
        if support.value > offset:
            fresh.append(support.point)
        else:
            settled.add(normal)
    return fresh


def _outer_normals(hull: Polytope) -> Iterator[tuple[Vector, Fraction]]:
    for constraint in hull.constraints:
        yield constraint.normal, constraint.offset
        if constraint.is_equation:
            yield tuple(-s for s in constraint.normal), -constraint.offset
