"""The verb ``report``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from polyrelax.cli.output import emit, require_place
from polyrelax.cli.request import ReportRequest, answering


@answering(ReportRequest)
def report(request: ReportRequest) -> None:
    """Bound a network and write one page of HTML: tables, pictures, certificates.

    The page needs no other file and no connection.  An interruption (Ctrl-C) writes
    the relaxations that are done.
    """
    from polyrelax.cli.page_certificates import Judgement, judge_until_interrupted
    from polyrelax.cli.problem import requested_problem
    from polyrelax.cli.report_page import Findings, page
    from polyrelax.cli.runs import run_until_interrupted

    require_place(request.output)
    problem = requested_problem(request)
    judged: tuple[Judgement, ...] = ()
    runs, interrupted = run_until_interrupted(problem, request)
    if not interrupted:
        judged, interrupted = judge_until_interrupted(problem, runs, request)
    found = Findings(problem, runs, judged, request.neurons)
    emit(page(request.net, found), request.output)
    if interrupted:
        raise KeyboardInterrupt
