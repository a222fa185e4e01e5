r"""Maxima of several variables, which no network lets triangles bound exactly on all boxes.

That triangles fail for :math:`\max(x_1, x_2)`, however it is encoded, is a theorem of
:cite:t:`baader2024`; that hulls over the inputs of each neuron's layer suffice is the case
study of [mao2024, v4].
"""

from __future__ import annotations

from fractions import Fraction

from polyrelax.arithmetic.arguments import dimension
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, rational
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError
from polyrelax.networks.layers import Affine, Layer, ReLU
from polyrelax.networks.network import Network, network


def maximum(count: int) -> Network:
    """Return the maximum of ``count`` numbers that are not negative, as nested maxima.

    Block k turns (m, x_k, ..., x_last) into max(m - x_k, 0), max(x_k, 0), ..., and goes on
    with m' = max(m - x_k, 0) + x_k; for two numbers the weights are (1, -1), (0, 1), (1, 1).

    >>> [str(value) for value in maximum(3)((rational(1), rational(4), rational(2)))]
    ['4']
    """
    count = dimension(count, "a count")
    if count < 2:
        raise DimensionError(f"found {amount(count, 'number')}, expected two or more")
    layers: list[Layer] = []
    for width in range(count, 1, -1):
        difference = _difference(width)
        before = layers.pop() if layers else None
        layers.append(difference.after(before) if isinstance(before, Affine) else difference)
        layers += (ReLU(width), _sum(width))
    return Network(tuple(layers))


def maximum_encodings() -> tuple[Network, Network, Network]:
    """Return three encodings of max(x_1, x_2) on the whole plane.

    With z = x_1 - x_2 they are x_2 + max(z, 0), x_1 + max(-z, 0), and the mean of x_1 + x_2 and
    max(z, 0) + max(-z, 0), that is half their sum; linear terms pass the ReLU layer.

    >>> [str(f((rational(-3), rational(-1)))[0]) for f in maximum_encodings()]
    ['-1', '-1', '-1']
    """
    half = rational("1/2")
    return (
        _carried([[1, -1]], [0, 1], [1]),
        _carried([[-1, 1]], [1, 0], [1]),
        _carried([[1, -1], [-1, 1]], [half, half], [half, half]),
    )


def two_relu_example() -> Network:
    """Return max(i_1 + i_2, 0) + max(i_1 - i_2, 0), on which pairs of neurons beat triangles.

    On [-1, 1]^2 triangles find an upper bound of 3 where 2 is the maximum.  It is believed to
    be the running example of :cite:t:`singh2019beyond`.

    >>> two_relu_example()((ONE, ZERO))
    (Fraction(2, 1),)
    """
    return network(([[1, 1], [1, -1]], [0, 0]), ([[1, 1]], [0]))


def _difference(width: int) -> Affine:
    rows: tuple[SparseVector, ...] = (((0, ONE), (1, -ONE)),)
    rest: tuple[SparseVector, ...] = tuple(((j, ONE),) for j in range(1, width))
    return Affine(rows + rest, (ZERO,) * width, width)


def _sum(width: int) -> Affine:
    rows: tuple[SparseVector, ...] = (((0, ONE), (1, ONE)),)
    rest: tuple[SparseVector, ...] = tuple(((j, ONE),) for j in range(2, width))
    return Affine(rows + rest, (ZERO,) * (width - 1), width)


def _carried(
    hidden: list[list[int]], linear: list[int] | list[Fraction], out: list[int] | list[Fraction]
) -> Network:
    """Return <out, max(hidden x, 0)> + <linear, x>, the last term past the ReLU."""
    first = Affine.dense([*hidden, linear])
    width = first.out_dim
    return Network((first, ReLU(width, tuple(range(width - 1))), Affine.dense([[*out, 1]])))
