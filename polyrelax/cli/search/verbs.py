"""The verb ``search``: incompleteness, inexpressibility, status, resume, export."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from typing import Annotated

import typer

from polyrelax.cli.search.inexpressibility.verb import inexpressibility
from polyrelax.cli.search.options import (
    Bound,
    BoxOption,
    CampaignFile,
    Denominator,
    Identities,
    Limit,
    Loose,
    MethodOption,
    MinGap,
    Outputs,
    Seed,
    Shape,
    SideOption,
    StoreFile,
    Tight,
    Tries,
    Weights,
    require_store,
)
from polyrelax.cli.terminal.command import Command
from polyrelax.cli.terminal.examples import epilog
from polyrelax.cli.terminal.options import (
    Dask,
    Format,
    Jobs,
    Layout,
    Output,
    Time,
    TlsCa,
    TlsCert,
    TlsKey,
)
from polyrelax.cli.terminal.output import require_file, require_place

Listed = Annotated[
    int, typer.Option("--witnesses", min=0, metavar="N", help="How many JSON lists at most.")
]


def search_verbs() -> typer.Typer:
    """Return the verbs behind ``polyrelax search``."""
    app = typer.Typer(help="Search networks that a relaxation bounds loosely.")
    for verb in (incompleteness, propose, inexpressibility, status, resume, export):
        app.command(cls=Command, epilog=epilog(f"search {verb.__name__}"))(verb)
    return app


def incompleteness(
    *,
    shape: Shape,
    weights: Weights = "-1..1",
    loose: Loose = "p:1",
    tight: Tight = "exact",
    side: SideOption = "upper",
    outputs: Outputs = None,
    box: BoxOption = "-1..1",
    identities: Identities = 0,
    min_gap: MinGap = "0",
    limit: Limit = None,
    store: StoreFile = None,
    jobs: Jobs = None,
    dask: Dask = None,
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    witnesses: Listed = 100,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Find all networks of a shape that one relaxation bounds more loosely than another.

    Networks are enumerated modulo symmetry; every witness is proved by exact arithmetic.
    The exit status is 0 if there is a witness, and 1 otherwise.
    """
    from polyrelax.cli.runs.workers import Tls, Workers
    from polyrelax.cli.search.report import SHOWN_ROWS, report
    from polyrelax.cli.search.request import read_question
    from polyrelax.cli.search.run import search
    from polyrelax.cli.terminal.stop import time_limit
    from polyrelax.search.store import Store

    require_place(output)
    require_store(store)
    until = time_limit(time)
    question = read_question(
        *(shape, weights),
        loose=loose,
        tight=tight,
        side=side,
        outputs=outputs,
        box=box,
        min_gap=min_gap,
        identities=identities,
    )
    file = None if store is None else Store.begin(store, question)
    tls = Tls(tls_ca, tls_cert, tls_key)
    workers, kept = Workers(jobs, dask, tls), max(witnesses, SHOWN_ROWS)
    found = search(question, file, limit=limit, workers=workers, kept=kept, until=until)
    report(found, witnesses, layout, output)
    _finish(0 if found.imprecise else 1)


def propose(
    *,
    shape: Shape,
    method: MethodOption = "ascent",
    tries: Tries = 100,
    seed: Seed = 0,
    bound: Bound = "2",
    denominator: Denominator = 1,
    loose: Loose = "p:1",
    tight: Tight = "exact",
    side: SideOption = "upper",
    box: BoxOption = "-1..1",
    jobs: Jobs = None,
    witnesses: Listed = 10,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Look for large gaps: floats propose networks, exact arithmetic bounds them.

    The method "ascent" climbs on an estimate of the gap of P_1.  What is not found may exist.
    The exit status is 0 if there is a witness, and 1 otherwise.
    """
    from polyrelax.cli.search.proposals import examined, report
    from polyrelax.cli.search.request import read_trial
    from polyrelax.cli.terminal.stop import time_limit

    require_place(output)
    until = time_limit(time)
    trial = read_trial(
        *(shape, method, seed),
        bound=bound,
        denominator=denominator,
        loose=loose,
        tight=tight,
        side=side,
        box=box,
    )
    _finish(report(examined(trial, tries, jobs, until), witnesses, layout, output))


def resume(
    file: CampaignFile,
    *,
    limit: Limit = None,
    jobs: Jobs = None,
    dask: Dask = None,
    tls_ca: TlsCa = None,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    witnesses: Listed = 100,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Go on with a search where its file ends."""
    require_place(output)
    require_file(file)
    from polyrelax.cli.runs.workers import Tls, Workers
    from polyrelax.cli.search.report import SHOWN_ROWS, report
    from polyrelax.cli.search.run import search
    from polyrelax.cli.terminal.stop import time_limit
    from polyrelax.search.store import Store

    until = time_limit(time)
    store = Store.open(file)
    kept = max(witnesses, SHOWN_ROWS)
    workers = Workers(jobs, dask, Tls(tls_ca, tls_cert, tls_key))
    found = search(store.question, store, limit=limit, workers=workers, kept=kept, until=until)
    report(found, witnesses, layout, output)
    _finish(0 if found.imprecise else 1)


def status(
    file: CampaignFile,
    *,
    time: Time = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Say how far a search is, and what it has found, each number of it proved again."""
    require_place(output)
    require_file(file)
    from polyrelax.cli.search.report import SHOWN_ROWS, report
    from polyrelax.cli.search.run import stored
    from polyrelax.cli.terminal.stop import time_limit

    found = stored(file, kept=SHOWN_ROWS, until=time_limit(time))
    report(found, 0, layout, output)


def export(
    file: CampaignFile,
    *,
    certified: Annotated[
        int, typer.Option(min=0, metavar="N", help="How many carry a certificate at most.")
    ] = 100,
    time: Time = None,
    layout: Layout = Format.JSON,
    output: Output = None,
) -> None:
    """Write all witnesses of a search as JSON, those of the largest gaps with a certificate."""
    require_place(output)
    require_file(file)
    from polyrelax.cli.search.report import report
    from polyrelax.cli.search.run import stored
    from polyrelax.cli.terminal.stop import time_limit

    found = stored(file, kept=None, until=time_limit(time))
    report(found, None, layout, output, certified=certified)


def _finish(code: int) -> None:
    if code:
        raise typer.Exit(code)
