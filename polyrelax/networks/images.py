"""The least boxes that contain the images of boxes under layers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from polyrelax.arithmetic.arguments import all_of, exact, require, sparse_vector
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import SparseVector
from polyrelax.networks.dimensions import box_of
from polyrelax.networks.layers import Affine, Layer, ReLU


def layer_box(layer: Layer, box: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Return the least box that contains the image of ``box`` under one layer.

    >>> signed = Interval(Fraction(-1), Fraction(2))
    >>> print(*layer_box(ReLU(2, (0,)), (signed, signed)))
    [0, 2] [-1, 2]
    """
    require(layer, Layer, "a layer")
    box = box_of(box, layer.in_dim)
    if isinstance(layer, Affine):
        return tuple(
            _range(row, offset, box) for row, offset in zip(layer.rows, layer.bias, strict=True)
        )
    if isinstance(layer, ReLU):  # of which there may be very many neurons
        active = set(layer.active)
        return tuple(z.rectified() if j in active else z for j, z in enumerate(box))
    return tuple(y for unit in layer.units for y in unit.neuron.range(unit.ends(box)))


def affine_interval(row: SparseVector, offset: Fraction, box: Sequence[Interval]) -> Interval:
    """Return the range over ``box`` of the affine form ``<row, x> + offset``.

    >>> unit = Interval(Fraction(0), Fraction(1))
    >>> str(affine_interval(((0, Fraction(2)), (1, Fraction(-1))), Fraction(0), [unit, unit]))
    '[-1, 2]'
    """
    offset = exact(offset)
    box = all_of(box, Interval, "intervals")
    return _range(sparse_vector(row, len(box)), offset, box)


def _range(row: SparseVector, offset: Fraction, box: tuple[Interval, ...]) -> Interval:
    lower = upper = offset
    for j, weight in row:
        low, high = box[j] if weight.numerator > 0 else reversed(box[j])
        lower += weight * low
        upper += weight * high
    return Interval(lower, upper)
