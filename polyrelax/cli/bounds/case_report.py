"""The report of ``polyrelax bounds`` on several sets of inputs.

In JSON, ``results`` holds the bounds on the union of the sets, none unless all are done, and
``cases`` those of the outputs on each set, with its number in the file and the box around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from polyrelax.cli.bounds.cases import CaseResults, CaseRuns, Result, result_of
from polyrelax.cli.bounds.report import (
    bounds_data,
    box_data,
    layer_blocks,
    proviso,
    unfinished_blocks,
)
from polyrelax.cli.terminal.decimals import ends_text
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json

MOST_CASES: Final = 20
"""More cases are for programs: the table has their union only."""

_HEADER: Final = ("case", "output", "relaxation", "lower", "upper", "seconds")


def cases_data(runs: CaseRuns) -> Json:
    """Return the JSON object of a report."""
    return {**bounds_data(runs.union), "cases": [_case_data(case) for case in runs.cases]}


def cases_blocks(runs: CaseRuns, *, neurons: bool | None) -> Iterator[Block]:
    """Yield the tables of a report: the outputs case by case, and all else of the union."""
    rows: list[tuple[str, ...]] = []
    if len(runs.cases) > MOST_CASES:
        yield f"{len(runs.cases)} cases: --format json has each of them, --case N all of one."
    else:
        rows += (row for case in runs.cases for row in _rows(str(case.number), case.results))
    union = runs.union.finished
    rows += _rows("all", [result_of(run) for run in union])
    numbers = frozenset(("output", "lower", "upper", "seconds"))
    yield Grid("Outputs", _HEADER, tuple(rows), numbers)
    if union:
        yield from layer_blocks(union, neurons=neurons)
        yield proviso(union)
    yield from unfinished_blocks(runs.union)


def _rows(case: str, results: Sequence[Result]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each output and relaxation, the relaxations of one output together."""
    outputs = len(results[0].output) if results else 0
    for j in range(outputs):
        for found in results:
            ends, seconds = ends_text(found.output[j]), f"{found.seconds:.3f}"
            yield case, str(j), found.relaxation, *ends, seconds


def _case_data(case: CaseResults) -> Json:
    results: list[Json] = [
        {
            "relaxation": found.relaxation,
            "bits": found.bits,
            **box_data(found.output),
            "seconds": round(found.seconds, 6),
        }
        for found in case.results
    ]
    return {"case": case.number, "input": box_data(case.domain.bounds), "results": results}
