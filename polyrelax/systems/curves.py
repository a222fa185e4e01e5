r"""Rows of neurons of one input and one output, proved in closed form.

On a piece :math:`y = m z + b` a row :math:`a z + c y \le d` is
:math:`(a + c m) z \le d - c b`: one multiplier of the tightest row that bounds :math:`z` there
on that side, an end of its interval or of the piece.  A piece that the interval misses is
excluded by one of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from polyrelax.arithmetic.arguments import all_of, exact, require
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.arithmetic.words import amount
from polyrelax.errors import ShapeError
from polyrelax.networks.dimensions import point_of
from polyrelax.systems.places import PlacedUnit
from polyrelax.systems.rows import (
    Excluded,
    Leaf,
    Proved,
    Row,
    Split,
    Terms,
    end,
    linear,
    piece_rows,
)


def curve_row(
    unit: PlacedUnit, known: Sequence[Row], form: Sequence[Fraction], offset: Fraction
) -> Row:
    """Return the row ``<form, (z, y)> <= offset``, given rows of the ends of ``z``.

    The row holds on the interval, which is not checked.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.systems.places import placed_units
    >>> from polyrelax.systems.rows import Input
    >>> unit = placed_units(absolute_value(), 2)[0]
    >>> ends = [Row((((1, 0), s),), ONE, Input(0)) for s in (ONE, -ONE)]
    >>> row = curve_row(unit, ends, (-ONE, Fraction(2)), ONE)  # 2 relu(z) <= z + 1 on [-1, 1]
    >>> len(row.reason.nodes)
    3
    """
    require(unit, PlacedUnit)
    known = all_of(known, Row, "rows")
    form, offset = point_of(form, len((*unit.inputs, *unit.outputs))), exact(offset)
    if {row.form[0][1] > 0 for row in known} != {True, False}:
        raise ShapeError(
            f"found {amount(len(known), 'row')}, expected both ends of what the unit reads"
        )
    nodes = [Split(unit, tuple(range(1, unit.count + 1)))]
    leaves = (_leaf(piece_rows(unit, k), known, form) for k in range(unit.count))
    row = linear(zip((*unit.inputs, *unit.outputs), form, strict=True))
    return Row(row, offset, Proved((*nodes, *leaves)))


def _leaf(
    piece: Sequence[Row], known: Sequence[Row], form: Sequence[Fraction]
) -> Leaf | Excluded:
    """Return the leaf of one piece, whose rows are its sides and then its map."""
    *sides, image = piece
    rows = [*sides, *known]
    above = min((row for row in rows if row.form[0][1] > 0), key=end)
    below = max((row for row in rows if row.form[0][1] < 0), key=end)
    if end(above) < end(below):
        return Excluded(_term(above, ONE) + _term(below, -ONE))
    a, c = form
    slope = a - c * dict(image.form).get(above.form[0][0], ZERO)
    mapped: Terms = ((image, c),) if c else ()
    return Leaf(mapped + _term(above if slope > 0 else below, slope))


def _term(row: Row, slope: Fraction) -> Terms:
    """Return the multiple of a row of one coordinate that has a slope there."""
    return ((row, slope / row.form[0][1]),) if slope else ()
