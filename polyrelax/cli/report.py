"""The verb ``report``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from polyrelax.cli.output import emit, require_place
from polyrelax.cli.request import Request, answering


@answering(Request)
def report(request: Request) -> None:
    """Bound a network and write one page of HTML: tables and pictures.

    The page needs no other file and no connection.  An interruption (Ctrl-C) writes
    the relaxations that are done.
    """
    from polyrelax.cli.problem import requested_problem
    from polyrelax.cli.report_page import page
    from polyrelax.cli.runs import run_until_interrupted

    require_place(request.output)
    problem = requested_problem(request)
    runs, interrupted = run_until_interrupted(problem, request)
    emit(page(request.net, problem, runs, neurons=request.neurons), request.output)
    if interrupted:
        raise KeyboardInterrupt
