"""The verb ``bounds``."""
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


def bounds(
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
    """Bound every output and neuron of a network.

    Each relaxation stands beside the others; its bounds hold for all inputs of the set.  An
    interruption (Ctrl-C) prints the relaxations that are done.
    """
    from polyrelax.cli.bounds_report import bounds_blocks, bounds_data
    from polyrelax.cli.problem import Box, read_problem
    from polyrelax.cli.runs import run_until_interrupted

    require_place(output)
    problem = read_problem(net, Box(lower, upper), input_set)
    runs, interrupted = run_until_interrupted(problem, relaxation, bits)
    emit(formatted(bounds_blocks(runs, neurons=neurons), bounds_data(runs), layout), output)
    if interrupted:
        raise KeyboardInterrupt
