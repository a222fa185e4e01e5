"""The verb ``search inexpressibility``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from typing import Annotated, Final

import typer

from polyrelax.cli.search.options import Outputs, StoreFile, Weights, require_store
from polyrelax.cli.terminal.options import Format, Layout, Output, Time
from polyrelax.cli.terminal.output import emit, formatted, require_place
from polyrelax.errors import UsageError

Shapes = Annotated[
    str, typer.Option(metavar="1-..-1,..", help="Shapes to enumerate, one input each.")
]
Relaxations = Annotated[
    str, typer.Option(metavar="NAME,..", help="Of ibp, dp0, dp1, triangle, p:1.")
]
Pieces = Annotated[int, typer.Option(min=2, help="Functions with more pieces are left out.")]
Plane = Annotated[
    bool, typer.Option("--plane", help="Functions on [0, 1]^2 and P_1 instead; see the docs.")
]
Offsets = Annotated[
    str,
    typer.Option(metavar="A..B|A,B,..", help="With --plane: constants of affine functions."),
]
Networks = Annotated[
    int | None, typer.Option("--limit", min=1, metavar="N", help="Examine N more and end.")
]


_OF_NETWORKS: Final = ("shape", "outputs", "relaxations", "pieces", "store")
_OF_THE_PLANE: Final = ("offsets",)


def inexpressibility(
    context: typer.Context,
    *,
    shape: Shapes = "1-2-1,1-1-1-1,1-2-1-1,1-1-2-1",
    weights: Weights = "-1..1",
    outputs: Outputs = None,
    relaxations: Relaxations = "dp0,dp1,triangle",
    pieces: Pieces = 4,
    plane: Plane = False,
    offsets: Offsets = "0,1/2",
    limit: Networks = None,
    store: StoreFile = None,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Look for encodings of piecewise linear functions that are precise on all intervals.

    A network that is found is certified.  Functions for which none is found are listed: that
    speaks of the enumerated networks only, and the exit status is then 1.
    """
    from polyrelax.cli.search.inexpressibility.plane_report import plane_survey
    from polyrelax.cli.search.inexpressibility.report import report_data, survey_blocks
    from polyrelax.cli.search.inexpressibility.run import read_inquiry, surveyed
    from polyrelax.cli.terminal.stop import end, time_limit

    require_place(output)
    require_store(store)
    until = time_limit(time)
    _refuse(context, _OF_NETWORKS if plane else _OF_THE_PLANE, "without" if plane else "with")
    if plane:
        _finish(plane_survey(weights, offsets, limit, layout, output, until=until))
        return
    names = tuple(relaxations.split(","))
    inquiry = read_inquiry(shape, weights, outputs, names=names, pieces=pieces)
    found = surveyed(inquiry, limit=limit, store=store, until=until)
    data = report_data(found.survey, found.stop)
    emit(formatted(survey_blocks(found.survey), data, layout), output)
    end(found.stop, found.missing)
    _finish(found.status)


def _refuse(context: typer.Context, names: tuple[str, ...], wanted: str) -> None:
    """Refuse options that were given and that the chosen survey does not read."""
    for name in names:
        source = context.get_parameter_source(name)
        if source is not None and source.name != "DEFAULT":
            raise UsageError(f"found --{name}, expected it {wanted} --plane only")


def _finish(code: int) -> None:
    if code:
        raise typer.Exit(code)
