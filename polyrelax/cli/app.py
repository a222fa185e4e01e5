"""The program ``polyrelax``: its verbs, and what becomes of their failures.

Results go to standard output (or to the file of ``-o``), progress and diagnostics to standard
error.  The exit status is 0 for done, 1 for no (a claim does not hold), 2 for a bad
request, 3 for what is not decided, 4 for a certificate of another network or input set, 130
for an interruption.  A bad request leaves one line on standard error and
nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Annotated

import typer

from polyrelax.cli.audit.verbs import audit_verbs
from polyrelax.cli.bounds.verb import bounds
from polyrelax.cli.check.verb import check
from polyrelax.cli.compare.verb import compare
from polyrelax.cli.export.verb import export
from polyrelax.cli.hull.verb import hull
from polyrelax.cli.lipschitz.verb import lipschitz
from polyrelax.cli.radius.verb import radius
from polyrelax.cli.regions.verb import regions
from polyrelax.cli.report.verb import report
from polyrelax.cli.reproduce.verb import reproduce
from polyrelax.cli.search.verbs import search_verbs
from polyrelax.cli.shrink.verb import shrink
from polyrelax.cli.terminal.command import Command
from polyrelax.cli.terminal.examples import epilog
from polyrelax.cli.terminal.failures import FAILURES, describe
from polyrelax.cli.terminal.process import INTERRUPTED, LINE
from polyrelax.cli.verify.verb import verify

_VERBS = (
    bounds,
    check,
    compare,
    export,
    hull,
    lipschitz,
    radius,
    regions,
    report,
    reproduce,
    shrink,
    verify,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    >>> main(["bounds", "missing.json"])  # and one line on standard error
    2
    """
    try:
        with _numbers_of_any_length():
            given = sys.argv[1:] if arguments is None else arguments
            program = typer.main.get_command(_application(*given[:1]))
            status = program.main(arguments, prog_name="polyrelax", standalone_mode=False)
    except FAILURES as failure:
        return _failed(describe(failure))
    except SystemExit as ended:  # by typer: 0 for a completion, else where nobody reads on,
        return 2 if ended.code else 0  # and that status would be a verdict
    except (KeyboardInterrupt, typer.Abort):
        status = INTERRUPTED
    if status == INTERRUPTED:
        with suppress(OSError):
            sys.stderr.write(LINE)
    return status or 0


def _failed(line: str) -> int:
    """Say why a request failed, where that can be said, and return the exit status."""
    with suppress(OSError):
        print(f"polyrelax: {line}", file=sys.stderr)
    return 2


@contextmanager
def _numbers_of_any_length() -> Iterator[None]:
    """Let integers of any length be read and written: exact numbers are as long as they are."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        yield
    finally:
        sys.set_int_max_str_digits(limit)


def _application(first: str = "") -> typer.Typer:
    """Return the application with all verbs, or with that alone which comes first.

    Typer reads the signatures of all verbs that it has, which takes as long as some answers.
    """
    app = typer.Typer(
        context_settings={"help_option_names": ["-h", "--help"]},
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_polyrelax)
    for verb in [verb for verb in _VERBS if verb.__name__ == first] or _VERBS:
        app.command(cls=Command, epilog=epilog(verb.__name__))(verb)
    if len(app.registered_commands) == len(_VERBS):
        app.add_typer(search_verbs(), name="search")
        app.add_typer(audit_verbs(), name="audit")
    return app


def _print_version(*, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 -- takes a tenth of a second

        print(f"polyrelax {version('polyrelax')}")
        raise typer.Exit


def _polyrelax(
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda wanted: _print_version(wanted=wanted),
            is_eager=True,
            help="Print the version.",
        ),
    ] = False,
) -> None:
    """Exact convex relaxations of ReLU networks, in rational arithmetic."""
