"""The verb ``lipschitz``."""
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
    Output,
    Time,
    Upper,
)
from polyrelax.cli.terminal.output import emit, formatted, require_file, require_place
from polyrelax.errors import UsageError


def lipschitz(
    net: Annotated[
        str | None,
        typer.Argument(metavar="NET", help="A network: ONNX by its suffix, else JSON."),
    ] = None,
    *,
    everywhere: Annotated[
        bool,
        typer.Option(
            "--everywhere", help="Take all inputs. Default where NET and options name no set."
        ),
    ] = False,
    norm: Annotated[
        str | None,
        typer.Option(metavar="inf|1", help="The norm of inputs and outputs. Default: inf."),
    ] = None,
    certificates: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write a certificate of both bounds to DIR, for polyrelax check.",
        ),
    ] = None,
    dataset: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Labelled points instead, as polyrelax-dataset/1."),
    ] = None,
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
    """Find the Lipschitz constant of a network, exactly, with two inputs that attain it.

    An interruption (Ctrl-C) or the end of --time prints the bounds that are proved by then.

    With --dataset, bound the certified radius of classifiers of labelled points instead: the
    best radius of any classifier, and the greatest that networks of layers with rows of 1-norm
    at most 1 and 1-Lipschitz activations can have, with what proves it.
    """
    require_place(output)
    if (net is None) == (dataset is None):
        raise UsageError("expected a network or --dataset FILE, and not both")
    inputs = Inputs(lower, upper, input_set, case, center, epsilon, clip, image)
    if dataset is not None:
        about = {"everywhere": everywhere or None, "norm": norm, "certificates": certificates}
        given = (*(name for name, value in about.items() if value is not None), *inputs.given)
        if given:
            raise UsageError(f"found --dataset and --{given[0]}, expected one")
        _radii(dataset, time, layout, output)
        return
    require_file(str(net))
    from polyrelax.cli.lipschitz.run import Request, answer

    answer(
        Request(str(net), inputs, norm or "inf", certificates, time, layout, output),
        everywhere=everywhere,
    )


def _radii(dataset: Path, time: str | None, layout: Format, output: Path | None) -> None:
    """Write the report of labelled points."""
    require_file(dataset)
    from polyrelax.cli.lipschitz.dataset_report import radius_blocks, radius_data
    from polyrelax.cli.lipschitz.dataset_run import radii
    from polyrelax.cli.terminal.naming import naming
    from polyrelax.cli.terminal.stop import end, time_limit
    from polyrelax.interop.data_sets import read

    until = time_limit(time)
    with naming(str(dataset)):
        points = read(dataset)
    found = radii(points, until)
    emit(formatted(radius_blocks(found), radius_data(found), layout), output)
    end(found.stop, tuple(found.missing))
