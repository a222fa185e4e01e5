"""What the page of ``polyrelax report`` shows of bounds: intervals as bars, and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from typing import Final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO
from polyrelax.cli.bounds.report import layer_labels
from polyrelax.cli.runs.run import Run
from polyrelax.cli.terminal.decimals import ends_text, upper_text
from polyrelax.cli.terminal.html import Cell, cell, table
from polyrelax.cli.terminal.layout import Grid

MOST_BARS: Final = 400


def outputs_html(runs: Sequence[Run]) -> str:
    """Return the table of outputs, each interval drawn as a bar beside its ends."""
    header = ("output", "relaxation", "lower", "upper", "", "seconds")
    rows = tuple(_output_rows(runs))
    return table(header, rows, frozenset(("output", "lower", "upper", "seconds")))


def _output_rows(runs: Sequence[Run]) -> Iterator[tuple[Cell, ...]]:
    count = len(runs[0].trace.output)
    drawn = count * len(runs) <= MOST_BARS
    for j in range(count):
        frame = _around([run.trace.output[j] for run in runs])
        for run in runs:
            z = run.trace.output[j]
            yield (
                cell(str(j)),
                cell(run.trace.relaxation),
                *map(cell, ends_text(z)),
                bar(z, frame) if drawn else cell(""),
                cell(f"{run.seconds:.3f}"),
            )


def _around(intervals: Sequence[Interval]) -> Interval:
    return Interval(min(z.lower for z in intervals), max(z.upper for z in intervals))


def bar(z: Interval, frame: Interval) -> Cell:
    """Return an interval drawn within another one that contains it.

    >>> from fractions import Fraction
    >>> unit = Interval(Fraction(0), Fraction(1))
    >>> bar(Interval(Fraction(1, 4), Fraction(1, 2)), unit)
    '<div class="bar"><div style="margin-left:25.00%;width:25.00%"></div></div>'
    """
    scale = 100 / frame.width if frame.width else 0
    left, width = float((z.lower - frame.lower) * scale), float(z.width * scale)
    inner = f'<div style="margin-left:{left:.2f}%;width:{width:.2f}%"></div>'
    return Cell(f'<div class="bar">{inner}</div>')


def gap_grid(runs: Sequence[Run]) -> Grid:
    """Return how far the ends of each relaxation's bounds are from the tightest, by layer."""
    names = tuple(run.trace.relaxation for run in runs)
    tightest = "the exact bounds" if "exact" in names else "the tightest bounds here"
    rows = tuple(
        (label, *(upper_text(gap) for gap in _gaps(runs, index)))
        for index, label in enumerate(layer_labels(runs[0].trace.network))
    )
    title = f"Largest gap to {tightest}"
    return Grid(title, ("layer", *names), rows, frozenset(names), labels=1)


def _gaps(runs: Sequence[Run], index: int) -> Iterator[Fraction]:
    boxes = [run.trace.bounds[index] for run in runs]
    best = [reduce(Interval.meet, ranges) for ranges in zip(*boxes, strict=True)]
    for box in boxes:
        pairs = list(zip(box, best, strict=True))
        ends = [(b.lower - a.lower, a.upper - b.upper) for a, b in pairs]
        yield max((gap for two in ends for gap in two), default=ZERO)
