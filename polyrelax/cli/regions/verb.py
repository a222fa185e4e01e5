"""The verb ``regions``."""
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
    Upper,
)
from polyrelax.cli.terminal.output import require_file, require_place


def regions(
    net: Net,
    *,
    listed: Annotated[
        bool, typer.Option("--list", help="List the regions, with their values and gradients.")
    ] = False,
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Draw those of two inputs to FILE: .pdf, .png or .svg."
        ),
    ] = None,
    lower: Lower = None,
    upper: Upper = None,
    input_set: Input = None,
    case: Case = None,
    center: Center = None,
    epsilon: Epsilon = None,
    clip: Clip = None,
    image: Image = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Count the regions of a set of inputs on which all neurons of a network are affine."""
    require_place(output)
    require_file(net)
    from polyrelax.cli.regions.run import Request, answer

    inputs = Inputs(lower, upper, input_set, case, center, epsilon, clip, image)
    answer(Request(net, inputs, plot, layout, output), listed=listed)
