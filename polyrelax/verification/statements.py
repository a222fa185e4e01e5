"""What certificates state of the cases of a property: rows that no input of a box satisfies.

The box is the least one around the inputs of all cases.  A case whose inputs are another set
has the constraints of that set among its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE
from polyrelax.networks.properties import Case, Property, Row, rows_of
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification.halves import whole_ends


@final
@dataclass(frozen=True)
class Statement:
    """A case, and the box that it is stated in."""

    case: Case
    box: Polytope

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows that no input of the box satisfies."""
        return (*_sides(self.case.inputs, self.box), *self.case.rows)

    @cached_property
    def outputs(self) -> tuple[Row, ...]:
        """The rows of outputs alone."""
        return tuple(row for row in self.rows if row.outputs and not row.inputs)

    @cached_property
    def root(self) -> tuple[tuple[int, int], ...]:
        """The box of inputs that rows of one input leave, in integers rounded outward."""
        ends = [whole_ends(*bounds) for bounds in self.box.bounds]
        for row in self.rows:
            if len(row.inputs) == 1 and not row.outputs:
                ((j, c),) = row.inputs
                low, up = whole_ends(row.offset / c, row.offset / c)
                least, most = ends[j]
                ends[j] = (least, min(most, up)) if c > 0 else (max(least, low), most)
        return tuple(ends)


def statements(property_: Property) -> tuple[Statement, ...]:
    """Return the statements of a property's cases.

    >>> unit, two = Polytope.box([0], [1]), Polytope.box([1], [2])
    >>> low, high = statements(Property(1, 0, (Case(unit), Case(two))))
    >>> low.box, [str(row) for row in low.rows], high.root == ((1 << 26, 1 << 27),)
    (Polytope.box(['0'], ['2']), ['x0 <= 1'], True)
    """
    require(property_, Property)
    box = _common_box(property_)
    return tuple(
        Statement(case, case.inputs if box is None else box) for case in property_.cases
    )


def _common_box(property_: Property) -> Polytope | None:
    """Return the least box around the inputs of all cases; ``None`` if there are none."""
    sets = [each for each in property_.input_sets() if not each.is_empty]
    if not sets:
        return None
    bounds = list(zip(*(each.bounds for each in sets), strict=True))
    lower = [min(end.lower for end in ends) for ends in bounds]
    return Polytope.box(lower, [max(end.upper for end in ends) for ends in bounds])


def _sides(inputs: Polytope, box: Polytope) -> Iterator[Row]:
    """Yield the constraints of a set that do not hold in the box anyway."""
    if inputs.is_box:
        for j, (inner, outer) in enumerate(zip(inputs.bounds, box.bounds, strict=True)):
            if inner.upper != outer.upper:
                yield Row(((j, ONE),), (), inner.upper)
            if inner.lower != outer.lower:
                yield Row(((j, -ONE),), (), -inner.lower)
        return
    for constraint in inputs.description:
        yield from rows_of(constraint)
