"""The report of ``polyrelax hull``: tables, ``polyrelax-hull/1``, or cdd's own formats.

In JSON, ``vertices``, ``facets`` and ``equations`` are numbers; ``points`` are the vertices,
``inequalities`` the facets and ``equalities`` the equations, a constraint being a row
``b, a1, ..., ak`` that stands for b + a·x >= 0, or == 0 among the ``equalities``.  Where the
time was up, ``stopped`` says so, and there are ``lower`` and ``upper`` ends of a box instead.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from polyrelax.arithmetic.rational import text
from polyrelax.cli.terminal.constraint_rows import rows_data
from polyrelax.cli.terminal.decimals import ends_text
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.options import Format, HullFormat
from polyrelax.cli.terminal.output import Json, formatted
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import NEVER, Deadline, Tell, TimeUpError, here_if_quick
from polyrelax.polytopes.boxes import Ends
from polyrelax.polytopes.files import write_ext, write_ine
from polyrelax.polytopes.forms import Hull, System
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import relu_graph_hull

MOST_LINES: Final = 40
"""Longer lists are for programs: the table gives their length only."""

LARGE_DIM: Final = 5
LARGE_SIZE: Final = 50
LARGE_BOX: Final = 12
"""From this dimension or length on, descriptions are converted in a process of their own."""


@dataclass(frozen=True)
class Description:
    """A polytope both of whose descriptions are known, and the time that they took."""

    polytope: Polytope
    seconds: float


@dataclass(frozen=True)
class Unfinished:
    """What is known of a polytope when the time is up: its dimension, and the least box around.

    The box is missing if there was no time for it.
    """

    dim: int
    box: Ends | None


def described(
    polytope: Polytope, *, graph: bool, until: Deadline = NEVER
) -> Description | Unfinished:
    """Return the description of a polytope or of the ReLU's graph over it, in time or not."""
    boxes: list[Ends] = []
    work = description if until == NEVER else boxed_description
    with progress_bar(None) as report:
        report(0, "vertices and facets")
        quick = not _may_take_long(polytope, graph=graph)
        task, told = (polytope, graph), partial(_keep_box, boxes)
        try:
            return here_if_quick(work, task, quick=quick, told=told, until=until)
        except TimeUpError:
            dim = polytope.dim * 2 if graph else polytope.dim
            return Unfinished(dim, boxes[0] if boxes else None)


def _keep_box(boxes: list[Ends], box: object) -> None:
    assert isinstance(box, tuple), "what is told is a box"
    boxes.append(box)


def description(task: tuple[Polytope, bool], _tell: Tell) -> Description:
    """Return the description of a polytope, or of the ReLU's graph over it, all of it found."""
    polytope, graph = task
    start = time.perf_counter()
    result = relu_graph_hull(polytope) if graph else polytope
    _ = result.explicit()  # found when first asked for
    return Description(result, time.perf_counter() - start)


def boxed_description(task: tuple[Polytope, bool], tell: Tell) -> Description:
    """Tell the least box around a polytope, or around the graph, and return its description."""
    polytope, graph = task
    box = polytope.bounds
    images = tuple(interval.rectified() for interval in box) if graph else ()
    tell((*box, *images))
    return description(task, tell)


def _may_take_long(polytope: Polytope, *, graph: bool) -> bool:
    """Whether a second, for a process to start, is little beside what the work may take."""
    dim = polytope.dim * 2 if graph else polytope.dim
    match polytope.form:
        case Hull(points=given) | System(description=given):
            return dim >= LARGE_DIM or len(given) >= LARGE_SIZE
    return dim >= LARGE_BOX


def hull_text(found: Description | Unfinished, layout: HullFormat) -> str | None:
    """Return the report in the given format: cdd's have no place for what is unfinished."""
    if isinstance(found, Unfinished):
        if layout in (HullFormat.INE, HullFormat.EXT):
            return None
        return formatted(unfinished_blocks(found), unfinished_data(found), Format(layout.value))
    if layout is HullFormat.INE:
        return write_ine(found.polytope).rstrip()
    if layout is HullFormat.EXT:
        return write_ext(found.polytope).rstrip()
    return formatted(hull_blocks(found), hull_data(found), Format(layout.value))


def unfinished_data(found: Unfinished) -> Json:
    """Return the JSON object of a report when the time is up.

    >>> unfinished_data(Unfinished(2, None))
    {'format': 'polyrelax-hull/1', 'dimension': 2, 'stopped': 'time'}
    """
    ends: dict[str, Json] = {}
    if found.box is not None:
        ends["lower"] = [text(z.lower) for z in found.box]
        ends["upper"] = [text(z.upper) for z in found.box]
    return {
        "format": "polyrelax-hull/1",
        "dimension": found.dim,
        "stopped": Stop.TIME_UP.value,
        **ends,
    }


def unfinished_blocks(found: Unfinished) -> Iterator[Block]:
    """Yield the tables of a report when the time is up."""
    yield f"The time was up before the vertices and facets were known (dimension {found.dim})."
    if found.box is not None:
        rows = tuple((str(i), *ends_text(z)) for i, z in enumerate(found.box))
        numbers = ("coordinate", "lower", "upper")
        yield Grid("Proved: the least box around", numbers, rows, frozenset(numbers))


def hull_data(description: Description) -> Json:
    """Return the JSON object of a report."""
    polytope = description.polytope
    return {
        "format": "polyrelax-hull/1",
        "dimension": polytope.dim,
        "vertices": len(polytope.vertices),
        "facets": len(polytope.facets),
        "equations": len(polytope.equations),
        "points": [[text(value) for value in vertex] for vertex in polytope.vertices],
        **rows_data(polytope.constraints),
        "engine": polytope.engine.name,
        "seconds": round(description.seconds, 6),
    }


def hull_blocks(description: Description) -> Iterator[Block]:
    """Yield the tables of a report."""
    polytope = description.polytope
    counts = (
        ("dimension of the space", str(polytope.dim)),
        ("dimension of the polytope", str(polytope.affine_dim)),
        ("vertices", str(len(polytope.vertices))),
        ("facets", str(len(polytope.facets))),
        ("equations", str(len(polytope.equations))),
        ("seconds", f"{description.seconds:.3f}"),
    )
    yield Grid("Polytope", ("", "number"), counts, frozenset(("number",)))
    yield _list("Vertices", tuple(_point(vertex) for vertex in polytope.vertices))
    yield _list("Constraints", tuple(str(c) for c in polytope.constraints))


def _list(title: str, lines: tuple[str, ...]) -> Block:
    if len(lines) > MOST_LINES:
        return f"{title}: {len(lines)}, written in full by --format json, ine or ext."
    return Grid(title, ("",), tuple((line,) for line in lines))


def _point(vertex: tuple[object, ...]) -> str:
    return f"({', '.join(map(str, vertex))})"
