r"""Polyhedra files of cdd and lrs, and bare lists of inequalities.

cdd and lrs write :math:`b + \langle a, x\rangle \ge 0` as the row ``b a1 ... an``, a point as
``1 p1 ... pn`` and a ray as ``0 r1 ... rn``::

    H-representation
    linearity 1 2
    begin
    3 2 rational
    1 -1
    0 1
    0 0
    end

The line ``linearity`` names the rows, from one, that are equations or lines.  The rest of the
format is in :mod:`polyrelax.polytopes.polyhedra_format`, the options are in
:mod:`polyrelax.polytopes.polyhedra_options`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, text
from polyrelax.arithmetic.words import amount
from polyrelax.errors import FormatError, TooLargeError, UnboundedError
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polyhedra_format import (
    GENERATORS,
    INEQUALITIES,
    Table,
    number,
    read_table,
)
from polyrelax.polytopes.polytope import Polytope

_MOST_NONNEGATIVE: Final = 2000
"""The constraints that the word stands for have this many numbers, squared."""


def read(content: str, *, suffix: str = "") -> Polytope:
    r"""Return the polytope of a file, an H-representation unless it says otherwise.

    ``suffix`` is that of the file's name: a ``.ext`` file must say what it is.

    >>> read("V-representation\nbegin\n2 2 rational\n1 0\n1 1/2\nend").vertices
    ((Fraction(0, 1),), (Fraction(1, 2),))
    """
    require(content, str)
    table = read_table(content)
    if table.representation is None and suffix == ".ext":
        raise FormatError(f"found no representation, expected a line {GENERATORS}")
    return _hull(table) if table.representation == GENERATORS else _intersection(table)


def read_ine(content: str) -> Polytope:
    r"""Return the polytope of an H-representation.

    >>> read_ine("H-representation\nbegin\n2 2 rational\n1/2 -1\n0 1\nend")
    Polytope.box(['0'], ['1/2'])
    """
    return _intersection(_table(content, INEQUALITIES))


def read_ext(content: str) -> Polytope:
    r"""Return the polytope of a V-representation, which must have no rays.

    >>> read_ext("V-representation\nbegin\n2 2 rational\n1 0\n1 1/2\nend").vertices
    ((Fraction(0, 1),), (Fraction(1, 2),))
    """
    return _hull(_table(content, GENERATORS))


def write_ine(polytope: Polytope) -> str:
    """Return the H-representation of a polytope by its canonical constraints.

    >>> write_ine(Polytope.box([0], ["1/2"])).splitlines()[3:5]
    ['0 1', '1 -2']
    """
    require(polytope, Polytope)
    constraints = polytope.constraints
    rows = [(c.offset, *(-s for s in c.normal)) for c in constraints]
    equations = [str(i) for i, c in enumerate(constraints, start=1) if c.is_equation]
    linearity = [f"linearity {len(equations)} {' '.join(equations)}"] if equations else []
    return _written(["H-representation", *linearity], rows, polytope.dim)


def write_ext(polytope: Polytope) -> str:
    """Return the V-representation of a polytope by its vertices.

    >>> write_ext(Polytope.box([0], ["1/2"])).splitlines()[3:5]
    ['1 0', '1 1/2']
    """
    require(polytope, Polytope)
    rows = [(ONE, *vertex) for vertex in polytope.vertices]
    return _written(["V-representation"], rows, polytope.dim)


def read_inequalities(content: str) -> Polytope:
    r"""Return the polytope of a bare list of rows ``b a1 ... an`` for ``b + <a, x> >= 0``.

    >>> read_inequalities("0.5 -1\n0 1")
    Polytope.box(['0'], ['1/2'])
    """
    require(content, str)
    rows = list(_bare_rows(content))
    if not rows:
        raise FormatError("found no rows, expected rows b a1 ... an")
    return Polytope.intersection(map(_constraint, rows), len(rows[0]) - 1)


def _table(content: str, expected: str) -> Table:
    require(content, str)
    table = read_table(content)
    if table.representation not in {None, expected}:
        raise FormatError(f"found the line {table.representation}, expected {expected}")
    return table


def _intersection(table: Table) -> Polytope:
    constraints = [
        _constraint(row, is_equation=index in table.linear)
        for index, (_, row) in enumerate(table.rows, start=1)
    ]
    return Polytope.intersection([*constraints, *_orthant(table)], table.dim)


def _orthant(table: Table) -> Iterator[Constraint]:
    """Yield the constraints that ``nonnegative`` adds."""
    if table.nonnegative is None:
        return
    if table.linear:  # which lrs takes for inequalities then
        raise table.nonnegative.error("found 'nonnegative' beside equations, expected only one")
    if table.dim > _MOST_NONNEGATIVE:
        found = f"found 'nonnegative' in dimension {table.dim}"
        raise TooLargeError(f"{found}, expected at most {_MOST_NONNEGATIVE}")
    for j in range(table.dim):
        yield Constraint.at_least([ONE if i == j else ZERO for i in range(table.dim)], ZERO)


def _hull(table: Table) -> Polytope:
    if table.nonnegative is not None:
        raise table.nonnegative.error(f"found 'nonnegative' in a {GENERATORS}, expected points")
    return Polytope.hull(_points(table), table.dim)


def _constraint(row: Vector, *, is_equation: bool = False) -> Constraint:
    return Constraint(tuple(-s for s in row[1:]), row[0], is_equation)


def _points(table: Table) -> Iterator[Vector]:
    for index, (line, row) in enumerate(table.rows, start=1):
        if row[0] == 0 or index in table.linear:
            raise UnboundedError(f"line {line}: found a ray or line, expected points only")
        if row[0] != 1:
            raise FormatError(f"line {line}: found {text(row[0])} first, expected 1 or 0")
        yield row[1:]


def _written(header: Sequence[str], rows: Sequence[Vector], dim: int) -> str:
    body = (" ".join(text(s) for s in row) for row in rows)
    size = f"{len(rows)} {1 + dim} rational"
    return "\n".join([*header, "begin", size, *body, "end", ""])


def _bare_rows(content: str) -> Iterator[Vector]:
    columns = 0
    for line, words in enumerate(content.split("\n"), start=1):
        entries = words.split()
        if entries and not entries[0].startswith("#"):
            columns = columns or len(entries)
            if len(entries) != columns:
                raise FormatError(
                    f"line {line}: found {amount(len(entries), 'entry', 'entries')}, "
                    f"expected {columns}"
                )
            yield tuple(number(entry, line) for entry in entries)
