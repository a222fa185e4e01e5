"""Bounds as tables of HTML, for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.layers import Layer, kind

_MOST_INTERVALS = 8


def html_table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table whose cells show the texts as they are.

    >>> html_table(["a < b"], [["1"]])
    '<table><tr><th>a &lt; b</th></tr><tr><td>1</td></tr></table>'
    """
    head = _row("th", header)
    return f"<table>{head}{''.join(_row('td', row) for row in rows)}</table>"


def intervals_text(intervals: Sequence[Interval]) -> str:
    """Return intervals one after the other, cut after eight.

    >>> from fractions import Fraction
    >>> intervals_text([Interval(Fraction(0), Fraction(1, 2))] * 2)
    '[0, 1/2] [0, 1/2]'
    """
    shown = " ".join(map(str, intervals[:_MOST_INTERVALS]))
    rest = len(intervals) - _MOST_INTERVALS
    return f"{shown} and {rest} more" if rest > 0 else shown


def layer_names(layers: Sequence[Layer]) -> tuple[str, ...]:
    """Return what the values ``v^(0), ..., v^(L)`` are called.

    >>> from polyrelax.networks.layers import ReLU
    >>> layer_names([ReLU(2)])
    ('0 input', '1 ReLU')
    """
    kinds = ("input", *map(kind, layers))
    return tuple(f"{index} {name}" for index, name in enumerate(kinds))


def _row(tag: str, cells: Iterable[str]) -> str:
    inner = "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells)
    return f"<tr>{inner}</tr>"
