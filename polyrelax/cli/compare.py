"""The verb ``compare``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from polyrelax.cli.options import (
    Bits,
    Format,
    Input,
    Layout,
    Lower,
    Names,
    Net,
    Neurons,
    Output,
    Upper,
)
from polyrelax.cli.output import emit, formatted, require_place


def compare(
    net: Net,
    *,
    relaxation: Names = None,
    lower: Lower = None,
    upper: Upper = None,
    input_set: Input = None,
    bits: Bits = None,
    neurons: Neurons = None,
    layout: Layout = Format.TABLE,
    output: Output = None,
) -> None:
    """Compare relaxations layer by layer.

    Each relaxation is set beside the next one named: whose bounds are tighter, by how much,
    and where the dimension is small, volumes and the facets that only one has.
    """
    from polyrelax.cli.compare_report import compare_blocks, compare_data, compare_runs
    from polyrelax.cli.problem import Box, read_problem

    require_place(output)
    problem = read_problem(net, Box(lower, upper), input_set)
    runs, pairs, interrupted = compare_runs(problem, relaxation, bits)
    blocks = compare_blocks(runs, pairs, neurons=neurons)
    emit(formatted(blocks, compare_data(runs, pairs), layout), output)
    if interrupted:
        raise KeyboardInterrupt
