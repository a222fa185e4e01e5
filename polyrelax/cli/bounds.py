"""The verb ``bounds``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from polyrelax.cli.output import emit, formatted, require_place
from polyrelax.cli.request import TableRequest, answering


@answering(TableRequest)
def bounds(request: TableRequest) -> None:
    """Bound every output and neuron of a network.

    Each relaxation stands beside the others; its bounds hold for all inputs of the set.  An
    interruption (Ctrl-C) or the end of --time prints what is proved by then.
    """
    from polyrelax.cli.bounds_report import bounds_blocks, bounds_data
    from polyrelax.cli.problem import requested_problem
    from polyrelax.cli.runs import run_until_stopped
    from polyrelax.cli.stop import end, time_limit

    require_place(request.output)
    until = time_limit(request.time)
    runs = run_until_stopped(requested_problem(request), request, until)
    blocks = bounds_blocks(runs, neurons=request.neurons)
    emit(formatted(blocks, bounds_data(runs), request.layout), request.output)
    end(runs.stop, runs.missing)
