"""The verb ``reproduce``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from typing import Annotated

import typer

from polyrelax.cli.terminal.options import Format, Layout, Output, Time
from polyrelax.cli.terminal.output import emit, formatted, require_place


def reproduce(
    claims: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Names; default: all.")
    ] = None,
    *,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="Processes.")] = 2,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Show every value, as for named claims.")
    ] = False,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Derive the published claims again.

    The exit status is 0 if all values are as expected, and 1 otherwise.  An interruption
    (Ctrl-C) or the end of --time prints the claims that are done.
    """
    from polyrelax.cli.reproduce.rederivation import rederivation
    from polyrelax.cli.reproduce.report import reproduce_blocks, reproduce_data
    from polyrelax.cli.terminal.stop import end, time_limit

    require_place(output)
    done = rederivation(claims or (), jobs, time_limit(time))
    blocks = reproduce_blocks(done, every_value=verbose or bool(claims))
    emit(formatted(blocks, reproduce_data(done), layout), output)
    end(done.stop, done.missing)
    if not done.holds:
        raise typer.Exit(1)
