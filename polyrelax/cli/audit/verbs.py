"""The verb ``audit``: what others claim of networks, decided in exact numbers."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from polyrelax.cli.terminal.command import Command
from polyrelax.cli.terminal.options import Format, Layout, Output, Time
from polyrelax.cli.terminal.output import emit, formatted, require_file, require_place


class FailOn(StrEnum):
    """What makes the exit status 1."""

    REFUTED = "refuted"
    MALFORMED = "malformed"


def audit_verbs() -> typer.Typer:
    """Return the verbs behind ``polyrelax audit``."""
    app = typer.Typer(help="Decide exactly what other tools claim of networks.")
    app.callback()(_audit)
    app.command(cls=Command)(witness)
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
