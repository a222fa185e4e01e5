"""The verb ``report``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from polyrelax.cli.requests.request import ReportRequest, answering
from polyrelax.cli.terminal.output import emit, require_file, require_place


@answering(ReportRequest)
def report(request: ReportRequest) -> None:
    """Bound a network and write one page of HTML: tables, pictures, certificates.

    The page needs no other file and no connection.  An interruption (Ctrl-C) or the end of
    --time writes what is proved by then.
    """
    require_place(request.output)
    require_file(request.net)
    from polyrelax.cli.report.certificates import judge_until_stopped
    from polyrelax.cli.report.page import Findings, page
    from polyrelax.cli.requests.problem import requested_problem
    from polyrelax.cli.runs.run import run_until_stopped
    from polyrelax.cli.terminal.stop import end, time_limit

    until = time_limit(request.time)
    problem = requested_problem(request)
    runs = run_until_stopped(problem, request, until)
    judged = judge_until_stopped(problem, runs, request, until)
    found = Findings(problem, runs, judged.found, request.neurons)
    emit(page(request.net, found), request.output)
    end(judged.stop, (*runs.missing, *judged.missing), runs.error)
