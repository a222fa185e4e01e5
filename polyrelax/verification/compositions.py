r"""Bounds of Lipschitz constants without cases: products of norms, and differences of values.

No layer expands a norm by more than the greatest operator norm of its pieces, so that the
product of these is an upper bound of the constant.  For any two inputs

.. math:: \lVert f(x) - f(y)\rVert / \lVert x - y\rVert

is a lower one.  A sort gives its inputs in some order, whatever the order: its norm is 1, and
none of its :math:`k!` pieces is listed.  That decides networks of wide sorts whose weights are
not negative: far from all shifts, towards :math:`(1, \dots, 1)`, each output of a SortNet
changes by the product of its layers' norms.

Inputs are tried along some directions, far away where all inputs are meant, else within the
set.  Around each, the values at a small step along each coordinate tell in which direction an
output changes fastest, and the exact quotient in that direction is taken.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Final, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dense_vector
from polyrelax.networks.contractions import column_norms, row_norms
from polyrelax.networks.integer_points import IntegerPoints, values_at
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification.cells import Place, Room
from polyrelax.verification.chains import is_too_wide
from polyrelax.verification.gradients import Norm
from polyrelax.verification.lipschitz import (
    LipschitzBounds,
    LipschitzSearch,
    Steepest,
    require_search,
)

_TRIES: Final = 40
_FAR, _GRID = 2**40, 2**10
_STEP: Final = Fraction(1, 2**20)


@final
@dataclass
class CompositionSearch:
    """The bounds of a constant as more inputs are tried; mutable, the best is kept.

    >>> from polyrelax.networks.lipschitz import sort_neurons
    >>> search = CompositionSearch(sort_neurons([["1/2", "1/4"]], [[0, 1]]), None, "inf")
    >>> [str(bounds.upper) for bounds in search.run()], str(search.bounds().lower)
    (['3/4'], '3/4')
    """

    network: Network
    domain: Polytope | None
    norm: Norm
    cases: int = 0
    best: Steepest | None = field(default=None)

    def __post_init__(self) -> None:
        require_search(self.network, self.domain, self.norm)

    @cached_property
    def room(self) -> Room:
        """The set of inputs, which has an interior."""
        return Room.of(self.domain, self.network.in_dim)

    def prepare(self) -> None:
        """Raise what is wrong with the set, before anything is sought.

        >>> from polyrelax.networks.gallery import tent
        >>> CompositionSearch(tent(), Polytope.box([0], [0]), "inf").prepare()
        Traceback (most recent call last):
        polyrelax.errors.ShapeError: found inputs without interior, expected a set with one
        """
        _ = self.room

    @cached_property
    def upper(self) -> Fraction:
        """The product of the layers' norms."""
        norms = row_norms if self.norm == "inf" else column_norms
        return math.prod(norms(self.network), start=ONE)

    def bounds(self) -> LipschitzBounds:
        """Return what is proved by now."""
        lower = ZERO if self.best is None else self.best.value
        return LipschitzBounds(self.norm, lower, self.upper, self.cases, self.best)

    def run(self) -> Iterator[LipschitzBounds]:
        """Yield the bounds after each input that is tried, until they meet."""
        for x in self._inputs():
            if self.bounds().is_exact:
                return
            self.cases += 1
            found = self._around(x)
            if found is not None and found.value > self.bounds().lower:
                self.best = found
            yield self.bounds()

    def _inputs(self) -> Iterator[Vector]:
        """Yield inputs to try: in a set its centre first, everywhere the diagonal."""
        generator, dim = random.Random(0), self.network.in_dim
        centre = self.room.centre if self.domain is not None else None
        yield centre or (Fraction(_FAR),) * dim
        for _ in range(_TRIES):
            ways = [Fraction(generator.randint(-_GRID, _GRID), _GRID) for _ in range(dim)]
            if centre is None:
                yield tuple(_FAR * way for way in ways)
            else:
                yield self._towards(centre, ways)

    def _towards(self, centre: Vector, ways: list[Fraction]) -> Vector:
        """Return a point of the set's interior in a direction from its centre."""
        if self.room.box is not None:
            ends = zip(self.room.box, ways, centre, strict=True)
            return tuple(c + way * end.width / 2 * (1 - _STEP) for end, way, c in ends)
        return self._inside(centre, tuple(ways), ONE)

    def _inside(self, x: Vector, direction: Vector, length: Fraction) -> Vector:
        """Return a point inside of the set in a direction, as far as halves of a length go."""
        while True:
            moved = tuple(a + length * d for a, d in zip(x, direction, strict=True))
            if self.room.has_inside(Place(moved)):
                return moved
            length /= 2

    def _around(self, x: Vector) -> Steepest | None:
        """Return the best pair of inputs that begins at one, by differences nearby."""
        steps = [self._inside(x, _unit(j, len(x)), _STEP) for j in range(len(x))]
        first, *others = self._values([x, *steps])
        slopes = [
            [(b - a) / (y[j] - x[j]) for a, b in zip(first, value, strict=True)]
            for j, (y, value) in enumerate(zip(steps, others, strict=True))
        ]
        if self.norm == "1":
            j = max(range(len(x)), key=lambda j: sum(map(abs, slopes[j])))
            return self._pair(x, _unit(j, len(x)))
        rows = list(zip(*slopes, strict=True))
        k = max(range(len(rows)), key=lambda k: sum(map(abs, rows[k])))
        return self._pair(x, tuple(-ONE if a < 0 else ONE for a in rows[k]))

    def _pair(self, x: Vector, direction: Vector) -> Steepest | None:
        """Return what a pair of inputs in a direction shows."""
        y = self._inside(x, direction, _STEP)
        first, second = self._values([x, y])
        changes = [b - a for a, b in zip(first, second, strict=True)]
        apart = max(abs(b - a) for a, b in zip(x, y, strict=True))
        if self.norm == "1":
            weights = tuple(-1 if c < 0 else 1 for c in changes)
            return Steepest(sum(map(abs, changes), ZERO) / apart, x, (x, y), weights)
        k = max(range(len(changes)), key=lambda k: abs(changes[k]))
        weights = tuple(int(i == k) for i in range(len(changes)))
        return Steepest(abs(changes[k]) / apart, x, (x, y), weights)

    def _values(self, points: list[Vector]) -> tuple[Vector, ...]:
        return values_at(self.network, IntegerPoints.of(points)).vectors()


def _unit(j: int, dim: int) -> Vector:
    return dense_vector(((j, ONE),), dim)


def without_cases(found: LipschitzSearch | CompositionSearch) -> CompositionSearch:
    """Return a search that knows the product of norms, and the inputs that another has found.

    >>> from polyrelax.networks.gallery import tent
    >>> search = LipschitzSearch(tent(), None, "inf")
    >>> _ = list(search.run())
    >>> [str(end) for end in (without_cases(search).bounds().lower, search.bounds().upper)]
    ['2', '2']
    """
    require(found, LipschitzSearch | CompositionSearch)
    best = found.bounds().steepest
    return CompositionSearch(found.network, found.domain, found.norm, best=best)


def constant_search(
    network: Network, domain: Polytope | None, norm: Norm
) -> LipschitzSearch | CompositionSearch:
    """Return the search for a constant by cases, or without them where matrices are too large.

    >>> from polyrelax.networks.gallery import tent
    >>> type(constant_search(tent(), None, "inf")).__name__
    'LipschitzSearch'
    """
    search = CompositionSearch if is_too_wide(network) else LipschitzSearch
    return search(network, domain, norm)
