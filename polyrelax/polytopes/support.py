r"""The support function :math:`h_P(c) = \max_{x \in P} \langle c, x\rangle`, three ways.

A box answers in closed form, a hull of points by looking at all of them, and constraints by
an exact linear program.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from polyrelax.arithmetic.rational import Vector, dot, sparse, text
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import EmptySetError, UnboundedError
from polyrelax.lp import Infeasible, LinearProgram, Optimizer, Row, Unbounded
from polyrelax.polytopes.boxes import Ends, corner
from polyrelax.polytopes.constraint import Constraint


@readable
@dataclass(frozen=True)
class Support:
    """The maximum ``value`` of a linear function, and a ``point`` that attains it.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> Polytope.box([0, 0], [1, 2]).support((Fraction(1), Fraction(1))).value
    Fraction(3, 1)
    """

    value: Fraction
    point: Vector


def box_support(ends: Ends, direction: Vector) -> Support:
    """Return the support of a box.

    >>> from polyrelax.arithmetic.interval import Interval
    >>> box_support((Interval(Fraction(2), Fraction(3)),), (Fraction(-1),)).value
    Fraction(-2, 1)
    """
    point = corner(ends, direction)
    return Support(dot(direction, point), point)


def hull_supports(
    points: Sequence[Vector], directions: Iterable[Vector]
) -> tuple[Support, ...]:
    """Return the support of the hull of points in each direction.

    >>> hull_supports([(Fraction(2),), (Fraction(3),)], [(Fraction(-1),)])[0].value
    Fraction(-2, 1)
    """
    if not points:
        raise EmptySetError("found the empty set, expected a set that has points")
    return tuple(_hull_support(points, direction) for direction in directions)


def linear_program(constraints: Iterable[Constraint], dim: int) -> LinearProgram:
    """Return the program of the points that satisfy all constraints.

    >>> linear_program([Constraint.at_most([1], 2)], 1).contains((Fraction(2),))
    True
    """
    rows = (Row(sparse(c.normal), c.offset, c.is_equation) for c in constraints)
    return LinearProgram((None,) * dim, (None,) * dim, tuple(rows))


def program_supports(
    program: LinearProgram, directions: Sequence[Vector]
) -> tuple[Support, ...]:
    """Return the support of a bounded program in each direction, from one warm start.

    >>> interval = [Constraint.at_most([1], 2), Constraint.at_least([1], 0)]
    >>> supports = program_supports(linear_program(interval, 1), [(Fraction(-1),)])
    >>> supports[0].value
    Fraction(0, 1)
    """
    optimizer = Optimizer(program)
    return tuple(_maximum(optimizer, direction) for direction in directions)


def _maximum(optimizer: Optimizer, direction: Vector) -> Support:
    outcome = optimizer.maximize(sparse(direction))
    if isinstance(outcome, Infeasible):
        raise EmptySetError("found the empty set, expected a set that has points")
    if isinstance(outcome, Unbounded):
        ray = ", ".join(text(entry) for entry in outcome.ray)
        raise UnboundedError(f"found the ray ({ray}), expected a bounded set")
    return Support(outcome.value, outcome.point)


def _hull_support(points: Sequence[Vector], direction: Vector) -> Support:
    candidates = (Support(dot(direction, point), point) for point in points)
    return max(candidates, key=lambda candidate: candidate.value)
