r"""The bounds of P_1 on an interval, as functions of its ends.

A set is given by points :math:`p_1, \dots, p_n` whose hull it is.  Behind a ReLU layer the hull
of the image is that of the images of the vertices of all parts that the hyperplanes
:math:`z_j = 0` cut out.  Such a vertex lies on :math:`k` hyperplanes and in a face of dimension
at most :math:`k`, so it is a convex combination of :math:`k + 1` of the points:

.. math:: \sum_i \lambda_i p_i, \qquad \sum_i \lambda_i = 1, \qquad
          \sum_i \lambda_i z_j(p_i) = 0 \quad (j = j_1, \dots, j_k), \qquad \lambda \ge 0 .

All combinations of :math:`k + 1` points with these properties are taken.  Those that are no
vertices lie in the set all the same, so that the hull of the images is right.  The number of
points grows fast with the number of neurons of a layer and with the number of layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final, TypeAlias

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.errors import TooLargeError
from polyrelax.expressivity.elimination import solve
from polyrelax.expressivity.end_bounds import Ends
from polyrelax.expressivity.germs import Number, is_zero, largest, sign, smallest
from polyrelax.networks.layers import Affine, rectified
from polyrelax.networks.network import Network
from polyrelax.networks.walk import Bending, last_state

Values: TypeAlias = tuple[Number, ...]
MOST_POINTS: Final = 400
_Points: TypeAlias = tuple[Values, ...]


def hull_bounds(network: Network, ends: Ends) -> Ends:
    """Return the bounds of P_1.

    >>> from polyrelax.networks.gallery import tent
    >>> from fractions import Fraction
    >>> hull_bounds(tent(), Ends(Fraction(-1), Fraction(1)))
    Ends(lower=Fraction(0, 1), upper=Fraction(2, 1))
    """
    require(network, Network)
    require(ends, Ends)
    start: _Points = ((ends.lower,), (ends.upper,))
    points = last_state(network, start, _images, _bent)
    return Ends(smallest(p[0] for p in points), largest(p[0] for p in points))


def _images(points: _Points, layer: Affine, _index: int) -> _Points:
    return _distinct(_image(layer, p) for p in points)


def _bent(points: _Points, layer: Bending, _index: int) -> _Points:
    active = rectified(layer)
    return _distinct(_rectified(active, p) for p in _cut_points(active, points))


def _image(layer: Affine, point: Values) -> Values:
    return tuple(
        sum_of((point[j] * a for j, a in row), shift)
        for row, shift in zip(layer.rows, layer.bias, strict=True)
    )


def sum_of(terms: Iterable[Number], start: Number) -> Number:
    """Return the sum of ``start`` and the terms.

    >>> from fractions import Fraction
    >>> sum_of([Fraction(1), Fraction(2)], Fraction(3))
    Fraction(6, 1)
    """
    for term in terms:
        start = start + term
    return start


def _rectified(active: Sequence[int], point: Values) -> Values:
    return tuple(ZERO if j in active and sign(x) < 0 else x for j, x in enumerate(point))


def _cut_points(active: Sequence[int], points: Sequence[Values]) -> Iterator[Values]:
    """Yield points of the hull, the vertices of its parts of constant signs among them."""
    yield from points
    unstable = [j for j in active if {-1, 1} <= {sign(p[j]) for p in points}]
    for k in range(1, len(unstable) + 1):
        for neurons in combinations(unstable, k):
            for corners in combinations(points, k + 1):
                yield from _crossing(corners, neurons)


def _crossing(corners: Sequence[Values], neurons: Sequence[int]) -> Iterator[Values]:
    """Yield the point of a simplex at which the given coordinates are 0, if there is one."""
    if any(len({sign(p[j]) for p in corners} - {0}) < 2 for j in neurons):
        return
    rows = [[p[j] for p in corners] for j in neurons]
    ones: list[Number] = [ONE] * len(corners)
    weights = solve([*rows, ones], [*[ZERO] * len(rows), ONE])
    if weights is not None and all(sign(w) > 0 for w in weights):
        yield tuple(
            ZERO
            if i in neurons
            else sum_of((w * p[i] for w, p in zip(weights, corners, strict=True)), ZERO)
            for i in range(len(corners[0]))
        )


def _distinct(points: Iterable[Values]) -> tuple[Values, ...]:
    """Return the points without those that are equal, as functions, to one before."""
    found: list[Values] = []
    for p in points:
        if not any(all(map(is_zero, map(_difference, p, q))) for q in found):
            found.append(p)
    if len(found) > MOST_POINTS:
        raise TooLargeError(f"found {len(found)} points, expected at most {MOST_POINTS}")
    return tuple(found)


def _difference(x: Number, y: Number) -> Number:
    return x - y
