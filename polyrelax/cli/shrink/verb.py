"""The verb ``shrink``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from typing import Annotated

import typer

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
    Output,
    Time,
    Upper,
)
from polyrelax.cli.terminal.output import emit, formatted, require_file, require_place


def shrink(
    witness: Annotated[
        str,
        typer.Argument(
            metavar="WITNESS",
            help="A network, or the JSON report of a search, whose first witness is taken; "
            "- is standard input.",
        ),
    ],
    *,
    loose: Annotated[
        str | None, typer.Option(metavar="NAME", help="Default: p:1, or that of the search.")
    ] = None,
    tight: Annotated[
        str | None, typer.Option(metavar="NAME", help="Default: exact, or that of the search.")
    ] = None,
    side: Annotated[
        str | None,
        typer.Option(metavar="upper|lower|both", help="Default: both, or the search's."),
    ] = None,
    min_gap: Annotated[
        str, typer.Option(metavar="Q", help="The least gap that must remain.")
    ] = "0",
    lower: Lower = None,
    upper: Upper = None,
    input_set: Input = None,
    case: Case = None,
    center: Center = None,
    epsilon: Epsilon = None,
    clip: Clip = None,
    image: Image = None,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Make a network simpler that one relaxation bounds more loosely than another.

    Neurons and layers are left out and numbers made smaller while the gap remains.  The exit
    status is 1 if there is no gap to begin with.  An interruption (Ctrl-C) or the end of
    --time prints the smallest witness that is proved by then.
    """
    require_place(output)
    require_file(witness)
    from polyrelax.cli.requests.request import Inputs
    from polyrelax.cli.shrink.report import shrink_blocks, shrink_data
    from polyrelax.cli.shrink.run import Choices, read_witness, shrunk
    from polyrelax.cli.terminal.stop import end, time_limit

    until = time_limit(time)
    inputs = Inputs(lower, upper, input_set, case, center, epsilon, clip, image)
    choices = Choices(loose, tight, side, inputs)
    found = shrunk(read_witness(witness, choices), min_gap, until)
    emit(formatted(shrink_blocks(found), shrink_data(found), layout), output)
    end(found.stop)
    if not found.is_witness:
        raise typer.Exit(1)
