r"""Labelled points: the best certified radius of any classifier, and of standard networks.

A classifier has radius :math:`r` at a point if its answer is right on the open ball
:math:`\lVert \delta \rVert_\infty < r` around it.  Let :math:`p, q` be points with different
labels.  Balls around them meet if :math:`r > \lVert p - q \rVert_\infty / 2`; the nearest
neighbour has the least of these halves at every point, so that is best.

A *standard Lipschitz network* has affine maps with rows of 1-norm at most 1, 1-Lipschitz
activations of one input each, and an output :math:`f_k` for each class; its radius is half of
the least difference between the right output and another.  For points of two classes
:math:`a, b` and weights :math:`\lambda \ge 0` of sum 1 on pairs :math:`(p, q)` with these
labels, radius :math:`r` at all points means

.. math:: 4 r \le \sum_{p,q} \lambda_{pq} \bigl(|f_a(p) - f_a(q)| + |f_b(p) - f_b(q)|\bigr)
          \le 2 \max_i \sum_{p,q} \lambda_{pq} |p_i - q_i| ,

the second by induction over the layers (:mod:`polyrelax.expressivity.lipschitz`).  The least
right side is the value of a matrix game,

.. math:: V = \min_\lambda \max_i \sum_{p,q} \lambda_{pq} |p_i - q_i|
            = \max_w \min_{p,q} \sum_i w_i |p_i - q_i| ,

so :math:`r \le V / 2`, and the optimal strategies of both players prove the value.  For more
than two classes the least of the bounds of two classes is taken.  The bound is derived; that
it is of order :math:`1 / d` for Boolean functions is a theorem of :cite:t:`zhang2022`.

*Not claimed:* that a standard network attains the bound on every set of points.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations, product
from typing import Final, TypeAlias, final

from polyrelax.arithmetic.arguments import (
    dimension,
    exact_vectors,
    exactly,
    numbered,
    require,
    require_function,
    whole,
    wholes,
)
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, cut, shown
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, ShapeError, TooLargeError
from polyrelax.lp import LinearProgram, Optimizer, Row

Pair: TypeAlias = tuple[int, int]
"""The indices of two points with different labels, the smaller first."""
MOST_DIMENSIONS: Final = 20
"""Of cubes whose corners are listed: a million of them."""
BooleanFunction: TypeAlias = Callable[[tuple[int, ...]], bool]


@final
@readable
@dataclass(frozen=True)
class LabelledPoints:
    """Points, each with the number of its class; there are two classes or more.

    >>> conjunction = LabelledPoints.of_function(2, all)
    >>> conjunction.points[-1], conjunction.labels
    ((Fraction(1, 1), Fraction(1, 1)), (0, 0, 0, 1))
    """

    points: tuple[Vector, ...]
    labels: tuple[int, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", exact_vectors(self.points, "points"))
        object.__setattr__(self, "labels", wholes(self.labels, "labels"))
        if len(self.points) != len(self.labels):
            raise DimensionError(
                f"found {amount(len(self.points), 'point')} and "
                f"{amount(len(self.labels), 'label')}, "
                "expected a label for each point"
            )
        if len({len(point) for point in self.points}) > 1:
            raise DimensionError("found points of different dimensions, expected one dimension")
        if not self.points:
            raise ShapeError("found no points, expected two or more")
        if len(set(self.labels)) < 2:
            raise ShapeError("found points of one class, expected two classes or more")
        known: dict[Vector, int] = {}
        for point, label in zip(self.points, self.labels, strict=True):
            if known.setdefault(point, label) != label:
                place = cut(", ".join(map(shown, point)))
                raise ShapeError(
                    f"found ({place}) with two labels, expected one for each point"
                )

    @classmethod
    def of_function(cls, dim: int, function: BooleanFunction) -> LabelledPoints:
        """Return all corners of the unit cube, labelled by a function of zeros and ones."""
        dim = cube_dimension(dim)
        if not dim:
            raise DimensionError("found a cube of dimension 0, expected at least 1")
        require_function(function)
        corners = tuple(product((0, 1), repeat=dim))
        points = tuple(tuple(map(Fraction, corner)) for corner in corners)
        return cls(points, tuple(int(function(corner)) for corner in corners))

    @property
    def dim(self) -> int:
        """The dimension of the points."""
        return len(self.points[0])

    def pairs(self, first: int, second: int) -> Iterator[Pair]:
        """Yield the pairs of points of two classes."""
        first = whole(first, "a whole number")
        second = whole(second, "a whole number")
        classes = {first, second}
        for i, j in combinations(range(len(self.points)), 2):
            if {self.labels[i], self.labels[j]} == classes:
                yield i, j

    def differences(self, pair: Pair) -> Vector:
        """Return the absolute differences of two points, coordinate by coordinate."""
        p, q = (
            self.points[numbered(k, len(self.points), "point")]
            for k in exactly(pair, 2, "two points")
        )
        return tuple(abs(a - b) for a, b in zip(p, q, strict=True))

    def distance(self, pair: Pair) -> Fraction:
        """Return the distance of two points in the maximum norm."""
        return max(self.differences(pair), default=ZERO)

    @cached_property
    def nearest(self) -> Pair:
        """Two points of different classes that are nearest to each other."""
        return min(
            (pair for classes in self.class_pairs for pair in self.pairs(*classes)),
            key=self.distance,
        )

    @property
    def class_pairs(self) -> tuple[tuple[int, int], ...]:
        """The pairs of classes."""
        return tuple(combinations(sorted(set(self.labels)), 2))

    @property
    def best_radius(self) -> Fraction:
        """The best radius of any classifier at all points.

        >>> LabelledPoints(((ZERO,), (Fraction(3),)), (0, 1)).best_radius
        Fraction(3, 2)
        """
        return self.distance(self.nearest) / 2


@final
@readable
@dataclass(frozen=True)
class Game:
    """The bound of standard networks on two classes, and the strategies that prove it.

    ``coordinates`` are weights of sum 1 for which no pair has a smaller weighted difference
    than the value; ``pairs`` have weights of sum 1 for which no coordinate has a greater one.
    """

    classes: tuple[int, int]
    value: Fraction
    coordinates: Vector
    pairs: tuple[tuple[Pair, Fraction], ...]

    @property
    def radius(self) -> Fraction:
        """The greatest radius that a standard network can have."""
        return self.value / 2

    def is_proved_by(self, data: LabelledPoints) -> bool:
        """Whether both strategies have the value on the given points."""
        require(data, LabelledPoints)
        weights = [weight for _, weight in self.pairs]
        rows = [data.differences(pair) for pair, _ in self.pairs]
        loads = [
            sum((w * row[i] for w, row in zip(weights, rows, strict=True)), ZERO)
            for i in range(data.dim)
        ]
        gains = [
            sum(
                (w * d for w, d in zip(self.coordinates, data.differences(p), strict=True)),
                ZERO,
            )
            for p in data.pairs(*self.classes)
        ]
        strategies = (*self.coordinates, *weights)
        return (
            min(strategies) >= 0
            and sum(self.coordinates) == sum(weights) == 1
            and all(
                {data.labels[k] for k in pair} == set(self.classes) for pair, _ in self.pairs
            )
            and max(loads) == min(gains) == self.value
        )


def standard_bound(data: LabelledPoints) -> Game:
    """Return the game whose radius no standard network exceeds: of two classes, the least.

    >>> conjunction = LabelledPoints.of_function(2, all)
    >>> game = standard_bound(conjunction)
    >>> game.radius, game.is_proved_by(conjunction)
    (Fraction(1, 4), True)
    """
    return min(games(data), key=lambda game: game.value)


def games(data: LabelledPoints) -> Iterator[Game]:
    """Yield the game of each pair of classes, as it is solved; each bounds standard networks.

    >>> [game.classes for game in games(LabelledPoints.of_function(2, all))]
    [(0, 1)]
    """
    require(data, LabelledPoints)
    return (_game(data, classes) for classes in data.class_pairs)


def _game(data: LabelledPoints, classes: tuple[int, int]) -> Game:
    """Return the optimal strategies, as an exact linear program and its multipliers give them.

    The variables are a weight for each coordinate and the value; a row for each pair says that
    its weighted difference is not below the value.  Of pairs of equal differences one stays.
    """
    rows: dict[Vector, Pair] = {}
    for pair in data.pairs(*classes):
        rows.setdefault(data.differences(pair), pair)
    dim = data.dim
    above = [
        Row((*((i, -d) for i, d in enumerate(row) if d), (dim, ONE)), ZERO) for row in rows
    ]
    total = Row(tuple((i, ONE) for i in range(dim)), ONE, is_equation=True)
    program = LinearProgram((ZERO,) * (dim + 1), (*(ONE,) * dim, None), (*above, total))
    best = Optimizer(program).maximum(((dim, ONE),))
    chosen = list(rows.values())
    weights = defaultdict(lambda: ZERO, {k: y for k, y in best.multipliers if k < len(chosen)})
    pairs = tuple((pair, weights[k]) for k, pair in enumerate(chosen) if weights[k])
    return Game(classes, best.value, best.point[:dim], pairs)


def star(dim: int) -> LabelledPoints:
    """Return the corner of ones and its neighbours: the d + 1 points that limit conjunctions.

    >>> standard_bound(star(3)).radius
    Fraction(1, 6)
    """
    dim = dimension(dim, "a dimension")
    ones = (ONE,) * dim
    beside = [tuple(ZERO if i == k else ONE for i in range(dim)) for k in range(dim)]
    return LabelledPoints((ones, *beside), (1, *(0,) * dim))


def cube_dimension(dim: int) -> int:
    """Return the dimension of a cube whose corners are listed, one by one.

    >>> cube_dimension(21)
    Traceback (most recent call last):
    polyrelax.errors.TooLargeError: found a cube of dimension 21, expected at most 20
    """
    dim = dimension(dim, "a dimension")
    if dim > MOST_DIMENSIONS:
        raise TooLargeError(
            f"found a cube of dimension {dim}, expected at most {MOST_DIMENSIONS}"
        )
    return dim


def cyclic_windows(dim: int, weight: int) -> LabelledPoints:
    """Return the cyclic windows of ``weight`` ones, and those of one less.

    They limit every function of the number of ones that tells the two numbers apart: of 2d
    points (d + 1 if a number is 0 or d), neighbours on the cycle differ in one coordinate.

    >>> standard_bound(cyclic_windows(4, 2)).radius
    Fraction(1, 8)
    """
    dim = dimension(dim, "a dimension")
    weight = whole(weight, "a whole number")
    if not 1 <= weight <= dim:
        raise ShapeError(f"found windows of {weight} ones, expected 1 to {dim}")
    full, less = _windows(dim, weight), _windows(dim, weight - 1)
    return LabelledPoints((*full, *less), (*(1,) * len(full), *(0,) * len(less)))


def _windows(dim: int, weight: int) -> Sequence[Vector]:
    starts = range(dim) if 0 < weight < dim else range(1)
    return [
        tuple(ONE if (i - start) % dim < weight else ZERO for i in range(dim))
        for start in starts
    ]
