"""The report of ``polyrelax compare``: tables for people, ``polyrelax-compare/1`` for programs.

In JSON, ``results`` is that of ``polyrelax bounds``, and ``comparisons`` holds each relaxation
beside the next one named: per layer which bounds are ``tighter`` (``first``, ``second``, both:
``equal``, neither: ``incomparable``), the largest ``gap`` between two ends, and, where the
dimension is small, the same of the ``sets``.  A constraint is a row ``b, a1, ..., ak`` that
stands for b + a·x >= 0, or == 0 among the ``equalities``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from polyrelax.analysis.compare import Comparison, LayerComparison
from polyrelax.analysis.compare import compare as compare_traces
from polyrelax.analysis.geometry import Geometry
from polyrelax.arithmetic.rational import text
from polyrelax.cli.bounds.report import (
    bounds_blocks,
    layer_kinds,
    layer_labels,
    proviso,
    result_data,
    stop_data,
    unfinished_blocks,
)
from polyrelax.cli.bounds.report import neuron_blocks as neuron_tables
from polyrelax.cli.requests.problem import Problem
from polyrelax.cli.requests.request import Request
from polyrelax.cli.runs.run import Runs, run_until_stopped
from polyrelax.cli.terminal.constraint_rows import rows_data
from polyrelax.cli.terminal.decimals import upper_text
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.cli.terminal.progress import counted, progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import Deadline, Tell, TimeUpError, here_if_quick
from polyrelax.errors import UsageError
from polyrelax.relaxations.choices import SMALL_WIDTH
from polyrelax.relaxations.relaxed_set import LARGEST_EXPLICIT_DIMENSION as MOST_EXPLICIT

GRACE: Final = 5.0
"""Seconds for comparing what is done when an interruption came or the time is up."""

_HEADER = ("layer", "bounds", "gap", "sets", "volume ratio", "only first", "only second")


@dataclass(frozen=True)
class Compared:
    """Runs, each one's comparison with the next, and what stopped some of them if anything."""

    runs: Runs
    pairs: tuple[Comparison, ...]
    stop: Stop | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what did not come to its end."""
        names = [run.trace.relaxation for run in self.runs.finished]
        pairs = list(pairwise(names))[len(self.pairs) :]
        return (*self.runs.missing, *(f"{a} beside {b}" for a, b in pairs))


def compare_runs(problem: Problem, request: Request, until: Deadline) -> Compared:
    """Return the finished runs and comparisons."""
    names = request.relaxation or ()
    if len(set(names)) < 2:
        found = ", ".join(names) or "no relaxation"
        raise UsageError(
            f"found {found}, expected two different relaxations or more: -r NAME -r NAME"
        )
    runs = run_until_stopped(problem, request, until)
    traces = compare_traces([run.trace for run in runs.finished])
    pairs = list[Comparison]()
    try:
        with progress_bar(len(runs.finished) - 1) as report:
            for pair in counted(traces, report, "comparisons"):
                pairs.append(_settled(pair, until if runs.stop is None else _grace()))
    except TimeUpError:
        return Compared(runs, tuple(pairs), runs.stop or Stop.TIME_UP)
    except KeyboardInterrupt:
        return Compared(runs, tuple(pairs), Stop.INTERRUPTED)
    return Compared(runs, tuple(pairs), runs.stop)


def _grace() -> Deadline:
    """Return the time that is left for comparing when somebody wants to see the end."""
    return Deadline.after(GRACE)


def _settled(pair: Comparison, until: Deadline) -> Comparison:
    """Return a comparison that has found its layers, where hulls are few in this process."""
    widths = pair.first.network.widths
    quick = not any(SMALL_WIDTH < w <= MOST_EXPLICIT for w in widths)
    return here_if_quick(found_layers, pair, quick=quick, until=until)


def found_layers(pair: Comparison, _tell: Tell) -> Comparison:
    """Return the same comparison with its layers found, which are found when asked for."""
    _ = pair.layers
    return pair


def compare_data(found: Compared) -> Json:
    """Return the JSON object of a report."""
    return {
        "format": "polyrelax-compare/1",
        "results": [result_data(run) for run in found.runs.finished],
        "comparisons": [_pair_data(pair) for pair in found.pairs],
        **stop_data(found.runs),
        **({} if found.stop is None else {"stopped": found.stop.value}),
    }


def compare_blocks(found: Compared, *, neurons: bool | None) -> Iterator[Block]:
    """Yield the tables of a report, those of bounds if there is nothing to compare."""
    runs = found.runs.finished
    if not found.pairs:
        yield from bounds_blocks(found.runs, neurons=neurons)
        return
    yield from neuron_tables(runs, neurons=neurons)
    for pair in found.pairs:
        yield from _pair_blocks(pair)
    yield proviso(runs)
    yield from unfinished_blocks(found.runs)


def _pair_blocks(pair: Comparison) -> Iterator[Block]:
    title = f"{pair.first.relaxation} (first) and {pair.second.relaxation} (second)"
    labels = layer_labels(pair.first.network)
    rows = (_layer_row(labels[layer.layer], layer) for layer in pair.layers)
    yield Grid(title, _HEADER, tuple(rows), frozenset(("gap", "volume ratio")))
    facets = tuple(_facet_rows(pair))
    if facets:
        yield Grid("Constraints that only one has", ("layer", "of", "constraint"), facets)


def _layer_row(label: str, layer: LayerComparison) -> tuple[str, ...]:
    bounds = _relation(first=layer.first_inside, second=layer.second_inside)
    sets = layer.geometry
    if sets is None:
        return (label, bounds, upper_text(layer.gap), "", "", "", "")
    ratio = "" if sets.volume_ratio is None else upper_text(sets.volume_ratio)
    relation = _relation(first=sets.first_inside, second=sets.second_inside)
    only = (str(len(sets.only_first)), str(len(sets.only_second)))
    return (label, bounds, upper_text(layer.gap), relation, ratio, *only)


def _facet_rows(pair: Comparison) -> Iterator[tuple[str, str, str]]:
    labels = layer_labels(pair.first.network)
    for layer in pair.layers:
        if layer.geometry is not None:
            for c in layer.geometry.only_first:
                yield labels[layer.layer], pair.first.relaxation, str(c)
            for c in layer.geometry.only_second:
                yield labels[layer.layer], pair.second.relaxation, str(c)


def _relation(*, first: bool, second: bool) -> str:
    if first and second:
        return "equal"
    if first or second:
        return "first tighter" if first else "second tighter"
    return "incomparable"


def _pair_data(pair: Comparison) -> Json:
    kinds = layer_kinds(pair.first.network)
    layers: list[Json] = [
        {
            "kind": kinds[layer.layer],
            "tighter": _tighter(first=layer.first_inside, second=layer.second_inside),
            "gap": text(layer.gap),
            "sets": None if layer.geometry is None else _geometry_data(layer.geometry),
        }
        for layer in pair.layers
    ]
    return {
        "first": pair.first.relaxation,
        "second": pair.second.relaxation,
        "layers": layers,
    }


def _geometry_data(sets: Geometry) -> Json:
    return {
        "tighter": _tighter(first=sets.first_inside, second=sets.second_inside),
        "volume_ratio": None if sets.volume_ratio is None else text(sets.volume_ratio),
        "only_first": rows_data(sets.only_first),
        "only_second": rows_data(sets.only_second),
    }


def _tighter(*, first: bool, second: bool) -> str:
    return _relation(first=first, second=second).removesuffix(" tighter")
