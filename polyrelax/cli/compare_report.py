"""The report of ``polyrelax compare``: tables for people, ``polyrelax-compare/1`` for programs.

In JSON, ``results`` is that of ``polyrelax bounds``, and ``comparisons`` holds each relaxation
beside the next one named: per layer which bounds are ``tighter`` (``first``, ``second``, both:
``equal``, neither: ``incomparable``), the largest ``gap`` between two ends, and, where the
dimension is small, the same of the ``sets``.  A constraint is a row ``b, a1, ..., ak`` that
stands for b + a·x >= 0, or == 0 among the ``equalities``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from polyrelax.analysis.compare import Comparison, LayerComparison
from polyrelax.analysis.compare import compare as compare_traces
from polyrelax.analysis.geometry import Geometry
from polyrelax.arithmetic.rational import text
from polyrelax.cli.bounds_report import (
    bounds_blocks,
    layer_kinds,
    layer_labels,
    proviso,
    result_data,
)
from polyrelax.cli.bounds_report import neuron_blocks as neuron_tables
from polyrelax.cli.constraint_rows import rows_data
from polyrelax.cli.decimals import upper_text
from polyrelax.cli.layout import Block, Grid
from polyrelax.cli.output import Json
from polyrelax.cli.problem import Problem
from polyrelax.cli.progress import progress_bar
from polyrelax.cli.request import Request
from polyrelax.cli.runs import Run, run_until_interrupted
from polyrelax.errors import UsageError

_HEADER = ("layer", "bounds", "gap", "sets", "volume ratio", "only first", "only second")


def compare_runs(
    problem: Problem, request: Request
) -> tuple[tuple[Run, ...], tuple[Comparison, ...], bool]:
    """Return the finished runs, each one's comparison with the next, and if one broke off."""
    names = request.relaxation or ()
    if len(set(names)) < 2:
        found = ", ".join(names) or "none"
        raise UsageError(f"found relaxations {found}; expected at least two: -r NAME -r NAME")
    runs, interrupted = run_until_interrupted(problem, request)
    pairs = tuple(compare_traces([run.trace for run in runs]))
    with progress_bar(len(pairs)) as report:
        for done, pair in enumerate(pairs):
            report(done, f"{pair.first.relaxation} and {pair.second.relaxation}")
            _ = pair.layers  # found when first asked for
    return runs, pairs, interrupted


def compare_data(runs: Iterable[Run], pairs: Iterable[Comparison]) -> Json:
    """Return the JSON object of a report."""
    return {
        "format": "polyrelax-compare/1",
        "results": [result_data(run) for run in runs],
        "comparisons": [_pair_data(pair) for pair in pairs],
    }


def compare_blocks(
    runs: Sequence[Run], pairs: Sequence[Comparison], *, neurons: bool | None
) -> Iterator[Block]:
    """Yield the tables of a report, those of bounds if there is nothing to compare."""
    if not pairs:
        yield from bounds_blocks(runs, neurons=neurons)
        return
    yield from neuron_tables(runs, neurons=neurons)
    for pair in pairs:
        title = f"{pair.first.relaxation} (first) and {pair.second.relaxation} (second)"
        labels = layer_labels(pair.first)
        rows = (_layer_row(labels[layer.layer], layer) for layer in pair.layers)
        yield Grid(title, _HEADER, tuple(rows), frozenset(("gap", "volume ratio")))
        facets = tuple(_facet_rows(pair))
        if facets:
            yield Grid("Constraints that only one has", ("layer", "of", "constraint"), facets)
    yield proviso(runs)


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
    labels = layer_labels(pair.first)
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
    kinds = layer_kinds(pair.first)
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
