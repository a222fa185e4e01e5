r"""Order statistics: how near networks of contractions come, and those that are them.

The :math:`k`-th largest of :math:`d` numbers, :math:`x_{(k)}`, is a contraction.  For
:math:`i = 1, \dots, d` let :math:`p_i` have ones at the :math:`k` places
:math:`i, i + 1, \dots`, cyclically, and :math:`q_i` the same but for place :math:`i`:
:math:`x_{(k)}` differs by 1 in each of these pairs, and each coordinate in one of them.  So the
lemma of :mod:`polyrelax.expressivity.contractions` with weights :math:`\tfrac1d` says that
every contraction :math:`g` of fan :math:`F` has

.. math:: \max_{x \in [0,1]^d} |g(x) - x_{(k)}| \ge \tfrac12 \Bigl(1 - \frac{F}{d}\Bigr).

For standard networks :math:`F = 1`, which is Theorem 3.6 of :cite:t:`zhang2022` with its
constant: :math:`\tfrac12 - \tfrac1{2d}`, attained by the mean plus
:math:`\tfrac12 (1 - \tfrac{2k - 1}{d})`.  For :math:`M` affine layers with MaxMin between them
:math:`F = 2^{M - 1}`: Theorem 3.9, that order statistics need a depth of :math:`\log_2 d`.

For the maximum that is best for every :math:`M` (derived): cut the places, in cyclic order,
into :math:`B = \min(2^{M - 1}, d)` blocks, take the mean of each, their maximum :math:`h`, and
the mean :math:`f` of :math:`h` over all rotations.  It is at most :math:`\max_i x_i`; it is
monotone and homogeneous, so :math:`f(x) \ge x_i f(e_i)`, and :math:`f(e_i)` is the mean over
rotations of :math:`1 / |\text{block of } i|`, which is :math:`B / d`.  So
:math:`f + \tfrac12 (1 - B/d)` misses the maximum by :math:`\tfrac12 (1 - B/d)` at most.

As :math:`\min_i x_i = 1 - \max_i (1 - x_i)`, the same holds for the minimum, :math:`k = d`.

For other :math:`k` the bound is not always attained: the median of three numbers is the
majority on zeros and ones, which needs three layers of MaxMin
(:mod:`polyrelax.expressivity.circuits`), while the bound is 0 for two.  *Not claimed:* what
MaxMin of a given depth can do for these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, cycle, islice, pairwise

from polyrelax.arithmetic.arguments import dimension, exact, exact_vector, whole
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import ShapeError
from polyrelax.expressivity.data_sets import cyclic_windows
from polyrelax.expressivity.lipschitz import WeightedPair
from polyrelax.networks.dimensions import fan_of
from polyrelax.networks.layers import Affine, Layer, Neurons
from polyrelax.networks.lipschitz import distance_neurons, sort_neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.sort import Sort
from polyrelax.networks.rewrite import fold

_HALF = Fraction(1, 2)


def kth_largest(x: Vector, k: int) -> Fraction:
    """Return the k-th largest of some numbers, the first being the greatest.

    >>> str(kth_largest((ONE, ZERO, Fraction(5)), 2))
    '1'
    """
    x = exact_vector(x)
    return sorted(x, reverse=True)[_rank(len(x), k) - 1]


def order_statistic(dim: int, k: int) -> Network:
    """Return the k-th largest of ``dim`` numbers as a sort, of which one value is taken.

    >>> order_statistic(3, 2)((ONE, ZERO, Fraction(5)))
    (Fraction(1, 1),)
    """
    place = _rank(dim, k) - 1
    sort = Neurons(dim, ((Sort(dim), tuple(range(dim))),))
    return Network((sort, Affine.select([place], dim)))


def sortnet_statistic(dim: int, k: int, size: Fraction = ONE) -> Network:
    """Return a SortNet neuron that is the k-th largest of numbers from ``-size`` to ``size``.

    >>> sortnet_statistic(2, 2)((-ONE, ONE))
    (Fraction(-1, 1),)
    """
    place, size = _rank(dim, k) - 1, exact(size)
    weights = tuple(ONE if j == place else ZERO for j in range(dim))
    back = Affine.dense([[ONE]], [-size])
    return fold([*sort_neurons([weights], [(size,) * dim]).layers, back])


def distance_statistic(dim: int, k: int) -> Network:
    r"""Return distance neurons that are the k-th largest of ``dim`` numbers from 0 to 1.

    For each choice :math:`S` of :math:`k` places a hidden neuron with centre 2 there, and 1/2
    elsewhere, is :math:`2 - \min_S x`; their distance from 4 is :math:`2 + \max_S \min_S x`.

    >>> distance_statistic(3, 2)((ONE, ZERO, Fraction(1, 2)))
    (Fraction(1, 2),)
    """
    k = _rank(dim, k)
    choices = list(combinations(range(dim), k))
    centres = [
        tuple(Fraction(2) if j in chosen else _HALF for j in range(dim)) for chosen in choices
    ]
    hidden = distance_neurons(centres, (ZERO,) * len(choices))
    output = distance_neurons([(Fraction(4),) * len(choices)], [Fraction(-2)])
    return fold([*hidden.layers, *output.layers])


def windows(dim: int, k: int) -> tuple[WeightedPair, ...]:
    """Return the pairs of points that show how far contractions are from the k-th largest.

    >>> [tuple(map(str, pair.second)) for pair in windows(2, 1)]
    [('0', '0'), ('0', '0')]
    """
    data = cyclic_windows(dim, k)
    longer, shorter = (
        [p for p, own in zip(data.points, data.labels, strict=True) if own == label]
        for label in (1, 0)
    )
    first, second = cycle(longer), islice(cycle(shorter), 1, None)
    return tuple(
        WeightedPair(p, q, Fraction(1, dim))
        for p, q, _ in zip(first, second, range(dim), strict=False)
    )


def least_missed(dim: int, fan: int = 1) -> Fraction:
    """Return what every contraction of a fan misses an order statistic by, or more.

    >>> str(least_missed(4)), str(least_missed(4, 2)), str(least_missed(4, 4))
    ('3/8', '1/4', '0')
    """
    return max(_HALF * (1 - Fraction(fan_of(fan), _dimension(dim))), ZERO)


def mean_statistic(dim: int, k: int) -> Network:
    """Return the standard network nearest to the k-th largest on the unit cube.

    >>> mean_statistic(2, 1)((ONE, ZERO))
    (Fraction(3, 4),)
    """
    shift = _HALF * (1 - Fraction(2 * _rank(dim, k) - 1, dim))
    return Network((Affine.dense([[Fraction(1, dim)] * dim], [shift]),))


def maxmin_maximum(dim: int, activations: int) -> Network:
    """Return the network of MaxMin layers nearest to the maximum on the unit cube.

    With ``2 ** activations >= dim`` it is the maximum.

    >>> [str(maxmin_maximum(4, n)((ONE, ZERO, ZERO, ZERO))[0]) for n in (0, 1, 2)]
    ['5/8', '3/4', '1']
    """
    dim, activations = whole(dim, "a dimension"), whole(activations, "a depth")
    if dim < 1 or activations < 0:
        raise ShapeError(
            f"found {amount(dim, 'number')} and {amount(activations, 'layer')}, "
            "expected one number or more, and no fewer than 0 layers"
        )
    dim, activations = dimension(dim, "a dimension"), dimension(activations, "a depth")
    blocks = min(2**activations, dim)
    turns = range(dim if dim % blocks else 1)
    means = [row for turn in turns for row in _block_means(dim, blocks, turn)]
    layers: list[Layer] = [Affine(means, (ZERO,) * len(means), dim)]
    sizes = [blocks] * len(turns)
    for _ in range(activations):
        layers += _halved(sizes)
        sizes = [(size + 1) // 2 for size in sizes]
    shift = least_missed(dim, blocks)
    layers.append(Affine.dense([[Fraction(1, len(turns))] * len(turns)], [shift]))
    return fold(layers)


def maxmin_minimum(dim: int, activations: int) -> Network:
    """Return the network of MaxMin layers nearest to the minimum on the unit cube.

    With ``2 ** activations >= dim`` it is the minimum.

    >>> [str(maxmin_minimum(4, n)((ONE, ONE, ZERO, ONE))[0]) for n in (0, 1, 2)]
    ['3/8', '1/4', '0']
    """
    greatest = maxmin_maximum(dim, activations)
    minus = tuple(((j, -ONE),) for j in range(greatest.in_dim))
    turned = Affine(minus, (ONE,) * greatest.in_dim, greatest.in_dim)
    return fold([turned, *greatest.layers, Affine.dense([[-ONE]], [ONE])])


def _block_means(dim: int, blocks: int, turn: int) -> Iterator[SparseVector]:
    """Yield the means of consecutive places, as many in each block as can be."""
    ends = [dim * b // blocks for b in range(blocks + 1)]
    for start, end in pairwise(ends):
        places = sorted((j + turn) % dim for j in range(start, end))
        yield tuple((j, Fraction(1, end - start)) for j in places)


def _halved(sizes: Sequence[int]) -> tuple[Neurons, Affine]:
    """Return MaxMin on the pairs of each group of values, and what takes the greater ones."""
    placed: list[tuple[Neuron, tuple[int, ...]]] = []
    kept: list[int] = []
    start = width = 0
    for size in sizes:
        for j in range(start, start + size, 2):
            kept.append(width)
            is_pair = j + 1 < start + size
            placed.append((MaxMin(), (j, j + 1)) if is_pair else (Pass(), (j,)))
            width += 1 + is_pair
        start += size
    return Neurons(start, tuple(placed)), Affine.select(kept, width)


def _dimension(dim: int) -> int:
    dim = dimension(dim, "a dimension")
    if not dim:
        raise ShapeError("found no numbers, expected one or more")
    return dim


def _rank(dim: int, k: int) -> int:
    dim, k = _dimension(dim), whole(k, "a rank")
    if not 1 <= k <= dim:
        raise ShapeError(f"found the rank {k} of {amount(dim, 'number')}, expected 1 to {dim}")
    return k
