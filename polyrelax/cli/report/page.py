"""The page of ``polyrelax report``: a network, its bounds and certificates in one file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.metadata import version

from polyrelax.cli.bounds.report import layer_blocks, proviso, unfinished_blocks
from polyrelax.cli.report.bounds import gap_grid, outputs_html
from polyrelax.cli.report.certificates import Judgements, certificates_html
from polyrelax.cli.report.network import network_blocks
from polyrelax.cli.requests.problem import Problem
from polyrelax.cli.runs.run import Run, Runs
from polyrelax.cli.terminal.html import block_html, document
from polyrelax.plotting.widths import widths_svg


@dataclass(frozen=True)
class Findings:
    """What a page shows: bounds, verdicts on them, and values of neurons if wanted."""

    problem: Problem
    runs: Runs
    judgements: Sequence[Judgements]
    neurons: bool | None


def page(name: str, found: Findings) -> str:
    """Return the page on one network, complete in itself."""
    return document(f"Bounds of {name}", _parts(found))


def _parts(found: Findings) -> Iterator[str]:
    problem, runs = found.problem, found.runs.finished
    yield "<h2>Network</h2>"
    yield from map(block_html, network_blocks(problem.network, problem.domain))
    if runs:
        yield from _bounds(found, runs)
    if found.runs.stop:
        yield "<h2>Not finished</h2>"
        yield from map(block_html, unfinished_blocks(found.runs))
    yield f"<footer><p>polyrelax {escape(version('polyrelax'))}</p></footer>"


def _bounds(found: Findings, runs: Sequence[Run]) -> Iterator[str]:
    yield "<h2>Outputs</h2>"
    yield outputs_html(runs)
    yield block_html(proviso(runs))
    yield "<h2>Certificates</h2>"
    yield from certificates_html(found.judgements)
    yield "<h2>Layer by layer</h2>"
    yield widths_svg([run.trace for run in runs])
    yield block_html(gap_grid(runs))
    yield from map(block_html, layer_blocks(runs, neurons=found.neurons))
