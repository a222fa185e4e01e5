r"""Counterexamples that others claim, replayed in exact numbers.

A property says case by case what must not happen: an input :math:`x` in a polytope whose
outputs :math:`y = f(x)` satisfy some rows (:mod:`polyrelax.networks.properties`).  A point is a
*valid* counterexample if a case holds at it, without any tolerance.  Else it lies *outside* the
inputs of every case, or it lies inside and *violates nothing*.

How far it is from being one has two parts.  The *excess* of a case is the greatest distance, in
the maximum norm, of the point from the half-spaces of the case's inputs; for a box it is the
distance from the box.  The *margin* is the least slack :math:`b - \langle c, y\rangle` of its
rows; a negative one says by how much a row fails.

The scoring of VNN-COMP 2026 replays outputs and allows inputs an absolute tolerance: a point
*establishes* a violation, or does so *up to tolerance*, or it is *wrong*.  Here exact outputs
decide both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final, final

from polyrelax.arithmetic.arguments import exact, exact_vector, listed, require
from polyrelax.arithmetic.rational import ZERO, Vector, rational
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import DimensionError
from polyrelax.lp.linear_program import sparse_dot
from polyrelax.networks.dimensions import point_of
from polyrelax.networks.integer_points import IntegerPoints, values_at
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Case, Property, Row, difference, rows_of
from polyrelax.polytopes.boxes import clamped
from polyrelax.polytopes.polytope import Polytope

TOLERANCE: Final = rational("0.0001")
"""The absolute tolerance for inputs in the scoring of VNN-COMP 2026."""


class Validity(StrEnum):
    """What a claimed counterexample is; of several points the first of these counts."""

    VALID = "valid"
    NOTHING = "violates nothing"
    OUTSIDE = "outside"


class Score(StrEnum):
    """What a claimed counterexample is up to a tolerance for inputs."""

    ESTABLISHES = "establishes"
    TOLERATED = "up to tolerance"
    WRONG = "wrong"


@final
@readable
@dataclass(frozen=True)
class Standing:
    """How a point stands to a case; ``margin`` is ``None`` if the case has no rows of outputs.

    A strict row may fail with nothing missing, so ``is_inside`` and ``is_violation`` say more
    than the signs of ``excess`` and ``margin``.
    """

    excess: Fraction
    margin: Fraction | None
    is_inside: bool
    is_violation: bool

    @property
    def validity(self) -> Validity:
        """What the point is to this case alone."""
        if not self.is_inside:
            return Validity.OUTSIDE
        return Validity.VALID if self.is_violation else Validity.NOTHING

    def score(self, tolerance: Fraction) -> Score:
        """Return what the point is to this case up to a tolerance for inputs.

        >>> near = Standing(Fraction(1, 10), Fraction(0), False, True)
        >>> str(near.score(Fraction(1, 10))), str(near.score(Fraction(0)))
        ('up to tolerance', 'wrong')
        """
        if not self.is_violation:
            return Score.WRONG
        if self.is_inside:
            return Score.ESTABLISHES
        return Score.TOLERATED if self.excess <= exact(tolerance) else Score.WRONG


@final
@readable
@dataclass(frozen=True)
class Replay:
    """A point, its exact outputs, and how it stands to each case of a property."""

    point: Vector
    outputs: Vector
    standings: tuple[Standing, ...]

    @classmethod
    def of(cls, property_: Property, point: Vector, outputs: Vector) -> Replay:
        """Return how a point with its exact outputs stands to the cases of a property.

        >>> unit = Property(1, 1, (Case(Polytope.box([0], [1])),))
        >>> found = Replay.of(unit, (Fraction(3),), (Fraction(0),))
        >>> str(found.validity), found.best.excess
        ('outside', Fraction(2, 1))
        """
        require(property_, Property)
        x = point_of(point, property_.in_dim)
        y = exact_vector(outputs, "outputs")
        return cls(x, y, tuple(_standing(case, x, y) for case in property_.cases))

    @property
    def best(self) -> Standing | None:
        """The case that comes nearest to hold, if the property has any."""
        return min(self.standings, key=_distance, default=None)

    @property
    def validity(self) -> Validity:
        """What the point is: valid if one of the cases holds."""
        return self.best.validity if self.best else Validity.NOTHING

    def score(self, tolerance: Fraction = TOLERANCE) -> Score:
        """Return what the point is up to a tolerance for inputs, by the best of the cases.

        >>> unit = Property(1, 1, (Case(Polytope.box([0], [1])),))
        >>> near = Replay.of(unit, (Fraction(1000001, 1000000),), (Fraction(0),))
        >>> str(near.score()), str(near.score(ZERO))
        ('up to tolerance', 'wrong')
        """
        scores = {standing.score(tolerance) for standing in self.standings}
        return next(score for score in Score if score in scores or score is Score.WRONG)


def replayed(
    network: Network, property_: Property, points: Sequence[Vector]
) -> tuple[Replay, ...]:
    """Return what points are, each in the network's inputs, by their exact outputs.

    The tent, which is ``2 - |x|``, must stay below 3/2 on [0, 1]:

    >>> from polyrelax.networks.gallery import tent
    >>> high = Row((), ((0, Fraction(-1)),), Fraction(-3, 2))
    >>> below = Property(1, 1, (Case(Polytope.box([0], [1]), (high,)),))
    >>> points = [(Fraction(k, 4),) for k in (1, 3, -1)]
    >>> [str(found.validity) for found in replayed(tent(), below, points)]
    ['valid', 'violates nothing', 'outside']
    """
    require_about(network, property_)
    given = [point_of(point, network.in_dim) for point in listed(points, "points")]
    if not given:
        return ()
    values = values_at(network, IntegerPoints.of(given)).vectors()
    return tuple(Replay.of(property_, x, y) for x, y in zip(given, values, strict=True))


def require_about(network: Network, property_: Property) -> None:
    """Raise :class:`DimensionError` unless a property can be one of a network.

    >>> from polyrelax.networks.gallery import tent
    >>> require_about(tent(), Property(2, 1, ()))
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found a property of 2 inputs and 1 outputs, \
the network has 1 and 1
    """
    if difference(property_, network) is not None:
        outputs = property_.out_dim or network.out_dim
        raise DimensionError(
            f"found a property of {property_.in_dim} inputs and {outputs} outputs, "
            f"the network has {network.in_dim} and {network.out_dim}"
        )


def projected(network: Network, property_: Property, point: Vector) -> Vector | None:
    """Return the nearest point of a box of inputs that is a valid counterexample.

    It is the projection of a point that lies outside on the inputs of a case, if these are a
    box; of several such the nearest.

    >>> from polyrelax.networks.gallery import tent
    >>> high = Row((), ((0, Fraction(-1)),), Fraction(-3, 2))
    >>> below = Property(1, 1, (Case(Polytope.box([0], [1]), (high,)),))
    >>> projected(tent(), below, (Fraction(-1, 8),))
    (Fraction(0, 1),)
    """
    require_about(network, property_)
    point = point_of(point, network.in_dim)
    boxes = [case.inputs for case in property_.cases if case.inputs.is_box]
    near = {clamped(box.bounds, point) for box in boxes} - {point}
    for found in sorted(near, key=lambda x: _apart(x, point)):
        (replay,) = replayed(network, property_, [found])
        if replay.validity is Validity.VALID:
            return found
    return None


def _standing(case: Case, x: Vector, y: Vector) -> Standing:
    asked = [row for row in case.rows if row.outputs]
    further = [row for row in case.rows if not row.outputs]
    excess = max(
        (*_excesses(case.inputs, x), *(_beyond(row, x) for row in further)), default=ZERO
    )
    inside = excess <= 0 and all(row.holds(x, y) for row in further)
    slacks = [row.offset - _value(row, x, y) for row in asked]
    return Standing(
        max(excess, ZERO),
        min(slacks, default=None),
        inside,
        all(row.holds(x, y) for row in asked),
    )


def _excesses(inputs: Polytope, x: Vector) -> Iterator[Fraction]:
    """Yield how far a point lies beyond each constraint, at most 0 for none."""
    if inputs.is_box:
        for (lower, upper), value in zip(inputs.bounds, x, strict=True):
            yield max(lower - value, value - upper)
        return
    for constraint in inputs.constraints:
        yield from (_beyond(row, x) for row in rows_of(constraint))


def _beyond(row: Row, x: Vector) -> Fraction:
    size = sum((abs(a) for _, a in row.inputs), ZERO)
    over = sparse_dot(row.inputs, x) - row.offset
    return over / size if size else over


def _value(row: Row, x: Vector, y: Vector) -> Fraction:
    return sparse_dot(row.inputs, x) + sparse_dot(row.outputs, y)


def _distance(standing: Standing) -> tuple[bool, bool, Fraction, Fraction]:
    """Return a key that puts cases that hold first, then those that the point lies in."""
    missing = ZERO if standing.margin is None else -standing.margin
    rank = list(Validity).index(standing.validity)
    return rank > 0, rank > 1, standing.excess, missing


def _apart(x: Vector, y: Vector) -> Fraction:
    return max((abs(a - b) for a, b in zip(x, y, strict=True)), default=ZERO)
