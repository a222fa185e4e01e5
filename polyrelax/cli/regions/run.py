"""The regions of a network, counted, listed and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from polyrelax.cli.regions.report import region_blocks, region_data
from polyrelax.cli.requests.problem import Problem, read_problem
from polyrelax.cli.requests.request import Inputs
from polyrelax.cli.terminal.options import Format
from polyrelax.cli.terminal.output import emit, formatted, require_folder_of
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.errors import UsageError
from polyrelax.networks.regions import Region, count_patterns, linear_regions

_PICTURES: Final = (".pdf", ".png", ".svg")


@dataclass(frozen=True)
class Request:
    """A network, its inputs, a picture, and the report."""

    net: str
    inputs: Inputs
    plot: Path | None
    layout: Format
    output: Path | None


def answer(request: Request, *, listed: bool) -> None:
    """Write what a request asks for."""
    _require_picture(request.plot)
    problem = read_problem(request.net, request.inputs)
    if request.plot is not None:
        _require_plane(problem)
    regions = _listed(problem) if listed else None
    count = _counted(problem) if regions is None else len(regions)
    blocks = region_blocks(count, regions)
    emit(formatted(blocks, region_data(count, regions), request.layout), request.output)
    if request.plot is not None:
        _draw(problem, request.plot)


def _require_picture(path: Path | None) -> None:
    """Refuse a picture that cannot be made, before any work is done."""
    if path is None:
        return
    if path.suffix.lower() not in _PICTURES:
        raise UsageError(f"found --plot {path}, expected {', '.join(_PICTURES)}")
    require_folder_of(path)


def _require_plane(problem: Problem) -> None:
    """Refuse to draw what is no polygon, before any work is done."""
    if problem.network.in_dim != 2:
        found = f"found --plot and {problem.network.in_dim} inputs"
        raise UsageError(f"{found}, expected 2")
    # Only where a picture is wanted: matplotlib takes long to load.
    from polyrelax.plotting.regions import require_polygon  # noqa: PLC0415

    require_polygon(problem.domain)


def _counted(problem: Problem) -> int:
    with progress_bar(None) as report:
        report(0, "regions")
        return count_patterns(problem.network, problem.domain)


def _listed(problem: Problem) -> tuple[Region, ...]:
    found: list[Region] = []
    with progress_bar(None) as report:
        report(0, "regions")
        for region in linear_regions(problem.network, problem.domain):
            found.append(region)
            report(len(found), "regions")
    return tuple(found)


def _draw(problem: Problem, path: Path) -> None:
    # Only where a picture is wanted: matplotlib takes long to load.
    from polyrelax.plotting.regions import picture_of_regions  # noqa: PLC0415

    kind = path.suffix[1:].lower()
    path.write_bytes(picture_of_regions(problem.network, problem.domain, kind))
