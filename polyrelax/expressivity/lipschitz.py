r"""How far functions are from all networks of layers that do not expand the maximum norm.

A network whose affine maps have rows with :math:`\lVert w \rVert_1 \le 1` and whose activations
are 1-Lipschitz satisfies, for any pairs of points :math:`(p_i, q_i)` and weights
:math:`\mu_i \ge 0`,

.. math:: \sum_i \mu_i |g(p_i) - g(q_i)| \le \max_j \sum_i \mu_i |(p_i - q_i)_j| ,

whatever its depth and width: by induction over the layers it holds for every neuron, as a
row adds up at most such sums, and an activation does not increase a difference (derived).
So with :math:`\sum_i \mu_i = 1` every such network misses a function :math:`f` somewhere by at
least

.. math:: \tfrac12 \Bigl(\sum_i \mu_i |f(p_i) - f(q_i)|
          - \max_j \sum_i \mu_i |(p_i - q_i)_j|\Bigr).

Networks with neurons of several inputs have the first bound times their *fan*
(:mod:`polyrelax.expressivity.contractions`).

The best weights for given points are those of a linear program.  For order statistics on the
corners of the cube the bound is :math:`\tfrac12 (1 - \tfrac1d)`; that such networks are
limited there is a theorem of :cite:t:`zhang2022`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import final

from polyrelax.arithmetic.arguments import (
    all_of,
    exact,
    exact_vector,
    exact_vectors,
    require_function,
)
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, sparse
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.errors import ShapeError
from polyrelax.expressivity.data_sets import cube_dimension
from polyrelax.lp import LinearProgram, Optimizer, Optimum, Row
from polyrelax.networks.dimensions import fan_of, point_of


@final
@readable
@dataclass(frozen=True)
class WeightedPair:
    """Two points and the weight of their difference."""

    first: Vector
    second: Vector
    weight: Fraction

    def __post_init__(self) -> None:
        first = exact_vector(self.first, "a point")
        object.__setattr__(self, "first", first)
        object.__setattr__(self, "second", point_of(self.second, len(first)))
        object.__setattr__(self, "weight", exact(self.weight))


Function = Callable[[Vector], Fraction]


def least_error(function: Function, pairs: Sequence[WeightedPair], *, fan: int = 1) -> Fraction:
    """Return the error of networks of a fan that pairs with weights of sum 1 prove.

    >>> zero = (ZERO, ZERO)
    >>> ends = [(ONE, ZERO), (ZERO, ONE)]
    >>> least_error(max, [WeightedPair(zero, end, Fraction(1, 2)) for end in ends])
    Fraction(1, 4)
    """
    require_function(function)
    pairs, fan = all_of(pairs, WeightedPair, "weighted pairs"), fan_of(fan)
    if sum((pair.weight for pair in pairs), ZERO) != 1:
        raise ShapeError("found weights of another sum, expected 1")
    gain = sum((p.weight * abs(function(p.first) - function(p.second)) for p in pairs), ZERO)
    columns = zip(*(_differences(p.first, p.second) for p in pairs), strict=True)
    loads = (
        sum((p.weight * d for p, d in zip(pairs, column, strict=True)), ZERO)
        for column in columns
    )
    return (gain - fan * max(loads)) / 2


def best_pairs(
    function: Function, points: Sequence[Vector], *, fan: int = 1
) -> tuple[WeightedPair, ...]:
    """Return the pairs of the given points whose weights prove the greatest error.

    >>> corners = cube(2)
    >>> least_error(max, best_pairs(max, corners))
    Fraction(1, 4)
    """
    require_function(function)
    points, fan = exact_vectors(points, "points"), fan_of(fan)
    if len(points) < 2:
        raise ShapeError(f"found {amount(len(points), 'point')}, expected two or more")
    pairs = tuple(combinations(points, 2))
    count, dim = len(pairs), len(points[0])
    gains = tuple(abs(function(p) - function(q)) for p, q in pairs)
    differences = [_differences(p, q) for p, q in pairs]
    loads = (Row(sparse((*(d[j] for d in differences), -ONE)), ZERO) for j in range(dim))
    total = Row(tuple((i, ONE) for i in range(count)), ONE, is_equation=True)
    free = (None,) * (count + 1)
    program = LinearProgram((ZERO,) * (count + 1), free, (*loads, total))
    outcome = Optimizer(program).maximize(sparse((*gains, -fan * ONE)))
    assert isinstance(outcome, Optimum)  # weights of sum 1 are bounded
    return tuple(
        WeightedPair(p, q, weight)
        for (p, q), weight in zip(pairs, outcome.point, strict=False)
        if weight
    )


def cube(dim: int) -> tuple[Vector, ...]:
    """Return the corners of the unit cube.

    >>> len(cube(3))
    8
    """
    return tuple(product((ZERO, ONE), repeat=cube_dimension(dim)))


def _differences(p: Vector, q: Vector) -> Vector:
    return tuple(abs(a - b) for a, b in zip(p, q, strict=True))
