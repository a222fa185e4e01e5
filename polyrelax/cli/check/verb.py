"""The verb ``check``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polyrelax.cli.terminal.options import (
    Case,
    Center,
    Clip,
    Epsilon,
    Format,
    Image,
    Layout,
    Lower,
    Output,
    Upper,
)
from polyrelax.cli.terminal.output import require_place


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
    lower: Lower = None,
    upper: Upper = None,
    input_set: Annotated[
        Path | None,
        typer.Option(
            "--input",
            metavar="FILE",
            help="The input set that they are to be about. Default: that of NET.",
        ),
    ] = None,
    case: Case = None,
    center: Center = None,
    epsilon: Epsilon = None,
    clip: Clip = None,
    image: Image = None,
    long: Annotated[
        bool,
        typer.Option(
            "--long",
            help="Take as much time as it takes: without it, the work on a file is limited by "
            "its size, and proofs by verify are short for what they prove.",
        ),
    ] = False,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Check certificates, and say what each proves about which network and inputs.

    The exit status is 0 if all are accepted, 1 if one is rejected, 2 if one cannot be read,
    3 if one is accepted on the word of theorems only, 4 if one is of another network or input
    set; of several the first of 2, 1, 4, 3.
    """
    from polyrelax.cli.check.report import checked, expectation
    from polyrelax.cli.requests.request import Inputs

    require_place(output)
    inputs = Inputs(lower, upper, input_set, case, center, epsilon, clip, image)
    wanted = expectation(network, inputs, is_limited=not long)
    status = checked(files, wanted, layout, output)
    if status:
        raise typer.Exit(status)
