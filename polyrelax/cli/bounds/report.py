"""The report of ``polyrelax bounds``: tables for people, ``polyrelax-bounds/1`` for programs.

In JSON, ``layers`` holds the bounds of the input (first) and of the value after each layer; the
last are the bounds of the outputs.  Exact results say in ``by`` how they were found.  Where the
time was up or an interruption came, ``stopped`` says which, and ``unfinished``
has the other relaxations with the layers that they had bounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Final, TypeAlias

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, text
from polyrelax.cli.runs.run import Run, Runs, Unfinished
from polyrelax.cli.terminal.decimals import ends_text, rounded
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.output import Json
from polyrelax.networks.layers import bending, kind
from polyrelax.networks.network import Network
from polyrelax.relaxations.layerwise import Box

Measure: TypeAlias = Callable[[Network, Sequence[Box], int], str]
"""What a table shows of the bounds after a layer with an index."""

BY_PHASES: Final = "branch and bound"

FEW_NEURONS: Final = 32
"""Networks with at most this many values show the bounds of each unless told otherwise."""


def bounds_data(runs: Runs) -> dict[str, Json]:
    """Return the JSON object of a report."""
    results: list[Json] = [result_data(run) for run in runs.finished]
    return {"format": "polyrelax-bounds/1", "results": results, **stop_data(runs)}


def stop_data(runs: Runs) -> dict[str, Json]:
    """Return what a report says of relaxations that did not come to their end."""
    if runs.stop is None:
        return {}
    kinds = layer_kinds(runs.network)
    unfinished: list[Json] = [
        {
            "relaxation": each.relaxation,
            "bits": each.bits,
            "layers": [
                {"kind": kind, **box_data(box)}
                for kind, box in zip(kinds, each.bounds, strict=False)
            ],
        }
        for each in runs.unfinished
    ]
    return {"stopped": runs.stop.value, "unfinished": unfinished}


def result_data(run: Run) -> dict[str, Json]:
    """Return the JSON object of one relaxation."""
    layers: list[Json] = [
        {"kind": kind, **box_data(box)}
        for kind, box in zip(layer_kinds(run.trace.network), run.trace.bounds, strict=True)
    ]
    return {
        "relaxation": run.trace.relaxation,
        **box_data(run.trace.output),
        "seconds": round(run.seconds, 6),
        "bits": run.trace.bits,
        **({} if (way := exact_way(run)) is None else {"by": way}),
        "layers": layers,
    }


def bounds_blocks(runs: Runs, *, neurons: bool | None) -> Iterator[Block]:
    """Yield the tables of a report."""
    if runs.finished:
        yield _output_grid(runs.finished)
        yield from layer_blocks(runs.finished, neurons=neurons)
        yield proviso(runs.finished)
    yield from unfinished_blocks(runs)


def unfinished_blocks(runs: Runs) -> Iterator[Block]:
    """Yield the tables of what relaxations had bounded that did not come to their end."""
    if runs.stop is None:
        return
    layers = len(runs.network.layers)
    rows = tuple(
        (each.relaxation, f"{max(len(each.bounds) - 1, 0)} of {layers}")
        for each in runs.unfinished
    )
    yield Grid(f"Not finished: {runs.stop.reason}", ("relaxation", "layers bounded"), rows)
    for each in runs.unfinished:
        if len(each.bounds) > 1:
            yield _bounded_grid(runs.network, each)


def _bounded_grid(network: Network, found: Unfinished) -> Grid:
    measures = (_unstable_count, _mean_width, _largest_width)
    rows = tuple(
        (label, str(len(box)), *(measure(network, found.bounds, i) for measure in measures))
        for i, (label, box) in enumerate(zip(layer_labels(network), found.bounds, strict=False))
    )
    numbers = ("width", "unstable", "mean width", "largest width")
    title = f"Proved by {found.relaxation} before"
    return Grid(title, ("layer", *numbers), rows, frozenset(numbers))


def layer_blocks(runs: Sequence[Run], *, neurons: bool | None) -> Iterator[Block]:
    """Yield the tables of a report that have a row for each layer, or for each value."""
    yield from neuron_blocks(runs, neurons=neurons)
    unstable = _layer_grid("Unstable neurons", runs, _unstable_count)
    if unstable.rows:  # none in an affine network
        yield unstable
    yield _layer_grid("Mean width of the bounds (rounded up)", runs, _mean_width)
    yield _layer_grid("Largest width of the bounds (rounded up)", runs, _largest_width)


def neuron_blocks(runs: Sequence[Run], *, neurons: bool | None) -> Iterator[Block]:
    """Yield the table of all values before the outputs, if wanted."""
    boxes = runs[0].trace.bounds
    if neurons if neurons is not None else sum(map(len, boxes)) <= FEW_NEURONS:
        labels = layer_labels(runs[0].trace.network)
        places = [(i, j) for i, box in enumerate(boxes[:-1]) for j in range(len(box))]
        yield Grid(
            "Values layer by layer",
            ("layer", "value", *(run.trace.relaxation for run in runs)),
            tuple((labels[i], str(j), *_intervals(runs, i, j)) for i, j in places),
            frozenset(("value",)),
            labels=2,
        )


def layer_kinds(network: Network) -> tuple[str, ...]:
    """Return what each set of a trace comes from: the input or a kind of layer."""
    return ("input", *(kind(layer).lower() for layer in network.layers))


def layer_labels(network: Network) -> tuple[str, ...]:
    """Return a label for each set of a trace."""
    return tuple(f"{index} {name}" for index, name in enumerate(layer_kinds(network)))


def proviso(runs: Sequence[Run]) -> str:
    """Return a sentence that says which bounds are optima and which are rounded."""
    bits, found = {run.trace.bits for run in runs} - {None}, _by_phases(runs)
    marked = "Decimals marked ≥ or ≤ are rounded outward; JSON has the exact numbers."
    if not bits:
        return f"All bounds are the exact optima of their relaxation. {found}{marked}"
    names = ", ".join(run.trace.relaxation for run in runs if run.trace.bits is not None)
    grid = ", ".join(f"2^-{number}" for number in bits)
    return f"{names}: bounds proved and rounded outward to multiples of {grid}. {found}{marked}"


def _by_phases(runs: Sequence[Run]) -> str:
    """Return a sentence that says which bounds branch and bound found."""
    is_branched = any(exact_way(run) == BY_PHASES for run in runs)
    return f"exact: by {BY_PHASES} on unstable neurons. " if is_branched else ""


def exact_way(run: Run) -> str | None:
    """Return how exact bounds were found; None for another relaxation.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.exact import Exact
    >>> from polyrelax.relaxations.trace import propagate
    >>> exact_way(Run(propagate(tent(), Polytope.box([-1], [1]), Exact()), 0.5))
    'linear regions'
    """
    if run.trace.relaxation != "exact":
        return None
    # Sets of branch and bound are of a module with numpy.
    return BY_PHASES if hasattr(run.trace.sets[-1], "maxima") else "linear regions"


def box_data(box: Sequence[Interval]) -> dict[str, Json]:
    """Return the JSON object of a box.

    >>> box_data([Interval(ZERO, ZERO)])
    {'lower': ['0'], 'upper': ['0']}
    """
    return {"lower": [text(x.lower) for x in box], "upper": [text(x.upper) for x in box]}


def _intervals(runs: Sequence[Run], index: int, neuron: int) -> Iterator[str]:
    for run in runs:
        lower, upper = ends_text(run.trace.bounds[index][neuron])
        yield f"[{lower}, {upper}]"


def _layer_grid(title: str, runs: Sequence[Run], measure: Measure) -> Grid:
    """Return a table with a row for each layer and a column for each relaxation."""
    names = tuple(run.trace.relaxation for run in runs)
    network = runs[0].trace.network
    widths = tuple(map(len, runs[0].trace.bounds))
    rows = (
        (
            label,
            str(widths[index]),
            *(measure(network, run.trace.bounds, index) for run in runs),
        )
        for index, label in enumerate(layer_labels(network))
    )
    kept = tuple(row for row in rows if any(row[2:]))
    return Grid(title, ("layer", "width", *names), kept, frozenset(("width", *names)), labels=2)


def _unstable_count(network: Network, boxes: Sequence[Box], index: int) -> str:
    """Return the number of a layer's neurons that bend on their bounds; nothing without any."""
    units = bending(network.layers[index - 1]) if index else ()
    if not units:
        return ""
    return str(sum(not unit.is_affine_on(boxes[index - 1]) for unit in units))


def _mean_width(_network: Network, boxes: Sequence[Box], index: int) -> str:
    widths = _widths(boxes[index])
    return rounded(sum(widths, ZERO) / len(widths), digits=5) if widths else ""


def _largest_width(_network: Network, boxes: Sequence[Box], index: int) -> str:
    widths = _widths(boxes[index])
    return rounded(max(widths), digits=5) if widths else ""


def _widths(box: Box) -> list[Fraction]:
    return [z.width for z in box]


def _output_grid(runs: Sequence[Run]) -> Grid:
    """Return the table of outputs, the relaxations of one output below one another."""
    rows = tuple(
        (
            str(j),
            run.trace.relaxation,
            *ends_text(run.trace.output[j]),
            f"{run.seconds:.3f}",
        )
        for j in range(len(runs[0].trace.output))
        for run in runs
    )
    header = ("output", "relaxation", "lower", "upper", "seconds")
    return Grid("Outputs", header, rows, frozenset(("output", "lower", "upper", "seconds")))
