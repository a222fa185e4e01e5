r"""Linear programs over the rationals, and the evidence for their optima.

A program is the polyhedron

.. math::

   P = \{x : l \le x \le u,\quad \langle a_i, x\rangle \le b_i,\quad
         \langle a_k, x\rangle = b_k\},

where a bound of a variable may be missing (``None``).  All evidence is weak duality.
*Multipliers* are numbers :math:`y_i`, one per row, with :math:`y_i \ge 0` where row
:math:`i` is an inequality; rows that are not listed have multiplier 0.  What the rows leave
of an objective :math:`c` is bounded by the bounds of the variables:

.. math::

   \max_{x \in P} \langle c, x\rangle \;\le\;
   \sum_i y_i b_i + \sum_j \max(r_j l_j,\, r_j u_j),
   \qquad r = c - \sum_i y_i a_i .

The right side is :func:`dual_bound`.  It is attained by the multipliers of an
:class:`Optimum`, and negative for :math:`c = 0` with those of :class:`Infeasible`, since 0
would be the maximum over a nonempty set.  The multipliers of a minimum are those of the
maximum of :math:`-\langle c, x\rangle`.

The checks in this file use nothing but fractions and know nothing of how a result was found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from polyrelax.arithmetic.arguments import (
    all_of,
    exact,
    exact_vector,
    listed,
    require,
    sparse_vector,
)
from polyrelax.arithmetic.rational import ZERO, SparseVector, Vector, shown
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import DimensionError, EmptySetError


@readable
@dataclass(frozen=True)
class Row:
    """The constraint ``<a, x> <= offset``, or ``<a, x> == offset`` if ``is_equation``.

    >>> half = Row(((1, Fraction(2)),), Fraction(1))  # 2 x1 <= 1
    >>> half.is_satisfied_by((ZERO, ZERO)), half.is_satisfied_by((ZERO, Fraction(1)))
    (True, False)
    """

    coefficients: SparseVector
    offset: Fraction
    is_equation: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "coefficients", sparse_vector(self.coefficients))
        object.__setattr__(self, "offset", exact(self.offset))

    def is_satisfied_by(self, point: Vector) -> bool:
        """Whether ``point`` satisfies the row."""
        known = exact_vector(point, "a point")
        sparse_vector(self.coefficients, len(known))
        return self._is_satisfied_by(known)

    def _is_satisfied_by(self, point: Vector) -> bool:
        value = _value(self.coefficients, point)
        return value == self.offset if self.is_equation else value <= self.offset


@readable
@dataclass(frozen=True)
class LinearProgram:
    """The polyhedron of the points within the variables' bounds that satisfy all rows.

    >>> triangle = Row(((0, Fraction(1)), (1, Fraction(1))), Fraction(1))
    >>> LinearProgram((ZERO, ZERO), (None, None), (triangle,)).contains((ZERO, ZERO))
    True
    """

    lower: tuple[Fraction | None, ...]
    upper: tuple[Fraction | None, ...]
    rows: tuple[Row, ...] = ()

    def __post_init__(self) -> None:
        for side in ("lower", "upper"):
            ends = (
                None if end is None else exact(end)
                for end in listed(getattr(self, side), "bounds")
            )
            object.__setattr__(self, side, tuple(ends))
        object.__setattr__(self, "rows", all_of(self.rows, Row, "rows"))
        if len(self.lower) != len(self.upper):
            found = f"{len(self.lower)} lower and {len(self.upper)} upper bounds"
            raise DimensionError(f"found {found}, expected equally many")
        for j, (lower, upper) in enumerate(zip(self.lower, self.upper, strict=True)):
            if lower is not None and upper is not None and lower > upper:
                raise EmptySetError(f"variable {j} has bounds {shown(lower)} > {shown(upper)}")
        for row in self.rows:
            self._require_variables(row.coefficients)

    @property
    def dim(self) -> int:
        """The number of variables."""
        return len(self.lower)

    def check(self, form: SparseVector) -> SparseVector:
        """Return a form; raise :class:`DimensionError` unless it names variables, each once."""
        known = sparse_vector(form)
        self._require_variables(known)
        return known

    def _require_variables(self, form: SparseVector) -> None:
        names = [j for j, _ in form]
        if len(set(names)) != len(names) or not all(0 <= j < self.dim for j in names):
            raise DimensionError(f"found variables {names}, expected distinct below {self.dim}")

    def contains(self, point: Vector) -> bool:
        """Whether ``point`` is in the polyhedron."""
        point = exact_vector(point, "a point")
        if len(point) != self.dim:
            return False
        boxed = all(
            (lower is None or lower <= x) and (upper is None or x <= upper)
            for lower, x, upper in zip(self.lower, point, self.upper, strict=True)
        )
        return boxed and all(row._is_satisfied_by(point) for row in self.rows)

    def recedes(self, ray: Vector) -> bool:
        """Whether adding multiples of ``ray`` leads from no point out of the polyhedron."""
        ray = exact_vector(ray, "a ray")
        if len(ray) != self.dim:
            return False
        bounded = zip(self.lower, ray, self.upper, strict=True)
        if any(
            (low is not None and z < 0) or (up is not None and z > 0) for low, z, up in bounded
        ):
            return False
        steps = [(row.is_equation, _value(row.coefficients, ray)) for row in self.rows]
        return all(step == 0 if equation else step <= 0 for equation, step in steps)


def sparse_dot(form: SparseVector, point: Vector) -> Fraction:
    """Return the value of a linear form at a point.

    >>> sparse_dot(((1, Fraction(3)),), (Fraction(5), Fraction(7)))
    Fraction(21, 1)
    """
    known = exact_vector(point, "a point")
    return _value(sparse_vector(form, len(known)), known)


def _value(form: SparseVector, point: Vector) -> Fraction:
    return sum((c * point[j] for j, c in form), ZERO)


def negated(form: SparseVector) -> SparseVector:
    """Return the opposite linear form.

    >>> negated(((1, Fraction(3)),))
    ((1, Fraction(-3, 1)),)
    """
    return tuple((j, -c) for j, c in sparse_vector(form))


def dual_bound(
    program: LinearProgram, objective: SparseVector, multipliers: SparseVector
) -> Fraction | None:
    """Return the bound on the maximum that ``multipliers`` prove, or ``None`` if none.

    They prove none if an inequality has a negative multiplier, or if the residual meets
    a missing bound.

    >>> x_at_most_one = Row(((0, Fraction(2)),), Fraction(2))
    >>> free = LinearProgram((None,), (None,), (x_at_most_one,))
    >>> dual_bound(free, ((0, Fraction(1)),), ((0, Fraction(1, 2)),))
    Fraction(1, 1)
    """
    require(program, LinearProgram)
    residual, total = dict(program.check(objective)), ZERO
    for i, y in sparse_vector(multipliers, len(program.rows)):
        row = program.rows[i]
        if y < 0 and not row.is_equation:
            return None
        total += y * row.offset
        for j, a in row.coefficients:
            residual[j] = residual.get(j, ZERO) - y * a
    return _add_box_maximum(program, residual.items(), total)


def _add_box_maximum(
    program: LinearProgram, form: Iterable[tuple[int, Fraction]], total: Fraction
) -> Fraction | None:
    for j, r in form:
        bound = program.upper[j] if r > 0 else program.lower[j]
        if r and bound is None:
            return None
        total += r * (bound or ZERO)
    return total


@readable
@dataclass(frozen=True)
class Optimum:
    """The optimal value, a point that attains it and multipliers that bound it.

    >>> from polyrelax.lp import maximize
    >>> half = LinearProgram((ZERO,), (None,), (Row(((0, Fraction(2)),), Fraction(1)),))
    >>> objective = ((0, Fraction(1)),)
    >>> best = maximize(half, objective)
    >>> best.value, best.multipliers, best.proves_maximum(half, objective)
    (Fraction(1, 2), ((0, Fraction(1, 2)),), True)
    """

    value: Fraction
    point: Vector
    multipliers: SparseVector

    def proves_maximum(self, program: LinearProgram, objective: SparseVector) -> bool:
        """Whether this is evidence that ``value`` is the maximum of ``objective``."""
        require(program, LinearProgram)
        program.check(objective)
        return (
            program.contains(self.point)
            and sparse_dot(objective, self.point) == self.value
            and dual_bound(program, objective, self.multipliers) == self.value
        )

    def proves_minimum(self, program: LinearProgram, objective: SparseVector) -> bool:
        """Whether this is evidence that ``value`` is the minimum of ``objective``."""
        opposite = Optimum(-self.value, self.point, self.multipliers)
        return opposite.proves_maximum(program, negated(objective))


@readable
@dataclass(frozen=True)
class Infeasible:
    """Multipliers that prove the polyhedron empty (Farkas' lemma).

    >>> nothing = LinearProgram((ZERO,), (None,), (Row(((0, Fraction(1)),), Fraction(-1)),))
    >>> Infeasible(((0, Fraction(1)),)).proves_empty(nothing)  # x <= -1 and x >= 0
    True
    """

    multipliers: SparseVector

    def proves_empty(self, program: LinearProgram) -> bool:
        """Whether the multipliers bound the maximum of 0 by a negative number."""
        bound = dual_bound(program, (), self.multipliers)
        return bound is not None and bound < 0


@readable
@dataclass(frozen=True)
class Unbounded:
    """A point and a direction in which the objective improves without end.

    >>> ray = LinearProgram((ZERO,), (None,), ())
    >>> Unbounded((ZERO,), (Fraction(1),)).proves_no_maximum(ray, ((0, Fraction(1)),))
    True
    """

    point: Vector
    ray: Vector

    def proves_no_maximum(self, program: LinearProgram, objective: SparseVector) -> bool:
        """Whether this is evidence that ``objective`` has no upper bound."""
        require(program, LinearProgram)
        program.check(objective)
        return (
            program.contains(self.point)
            and program.recedes(self.ray)
            and sparse_dot(objective, self.ray) > 0
        )

    def proves_no_minimum(self, program: LinearProgram, objective: SparseVector) -> bool:
        """Whether this is evidence that ``objective`` has no lower bound."""
        return self.proves_no_maximum(program, negated(objective))


Outcome: TypeAlias = Optimum | Infeasible | Unbounded
