"""Tables, sections and whole pages of HTML that need no other file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final, NewType

from polyrelax.cli.terminal.layout import Block

Cell = NewType("Cell", str)
"""Markup that may stand in a table; texts become cells by :func:`cell`."""

_STYLE: Final = """
body { color: #222; font-family: sans-serif; line-height: 1.4; margin: 2rem auto;
  max-width: 64rem; padding: 0 1rem; }
h2 { border-bottom: 2px solid #0072b2; margin-top: 2.2rem; padding-bottom: 0.2rem; }
h3 { margin: 1.4rem 0 0.4rem; }
table { border-collapse: collapse; display: block; max-width: 100%; overflow-x: auto; }
th, td { border-bottom: 1px solid #ddd; padding: 0.15rem 1rem 0.15rem 0; text-align: left;
  vertical-align: top; }
th { white-space: nowrap; }
.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
code { overflow-wrap: anywhere; }
.bar { min-width: 14rem; padding-top: 0.3rem; }
.bar div { background: #0072b2; height: 0.6rem; min-width: 2px; }
svg { height: auto; max-width: 100%; }
footer { border-top: 1px solid #ddd; color: #555; margin-top: 2.2rem; }
@media print { table { display: table; } }
"""


def document(title: str, parts: Iterable[str]) -> str:
    """Return a page with a title and parts that are markup."""
    body = "\n".join(parts)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>"
    )


def cell(text: str) -> Cell:
    """Return a text as it is.

    >>> cell("a < b")
    'a &lt; b'
    """
    return Cell(escape(text))


def block_html(block: Block) -> str:
    """Return a table with its title, or a sentence.

    >>> block_html("l < u")
    '<p>l &lt; u</p>'
    """
    if isinstance(block, str):
        return f"<p>{escape(block)}</p>"
    rows = tuple(tuple(map(cell, row)) for row in block.rows)
    return f"<h3>{escape(block.title)}</h3>\n{table(block.header, rows, block.right)}"


def table(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], right: frozenset[str] = frozenset()
) -> str:
    """Return a table; the columns named in ``right`` are numbers.

    >>> table(["n"], [[cell("1")]], frozenset("n")).splitlines()[-1]
    '<tr><td class="number">1</td></tr></table>'
    """
    kinds = [' class="number"' if name in right else "" for name in header]
    head = _row("th", kinds, [cell(name) for name in header])
    return "\n".join([f"<table>{head}", *(_row("td", kinds, row) for row in rows)]) + "</table>"


def _row(tag: str, kinds: Sequence[str], cells: Sequence[Cell]) -> str:
    inner = zip(kinds, cells, strict=True)
    return f"<tr>{''.join(f'<{tag}{kind}>{text}</{tag}>' for kind, text in inner)}</tr>"
