"""Reports made of grids and sentences, as text for a terminal or as Markdown."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

UNLIMITED: Final = 10_000
NARROWEST: Final = 40
"""A screen narrower than this wraps lines itself; tables would lose columns."""
WIDEST: Final = 72
"""Longer texts are broken into lines, in files too."""


@dataclass(frozen=True)
class Grid:
    """A titled table of texts; the columns named in ``right`` are numbers.

    The first columns, ``labels`` of them, name the row: a table that is too wide for the
    screen is cut into several, each of which has them.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[str] = frozenset()
    labels: int = 0


Block = Grid | str


def as_text(blocks: Iterable[Block], width: int) -> str:
    """Return a report for a screen of the given width.

    >>> print(as_text([Grid("Ends", ("a", "b"), (("0", "1"),))], 20))
    Ends
     a   b
    ───────
     0   1
    """
    return "\n\n".join(
        part if isinstance(part, str) else _table(part, width)
        for block in blocks
        for part in ((block,) if isinstance(block, str) else _cut(block, width))
    )


def as_markdown(blocks: Iterable[Block]) -> str:
    r"""Return a report as Markdown.

    >>> print(as_markdown([Grid("Ends", ("a", "b"), (("0", "|"),), frozenset("b"))]))
    **Ends**
    <BLANKLINE>
    | a | b |
    | --- | ---: |
    | 0 | \| |
    """
    return "\n\n".join(
        block if isinstance(block, str) else _markdown(block) for block in blocks
    )


def screen_width() -> int:
    """Return the width of the terminal, or of a file: no limit, so that nothing is folded."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else UNLIMITED


def _cut(grid: Grid, width: int) -> Iterator[Grid]:
    """Yield tables with the columns of ``grid`` that fit on the screen if possible."""
    columns = list(zip(grid.header, *grid.rows, strict=True))
    if not grid.labels:
        yield grid
        return
    labels, rest = columns[: grid.labels], columns[grid.labels :]
    while rest:
        count = max(
            1, sum(_span([*labels, *rest[:k]]) <= width for k in range(1, len(rest) + 1))
        )
        header, *rows = zip(*labels, *rest[:count], strict=True)
        yield replace(grid, header=header, rows=tuple(rows))
        rest = rest[count:]


def _span(columns: Sequence[Sequence[str]]) -> int:
    """Return the width of a table of the given columns, each with a blank on either side."""
    return sum(3 + max(map(cell_len, column)) for column in columns) - 1


def _table(grid: Grid, width: int) -> str:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for name in grid.header:
        right = name in grid.right
        table.add_column(
            name,
            justify="right" if right else "left",
            overflow="fold",
            max_width=None if right else WIDEST,
        )
    for row in grid.rows:
        table.add_row(*row)
    buffer = io.StringIO()
    console = Console(
        file=buffer,
        width=max(width, NARROWEST),
        color_system=None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    console.print(table)
    lines = [grid.title, *(line.rstrip() for line in buffer.getvalue().splitlines())]
    return "\n".join(lines).rstrip()


def _markdown(grid: Grid) -> str:
    rule = tuple("---:" if name in grid.right else "---" for name in grid.header)
    rows = (grid.header, rule, *(tuple(map(_escaped, row)) for row in grid.rows))
    lines = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([f"**{grid.title}**", "", *lines])


def _escaped(cell: str) -> str:
    return cell.replace("|", r"\|").replace("\n", " ")
