r"""Rows over coordinates, and the reason that each carries.

A *row* is a linear inequality (or equation) between coordinates, with one of four reasons:

* :class:`Input`: it is a constraint of the input set;
* :class:`Assumed`: it belongs to piece :math:`k` of a unit (the piece's unit or its map), so it
  holds in the case of that piece, and always if the unit has one piece only;
* :class:`Proved`: it follows from earlier rows by a tree of cases.  A tree without a split is a
  combination of rows; a facet of a hull splits its units; branch and bound splits on;
* :class:`~polyrelax.systems.duals.Dual`: multipliers of what rectifiers read prove it.

A reason refers to rows themselves, not to their places in some list: a system is a value that
is extended, rows are shared, and only the file that a certificate becomes has numbers for
them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import exact, exactly, listed, require
from polyrelax.arithmetic.rational import ONE, ZERO, Scalar
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import DimensionError
from polyrelax.polytopes.polytope import Polytope
from polyrelax.systems.duals import Dual
from polyrelax.systems.places import Coordinate, PlacedUnit, as_place

Form: TypeAlias = tuple[tuple[Coordinate, Fraction], ...]


@final
@dataclass(frozen=True)
class Input:
    """The reason of a constraint of the input set."""

    index: int


@final
@dataclass(frozen=True)
class Assumed:
    """The reason of row ``index`` of a piece of a unit."""

    unit: PlacedUnit
    piece: int
    index: int


@final
@readable
@dataclass(frozen=True)
class Leaf:
    """Multipliers of rows that combine to the row.

    The equations of affine layers and the ends of a box of inputs may be left out: what is
    missing of the form is carried back by the ones and bounded by the others.
    """

    terms: Terms


@final
@readable
@dataclass(frozen=True)
class Excluded:
    """Multipliers of rows that combine to ``0 <= c`` with ``c`` negative: there is no point."""

    terms: Terms


@final
@dataclass(frozen=True)
class Split:
    """A node with one case, a later node, for each piece of a unit."""

    unit: PlacedUnit
    cases: tuple[int, ...]


TreeNode: TypeAlias = Leaf | Excluded | Split


@final
@dataclass(frozen=True)
class Proved:
    """The reason of a row that follows from others: a tree of cases, its root first."""

    nodes: tuple[TreeNode, ...]


Reason: TypeAlias = Input | Assumed | Proved | Dual


@final
@readable
@dataclass(frozen=True, eq=False)
class Row:
    """The inequality ``form <= offset``, or the equation; equal only to itself."""

    form: Form
    offset: Fraction
    reason: Reason
    is_equation: bool = False


Terms: TypeAlias = tuple[tuple[Row, Fraction], ...]


def as_form(form: Iterable[tuple[Coordinate, Scalar]]) -> Form:
    """Return pairs of a coordinate and a number as a form; raise an error for other things.

    >>> as_form([((0, 0), "1/2"), 3])
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 3, expected a coordinate and a number
    """
    terms = (exactly(term, 2, "a coordinate and a number") for term in listed(form, "a form"))
    return tuple((as_place(place), exact(factor)) for place, factor in terms)


def end(row: Row) -> Fraction:
    """Return the value at which a row of one coordinate bounds it.

    >>> end(Row((((0, 0), Fraction(-2)),), ONE, Input(0)))
    Fraction(-1, 2)
    """
    require(row, Row)
    if len(row.form) != 1:
        raise DimensionError(f"found a row of {len(row.form)} coordinates, expected one")
    return row.offset / row.form[0][1]


def input_rows(domain: Polytope) -> tuple[Row, ...]:
    """Return the constraints of the input set, in their order.

    >>> [str(row.offset) for row in input_rows(Polytope.box([-1], [2]))]
    ['1', '2']
    """
    require(domain, Polytope)
    return tuple(
        Row(
            linear(((0, j), a) for j, a in enumerate(side.normal)),
            side.offset,
            Input(k),
            side.is_equation,
        )
        for k, side in enumerate(domain.constraints)
    )


def piece_rows(unit: PlacedUnit, piece: int) -> tuple[Row, ...]:
    """Return the rows of one piece of a unit: its sides, then the equations of its map.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.systems.places import placed_units
    >>> [row.is_equation for row in piece_rows(placed_units(tent(), 2)[0], 0)]
    [False, True]
    """
    require(unit, PlacedUnit)
    found = unit.piece(piece)
    where, image = found.where, found.image
    rows = [(linear(zip(unit.inputs, c.normal, strict=True)), c.offset) for c in where]
    for row, shift, output in zip(image.rows, image.bias, unit.outputs, strict=True):
        terms = [(unit.inputs[j], -a) for j, a in row]
        rows.append((linear([*terms, (output, ONE)]), shift))
    return tuple(
        Row(form, offset, Assumed(unit, piece, n), is_equation=n >= len(where))
        for n, (form, offset) in enumerate(rows)
    )


def linear(terms: Iterable[tuple[Coordinate, Fraction]]) -> Form:
    """Return a sum of terms as a form: sorted, each coordinate once, no zeros.

    >>> linear([((1, 0), ONE), ((0, 0), ONE), ((1, 0), -ONE)])
    (((0, 0), Fraction(1, 1)),)
    """
    total: dict[Coordinate, Fraction] = {}
    for place, c in terms:
        total[place] = total.get(place, ZERO) + c
    return tuple(sorted((place, c) for place, c in total.items() if c))
