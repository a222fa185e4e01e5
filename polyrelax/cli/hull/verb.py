"""The verb ``hull``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from typing import Annotated

import typer

from polyrelax.cli.terminal.options import HullFormat, Output, Time
from polyrelax.cli.terminal.output import emit, require_file, require_place


def hull(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A polytope: .ine or .ext (cdd, lrs), a JSON input set, or rows "
            '"b a1 .. ak" of b + a·x >= 0; - is standard input.',
        ),
    ],
    *,
    relu: Annotated[
        bool, typer.Option("--relu", help="The hull of {(x, relu(x))} instead.")
    ] = False,
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="The double description engine: cddlib, fast, plain, or where installed "
            "normaliz, pplite; by default the size of the input decides.",
        ),
    ] = None,
    time: Time = None,
    layout: Annotated[
        HullFormat, typer.Option("--format", help="How to write the report.")
    ] = HullFormat.TABLE,
    output: Output = None,
) -> None:
    """List the vertices and facets of a polytope.

    With --relu, those of the convex hull of the ReLU's graph over it.  At the end of --time,
    the least box around it if that is known by then.
    """
    require_place(output)
    require_file(file)
    from polyrelax.cli.hull.report import Unfinished, described, hull_text
    from polyrelax.cli.requests.polytope import read_polytope
    from polyrelax.cli.terminal.stop import Stop, end, time_limit

    until = time_limit(time)
    found = described(read_polytope(file, engine), graph=relu, until=until)
    text = hull_text(found, layout)
    if text is not None:
        emit(text, output)
    if isinstance(found, Unfinished):
        end(Stop.TIME_UP, ("vertices and facets",))
