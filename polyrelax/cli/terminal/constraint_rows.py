"""Constraints as the rows ``b, a1, ..., ak`` of ``b + a·x >= 0`` that files and JSON use."""

from __future__ import annotations

from collections.abc import Iterable

from polyrelax.arithmetic.rational import text
from polyrelax.cli.terminal.output import Json
from polyrelax.polytopes.constraint import Constraint


def rows_data(constraints: Iterable[Constraint]) -> dict[str, Json]:
    """Return the rows of inequalities and of equations.

    >>> rows_data([Constraint.at_most([2], 1)])
    {'inequalities': [['1', '-2']], 'equalities': []}
    """
    ordered = tuple(constraints)
    return {
        "inequalities": [row_data(c) for c in ordered if not c.is_equation],
        "equalities": [row_data(c) for c in ordered if c.is_equation],
    }


def row_data(constraint: Constraint) -> list[str]:
    """Return the row of one constraint.

    >>> row_data(Constraint.at_most([2], 1))
    ['1', '-2']
    """
    return [text(constraint.offset), *(text(-value) for value in constraint.normal)]
