"""The verb ``export``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from polyrelax.cli.requests.request import Inputs
from polyrelax.cli.terminal.options import (
    Bits,
    Case,
    Center,
    Clip,
    Epsilon,
    Image,
    Input,
    Lower,
    Net,
    Time,
    Upper,
)
from polyrelax.cli.terminal.output import require_file, require_place


class Target(StrEnum):
    """What is written."""

    ONNX = "onnx"
    JSON = "json"
    VNNLIB = "vnnlib"
    VNNLIB2 = "vnnlib2"
    MPS = "mps"
    SMTLIB = "smtlib"
    NPY = "npy"
    COUNTEREXAMPLE = "counterexample"


def export(
    net: Net,
    *,
    target: Annotated[
        Target,
        typer.Option(
            "--to",
            help="The network (onnx, json), a property or the inputs (vnnlib, vnnlib2 for "
            "VNN-LIB 2.0, smtlib with the network), the program of a relaxation (mps, smtlib "
            "with -r), bounds of the outputs (npy), or the point that the inputs are, with "
            "its outputs (counterexample).",
        ),
    ],
    property_: Annotated[
        Path | None,
        typer.Option(
            "--property", metavar="FILE", help="What must not occur, in VNN-LIB; or inputs."
        ),
    ] = None,
    relaxation: Annotated[
        str | None,
        typer.Option(
            "-r",
            "--relaxation",
            metavar="NAME",
            help="triangle or krelu:K for a program, any for bounds. Default: triangle.",
        ),
    ] = None,
    maximize: Annotated[
        str | None, typer.Option(metavar="Y_K", help="The objective of the program (mps).")
    ] = None,
    minimize: Annotated[
        str | None, typer.Option(metavar="Y_K", help="The same, to be minimised.")
    ] = None,
    float32: Annotated[
        bool, typer.Option("--float32", help="Floats of 32 bits (onnx, npy), not of 64.")
    ] = False,
    rounded: Annotated[
        bool,
        typer.Option(
            "--round",
            help="Round what floats do not hold to the nearest (onnx), and say how much "
            "that is: it is another network then.",
        ),
    ] = False,
    bits: Bits = None,
    lower: Lower = None,
    upper: Upper = None,
    input_set: Input = None,
    case: Case = None,
    center: Center = None,
    epsilon: Epsilon = None,
    clip: Clip = None,
    image: Image = None,
    time: Time = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Write to FILE; onnx and npy need it."
        ),
    ] = None,
) -> None:
    """Write networks, properties, programs, bounds or points for other programs, exactly.

    What a format cannot hold is refused. Bounds (npy) are rounded outward to floats.
    """
    require_place(output)
    require_file(net)
    from polyrelax.cli.export.request import Request, require_options
    from polyrelax.cli.export.run import answer

    inputs = Inputs(lower, upper, input_set, case, center, epsilon, clip, image)
    options = {
        "--property": property_,
        "-r": relaxation,
        "--maximize": maximize,
        "--minimize": minimize,
        "--float32": float32 or None,
        "--round": rounded or None,
        "--bits": bits,
        "--time": time,
    }
    given = {name: value for name, value in options.items() if value is not None}
    require_options(target.value, given, inputs)
    answer(Request(target.value, net, inputs, given, output))
