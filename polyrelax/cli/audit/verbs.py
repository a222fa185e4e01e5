"""The verb ``audit``: what others claim of networks, decided in exact numbers."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from polyrelax.cli.requests.request import Inputs
from polyrelax.cli.terminal.command import Command
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
from polyrelax.cli.terminal.output import (
    emit,
    formatted,
    require_file,
    require_folder,
    require_place,
)


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
        app.command(cls=Command)(verb)
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
    from polyrelax.arithmetic.rational import rational
    from polyrelax.cli.audit.claims import Named, requested_claims
    from polyrelax.cli.audit.report import Report
    from polyrelax.cli.audit.run import audited
    from polyrelax.cli.terminal.naming import option_value
    from polyrelax.cli.terminal.stop import end, time_limit
    from polyrelax.errors import FormatError, UsageError

    allowed = option_value("--tolerance", rational, tolerance)
    if allowed < 0:
        raise UsageError(f"found --tolerance {tolerance}, expected at least 0")
    until = time_limit(time)
    claims = requested_claims(Named(source, network, property_, benchmarks))
    found = audited(claims, until)
    faults = [result.fault for result in found.ordered if result.fault is not None]
    if network is not None and faults:
        raise FormatError(faults[0])
    report = Report(found, allowed)
    emit(formatted(report.blocks(), report.data(), layout), output)
    end(found.stop, found.missing)
    refuted = [each for each in found.ordered if each.points and not each.is_valid]
    failing = {FailOn.REFUTED: refuted, FailOn.MALFORMED: faults}
    if any(failing[each] for each in fail_on or ()):
        raise typer.Exit(1)


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
    from polyrelax.cli.audit.bounds_report import verdicts_blocks, verdicts_data
    from polyrelax.cli.audit.bounds_run import judged_until, write_certificates
    from polyrelax.cli.requests.problem import requested_problem
    from polyrelax.cli.requests.request import Request
    from polyrelax.cli.runs.run import run_until_stopped
    from polyrelax.cli.terminal.naming import naming
    from polyrelax.cli.terminal.stop import end, time_limit
    from polyrelax.interop import claimed_bounds

    until = time_limit(time)
    if certificates is not None:
        require_folder(certificates)
    inputs = Inputs(lower, upper, input_set, case, center, epsilon, clip, image)
    request = Request(net, [relaxation], **vars(inputs), bits=bits, time=time)
    asked = requested_problem(request)
    with naming(str(claims)):
        claimed = claimed_bounds.read(claims, asked.network)
    runs = run_until_stopped(asked, request, until)
    end(runs.stop, runs.missing, runs.error)
    trace = runs.finished[0].trace
    found = judged_until(trace, asked, claimed, until)
    data = verdicts_data(found, Path(net).name)
    emit(formatted(verdicts_blocks(found), data, layout), output)
    if certificates is not None:
        write_certificates(found, trace, asked, certificates)
    end(found.stop, found.missing)
    failing = {str(each.verdict) for each in found.found}
    if any(each.value in failing for each in fail_on or ()):
        raise typer.Exit(1)
