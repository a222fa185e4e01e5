"""Linear systems over rational numbers and over rational functions near a site.

The pivots are chosen by their values at the site, where they must not vanish.
"""

from __future__ import annotations

from collections.abc import Sequence

from polyrelax.expressivity.germs import Number, is_zero, sign, value


def solve(rows: Sequence[Sequence[Number]], right: Sequence[Number]) -> list[Number] | None:
    """Return the solution of a square system, or ``None`` if it is singular.

    >>> from fractions import Fraction
    >>> one, two = Fraction(1), Fraction(2)
    >>> solve([[Fraction(0), two], [one, one]], [two, Fraction(3)])
    [Fraction(2, 1), Fraction(1, 1)]
    """
    system = [[*row, b] for row, b in zip(rows, right, strict=True)]
    for column in range(len(system)):
        pivot = _pivot([row[column] for row in system], column)
        if pivot is None:
            return None
        system[column], system[pivot] = system[pivot], system[column]
        _clear(system, column)
    return [row[-1] for row in system]


def _pivot(entries: Sequence[Number], start: int) -> int | None:
    """Return the first place from ``start`` on whose entry is not 0 at the site."""
    for i in range(start, len(entries)):
        if value(entries[i]):
            return i
    for entry in entries[start:]:
        sign(entry)  # raises if an entry is 0 at the site, but not everywhere
    return None


def _clear(system: list[list[Number]], column: int) -> None:
    """Make the pivot 1 and the rest of its column 0."""
    head = system[column][column]
    lead = system[column] = [x if is_zero(x) else x / head for x in system[column]]
    for i, row in enumerate(system):
        factor = row[column]
        if i != column and not is_zero(factor):
            system[i] = [
                x if is_zero(y) else x - factor * y for x, y in zip(row, lead, strict=True)
            ]
