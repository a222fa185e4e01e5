r"""Rows that others claim of a layer of neurons over a polytope, decided exactly.

For a layer :math:`\sigma` over a polytope :math:`P` let

.. math:: H = \operatorname{conv} \{(x, \sigma(x)) : x \in P\} .

A row :math:`\langle a, z\rangle \le b` of :math:`z = (x, y)` is *valid* if it holds on
:math:`H`.  Its *slack* is the least value of :math:`b - \langle a, z\rangle` there, which a
point of the graph attains; a negative one says by how much the row is *refuted*, and the point
is cut off.  A valid row of slack 0 holds with equality on a face of :math:`H`: on all of it, on
a facet, or on less.  What is no facet and no equation follows from those, so it is *redundant*.

The points of the graph over the vertices of the parts of :math:`P` on which the neurons are
affine decide all this, with no facet of :math:`H` at hand.  Where there are too many, cases of
the neurons' pieces decide how great :math:`\langle a, z\rangle` gets, row by row; what face a
row touches stays open then.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Final, final

from polyrelax.arithmetic.arguments import all_of, listed, require
from polyrelax.arithmetic.integer_rows import IntegerRows
from polyrelax.arithmetic.linalg import rank
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import EmptySetError, ShapeError
from polyrelax.networks.hulls import breakpoints
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Layer, bending
from polyrelax.networks.network import Network
from polyrelax.polytopes.checks import require_dimensions
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.incidence import constraint_row
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.trace import propagate
from polyrelax.systems.claims import Claims
from polyrelax.systems.rows import Form, Row, linear

MOST_CORNERS: Final = 2**12
"""Up to so many vertices of the parts of a box they decide all rows together."""
MOST_INPUTS: Final = 5
"""Up to so many inputs those of the parts of another polytope do."""


class Role(StrEnum):
    """What a valid row is to the hull."""

    EQUATION = "equation"
    FACET = "facet"
    REPEATED = "repeated"
    REDUNDANT = "redundant"


@final
@readable
@dataclass(frozen=True)
class JudgedRow:
    """A claimed row, and the point ``(x, y)`` of the graph at which it has the least slack.

    ``role`` is ``None`` for a refuted row, and where it is not known.  A repeated row is one of
    the same facet as the row number ``repeats``.

    >>> high = Constraint.at_most([0, 1], "1/2")  # y <= 1/2
    >>> cut = JudgedRow(high, (Fraction(1), Fraction(1)))
    >>> cut.is_valid, cut.slack
    (False, Fraction(-1, 2))
    """

    row: Constraint
    point: Vector
    role: Role | None = None
    repeats: int | None = None

    @cached_property
    def slack(self) -> Fraction:
        """The least slack on the graph; below 0 it is by how much the row is refuted."""
        return self.row.slack(self.point)

    @property
    def is_valid(self) -> bool:
        """Whether no point of the graph is cut off."""
        return self.slack >= 0

    @property
    def moved(self) -> Constraint:
        """The row itself if it is valid, else its parallel that touches the hull.

        >>> print(JudgedRow(Constraint.at_most([0, 1], 0), (Fraction(3), Fraction(3))).moved)
        x1 <= 3
        """
        return Constraint(self.row.normal, self.row.offset - min(self.slack, ZERO))


def judged_rows(
    layer: Layer, domain: Polytope, rows: Iterable[Constraint]
) -> Iterator[JudgedRow]:
    """Yield what claimed rows are, each about the inputs of a layer and then its values.

    Raises :class:`DimensionError` for rows of other dimensions, :class:`ShapeError` for
    equations and :class:`EmptySetError` for an empty polytope.

    >>> from polyrelax.networks.layers import ReLU
    >>> unit = Polytope.box([-1], [1])
    >>> upper = [Constraint.at_most([-1, k], b) for k, b in ((2, 1), (2, 0), (1, 1))]
    >>> for found in judged_rows(ReLU(1), unit, upper):
    ...     print(found.row, found.is_valid, found.role, found.slack)
    -x0 + 2 x1 <= 1 True facet 0
    -x0 + 2 x1 <= 0 False None -1
    -x0 + x1 <= 1 True redundant 0
    """
    claimed = _checked(layer, domain, rows)
    judge = _Points if _is_small(layer, domain) else _Cases
    yield from map(judge(layer, domain).of, claimed)


def proof_of_row(claims: Claims, row: Constraint) -> Row:
    """Return a claimed row about the first layer of a network with what proves it.

    Raises :class:`polyrelax.systems.cases.RefutedError`, with its point, if it is refuted.

    >>> from polyrelax.networks.layers import ReLU
    >>> claims = claims_about(ReLU(1), Polytope.box([-1], [1]))
    >>> proof_of_row(claims, Constraint.at_most([0, 1], 1)).form
    (((1, 0), Fraction(1, 1)),)
    """
    require(claims, Claims)
    require(row, Constraint)
    return claims.prove(_form(claims.network, row), row.offset)


def claims_about(layer: Layer, domain: Polytope) -> Claims:
    """Return what proves rows about a layer on a polytope.

    >>> from polyrelax.networks.layers import ReLU
    >>> claims_about(ReLU(1), Polytope.box([-1], [1])).network.widths
    (1, 1)
    """
    require(layer, Layer, "a layer")
    network = Network((layer,))
    return Claims(network, domain, propagate(network, domain, IBP()).bounds)


def _checked(
    layer: Layer, domain: Polytope, rows: Iterable[Constraint]
) -> tuple[Constraint, ...]:
    require(layer, Layer, "a layer")
    require_read(Network((layer,)), domain)
    claimed = all_of(listed(rows, "rows"), Constraint, "rows")
    require_dimensions((row.dim for row in claimed), layer.in_dim + layer.out_dim)
    if any(row.is_equation for row in claimed):
        raise ShapeError("found an equation, expected inequalities")
    if domain.is_empty:
        raise EmptySetError("found the empty set, expected a polytope that has points")
    return claimed


def _is_small(layer: Layer, domain: Polytope) -> bool:
    """Whether the vertices of the parts of a polytope are few enough to look at."""
    if not domain.is_box:
        return domain.dim <= MOST_INPUTS
    split = {j for unit in bending(layer) for j in unit.inputs}
    ticks = (
        1 if lower == upper else 2 + (j in split)
        for j, (lower, upper) in enumerate(domain.bounds)
    )
    return math.prod(ticks) <= MOST_CORNERS


def _form(network: Network, row: Constraint) -> Form:
    places = [(i, j) for i, width in enumerate(network.widths) for j in range(width)]
    return linear(zip(places, row.normal, strict=True))


@final
class _Points:
    """Rows judged by points whose hull is that of the graph; mutable, it knows facets."""

    def __init__(self, layer: Layer, domain: Polytope) -> None:
        inputs = breakpoints(domain, bending(layer))
        self.points: tuple[Vector, ...] = tuple((*x, *layer(x)) for x in inputs)
        scale = math.lcm(*(c.denominator for point in self.points for c in point))
        whole = [[scale, *(int(scale * c) for c in point)] for point in self.points]
        self.columns = IntegerRows(zip(*whole, strict=True), len(whole))
        self.rank = self._rank(range(len(self.points)))
        self.facets: dict[tuple[int, ...], int] = {}
        self.count = 0

    def of(self, row: Constraint) -> JudgedRow:
        """Return what the next row is."""
        number, self.count = self.count, self.count + 1
        slacks = self.columns.combined(constraint_row(row))
        least = min(slacks)
        found = JudgedRow(row, self.points[slacks.index(least)])
        if least < 0:
            return found
        tight = tuple(k for k, slack in enumerate(slacks) if not slack)
        role = self._role(tight)
        if role is Role.FACET and self.facets.setdefault(tight, number) < number:
            return replace(found, role=Role.REPEATED, repeats=self.facets[tight])
        return replace(found, role=role)

    def _role(self, tight: Sequence[int]) -> Role:
        if len(tight) == len(self.points):
            return Role.EQUATION
        return Role.FACET if self._rank(tight) == self.rank - 1 else Role.REDUNDANT

    def _rank(self, chosen: Sequence[int]) -> int:
        """Return the dimension of the affine hull of some points, plus 1."""
        rows = ((ONE, *self.points[k]) for k in chosen)
        return rank(rows, 1 + len(self.points[0]))


@final
class _Cases:
    """Rows judged one by one, by cases of the neurons' pieces."""

    def __init__(self, layer: Layer, domain: Polytope) -> None:
        self.layer, self.claims = layer, claims_about(layer, domain)

    def of(self, row: Constraint) -> JudgedRow:
        """Return what a row is, but for the face that it touches."""
        _, attained = self.claims.maximum(_form(self.claims.network, row))
        x = tuple(attained[0, j] for j in range(self.layer.in_dim))
        found = JudgedRow(row, (*x, *self.layer(x)))
        return replace(found, role=Role.REDUNDANT) if found.slack > 0 else found
