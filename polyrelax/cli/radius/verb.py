"""The verb ``radius``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from polyrelax.cli.terminal.options import (
    Clip,
    Dask,
    Format,
    Jobs,
    Layout,
    Net,
    Output,
    Time,
    TlsCa,
    TlsCert,
    TlsKey,
)
from polyrelax.cli.terminal.output import emit, formatted, require_place


def radius(
    net: Net,
    *,
    images: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="The centers: an array of floats (.npy), JSON lists, or lines label,0..255, "
            "which are divided by 255; all exactly as they are.",
        ),
    ],
    labels: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Their classes: an array of integers (.npy), a JSON list, or lines that begin "
            "with a label. Default: the class that NET puts each image in.",
        ),
    ] = None,
    method: Annotated[
        str,
        typer.Option(metavar="NAME", help="lp-greedy, lp-last, lp-all, krelu:2 or krelu:3."),
    ] = "lp-all",
    clip: Clip = None,
    no_clip: Annotated[
        bool, typer.Option("--no-clip", help="Let inputs be any numbers; the default.")
    ] = False,
    tolerance: Annotated[
        str | None,
        typer.Option(
            metavar="T",
            help="The method fails at 1 + T times the radius, if floats are right. Default: "
            "1e-6 for lp-greedy, 1/200 else.",
        ),
    ] = None,
    epsilon: Annotated[
        list[str] | None,
        typer.Option(
            metavar="E",
            help="Say for this radius which images are certified, instead; repeatable.",
        ),
    ] = None,
    certificates: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write a certificate of each radius to DIR, for polyrelax check, and go on "
            "there with what is not finished.",
        ),
    ] = None,
    time: Time = None,
    jobs: Jobs = None,
    dask: Dask = None,
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Certify how far a classifier keeps its class around images.

    For each image: a radius that is proved in exact arithmetic, and the distance of a
    counterexample that is one exactly.  An interruption (Ctrl-C) or the end of --time prints
    what is finished by then.
    """
    from polyrelax.cli.radius.records import make_folder
    from polyrelax.cli.radius.report import report_blocks, report_data
    from polyrelax.cli.radius.request import Files, Wanted, requested_survey
    from polyrelax.cli.radius.run import run
    from polyrelax.cli.runs.workers import Tls, Workers
    from polyrelax.cli.terminal.stop import end, time_limit
    from polyrelax.errors import UsageError

    require_place(output)
    until, workers = time_limit(time), Workers(jobs, dask, Tls(tls_ca, tls_cert, tls_key))
    if clip is not None and no_clip:
        raise UsageError("found --clip and --no-clip, expected one of them")
    files = Files(net, images, labels, certificates)
    survey = requested_survey(files, Wanted(method, clip, tolerance, tuple(epsilon or ())))
    make_folder(certificates)
    found = run(survey, workers, until)
    emit(formatted(report_blocks(found), report_data(found), layout), output)
    end(found.stop, found.missing)
