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
    Dask,
    Epsilon,
    Format,
    Image,
    Input,
    Jobs,
    Layout,
    Lower,
    Output,
    Time,
    TlsCa,
    TlsCert,
    TlsKey,
    Upper,
)
from polyrelax.cli.terminal.output import require_file, require_place


def verify(
    net: Annotated[
        str | None, typer.Argument(metavar="[NET]", help="A network; or a --list of them.")
    ] = None,
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
    instances: Annotated[
        Path | None,
        typer.Option(
            "--list",
            metavar="FILE",
            help="Decide the lines NET,PROPERTY[,SECONDS] of FILE, whose folder they are in.",
        ),
    ] = None,
    certificates: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="With --list: write a certificate of each to DIR."),
    ] = None,
    store: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="With --list: keep verdicts in FILE, and go on from there."
        ),
    ] = None,
    jobs: Jobs = None,
    dask: Dask = None,
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Prove that a network has a property, or find an input that violates it, exactly.

    The exit status is 0 if the property holds, 1 if it is violated, 3 if that is not decided
    (by the end of --time, or at all), 2 for a bad request; of a list the first of 2, 1, 3.
    """
    for place in (output, certificate, results, store):
        require_place(place)
    if instances is not None:
        require_file(instances)
    from polyrelax.cli.runs.workers import Tls, Workers
    from polyrelax.cli.verify.listed import Places, answer_list
    from polyrelax.cli.verify.request import Asked, Files, requested, require_kind
    from polyrelax.cli.verify.run import answer

    inputs = Inputs(lower, upper, input_set, case, center, epsilon, clip, image)
    asked = Asked(net, property_file, label, greater, inputs)
    files, places = Files(certificate, results, output), Places(store, certificates, output)
    workers = Workers(jobs, dask, Tls(tls_ca, tls_cert, tls_key))
    alone = {**asked.given, "--certificate": certificate, "--results": results}
    many = {"--certificates": certificates, "--store": store, "--jobs": jobs, "--dask": dask}
    require_kind(alone, many, is_list=instances is not None)
    if instances is None:
        status = answer(requested(asked), files, time, layout)
    else:
        status = answer_list(instances, places, workers, time, layout)
    if status:
        raise typer.Exit(status)
