"""The verb ``compare``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from polyrelax.cli.requests.request import TableRequest, answering
from polyrelax.cli.terminal.output import emit, formatted, require_file, require_place


@answering(TableRequest)
def compare(request: TableRequest) -> None:
    """Compare relaxations layer by layer.

    Each relaxation is set beside the next one named: whose bounds are tighter, by how much,
    and where the dimension is small, volumes and the facets that only one has.  An
    interruption (Ctrl-C) or the end of --time prints what is proved by then.
    """
    require_place(request.output)
    require_file(request.net)
    from polyrelax.cli.compare.report import compare_blocks, compare_data, compare_runs
    from polyrelax.cli.requests.problem import requested_problem
    from polyrelax.cli.terminal.stop import end, time_limit

    until = time_limit(request.time)
    found = compare_runs(requested_problem(request), request, until)
    blocks = compare_blocks(found, neurons=request.neurons)
    emit(formatted(blocks, compare_data(found), request.layout), request.output)
    end(found.stop, found.missing, found.runs.error)
