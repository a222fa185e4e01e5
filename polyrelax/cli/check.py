"""The verb ``check``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polyrelax.cli.options import Format, Layout, Output
from polyrelax.cli.output import require_place


def check(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="Certificates; - is standard input."),
    ],
    *,
    network: Annotated[
        str | None,
        typer.Option("--network", metavar="NET", help="The network that they are to be about."),
    ] = None,
    input_set: Annotated[
        Path | None,
        typer.Option(
            "--input",
            metavar="FILE",
            help="The input set that they are to be about. Default: that of NET.",
        ),
    ] = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Check certificates, and say what each proves about which network and inputs.

    The exit status is 0 if all are accepted, 1 if one is rejected, 2 if one cannot be read,
    3 if one is accepted on the word of theorems only, 4 if one is of another network or input
    set; of several the first of 2, 1, 4, 3.
    """
    from polyrelax.cli.check_report import checked, expectation

    require_place(output)
    status = checked(files, expectation(network, input_set), layout, output)
    if status:
        raise typer.Exit(status)
