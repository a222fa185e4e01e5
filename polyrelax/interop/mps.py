r"""Linear programs as MPS files in the free format, with every number exact.

The format has decimals alone.  A row of other numbers is multiplied by the least whole number
that makes them finite decimals, and a bound of a column that is none becomes such a row; so the
points of the program, and the optimum of its objective, are those of the program written.  A
solver that computes in floats rounds what it reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from polyrelax.arithmetic.arguments import listed, require
from polyrelax.arithmetic.finite_decimals import clearing, decimal, multiple
from polyrelax.arithmetic.rational import ONE, SparseVector, shown
from polyrelax.errors import DimensionError, FormatError
from polyrelax.lp import LinearProgram, Row

_OBJECTIVE: Final = "objective"


def dumps(
    program: LinearProgram,
    names: Sequence[str],
    objective: SparseVector = (),
    *,
    maximize: bool = False,
) -> str:
    """Return a program whose columns have the given names as a text.

    The objective is minimised unless ``maximize``.  Raises :class:`InexactInputError` for an
    objective that finite decimals are not, as multiples of it have other optima.

    >>> half = Row(((0, Fraction(1, 3)),), Fraction(1))
    >>> program = LinearProgram((Fraction(0),), (None,), (half,))
    >>> print(dumps(program, ["x"], ((0, Fraction(1)),), maximize=True), end="")
    NAME polyrelax
    OBJSENSE
        MAX
    ROWS
     N objective
     L R_0
    COLUMNS
     x objective 1
     x R_0 1
    RHS
     RHS R_0 3
    BOUNDS
     LO BND x 0
    ENDATA
    """
    require(program, LinearProgram)
    require(maximize, bool)
    known = _checked(names, program.dim)
    costs = dict(program.check(objective))
    rows = [_scaled(row) for row in (*program.rows, *_bound_rows(program))]
    lines = [
        "NAME polyrelax",
        *(["OBJSENSE", "    MAX"] if maximize else []),
        "ROWS",
        f" N {_OBJECTIVE}",
        *(f" {'E' if row.is_equation else 'L'} R_{i}" for i, row in enumerate(rows)),
        "COLUMNS",
        *_columns(rows, known, costs),
        "RHS",
        *(f" RHS R_{i} {decimal(row.offset)}" for i, row in enumerate(rows) if row.offset),
        "BOUNDS",
        *_bounds(program, known),
        "ENDATA",
    ]
    return "\n".join(lines) + "\n"


def _checked(names: Sequence[str], dim: int) -> tuple[str, ...]:
    """Return names, which must be different words, one for each column."""
    known = listed(names, "names")
    if len(known) != dim:
        raise DimensionError(f"found {len(known)} names, expected {dim}, one for each column")
    for name in known:
        require(name, str)
        if len(name.split()) != 1 or name.split()[0] != name or not name.isascii():
            raise FormatError(f"found the name {shown(name)}, expected a word without blanks")
    if len(set(known)) != dim:
        raise FormatError("found a name twice, expected different ones")
    return known


def _scaled(row: Row) -> Row:
    """Return the least multiple of a row that consists of finite decimals."""
    places = [j for j, _ in row.coefficients]
    *values, offset = multiple([*(a for _, a in row.coefficients), row.offset])
    return Row(tuple(zip(places, values, strict=True)), offset, row.is_equation)


def _is_written(end: Fraction | None) -> bool:
    """Whether there is a bound that a decimal is."""
    return end is not None and clearing([end]) == 1


def _bound_rows(program: LinearProgram) -> Iterator[Row]:
    """Yield rows for the bounds of columns that no decimals are."""
    for sign, ends in ((-ONE, program.lower), (ONE, program.upper)):
        for j, end in enumerate(ends):
            if end is not None and not _is_written(end):
                yield Row(((j, sign),), sign * end)


def _columns(
    rows: Sequence[Row], names: Sequence[str], costs: dict[int, Fraction]
) -> Iterator[str]:
    entries: list[list[tuple[int, Fraction]]] = [[] for _ in names]
    for i, row in enumerate(rows):
        for j, a in row.coefficients:
            entries[j].append((i, a))
    for j, name in enumerate(names):
        if j in costs or not entries[j]:
            yield f" {name} {_OBJECTIVE} {decimal(costs.get(j, 0))}"
        yield from (f" {name} R_{i} {decimal(a)}" for i, a in entries[j])


def _bounds(program: LinearProgram, names: Sequence[str]) -> Iterator[str]:
    """Yield the bounds of each column, also where readers would take them for granted."""
    for name, lower, upper in zip(names, program.lower, program.upper, strict=True):
        low, high = _is_written(lower), _is_written(upper)
        if low and lower is not None:
            yield f" LO BND {name} {decimal(lower)}"
        else:
            yield f" {'MI' if high else 'FR'} BND {name}"
        if high and upper is not None:
            yield f" UP BND {name} {decimal(upper)}"
