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

The line ``linearity`` names the rows, from one, that are equations or lines.  Lines before
``begin`` that are none of these, lines after ``end``, and lines that start with ``*`` are
comments.  Decimals (``real``) are read as the exact decimals that they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from polyrelax.arithmetic.rational import ONE, Vector, rational, text
from polyrelax.errors import FormatError, NotANumberError, UnboundedError
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope

_SIZE = re.compile(r"(\*+|\d+)\s+([1-9]\d*)\s+(?:integer|rational|real)\b.*", re.ASCII)
_SIZE_TEXT = "'rows columns type' with one column or more and type integer, rational or real"
_COMMENT = re.compile(r"\*(?!\*+ \d)")  # lrs prints stars for an unknown number of rows
_KINDS = {
    "H-representation": "V-representation",
    "V-representation": "H-representation",
}
_LINEARITY = ("linearity", "equality")

_Line: TypeAlias = tuple[int, str]


@dataclass(frozen=True)
class _Table:
    """The rows of a file, with the number of the line that each stands on."""

    rows: tuple[tuple[int, Vector], ...]
    dim: int
    linear: frozenset[int]


def read_ine(content: str) -> Polytope:
    r"""Return the polytope of an H-representation.

    >>> read_ine("H-representation\nbegin\n2 2 rational\n1/2 -1\n0 1\nend")
    Polytope.box(['0'], ['1/2'])
    """
    table = _table(content, expected="H-representation")
    constraints = [
        _constraint(row, is_equation=index in table.linear)
        for index, (_, row) in enumerate(table.rows, start=1)
    ]
    return Polytope.intersection(constraints, table.dim)


def read_ext(content: str) -> Polytope:
    r"""Return the polytope of a V-representation, which must have no rays.

    >>> read_ext("V-representation\nbegin\n2 2 rational\n1 0\n1 1/2\nend").vertices
    ((Fraction(0, 1),), (Fraction(1, 2),))
    """
    table = _table(content, expected="V-representation")
    return Polytope.hull(_points(table), table.dim)


def write_ine(polytope: Polytope) -> str:
    """Return the H-representation of a polytope by its canonical constraints.

    >>> write_ine(Polytope.box([0], ["1/2"])).splitlines()[3:5]
    ['0 1', '1 -2']
    """
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
    rows = [(ONE, *vertex) for vertex in polytope.vertices]
    return _written(["V-representation"], rows, polytope.dim)


def read_inequalities(content: str) -> Polytope:
    r"""Return the polytope of a bare list of rows ``b a1 ... an`` for ``b + <a, x> >= 0``.

    >>> read_inequalities("0.5 -1\n0 1")
    Polytope.box(['0'], ['1/2'])
    """
    lines = [line for line in _lines(content) if not line[1].startswith("#")]
    if not lines:
        raise FormatError("found no rows, expected rows b a1 ... an")
    columns = len(lines[0][1].split())
    rows = [_row(line, columns) for line in lines]
    return Polytope.intersection((_constraint(row) for row in rows), columns - 1)


def _constraint(row: Vector, *, is_equation: bool = False) -> Constraint:
    return Constraint(tuple(-s for s in row[1:]), row[0], is_equation)


def _points(table: _Table) -> Iterator[Vector]:
    for index, (number, row) in enumerate(table.rows, start=1):
        if row[0] == 0 or index in table.linear:
            raise UnboundedError(f"line {number}: found a ray or line, expected points only")
        if row[0] != 1:
            raise FormatError(f"line {number}: found {text(row[0])} first, expected 1 or 0")
        yield row[1:]


def _written(header: Sequence[str], rows: Sequence[Vector], dim: int) -> str:
    body = (" ".join(text(s) for s in row) for row in rows)
    size = f"{len(rows)} {1 + dim} rational"
    return "\n".join([*header, "begin", size, *body, "end", ""])


def _lines(content: str) -> list[_Line]:
    """Return the lines that are not blank, stripped, with their numbers from one."""
    numbered = enumerate(content.splitlines(), start=1)
    return [(number, line.strip()) for number, line in numbered if line.strip()]


def _table(content: str, *, expected: str) -> _Table:
    lines = [line for line in _lines(content) if not _COMMENT.match(line[1])]
    words = [line.split()[0] for _, line in lines]
    begin, end = _position(words, "begin"), _position(words, "end")
    other = _KINDS[expected]
    if other in words[:begin]:
        raise FormatError(f"found the line {other}, expected {expected}")
    if end <= begin + 1:
        raise FormatError("found no size line between begin and end, expected one")
    size, columns = _size(lines[begin + 1])
    body = lines[begin + 2 : end]
    if size is not None and len(body) != size:
        number = lines[begin + 1][0]
        raise FormatError(f"line {number}: found {len(body)} rows, expected {size}")
    rows = tuple((line[0], _row(line, columns)) for line in body)
    linear = _linearity((*lines[:begin], *lines[end + 1 :]), len(rows))
    return _Table(rows, columns - 1, linear)


def _position(words: Sequence[str], keyword: str) -> int:
    if keyword not in words:
        raise FormatError(f"found no line '{keyword}', expected one")
    return words.index(keyword)


def _size(line: _Line) -> tuple[int | None, int]:
    """Return the numbers of rows, ``None`` where lrs prints stars, and of columns."""
    found = _SIZE.fullmatch(line[1])
    if found is None:
        raise FormatError(f"line {line[0]}: found {line[1]!r}, expected {_SIZE_TEXT}")
    return (None if found[1].startswith("*") else int(found[1])), int(found[2])


def _row(line: _Line, columns: int) -> Vector:
    number, content = line
    entries = content.split()
    if len(entries) != columns:
        raise FormatError(f"line {number}: found {len(entries)} entries, expected {columns}")
    try:
        return tuple(rational(entry) for entry in entries)
    except NotANumberError as error:
        raise FormatError(f"line {number}: {error}") from None


def _linearity(lines: Iterable[_Line], size: int) -> frozenset[int]:
    linear: set[int] = set()
    for number, content in lines:
        keyword, *entries = content.split()
        if keyword in _LINEARITY:
            linear.update(_indices(number, entries, size))
    return frozenset(linear)


def _indices(number: int, entries: Sequence[str], size: int) -> list[int]:
    if not entries or not all(entry.isdecimal() for entry in entries):
        raise FormatError(f"line {number}: found {' '.join(entries)!r}, expected row numbers")
    count, *indices = (int(entry) for entry in entries)
    if len(indices) != count:
        raise FormatError(f"line {number}: found {len(indices)} row numbers, expected {count}")
    if not all(1 <= index <= size for index in indices):
        raise FormatError(f"line {number}: found {indices}, expected rows 1 to {size}")
    return indices
