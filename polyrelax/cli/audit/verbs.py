"""The verb ``audit``: what others claim of networks, decided in exact numbers."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from polyrelax.cli.requests.request import Inputs, TableRequest
from polyrelax.cli.terminal.command import Command
from polyrelax.cli.terminal.examples import epilog
from polyrelax.cli.terminal.options import (
    Bits,
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
from polyrelax.cli.terminal.output import require_file, require_place


class FailOn(StrEnum):
    """What makes the exit status 1."""

    REFUTED = "refuted"
    MALFORMED = "malformed"


class FailOnBound(StrEnum):
    """What makes the exit status 1."""

    REFUTED = "refuted"
    UNDECIDED = "undecided"


def audit_verbs() -> typer.Typer:
    """Return the verbs behind ``polyrelax audit``."""
    app = typer.Typer(help="Decide exactly what other tools claim of networks.")
    app.callback()(_audit)
    for verb in (bounds, witness):
        app.command(cls=Command, epilog=epilog(f"audit {verb.__name__}"))(verb)
    return app


def _audit() -> None:
    """Decide exactly what other tools claim of networks."""


def witness(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            help="A counterexample (VNN-COMP's text, JSON, rows or .npy), a JSON list of them, "
            "or a folder TOOL/BENCHMARK/NET_PROPERTY.counterexample.gz.",
        ),
    ],
    *,
    network: Annotated[
        Path | None,
        typer.Option("--network", metavar="NET", help="The network of one counterexample."),
    ] = None,
    property_: Annotated[
        Path | None,
        typer.Option(
            "--property", metavar="FILE", help="The property, VNN-LIB, that it violates."
        ),
    ] = None,
    benchmarks: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where the networks and properties of a list or folder are. "
            "Default: beside a list.",
        ),
    ] = None,
    tolerance: Annotated[
        str,
        typer.Option(
            metavar="T", help="How far outside inputs may lie for the score of VNN-COMP 2026."
        ),
    ] = "0.0001",
    fail_on: Annotated[
        list[FailOn] | None,
        typer.Option(
            help="Exit with 1 if a counterexample is refuted, or malformed; repeatable."
        ),
    ] = None,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Replay counterexamples in exact numbers: inside, violating, and by how much.

    The decimals that are written decide, without a tolerance; what floats read in them is said
    beside.  One that is outside is repaired, if the nearest point of the inputs is valid.
    """
    require_place(output)
    require_file(source)
    from polyrelax.cli.audit.answers import WitnessRequest, replay
    from polyrelax.cli.audit.claims import Named

    named = Named(source, network, property_, benchmarks)
    _end(replay(WitnessRequest(named, tolerance, time, layout, output)), fail_on)


def bounds(
    net: Net,
    claims: Annotated[
        Path,
        typer.Argument(
            metavar="CLAIMS",
            help='JSON {"bounds": [{"layer": L, "lower": [...], "upper": [...]}, ...]}, rows '
            "of a lower and an upper bound of each output, or such an array (.npy).",
        ),
    ],
    *,
    relaxation: Annotated[
        str,
        typer.Option(
            "-r", "--relaxation", metavar="NAME", help="What bounds the network at first."
        ),
    ] = "triangle",
    bits: Bits = None,
    lower: Lower = None,
    upper: Upper = None,
    input_set: Input = None,
    case: Case = None,
    center: Center = None,
    epsilon: Epsilon = None,
    clip: Clip = None,
    image: Image = None,
    certificates: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a certificate of each sound claim to DIR."),
    ] = None,
    fail_on: Annotated[
        list[FailOnBound] | None,
        typer.Option(help="Exit with 1 if a bound is refuted, or undecided; repeatable."),
    ] = None,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Decide bounds that are claimed of a network's values: sound, refuted, or undecided.

    A sound one is proved; a refuted one has an input at which the value is beyond it. Where
    neurons have few choices of pieces every claim is decided, however little is missing.
    """
    require_place(output)
    require_file(net)
    require_file(claims)
    from polyrelax.cli.audit.answers import judge

    inputs = Inputs(lower, upper, input_set, case, center, epsilon, clip, image)
    options = vars(inputs) | {"bits": bits, "time": time, "output": output, "layout": layout}
    request = TableRequest(net, [relaxation], **options)
    _end(judge(request, claims, certificates), fail_on)


def _end(found: Collection[str], failing: Collection[StrEnum] | None) -> None:
    """End with 1 if one of the words for what was found is one that --fail-on names."""
    if any(each.value in found for each in failing or ()):
        raise typer.Exit(1)
