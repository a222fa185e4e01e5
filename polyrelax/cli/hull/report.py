"""The report of ``polyrelax hull``: tables, ``polyrelax-hull/1``, or cdd's own formats.

In JSON, ``vertices``, ``facets`` and ``equations`` are numbers; ``points`` are the vertices,
``inequalities`` the facets and ``equalities`` the equations, a constraint being a row
``b, a1, ..., ak`` that stands for b + a·x >= 0, or == 0 among the ``equalities``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from polyrelax.arithmetic.rational import text
from polyrelax.cli.hull.constraint_rows import rows_data
from polyrelax.cli.terminal.layout import Block, Grid
from polyrelax.cli.terminal.options import Format, HullFormat
from polyrelax.cli.terminal.output import Json, formatted
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.cli.terminal.worker import Tell, here_if_quick
from polyrelax.polytopes.engines.fast.kept import seconds_to_start
from polyrelax.polytopes.files import write_ext, write_ine
from polyrelax.polytopes.forms import Hull, System
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import relu_graph_hull

MOST_LINES: Final = 40
"""Longer lists are for programs: the table gives their length only."""

LARGE_DIM: Final = 5
LARGE_SIZE: Final = 50
"""From this dimension or length on, descriptions are converted in a process of their own."""


@dataclass(frozen=True)
class Description:
    """A polytope both of whose descriptions are known, and the time that they took."""

    polytope: Polytope
    seconds: float


def described(polytope: Polytope, *, graph: bool) -> Description:
    """Return the description of a polytope, or of the ReLU's graph over it."""
    with progress_bar(None) as report:
        report(0, _work())
        quick = not _may_take_long(polytope, graph=graph)
        return here_if_quick(description, (polytope, graph), quick=quick)


def _work() -> str:
    """Return what is done, and what a first large hull on a machine waits for."""
    compiled = "" if seconds_to_start() < 1 else "; a large hull first compiles, once, a minute"
    return f"vertices and facets{compiled}"


def description(task: tuple[Polytope, bool], _tell: Tell) -> Description:
    """Return the description of a polytope, or of the ReLU's graph over it, all of it found."""
    polytope, graph = task
    start = time.perf_counter()
    result = relu_graph_hull(polytope) if graph else polytope
    _ = result.vertices, result.constraints  # found when first asked for
    return Description(result, time.perf_counter() - start)


def _may_take_long(polytope: Polytope, *, graph: bool) -> bool:
    """Whether a second, for a process to start, is little beside what the work may take."""
    dim = polytope.dim * 2 if graph else polytope.dim
    match polytope.form:
        case Hull(points=given) | System(description=given):
            return dim >= LARGE_DIM or len(given) >= LARGE_SIZE
    return False


def hull_text(description: Description, layout: HullFormat) -> str:
    """Return the report in the given format."""
    if layout is HullFormat.INE:
        return write_ine(description.polytope).rstrip()
    if layout is HullFormat.EXT:
        return write_ext(description.polytope).rstrip()
    blocks = tuple(hull_blocks(description))
    return formatted(blocks, hull_data(description), Format(layout.value))


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
