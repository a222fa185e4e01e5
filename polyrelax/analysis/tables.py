"""The bounds of traces as a table: a row for each value of the network and each relaxation.

The *gap* of a bound is how much wider its interval is than the narrowest that any of the traces
has for the same value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.arguments import all_of, dimension
from polyrelax.arithmetic.decimals import decimal_text
from polyrelax.arithmetic.rational import text
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import DimensionError
from polyrelax.relaxations.display import layer_names
from polyrelax.relaxations.trace import Trace

_SPECIAL = {mark: f"\\{mark}" for mark in "_&%#$"}


@final
@readable
@dataclass(frozen=True)
class BoundRow:
    """The bounds of one value after some layers, by one relaxation."""

    layer: str
    value: int
    relaxation: str
    lower: Fraction
    upper: Fraction
    gap: Fraction

    @property
    def width(self) -> Fraction:
        """The length of the interval."""
        return self.upper - self.lower


def bound_rows(traces: Iterable[Trace]) -> tuple[BoundRow, ...]:
    """Return the bounds of one or more traces of one network, layer by layer.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.trace import propagate
    >>> *_, loose, tight = bound_rows([propagate(tent(), (-1, 1), n) for n in ("ibp", "p:3")])
    >>> loose.layer, loose.relaxation, str(loose.gap), tight.relaxation, str(tight.gap)
    ('5 affine', 'ibp', '1', 'p:3', '0')
    """
    given = all_of(traces, Trace, "traces")
    if not given:
        raise DimensionError("found no traces, expected at least one")
    if any(trace.network != given[0].network for trace in given):
        raise DimensionError("found traces of two networks, expected one network")
    if any(trace.bounds[0] != given[0].bounds[0] for trace in given):
        raise DimensionError("found traces on two sets of inputs, expected one set")
    names = layer_names(given[0].network.layers)
    return tuple(
        row
        for index, name in enumerate(names)
        for value in range(given[0].network.widths[index])
        for row in _rows(given, index, name, value)
    )


def latex_table(traces: Iterable[Trace], *, digits: int | None = None) -> str:
    r"""Return the bounds as a table of LaTeX, exact or with so many digits, rounded outward.

    The table needs the package ``booktabs``.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.trace import propagate
    >>> print(latex_table([propagate(tent(), (-1, 1), "ibp")]).splitlines()[-3])
    5 affine & 0 & ibp & $0$ & $2$ & $2$ & $0$ \\
    """
    rows = bound_rows(traces)
    head = ("layer", "value", "relaxation", "lower", "upper", "width", "gap")
    lines = [
        r"\begin{tabular}{lrlrrrr}",
        r"\toprule",
        _line(head),
        r"\midrule",
        *(_line(_cells(row, digits)) for row in rows),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines)


def _rows(traces: Sequence[Trace], index: int, name: str, value: int) -> Iterable[BoundRow]:
    found = [(trace.relaxation, trace.bounds[index][value]) for trace in traces]
    least = min(interval.width for _, interval in found)
    for relaxation, interval in found:
        yield BoundRow(name, value, relaxation, *interval, interval.width - least)


def _cells(row: BoundRow, digits: int | None) -> Iterable[str]:
    yield from (_escaped(row.layer), str(row.value), _escaped(row.relaxation))
    ends = ((row.lower, False), (row.upper, True), (row.width, True), (row.gap, True))
    for number, upward in ends:
        shown = text(number) if digits is None else _decimal(number, digits, upward=upward)
        yield f"${shown}$"


def _decimal(number: Fraction, digits: int, *, upward: bool) -> str:
    return decimal_text(number, f".{dimension(digits, 'a number of digits')}f", upward=upward)


def _escaped(name: str) -> str:
    return "".join(_SPECIAL.get(mark, mark) for mark in name)


def _line(cells: Iterable[str]) -> str:
    return " & ".join(cells) + r" \\"
