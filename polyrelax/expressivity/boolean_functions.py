r"""Boolean functions as labelled points, and the networks that are best for them.

A *symmetric* function depends on the number of ones.  If it tells :math:`m` ones from
:math:`m - 1`, it labels the cyclic windows of these lengths, at most :math:`2d` points, as the
:math:`m`-th largest number does, and no standard Lipschitz network has a radius above
:math:`\tfrac{1}{2d}` there: Theorem 3.5 of :cite:t:`zhang2022`, with a derived proof
(:mod:`polyrelax.expressivity.data_sets`).  That is best, on all corners of the cube: with
:math:`m_1 < \dots < m_r` the numbers where the function changes, the network

.. math:: f(x) = \varphi\Bigl(\frac{x_1 + \dots + x_d}{d}\Bigr), \qquad
          |\varphi(t)| = \min_i \Bigl| t - \frac{2 m_i - 1}{2d} \Bigr| ,

where :math:`\varphi` changes its sign at each :math:`\tfrac{2 m_i - 1}{2d}`, is a standard one,
as :math:`\varphi` has slopes :math:`\pm 1`, and :math:`|f| \ge \tfrac{1}{2d}` at all corners.

*Every* Boolean function that depends on :math:`r` of its variables has the bound
:math:`\tfrac{1}{2r}` of the matrix game on all corners (derived): for a variable that matters
there are two corners with different labels that differ in it alone, so no weights of
coordinates are worth more than :math:`\tfrac1r`, and equal ones on these variables are worth
that.

Networks of :math:`\ell_\infty`-distance neurons (Theorem 3.8 there) reach what any classifier
can, :math:`\tfrac12`, and the nearest neighbour's radius on all labelled points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, product
from typing import final

from polyrelax.arithmetic.arguments import all_of, dimension, exactly, require, wholes
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.expressivity.data_sets import LabelledPoints, cyclic_windows
from polyrelax.networks.contractions import require_contraction
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.lipschitz import distance_neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.broken_line import BrokenLine
from polyrelax.networks.rewrite import fold

_HALF = Fraction(1, 2)


@final
@dataclass(frozen=True)
class Symmetric:
    """A Boolean function of the number of ones, by its values for 0, 1, ..., d ones.

    >>> Symmetric((False, False, True)).changes
    (2,)
    """

    values: tuple[bool, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", all_of(self.values, bool, "truth values"))
        if not self.changes:
            raise ShapeError("found a constant function, expected two values")

    @cached_property
    def changes(self) -> tuple[int, ...]:
        """The numbers of ones at which the value is another than for one less."""
        return tuple(m for m, (a, b) in enumerate(pairwise(self.values), start=1) if a != b)

    @property
    def dim(self) -> int:
        """The number of variables."""
        return len(self.values) - 1

    def __call__(self, corner: tuple[int, ...]) -> bool:
        """Return the value at zeros and ones."""
        ones = wholes(exactly(corner, self.dim, f"{self.dim} zeros and ones"), "zeros and ones")
        if not {*ones} <= {0, 1}:
            raise ShapeError("found other numbers, expected zeros and ones")
        return self.values[sum(ones)]

    def witnesses(self) -> LabelledPoints:
        """Return the fewest cyclic windows of a change, labelled by this function.

        >>> conjunction = Symmetric((False, False, True)).witnesses()
        >>> len(conjunction.points), conjunction.labels
        (3, (1, 0, 0))
        """
        points = min((cyclic_windows(self.dim, m).points for m in self.changes), key=len)
        return LabelledPoints(points, tuple(int(self.values[_ones(p)]) for p in points))


def symmetric_functions(dim: int) -> Iterator[Symmetric]:
    """Yield all symmetric functions of ``dim`` variables that are not constant.

    >>> len(list(symmetric_functions(2)))
    6
    """
    dim = dimension(dim, "a dimension")
    for values in product((False, True), repeat=dim + 1):
        if len(set(values)) == 2:
            yield Symmetric(values)


def mean_network(function: Symmetric) -> Network:
    """Return a standard network of the best radius, 1/(2d), on all corners of the cube.

    >>> conjunction = mean_network(Symmetric((False, False, True)))
    >>> [str(conjunction(x)[0]) for x in ((0, 0), (0, 1), (1, 1))]
    ['-3/4', '-1/4', '1/4']
    """
    require(function, Symmetric)
    dim = function.dim
    zeros = [Fraction(2 * m - 1, 2 * dim) for m in function.changes]
    slope = -ONE if function.values[0] else ONE
    mean = Affine.dense([[Fraction(1, dim)] * dim])
    kinks = tuple(
        ((a + b) / 2, (slope if k % 2 == 0 else -slope) * (b - a) / 2)
        for k, (a, b) in enumerate(pairwise(zeros))
    )
    if not kinks:
        return Network((Affine.dense([[slope]], [-slope * zeros[0]]).after(mean),))
    last = slope if len(kinks) % 2 == 0 else -slope
    return Network((mean, Neurons(1, ((BrokenLine(kinks, slope, last), (0,)),))))


def boolean_distance_network(data: LabelledPoints) -> Network:
    """Return distance neurons of radius 1/2 for corners of the cube labelled 0 and 1.

    The hidden neurons are the distances of the corners labelled 1, each 0 or 1; the output
    is 1/2 less the least of them.  Raises :class:`ShapeError` for other points or labels.

    >>> exclusive = LabelledPoints.of_function(2, lambda x: x[0] != x[1])
    >>> radius(boolean_distance_network(exclusive), exclusive)
    Fraction(1, 2)
    """
    require(data, LabelledPoints)
    if set(data.labels) != {0, 1} or not {a for p in data.points for a in p} <= {0, 1}:
        raise ShapeError("found other points or labels, expected zeros and ones")
    centres = [p for p, label in zip(data.points, data.labels, strict=True) if label]
    hidden = distance_neurons(centres, (ZERO,) * len(centres))
    output = distance_neurons([(Fraction(2),) * len(centres)], [-3 * _HALF])
    return fold([*hidden.layers, *output.layers])


def nearest_neighbour(data: LabelledPoints) -> Network:
    r"""Return the nearest neighbour classifier as distance neurons, with an output per class.

    The outputs are the negative distances of the classes' points.  With :math:`D` the greatest
    distance of two points, so that all distances :math:`h_p` from them are at most :math:`D`,
    that is :math:`\lVert h - w \rVert_\infty - 2 D` with :math:`w_p = 2 D` for the points of
    the class and :math:`w_p = D / 2` for others, at these points and wherever all are as near.

    >>> line = LabelledPoints(((ZERO,), (Fraction(3),), (Fraction(4),)), (0, 0, 1))
    >>> radius(nearest_neighbour(line), line) == line.best_radius
    True
    """
    require(data, LabelledPoints)
    far = max(data.distance((i, j)) for i in range(len(data.points)) for j in range(i))
    hidden = distance_neurons(data.points, (ZERO,) * len(data.points))
    classes = sorted(set(data.labels))
    centres = [
        tuple(2 * far if label == name else far / 2 for label in data.labels)
        for name in classes
    ]
    output = distance_neurons(centres, (-2 * far,) * len(classes))
    return fold([*hidden.layers, *output.layers])


def radius(network: Network, data: LabelledPoints) -> Fraction:
    """Return the least radius around the points that a contraction's margins certify.

    One output has the greater of two classes where it is positive, and its size is the radius;
    of an output per class half of the right one's lead is.  A point with a wrong answer makes
    it negative.  Raises :class:`ShapeError` for networks that are no contractions.

    >>> mean = Network((Affine.dense([["1/2", "1/2"]], ["-3/4"]),))
    >>> radius(mean, LabelledPoints.of_function(2, all))
    Fraction(1, 4)
    """
    require_contraction(network)
    require(data, LabelledPoints)
    classes = sorted(set(data.labels))
    if network.out_dim not in (1, len(classes)) or (network.out_dim == 1 and len(classes) > 2):
        raise DimensionError(
            f"found {amount(network.out_dim, 'output')} for {len(classes)} classes, "
            "expected one for each, or one for two classes"
        )
    return min(
        _margin(network(point), classes.index(label))
        for point, label in zip(data.points, data.labels, strict=True)
    )


def _margin(outputs: Vector, place: int) -> Fraction:
    if len(outputs) == 1:
        return outputs[0] if place else -outputs[0]
    others = (y for k, y in enumerate(outputs) if k != place)
    return (outputs[place] - max(others)) / 2


def _ones(point: Vector) -> int:
    return sum(map(bool, point))
