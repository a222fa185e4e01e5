r"""Layers that do not expand the maximum norm, as affine maps and neurons.

A *norm-bounded* affine map has rows with :math:`\lVert w \rVert_1 \le 1`.  Such maps, absolute
values, MaxMin and sorts of groups change by at most as much as their inputs do, in the maximum
norm, and so do

.. math:: x \mapsto \max_i |x_i - u_i| + b \qquad\text{and}\qquad
          x \mapsto \langle w, \operatorname{sort} |x + b| \rangle
          \text{ with } \lVert w \rVert_1 \le 1,

the neurons of :math:`\ell_\infty`-distance networks :cite:p:`zhang2021` and of SortNet
:cite:p:`zhang2022`, which sorts the greatest number first.  Each is written with the layers
that there are, so that all that is known of these holds for it.

SortNet in its practical form has one number :math:`0 \le \rho < 1` for all weights of a
layer, :math:`w_i = (1 - \rho) \rho^{i-1}`.  For :math:`x \ge 0` and independent masks
:math:`s_i`, 1 with probability :math:`1 - \rho` and else 0,

.. math:: \operatorname{E} \max_i s_i x_i
          = \sum_i (1 - \rho) \rho^{i-1} x_{(i)} :

the :math:`i`-th largest number is the maximum if it is kept, and those before it are not.  So
a network is trained with maxima and random masks (:mod:`polyrelax.training`), and used with
sorts.  The weights of the first :math:`T` terms alone are divided by their sum
:math:`1 - \rho^T`.
"""

from __future__ import annotations

from collections.abc import Iterable

from polyrelax.arithmetic.arguments import dimension, exact, require, whole
from polyrelax.arithmetic.rational import (
    ONE,
    ZERO,
    Scalar,
    Vector,
    matrix,
    shown,
    sparse,
    vector,
)
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.affine import Affine
from polyrelax.networks.layers import Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.sort import Sort


def norm_bounded(layer: Affine) -> Affine:
    """Return an affine map whose rows have 1-norms of at most 1; raise an error for others.

    >>> norm_bounded(Affine.dense([["1/2", "-3/4"]]))
    Traceback (most recent call last):
    polyrelax.errors.ShapeError: found the 1-norm 5/4 in row 0, expected at most 1
    """
    require(layer, Affine)
    for i, row in enumerate(layer.rows):
        size = sum((abs(a) for _, a in row), ZERO)
        if size > 1:
            raise ShapeError(f"found the 1-norm {shown(size)} in row {i}, expected at most 1")
    return layer


def group_sort(width: int, size: int) -> Neurons:
    """Return the layer that sorts groups of ``size`` neighbours, the greatest first.

    Groups of two are MaxMin neurons.  The groups must divide the width.

    >>> group_sort(4, 2)(vector([1, 2, 4, 3])) == vector([2, 1, 4, 3])
    True
    """
    if whole(size, "the size of a group") < 1 or whole(width, "a width") % size:
        raise DimensionError(f"found groups of {size} values, expected a divisor of {width}")
    neuron = MaxMin() if size == 2 else Sort(size)
    return Neurons(width, tuple((neuron, group) for group in _groups(width, size)))


def distance_neurons(centers: Iterable[Iterable[Scalar]], shifts: Iterable[Scalar]) -> Network:
    """Return the distances to centers in the maximum norm, each with a number added.

    >>> near = distance_neurons([[1, 0], [0, 0]], [0, "1/2"])
    >>> [str(value) for value in near(vector([3, 1]))]
    ['2', '7/2']
    """
    points, added = matrix(centers), vector(shifts)
    dim = _width(points)
    moved = _moved(tuple(tuple(-u for u in point) for point in points), dim)
    sizes = Neurons(moved.out_dim, tuple((Absolute(), (j,)) for j in range(moved.out_dim)))
    maxima = ((Maximum(dim), group) for group in _groups(moved.out_dim, dim))
    identity = tuple(((k, ONE),) for k in range(len(points)))
    last = Affine(identity, added, len(points))
    return Network((moved, sizes, Neurons(moved.out_dim, tuple(maxima)), last))


def sort_neurons(
    weights: Iterable[Iterable[Scalar]], shifts: Iterable[Iterable[Scalar]]
) -> Network:
    """Return weighted sums of sorted absolute values, one for each row of both arguments.

    The inputs are moved by a row of ``shifts``.  Raises :class:`ShapeError` for a row of
    ``weights`` of greater 1-norm than 1.

    >>> median = sort_neurons([[0, 1, 0]], [[5, 5, 5]])  # of numbers of at least -5
    >>> [str(value) for value in median(vector([1, 3, 2]))]
    ['7']
    """
    rows, moves = matrix(weights), matrix(shifts)
    dim = _width(rows)
    if len(moves) != len(rows) or _width(moves) != dim:
        found = f"found {_table(rows, 'weight')} and {_table(moves, 'shift')}"
        raise DimensionError(f"{found}, expected the same numbers")
    moved = _moved(moves, dim)
    sizes = Neurons(moved.out_dim, tuple((Absolute(), (j,)) for j in range(moved.out_dim)))
    sorts = tuple((Sort(dim), group) for group in _groups(moved.out_dim, dim))
    placed = (tuple((k * dim + j, a) for j, a in sparse(row)) for k, row in enumerate(rows))
    last = norm_bounded(Affine(placed, (ZERO,) * len(rows), moved.out_dim))
    return Network((moved, sizes, Neurons(moved.out_dim, sorts), last))


def geometric_weights(ratio: Scalar, count: int, terms: int | None = None) -> Vector:
    """Return the ``count`` weights of a SortNet neuron in its practical form.

    ``ratio`` is that of each weight to the one before, at least 0 and below 1; with 0 the
    neuron is a distance.  With ``terms`` only so many weights, or all if there are fewer, are
    not zero, and their sum is 1.  Raises :class:`ShapeError` for other ratios and for no terms.

    >>> [str(w) for w in geometric_weights("1/2", 3)]
    ['1/2', '1/4', '1/8']
    >>> [str(w) for w in geometric_weights("1/2", 3, 2)]
    ['2/3', '1/3', '0']
    """
    rho, count = exact(ratio), dimension(count, "a number of weights")
    if not 0 <= rho < 1:
        raise ShapeError(f"found the ratio {shown(rho)}, expected at least 0, below 1")
    if terms is None:
        return tuple((1 - rho) * rho**i for i in range(count))
    kept = min(whole(terms, "a number of terms"), count)
    if kept < 1:
        raise ShapeError(f"found {shown(kept)} terms, expected at least 1")
    scale = (1 - rho) / (1 - rho**kept)
    return tuple(scale * rho**i if i < kept else ZERO for i in range(count))


def _table(rows: tuple[Vector, ...], entry: str) -> str:
    """Return how many rows of how many entries there are."""
    return f"{amount(len(rows), 'row')} of {amount(_width(rows), entry)}"


def _moved(shifts: tuple[Vector, ...], dim: int) -> Affine:
    """Return copies of the inputs, each moved by one of some vectors."""
    rows = tuple(((j, ONE),) for _ in shifts for j in range(dim))
    return Affine(rows, tuple(b for shift in shifts for b in shift), dim)


def _width(rows: tuple[Vector, ...]) -> int:
    if not (rows and rows[0]):
        raise DimensionError("found no numbers, expected one neuron of one input at least")
    return len(rows[0])


def _groups(width: int, size: int) -> Iterable[tuple[int, ...]]:
    return (tuple(range(k, k + size)) for k in range(0, width, size))
