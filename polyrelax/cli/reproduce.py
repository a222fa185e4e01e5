"""The verb ``reproduce``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from typing import Annotated

import typer

from polyrelax.cli.options import Format, Layout, Output
from polyrelax.cli.output import emit, formatted, require_place


def reproduce(
    claims: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Names; default: all.")
    ] = None,
    *,
    jobs: Annotated[int, typer.Option("-j", "--jobs", min=1, help="Processes.")] = 2,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Show every value, as for named claims.")
    ] = False,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Derive the published claims again.

    The exit status is 0 if all values are as expected, and 1 otherwise.
    """
    from polyrelax.cli.rederivation import rederivation
    from polyrelax.cli.reproduce_report import reproduce_blocks, reproduce_data

    require_place(output)
    done = rederivation(claims or (), jobs)
    blocks = reproduce_blocks(done, every_value=verbose or bool(claims))
    emit(formatted(blocks, reproduce_data(done), layout), output)
    if done.status:
        raise typer.Exit(done.status)
