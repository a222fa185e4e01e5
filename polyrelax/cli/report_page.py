"""The page of ``polyrelax report``: a network, its bounds and their gaps in one HTML file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from importlib.metadata import version

from polyrelax.cli.bounds_report import layer_blocks, proviso
from polyrelax.cli.page_bounds import gap_grid, outputs_html
from polyrelax.cli.page_html import block_html, document
from polyrelax.cli.page_network import network_blocks
from polyrelax.cli.problem import Problem
from polyrelax.cli.runs import Run
from polyrelax.plotting.widths import widths_svg


def page(name: str, problem: Problem, runs: Sequence[Run], *, neurons: bool | None) -> str:
    """Return the page on one network, complete in itself."""
    return document(f"Bounds of {name}", _parts(problem, runs, neurons=neurons))


def _parts(problem: Problem, runs: Sequence[Run], *, neurons: bool | None) -> Iterator[str]:
    yield "<h2>Network</h2>"
    yield from map(block_html, network_blocks(problem.network, problem.domain))
    yield "<h2>Outputs</h2>"
    yield outputs_html(runs)
    yield block_html(proviso(runs))
    yield "<h2>Layer by layer</h2>"
    yield widths_svg([run.trace for run in runs])
    yield block_html(gap_grid(runs))
    yield from map(block_html, layer_blocks(runs, neurons=neurons))
    yield f"<footer><p>polyrelax {escape(version('polyrelax'))}</p></footer>"
