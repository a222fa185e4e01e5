r"""The common format of cdd and lrs, read as these programs read it: by words, not by lines.

::

    name
    H-representation             or V-representation; without it, H-representation is meant
    options
    begin
    rows columns type            type: integer, rational or real; rows: a number, or stars
    rows * columns numbers       in free format
    end
    options

A line that starts with ``*``, ``#``, ``!`` or ``%`` is a comment.  Decimals (``real``)
are the exact decimals that they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from polyrelax.arithmetic.rational import Vector, rational, shown
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.errors import FormatError, NotANumberError
from polyrelax.polytopes.polyhedra_options import Line, Option, read_options

INEQUALITIES: Final = "H-representation"
GENERATORS: Final = "V-representation"
_REPRESENTATIONS = (INEQUALITIES, GENERATORS)

_BEGIN = re.compile(r"^[^\S\n]*begin(?!\S)", re.MULTILINE)
_SIZE = re.compile(
    r"(?:[*#!%].*\n|\s)*?(\*+|\d{1,18})\s+([1-9]\d{0,17})\s+(?:integer|rational|real)(?!\S)",
    re.ASCII,
)
_SIZE_TEXT = "'rows columns type' with one column or more and type integer, rational or real"
_COMMENT = frozenset("*#!%")


@readable
@dataclass(frozen=True)
class Table:
    r"""The rows of a file with the lines on which they start, and what else it says.

    ``representation`` is ``None`` where the file does not say it; ``linear`` are the numbers,
    from one, of the rows that are equations or lines; ``nonnegative`` is the option that adds
    :math:`x \ge 0`, if it is given.
    """

    representation: str | None
    rows: tuple[tuple[int, Vector], ...]
    dim: int
    linear: frozenset[int]
    nonnegative: Option | None


def is_polyhedron(content: str) -> bool:
    r"""Whether a text may be of this format: a line of it starts with ``begin``.

    >>> is_polyhedron("begin\n1 1 integer\n1\nend"), is_polyhedron("# begin\n1 1")
    (True, False)
    """
    return _BEGIN.search(content) is not None


def read_table(content: str) -> Table:
    r"""Return what a file holds.

    >>> table = read_table("begin\n1 2 integer 1\n-1 end")
    >>> table.rows, table.dim
    (((2, (Fraction(1, 1), Fraction(-1, 1))),), 1)
    """
    begin, size = _start(content)
    body, behind = _parts(_lines(content, size.end()))
    representation, titles, head = _head(list(_lines(content[: begin.start()])))
    options = read_options(titles, head, behind)
    if options.hull is not None and representation == INEQUALITIES:
        raise options.hull.error(f"found 'hull' in an {INEQUALITIES}, expected a {GENERATORS}")
    rows = tuple(_rows(body, size, _line_of(content, size.start(1))))
    return Table(
        representation if options.hull is None else GENERATORS,
        rows,
        int(size[2]) - 1,
        frozenset() if options.linear is None else options.linear.rows(len(rows)),
        options.nonnegative,
    )


def number(word: str, line: int) -> Fraction:
    """Return the exact number that a word on a line is.

    >>> number("-1/2", 7)
    Fraction(-1, 2)
    """
    try:
        return rational(word)
    except NotANumberError as error:
        raise FormatError(f"line {line}: {error}") from None


def _start(content: str) -> tuple[re.Match[str], re.Match[str]]:
    """Return where ``begin`` is, and the size behind it."""
    begins = list(_BEGIN.finditer(content))
    for begin in begins:
        size = _SIZE.match(content, begin.end())
        if size is not None:
            return begin, size
    if not begins:
        raise FormatError("found no line 'begin', expected one")
    for line, words in _lines(content, begins[0].end()):
        found = " ".join(words)
        raise FormatError(
            f"line {line}: found {shown(found)} after 'begin', expected {_SIZE_TEXT}"
        )
    raise FormatError(f"found nothing after 'begin', expected {_SIZE_TEXT}")


def _lines(content: str, start: int = 0) -> Iterator[Line]:
    """Yield the words of each line from a place on, without blank lines and comments."""
    first = _line_of(content, start)
    for place, line in enumerate(content[start:].split("\n"), first):
        words = line.split()
        if words and words[0][0] not in _COMMENT:
            yield place, words


def _line_of(content: str, place: int) -> int:
    return 1 + content.count("\n", 0, place)


def _parts(lines: Iterator[Line]) -> tuple[list[Line], list[Line]]:
    """Return what stands before ``end`` and what stands behind it."""
    body: list[Line] = []
    for place, words in lines:
        if "end" in words:
            end = words.index("end")
            same_line = [(place, words[end + 1 :])] if words[end + 1 :] else []
            return [*body, (place, words[:end])], [*same_line, *lines]
        body.append((place, words))
    raise FormatError("found no line 'end', expected one")


def _rows(body: Iterable[Line], size: re.Match[str], line: int) -> Iterator[tuple[int, Vector]]:
    """Yield each row with the number of the line that it starts on."""
    columns = int(size[2])
    numbers = [(place, number(word, place)) for place, words in body for word in words]
    found = amount(len(numbers), "number")
    if size[1].isdecimal() and len(numbers) != int(size[1]) * columns:
        raise FormatError(
            f"line {line}: found {found}, expected {amount(int(size[1]), 'row')} of {columns}"
        )
    if len(numbers) % columns:
        raise FormatError(f"line {line}: found {found}, expected rows of {columns}")
    for start in range(0, len(numbers), columns):
        row = numbers[start : start + columns]
        yield row[0][0], tuple(value for _, value in row)


def _head(lines: list[Line]) -> tuple[str | None, list[Line], list[Line]]:
    """Return the representation that is stated, the lines above it and those below it."""
    named = [(n, words) for n, words in lines if words[0].capitalize() in _REPRESENTATIONS]
    stated = [(n, words[0].capitalize()) for n, words in named if len(words) == 1]
    if not named:
        return None, lines, []
    if not stated:
        place, words = named[0]
        found = " ".join(words)
        raise FormatError(f"line {place}: found {shown(found)}, expected {words[0]} alone")
    for place, kind in stated:
        if kind != stated[0][1]:
            raise FormatError(f"line {place}: found {kind} after {stated[0][1]}, expected one")
    place, kind = stated[0]
    above = [line for line in lines if line[0] < place]
    return kind, above, [line for line in lines if line[0] > place and line not in named]
