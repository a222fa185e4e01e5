"""The verb ``report``."""
# ruff: noqa: PLC0415 -- the rooms that compute are loaded by the verb that needs them
# ruff: noqa: PLR0913 -- the options of a verb are its arguments

from __future__ import annotations

from polyrelax.cli.options import Bits, Input, Lower, Names, Net, Neurons, Output, Upper
from polyrelax.cli.output import emit, require_place


def report(
    net: Net,
    *,
    relaxation: Names = None,
    lower: Lower = None,
    upper: Upper = None,
    input_set: Input = None,
    bits: Bits = None,
    neurons: Neurons = None,
    output: Output = None,
) -> None:
    """Bound a network and write one page of HTML: tables and pictures.

    The page needs no other file and no connection.  An interruption (Ctrl-C) writes
    the relaxations that are done.
    """
    from polyrelax.cli.problem import Box, read_problem
    from polyrelax.cli.report_page import page
    from polyrelax.cli.runs import run_until_interrupted

    require_place(output)
    problem = read_problem(net, Box(lower, upper), input_set)
    runs, interrupted = run_until_interrupted(problem, relaxation, bits)
    emit(page(net, runs, neurons=neurons), output)
    if interrupted:
        raise KeyboardInterrupt
