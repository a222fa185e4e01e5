"""The verb ``verify``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polyrelax.cli.requests.request import Inputs
from polyrelax.cli.terminal.options import (
    Case,
    Center,
    Clip,
    Epsilon,
    Format,
    Image,
    Input,
    Layout,
    Lower,
    Net,
    Output,
    Time,
    Upper,
)
from polyrelax.cli.terminal.output import require_place


def verify(
    net: Net,
    property_file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[PROPERTY]",
            help="What must not occur, in VNN-LIB 1.0 or 2.0; or --label or --greater.",
        ),
    ] = None,
    *,
    label: Annotated[
        str | None,
        typer.Option(
            metavar="K", help="Output K, counted from 0, is to be greater than all others."
        ),
    ] = None,
    greater: Annotated[
        str | None, typer.Option(metavar="Y_K", help="The same, with the output's name.")
    ] = None,
    lower: Lower = None,
    upper: Upper = None,
    input_set: Input = None,
    case: Case = None,
    center: Center = None,
    epsilon: Epsilon = None,
    clip: Clip = None,
    image: Image = None,
    certificate: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a certificate to FILE, for polyrelax check --long."
        ),
    ] = None,
    results: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the verdict to FILE as verification competitions want it: sat, with "
            "the point, unsat or unknown.",
        ),
    ] = None,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Prove that a network has a property, or find an input that violates it, exactly.

    The exit status is 0 if the property holds, 1 if it is violated, 3 if that is not decided
    (by the end of --time, or at all), 2 for a bad request.
    """
    require_place(output)
    for place in (certificate, results):
        require_place(place)
    from polyrelax.cli.verify.request import Asked, Files, requested
    from polyrelax.cli.verify.run import answer

    inputs = Inputs(lower, upper, input_set, case, center, epsilon, clip, image)
    asked = requested(Asked(net, property_file, label, greater, inputs))
    status = answer(asked, Files(certificate, results, output), time, layout)
    if status:
        raise typer.Exit(status)
