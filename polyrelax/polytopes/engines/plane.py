r"""The facets of points in the plane, by walking around them.

The cone of :math:`z` with :math:`\langle r_i, z\rangle \ge 0` for rows :math:`r_i = w_i (1,
p_i)` with :math:`w_i > 0` is that of the affine functions that are not negative at the points
:math:`p_i`; its extreme rays vanish on the sides of their convex hull.  Sorted points have an
upper and a lower chain :cite:p:`andrew1979`: a point is dropped if the turn to the next one is
not to the left.  The turn of three points is the sign of the determinant of their rows, and the
ray of a side the cross product of two.  Everything is in integers; :math:`n` points take
:math:`O(n \log n)` operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from polyrelax.polytopes.engines.engine import Cone, IntRow


def polygon(rows: Sequence[IntRow]) -> Cone | None:
    """Return the cone of rows with three entries, ``None`` unless they are points of the plane.

    Their first entries must be positive, and not all of the points on one line.

    >>> polygon([(1, 0, 0), (1, 1, 0), (1, 0, 1), (2, 1, 0)])
    Cone(rays=((0, 0, 1), (0, 1, 0), (1, -1, -1)), lines=())
    >>> polygon([(1, 0, 0), (0, 1, 0)]) is None
    True
    """
    if not rows or any(len(row) != 3 or row[0] <= 0 for row in rows):
        return None
    points = {(Fraction(x, w), Fraction(y, w)): (w, x, y) for w, x, y in rows}
    around = [points[p] for p in sorted(points)]
    lower, upper = _chain(around), _chain(around[::-1])
    corners = lower[:-1] + upper[:-1]
    if len(corners) < 3:
        return None
    sides = zip(corners, corners[1:] + corners[:1], strict=True)
    return Cone.spanned((_cross(p, q) for p, q in sides), [], 3)


def _chain(points: Sequence[IntRow]) -> list[IntRow]:
    """Return the points at which a walk from the first to the last one turns left."""
    kept: list[IntRow] = []
    for point in points:
        while len(kept) > 1 and _value(_cross(kept[-2], kept[-1]), point) <= 0:
            kept.pop()
        kept.append(point)
    return kept


def _cross(p: IntRow, q: IntRow) -> IntRow:
    """Return the function that vanishes on both, and is positive to the left of the way."""
    return (
        p[1] * q[2] - p[2] * q[1],
        p[2] * q[0] - p[0] * q[2],
        p[0] * q[1] - p[1] * q[0],
    )


def _value(function: IntRow, point: IntRow) -> int:
    return function[0] * point[0] + function[1] * point[1] + function[2] * point[2]
