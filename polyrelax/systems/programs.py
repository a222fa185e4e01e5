r"""The linear programs of rows between the values of a network, in fractions.

A program has columns: inputs, and values that are not written as affine forms of earlier
columns.  Every value is an :class:`AffineForm` of the columns, so a row between values is one
of the program.  All rooms that ask rows of a network for exact optima build their programs
here, from nothing or as an extension of another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.lp import LinearProgram, Row

Ends: TypeAlias = tuple[Fraction | None, Fraction | None]
"""The bounds of a column; ``None`` where there is none."""
FREE: Final[Ends] = (None, None)
_NOTHING: Final = LinearProgram((), ())


@final
@readable
@dataclass(frozen=True)
class AffineForm:
    """The affine form ``<coefficients, columns> + offset``."""

    coefficients: SparseVector = ()
    offset: Fraction = ZERO

    def at(self, point: Vector) -> Fraction:
        """Return the value at a point of the program."""
        return self.offset + sum((c * point[j] for j, c in self.coefficients), ZERO)

    @classmethod
    def variable(cls, index: int) -> AffineForm:
        """Return the form that is one of the columns."""
        return cls(((index, ONE),))

    def row(self, limit: Fraction, *, is_equation: bool = False) -> Row:
        """Return the row that the form is at most ``limit``, or equal to it.

        >>> AffineForm(((0, ONE),), ONE).row(Fraction(3))
        Row(coefficients=((0, Fraction(1, 1)),), offset=Fraction(2, 1), is_equation=False)
        """
        return Row(self.coefficients, limit - self.offset, is_equation)


def combine(
    weights: SparseVector, forms: Sequence[AffineForm], offset: Fraction = ZERO
) -> AffineForm:
    """Return ``offset`` plus the weighted sum of ``forms``.

    >>> combine(((0, Fraction(2)),), [AffineForm(((3, Fraction(1)),), Fraction(1))])
    AffineForm(coefficients=((3, Fraction(2, 1)),), offset=Fraction(2, 1))
    """
    total: dict[int, Fraction] = {}
    for j, weight in weights:
        offset += weight * forms[j].offset
        for index, coefficient in forms[j].coefficients:
            total[index] = total.get(index, ZERO) + weight * coefficient
    return AffineForm(tuple(sorted((i, c) for i, c in total.items() if c)), offset)


def program(ends: Iterable[Ends], rows: Iterable[Row] = ()) -> LinearProgram:
    """Return the program of bounded columns and rows.

    >>> program([(ZERO, ONE), FREE]).upper
    (Fraction(1, 1), None)
    """
    return extended(_NOTHING, ends, rows)


def extended(known: LinearProgram, ends: Iterable[Ends], rows: Iterable[Row]) -> LinearProgram:
    """Return a program with more columns and more rows.

    >>> extended(program([(ZERO, ONE)]), [FREE], []).lower
    (Fraction(0, 1), None)
    """
    require(known, LinearProgram)
    sides = tuple(zip(*ends, strict=True)) or ((), ())
    lower, upper = sides
    return LinearProgram((*known.lower, *lower), (*known.upper, *upper), (*known.rows, *rows))
