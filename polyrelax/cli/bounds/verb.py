"""The verb ``bounds``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from polyrelax.cli.requests.request import BoundsRequest, answering
from polyrelax.cli.terminal.output import emit, formatted, require_file, require_place


@answering(BoundsRequest)
def bounds(request: BoundsRequest) -> None:
    """Bound every output and neuron of a network.

    Each relaxation stands beside the others; its bounds hold for all inputs of the set.  Of
    several sets, as of a property with cases, each is bounded, and their union last.  An
    interruption (Ctrl-C) or the end of --time prints what is proved by then.
    """
    require_place(request.output)
    require_file(request.net)
    from polyrelax.cli.bounds.case_report import cases_blocks, cases_data
    from polyrelax.cli.bounds.cases import run_cases
    from polyrelax.cli.bounds.report import bounds_blocks, bounds_data
    from polyrelax.cli.requests.problem import only_problem, requested_cases
    from polyrelax.cli.runs.run import run_until_stopped
    from polyrelax.cli.terminal.stop import end, time_limit

    until = time_limit(request.time)
    cases = requested_cases(request)
    if request.certificates is not None:
        from polyrelax.cli.bounds.certificates import require_certifiable, write_certificates

        require_certifiable(request.certificates, cases)
    if len(cases.domains) > 1:
        found = run_cases(cases, request, until)
        runs, data = found.union, cases_data(found)
        blocks = cases_blocks(found, neurons=request.neurons)
    else:
        runs = run_until_stopped(only_problem(cases), request, until)
        data, blocks = bounds_data(runs), bounds_blocks(runs, neurons=request.neurons)
    if request.certificates is not None:
        write_certificates(runs, only_problem(cases).domain, request.certificates)
    emit(formatted(blocks, data, request.layout), request.output)
    end(runs.stop, runs.missing, runs.error)
