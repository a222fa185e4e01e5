r"""Cells with interior: points strictly on one side of hyperplanes, or the proof of none.

Whether a set :math:`\{x \in X : \langle a_i, x\rangle < b_i\}` has a point, for a convex set
:math:`X` with interior, is the sign of the greatest :math:`t \le 1` with
:math:`\langle a_i, x\rangle + s_i t \le b_i` for some :math:`x \in X`, where :math:`s_i > 0` is
a power of two near the length of :math:`a_i`.  If it is not positive, the multipliers of the
optimum add the sides up to :math:`0 \le b` with :math:`b \le 0` on :math:`X`.

A float solver proposes a point, which is moved a little into the open set so that it lies in
no hyperplane by chance, and multipliers; fractions decide what they are.  Where it proposes
nothing that is right, the exact simplex method answers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Doubles
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector, from_float, quotient
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.lp import Optimizer, Row
from polyrelax.lp.float_program import FloatProgram, FloatRows, FloatSolver
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.systems.programs import FREE, program

_ROOM: Final = 1e-6
"""Of float optima only greater ones are tried as points."""
_BITS: Final = 30
"""Proposed multipliers are rounded to so many binary places of the greatest."""


@final
@dataclass(frozen=True)
class Cut:
    """The inequality ``<normal, x> <= offset``, multiplied by ``scale > 0`` to be whole."""

    normal: tuple[int, ...]
    offset: int
    scale: int = 1

    @classmethod
    def of(cls, side: Constraint) -> Cut:
        """Return a constraint as a cut.

        >>> Cut.of(Constraint.at_most(["1/2", 1], 3))
        Cut(normal=(1, 2), offset=6, scale=2)
        """
        scale = math.lcm(side.offset.denominator, *(a.denominator for a in side.normal))
        return cls(tuple(int(a * scale) for a in side.normal), int(side.offset * scale), scale)

    @property
    def is_false(self) -> bool:
        """Whether it holds nowhere, as it reads nothing."""
        return self.offset < 0 and not any(self.normal)

    @property
    def is_trivial(self) -> bool:
        """Whether it holds everywhere, as it reads nothing."""
        return self.offset >= 0 and not any(self.normal)

    @cached_property
    def power(self) -> int:
        """The exponent of a power of two near the greatest entry of the whole normal."""
        return max(map(abs, self.normal), default=0).bit_length()

    @cached_property
    def length(self) -> Fraction:
        """A power of two near the length of the normal, over the scale."""
        return Fraction(1 << self.power, self.scale)

    @cached_property
    def floats(self) -> Doubles:
        """The normal and the offset, divided by the length; infinite where floats end."""
        return np.array([quotient(a, 1 << self.power) for a in (*self.normal, self.offset)])

    @cached_property
    def row(self) -> SparseVector:
        """The nonzero entries of the normal, over the scale."""
        return tuple((j, Fraction(a, self.scale)) for j, a in enumerate(self.normal) if a)

    def slack(self, point: Place) -> Fraction:
        """Return by how much a point satisfies the inequality, or less than 0."""
        return Fraction(self._slack(point), self.scale * point.denominator)

    def has_inside(self, point: Place) -> bool:
        """Whether a point satisfies the inequality strictly."""
        return self._slack(point) > 0

    def _slack(self, point: Place) -> int:
        value: int = sum(map(mul, self.normal, point.numerators))
        return self.offset * point.denominator - value


@final
@dataclass(frozen=True)
class Place:
    """A point, and its coordinates over one denominator."""

    x: Vector

    @cached_property
    def denominator(self) -> int:
        """The common denominator."""
        return math.lcm(*(a.denominator for a in self.x))

    @cached_property
    def numerators(self) -> tuple[int, ...]:
        """The numerators over it."""
        return tuple(a.numerator * (self.denominator // a.denominator) for a in self.x)


@final
@dataclass(frozen=True)
class Flat:
    """Multipliers of cuts, and then of the set's inequalities, that leave no interior.

    With them the inequalities add up to ``0 <= -gap`` at most on the set.
    """

    multipliers: SparseVector
    gap: Fraction


@final
@dataclass(frozen=True)
class Room:
    """A convex set with interior: a box, where there is one, and inequalities.

    >>> room = Room.of(Polytope.box([0], [1]), 1)
    >>> room.point([Cut((1,), 0)])
    Flat(multipliers=((0, Fraction(1, 2)),), gap=Fraction(0, 1))
    """

    dim: int
    box: tuple[Interval, ...] | None = None
    sides: tuple[Cut, ...] = ()
    solver: FloatSolver = field(default_factory=FloatSolver, compare=False, repr=False)

    @classmethod
    def of(cls, domain: Polytope | None, dim: int) -> Room:
        """Return a set of ``dim`` inputs, all inputs if ``None``.

        Raises :class:`ShapeError` for a set without interior.

        >>> Room.of(Polytope.box([0, 0], [0, 1]), 2)
        Traceback (most recent call last):
        polyrelax.errors.ShapeError: found inputs without interior, expected a set with one
        """
        if domain is None:
            return cls(dim)
        if domain.dim != dim:
            raise DimensionError(
                f"found inputs of dimension {domain.dim}, the network reads "
                f"{amount(dim, 'value')}"
            )
        room = cls._described(domain)
        if room is None or room.centre is None:
            raise ShapeError("found inputs without interior, expected a set with one")
        return room

    @classmethod
    def _described(cls, domain: Polytope) -> Room | None:
        """Return a polytope as a box, or by its inequalities; ``None`` for a flat one."""
        if domain.is_box:
            ends = tuple(domain.bounds)
            return None if any(a.lower == a.upper for a in ends) else cls(domain.dim, ends)
        if any(side.is_equation for side in domain.constraints):
            return None
        return cls(domain.dim, None, tuple(map(Cut.of, domain.constraints)))

    @cached_property
    def centre(self) -> Vector | None:
        """A point of the interior, if there is one."""
        if self.box is not None:
            return tuple((end.lower + end.upper) / 2 for end in self.box)
        found = Room(self.dim).point(self.sides)
        return None if isinstance(found, Flat) else found.x

    def has_inside(self, place: Place) -> bool:
        """Whether a point is in the interior."""
        ends = zip(self.box or (), place.x, strict=False)
        return all(end.lower < x < end.upper for end, x in ends) and all(
            side.has_inside(place) for side in self.sides
        )

    def point(self, cuts: Sequence[Cut]) -> Place | Flat:
        """Return a point of the set that satisfies cuts strictly, or a proof of none."""
        program = self._in_floats(cuts)
        found = self.solver.proposed(program, np.eye(self.dim + 1)[-1])
        if found is not None and all(np.isfinite(part).all() for part in found):
            proposal = self._place(found[0]) or self._flat(cuts, found[1])
            if isinstance(proposal, Flat):
                return proposal
            if proposal is not None and all(c.has_inside(proposal) for c in cuts):
                return proposal
        return self._exact(cuts)

    def _place(self, found: Doubles) -> Place | None:
        """Return a point of the set near what a float solver found, off hyperplanes."""
        if found[-1] <= _ROOM:
            return None
        moved = found[:-1] + found[-1] * _offsets(self.dim)
        if self.box is not None:
            low, high = _ends(self.box)
            margin = (high - low) * abs(_offsets(self.dim)) * min(found[-1], 0.5)
            moved = np.clip(moved, low + margin, high - margin)
        x = tuple(map(from_float, moved.astype(np.float32)))
        box = zip(x, self.box or (), strict=False)
        inside = all(end.lower <= a <= end.upper for a, end in box)
        return Place(x) if inside and all(c.has_inside(Place(x)) for c in self.sides) else None

    def _flat(self, cuts: Sequence[Cut], found: Doubles) -> Flat | None:
        """Return rounded multipliers if they leave nothing of a box."""
        if self.box is None or not found.max(initial=0.0) > 0:
            return None  # only the ends of a box take up what rounding leaves
        whole = np.rint(np.maximum(found, 0.0) * (2.0**_BITS / found.max())).astype(int)
        rows = (*cuts, *self.sides)
        terms = [
            (int(k), Fraction(int(whole[k])) / rows[k].length) for k in np.flatnonzero(whole)
        ]
        factors = [(rows[k], y / rows[k].scale) for k, y in terms]
        common = math.lcm(*(y.denominator for _, y in factors))
        wholes = [(cut, int(y * common)) for cut, y in factors]
        rest = [sum(y * cut.normal[j] for cut, y in wholes) for j in range(self.dim)]
        total = sum(y * cut.offset for cut, y in wholes)
        ends = zip(rest, self.box, strict=True)
        least = sum((r * (end.lower if r > 0 else end.upper) for r, end in ends), ZERO)
        return Flat(tuple(terms), (least - total) / common) if least > total else None

    def _exact(self, cuts: Sequence[Cut]) -> Place | Flat:
        inputs = [FREE] * self.dim if self.box is None else self.box
        strict = (_row(c, (self.dim, c.length)) for c in cuts)
        rows = (*strict, *map(_row, self.sides))
        whole = program([*inputs, (None, ONE)], rows)
        best = Optimizer(whole).maximum(((self.dim, ONE),))
        return Place(best.point[:-1]) if best.value > 0 else Flat(best.multipliers, -best.value)

    def _in_floats(self, cuts: Sequence[Cut]) -> FloatProgram:
        """Return the program of the greatest margin, each row divided by its length.

        Numbers that floats do not hold are infinite there, which is no limit.
        """
        rows = np.array([c.floats for c in (*cuts, *self.sides)]).reshape(-1, self.dim + 1)
        size, width = rows.shape
        strict = (np.arange(size) < len(cuts)).astype(float)
        values = np.column_stack([rows[:, :-1], strict])
        high = np.full(width, np.inf)
        low = -high
        if self.box is not None:
            low[:-1], high[:-1] = _ends(self.box)
        high[-1] = 1.0
        columns = np.tile(np.arange(width, dtype=np.int64), size)
        counts, none = np.full(size, width), np.full(size, -np.inf)
        block = FloatRows(counts, columns, values.ravel(), none, rows[:, -1])
        return FloatProgram.of(low, high, [block])


def _row(cut: Cut, *more: tuple[int, Fraction]) -> Row:
    return Row((*cut.row, *more), Fraction(cut.offset, cut.scale))


def _ends(box: Sequence[Interval]) -> tuple[Doubles, Doubles]:
    ends = [[quotient(a.numerator, a.denominator) for a in end] for end in box]
    low, high = np.array(ends).T
    return low, high


def _offsets(dim: int) -> Doubles:
    """Return small numbers without simple ratios, whose absolute values sum to less than 1."""
    waves: Doubles = np.sin(np.arange(1, dim + 1) * 2.4)
    return waves / (4 * dim)
