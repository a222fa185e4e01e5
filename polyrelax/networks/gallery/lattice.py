r"""Networks from the max-min form, which every continuous piecewise linear function has.

For affine :math:`a_{ij}` the network computes

.. math:: f(x) = \max_i \min_j a_{ij}(x),

by halving: :math:`\min(p, q) = p - \max(p - q, 0)` until each group has one value left, then
:math:`\max(p, q) = p + \max(q - p, 0)`; values that wait pass the ReLU layers.
"""

from __future__ import annotations

from collections.abc import Sequence

from polyrelax.arithmetic.arguments import all_of
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector
from polyrelax.errors import DimensionError
from polyrelax.networks.layers import Affine, Layer, ReLU
from polyrelax.networks.network import Network


def max_min(groups: Sequence[Affine]) -> Network:
    """Return the network of the maximum over ``groups`` of the minimum of their outputs.

    The saw with teeth min(x, 1 - x) and min(x - 1, 2 - x):

    >>> from polyrelax.arithmetic.rational import vector
    >>> teeth = [Affine.dense([[1], [-1]], shift) for shift in ([0, 1], [-1, 2])]
    >>> [str(max_min(teeth)(vector([x]))[0]) for x in ("1/2", 1, "3/2")]
    ['1/2', '0', '1/2']
    """
    groups = all_of(groups, Affine, "affine maps")
    if not groups or not all(group.out_dim for group in groups):
        raise DimensionError("found an empty minimum or maximum, expected affine functions")
    rows = tuple(row for group in groups for row in group.rows)
    bias = tuple(shift for group in groups for shift in group.bias)
    layers: list[Layer] = [Affine(rows, bias, groups[0].in_dim)]
    sizes = [group.out_dim for group in groups]
    while max(sizes) > 1:
        sizes = _halve(layers, sizes, sign=-1)
    sizes = [len(sizes)]
    while max(sizes) > 1:
        sizes = _halve(layers, sizes, sign=1)
    return Network(tuple(layers))


def _halve(layers: list[Layer], sizes: Sequence[int], *, sign: int) -> list[int]:
    """Append layers that replace pairs within each group by their maximum, or minimum for -1.

    Return the new sizes of the groups.
    """
    before: list[SparseVector] = []
    after: list[SparseVector] = []
    bent, start = [], 0
    for size in sizes:
        for j in range(start, start + size - 1, 2):
            bent.append(len(before) + 1)
            after.append(((len(before), ONE), (len(before) + 1, sign * ONE)))
            before += [((j, ONE),), ((j, -sign * ONE), (j + 1, sign * ONE))]
        if size % 2:
            after.append(((len(before), ONE),))
            before.append(((start + size - 1, ONE),))
        start += size
    _append(layers, before)
    layers.append(ReLU(len(before), tuple(bent)))
    _append(layers, after)
    return [-(-size // 2) for size in sizes]


def _append(layers: list[Layer], rows: Sequence[SparseVector]) -> None:
    """Append a linear map, after an affine layer as one layer with it."""
    last = layers[-1]
    linear = Affine(tuple(rows), (ZERO,) * len(rows), last.out_dim)
    if isinstance(last, Affine):
        layers[-1] = linear.after(last)
    else:
        layers.append(linear)
