r"""Certified radii of networks that do not expand the maximum norm, by their margins.

If :math:`\lVert f(x) - f(y) \rVert_\infty \le \lVert x - y \rVert_\infty` and the *margin* of
:math:`x` for class :math:`c` is :math:`m = f_c(x) - \max_{j \ne c} f_j(x) > 0`, then
:math:`f_c(y) > f_j(y)` for all :math:`j \ne c` wherever
:math:`\lVert x - y \rVert_\infty < m / 2`: each of two outputs changes by less than
:math:`m / 2`.  So one evaluation certifies a radius, and an exact one an exact radius.

That the network is such a contraction is asked of its layers, one after the other
(:func:`polyrelax.networks.contractions.require_contraction`).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from polyrelax.arithmetic.arguments import numbered, require, wholes
from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.errors import DimensionError
from polyrelax.networks.contractions import require_contraction
from polyrelax.networks.integer_points import IntegerPoints, values_at
from polyrelax.networks.network import Network


def margin_radii(
    network: Network, points: IntegerPoints, labels: Iterable[int]
) -> tuple[Fraction, ...]:
    """Return the radii that the margins of some points certify, half of each margin.

    Within less than its radius of a point no input is put into another class than the point's
    label, nor into two; the radius is 0 where the point is.  Raises :class:`ShapeError` for a
    network that may expand the maximum norm.

    >>> from polyrelax.networks.network import network
    >>> plane = network(([[1, 0], [0, 1]], [0, 0]))
    >>> found = margin_radii(plane, IntegerPoints.of([[1, 0], [1, 3], [2, 2]]), [0, 0, 1])
    >>> [str(radius) for radius in found]
    ['1/2', '0', '0']
    """
    require_contraction(network)
    if network.out_dim < 2:
        raise DimensionError("found a network of one output, expected one for each class")
    require(points, IntegerPoints)
    values = values_at(network, points).vectors()
    classes = wholes(labels, "labels")
    if len(classes) != len(values):
        raise DimensionError(f"found {len(classes)} labels of {len(values)} points")
    return tuple(max(ZERO, _margin(y, c) / 2) for y, c in zip(values, classes, strict=True))


def _margin(values: Vector, label: int) -> Fraction:
    """Return how much the output of a label is more than all others."""
    c = numbered(label, len(values), "class")
    return values[c] - max(values[:c] + values[c + 1 :])
