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
from polyrelax.cli.terminal.command import Command, command_line
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
    Jobs,
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


class FailOnRow(StrEnum):
    """What makes the exit status 1."""

    REFUTED = "refuted"
    MISSING = "missing"


class FailOnVerdict(StrEnum):
    """What makes the exit status 1."""

    REFUTED = "refuted"
    UNDECIDED = "undecided"
    MALFORMED = "malformed"


class Reading(StrEnum):
    """What decimals are taken for."""

    EXACT = "exact"
    FLOAT64 = "float64"
    FLOAT32 = "float32"


def audit_verbs() -> typer.Typer:
    """Return the verbs behind ``polyrelax audit``."""
    app = typer.Typer(help="Decide exactly what other tools claim of networks.")
    app.callback()(_audit)
    for verb in (bounds, rows, verdicts, witness):
        app.command(cls=Command, epilog=epilog(f"audit {verb.__name__}"))(verb)
    return app


def _audit() -> None:
    """Decide exactly what other tools claim of networks."""


def witness(
    context: typer.Context,
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
    from polyrelax.cli.audit.page import Place

    named = Named(source, network, property_, benchmarks)
    place = Place(layout, output, command_line(context))
    _end(replay(WitnessRequest(named, tolerance, time, place)), fail_on)


def bounds(
    context: typer.Context,
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
    from polyrelax.cli.audit.page import Place

    inputs = Inputs(lower, upper, input_set, case, center, epsilon, clip, image)
    options = vars(inputs) | {"bits": bits, "time": time, "output": output, "layout": layout}
    request = TableRequest(net, [relaxation], **options)
    place = Place(layout, output, command_line(context))
    _end(judge(request, claims, certificates, place), fail_on)


def rows(
    context: typer.Context,
    input_set: Annotated[
        str,
        typer.Argument(
            metavar="SET",
            help="The polytope of the inputs: JSON, .ine or .ext (cdd, lrs), VNN-LIB, or rows "
            '"b a1 .. an" of b + a·x >= 0; - is standard input.',
        ),
    ],
    claims: Annotated[
        Path,
        typer.Argument(
            metavar="CLAIMS",
            help='Rows "b a1 .. an c1 .. cm" of b + a·x + c·y >= 0, such an array (.npy), or '
            'JSON {"rows": [...]}, which may name "neurons"; else y = relu(x).',
        ),
    ],
    *,
    reading: Annotated[
        Reading, typer.Option(help="What decimals are: themselves, or floats.")
    ] = Reading.EXACT,
    with_neurons: Annotated[
        bool,
        typer.Option(
            "--with-neurons",
            help="Let what each neuron says alone stand beside the rows: tools that group "
            "neurons leave it to others.",
        ),
    ] = False,
    certificates: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a certificate of each valid row to DIR."),
    ] = None,
    fail_on: Annotated[
        list[FailOnRow] | None,
        typer.Option(help="Exit with 1 if a row is refuted, or a facet missing; repeatable."),
    ] = None,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Decide rows that are claimed of a layer of neurons over a polytope.

    A valid one is a facet of the hull of {(x, y)}, repeats one, or is redundant; a refuted one
    cuts off a point of the graph.  Up to four rectifiers the report says which facets are
    missing and how far the rows stay away from them, up to two how much volume they leave.
    """
    require_place(output)
    require_file(input_set)
    require_file(claims)
    from polyrelax.audit import readings
    from polyrelax.cli.audit.page import Place
    from polyrelax.cli.audit.rows_answer import RowsRequest, judge_rows

    taken_for = readings.Reading(reading.value)
    asked = (input_set, claims, taken_for, with_neurons, certificates)
    place = Place(layout, output, command_line(context))
    _end(judge_rows(RowsRequest(*asked, time, place)), fail_on)


def verdicts(
    context: typer.Context,
    claims: Annotated[
        Path,
        typer.Argument(
            metavar="CLAIMS",
            help="A results.csv of VNN-COMP, or a JSON list of objects with network, property "
            "and verdict (holds or violated), and perhaps tool.",
        ),
    ],
    *,
    benchmarks: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Where the networks and properties are, in folders of their own or not. "
            "Default: beside CLAIMS.",
        ),
    ] = None,
    each: Annotated[
        str, typer.Option(metavar="SECONDS", help="The time for each verdict.")
    ] = "60",
    certificates: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a certificate of what is found to DIR."),
    ] = None,
    fail_on: Annotated[
        list[FailOnVerdict] | None,
        typer.Option(help="Exit with 1 if a verdict is one of these; repeatable."),
    ] = None,
    jobs: Jobs = None,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Decide properties of which other tools say that they hold or are violated.

    A verdict is confirmed or refuted by a proof, or by an input that violates the property
    exactly; else it stays undecided.  What cannot be read is passed over and said in the end.
    """
    require_place(output)
    require_file(claims)
    from polyrelax.cli.audit.page import Place
    from polyrelax.cli.audit.verdicts_answer import VerdictsRequest, decide

    asked = (claims, benchmarks, each, jobs, certificates)
    place = Place(layout, output, command_line(context))
    _end(decide(VerdictsRequest(*asked, time, place)), fail_on)


def _end(found: Collection[str], failing: Collection[StrEnum] | None) -> None:
    """End with 1 if one of the words for what was found is one that --fail-on names."""
    if any(each.value in found for each in failing or ()):
        raise typer.Exit(1)
