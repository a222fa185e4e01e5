"""The verb ``compare``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them

from __future__ import annotations

from polyrelax.cli.output import emit, formatted, require_place
from polyrelax.cli.request import TableRequest, answering


@answering(TableRequest)
def compare(request: TableRequest) -> None:
    """Compare relaxations layer by layer.

    Each relaxation is set beside the next one named: whose bounds are tighter, by how much,
    and where the dimension is small, volumes and the facets that only one has.
    """
    from polyrelax.cli.compare_report import compare_blocks, compare_data, compare_runs
    from polyrelax.cli.problem import requested_problem

    require_place(request.output)
    runs, pairs, interrupted = compare_runs(requested_problem(request), request)
    blocks = compare_blocks(runs, pairs, neurons=request.neurons)
    emit(formatted(blocks, compare_data(runs, pairs), request.layout), request.output)
    if interrupted:
        raise KeyboardInterrupt
