r"""A compiled exact screen for the triangle on one hidden layer and at most two inputs.

For :math:`f(x) = \sum_i c_i \max(z_i(x), 0)` on a box :math:`X`, with
:math:`z_i(X) = [l_i, u_i]`, the upper bound of the triangle is the greatest value of

.. math:: \sum_{c_i > 0} c_i\, \kappa_i(x) + \sum_{c_i < 0} c_i \max(z_i(x), 0), \qquad
          \kappa_i = \frac{u_i (z_i - l_i)}{u_i - l_i} \text{ if } l_i < 0 < u_i,

and :math:`\kappa_i = \max(z_i, 0)` otherwise, for the outputs of the neurons are free of each
other, given :math:`x`.  Both this and :math:`f` are linear on the cells into which the lines
:math:`z_i = 0` divide the box, so their greatest values are at corners of the box, where a
line crosses an edge, or where two lines meet in the box.

As in :mod:`polyrelax.search.screen`, points are homogeneous integers, values are compared by
products, and :func:`largest_integer` bounds every number that occurs.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO
from polyrelax.networks.symmetry import Rows
from polyrelax.search.candidates import Space
from polyrelax.search.kernel import TRIANGLE_SCREEN, Integers, find_triangle_hits, listed

_LARGEST = 2**63 - 1


@dataclass(frozen=True, eq=False)  # arrays have no equality of their own
class TriangleScreen:
    """The arrays of a space, and the sides and least gap to look for."""

    layers: Integers
    corners: Integers
    patterns: Integers
    sides: tuple[bool, bool]
    least: Fraction

    def listed(self, start: int, stop: int) -> Integers:
        """Return a row for each of them: its number, and its gaps above and below as ratios."""
        arrays = (self.layers, self.corners, self.patterns)
        return listed(find_triangle_hits, arrays, (start, stop, *self.sides), self.least)


def triangle_screen_of(
    space: Space, *, upper: bool, lower: bool, least: Fraction
) -> TriangleScreen | None:
    """Return the screen of a space, if it has one that is proved not to overflow.

    Without a C compiler there is none.
    """
    if TRIANGLE_SCREEN.functions is None or space.hidden_layers != 1 or space.shape[0] > 2:
        return None
    if any(value.denominator != 1 for value in (*space.values, *space.outputs)):
        return None
    corners = _corners(space.box)
    if largest_integer(space, corners, least) > _LARGEST:
        return None
    layers = np.array([_layer(rows) for rows in space.first_layers], np.int64)
    patterns = np.array([[int(c) for c in pattern] for pattern in space.patterns], np.int64)
    return TriangleScreen(
        layers,
        np.array(corners, np.int64),
        patterns.reshape(-1, space.shape[1]),
        (upper, lower),
        least,
    )


def largest_integer(space: Space, corners: list[list[int]], least: Fraction) -> int:
    """Return a bound of the absolute value of every integer in the screen.

    Let P, r, c be the largest coordinate of the corners, of the rows and of the output
    weights.  At a corner z is at most 3rP, so g is at most G = P (6rP)^m; points have
    coordinates up to Q, the greatest of P, 6rP^2 and 2r^2.  There z is 3rQ at most, a ReLU or
    chord 3rQG, an output V = 3mcrQG; for the chord u_i is 3rP / q, with q the denominator of
    the corners, and G supplies the factor P / q, as samples are scaled by q (6rP)^m at most.
    Outputs are compared by products up to VQ, gaps are 2VQ / (Q^2 G) at most and compared by
    products with the numbers of the least gap; points are compared with the box by products
    up to PQ.
    """
    p = max(abs(entry) for corner in corners for entry in corner)
    r = max(int(abs(value)) for value in space.values)
    c = max(int(abs(value)) for value in space.outputs)
    g = p * int((6 * r * p) ** space.shape[1])
    q = max(p, 6 * r * p**2, 2 * r**2)
    v = 3 * space.shape[1] * c * r * q * g
    numerator, denominator = least.as_integer_ratio()
    return max(space.size, 2 * v * q * denominator, q**2 * g * max(numerator, 1))


def _corners(box: tuple[Interval, ...]) -> list[list[int]]:
    """Return the corners in cyclic order, with one denominator; a segment gets height 0."""
    x, y = (*box, Interval(ZERO, ZERO))[:2]
    q = lcm(*(end.denominator for end in (*x, *y)))
    ends = [(x.lower, y.lower), (x.upper, y.lower), (x.upper, y.upper), (x.lower, y.upper)]
    return [[int(a * q), int(b * q), q] for a, b in ends]


def _layer(rows: Rows) -> list[list[int]]:
    """Return (weight, weight, bias) for each neuron."""
    return [[int(row[0]), int(row[1]) if len(row) > 2 else 0, int(row[-1])] for row in rows]
