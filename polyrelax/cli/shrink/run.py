"""The witness that the verb ``shrink`` starts from, and the smaller ones that follow."""

from __future__ import annotations

import json
from dataclasses import dataclass

from polyrelax.arithmetic.rational import rational
from polyrelax.cli.requests.problem import Problem, read_problem
from polyrelax.cli.requests.request import Inputs
from polyrelax.cli.search.report import FORMAT, REPORT_KEYS
from polyrelax.cli.search.request import read_side
from polyrelax.cli.search.witness import OPTIONAL_KEYS, WITNESS_KEYS
from polyrelax.cli.terminal.naming import STANDARD_INPUT, naming
from polyrelax.cli.terminal.progress import progress_bar
from polyrelax.errors import UsageError
from polyrelax.interop import network_json
from polyrelax.interop.documents import Node, parse
from polyrelax.interop.opening import read_text, suffix
from polyrelax.search.question import Side
from polyrelax.search.shrink import Witness, shrink


@dataclass(frozen=True)
class Choices:
    """The options, ``None`` where the user leaves the choice to the program."""

    loose: str | None
    tight: str | None
    side: str | None
    inputs: Inputs


def read_witness(source: str, choices: Choices) -> Witness:
    """Return the witness in a network file or in the report of a search."""
    report = _report(source)
    if report is None:
        problem = read_problem(source, choices.inputs)
        return _witness(problem, choices, Choices("p:1", "exact", Side.BOTH, Inputs()))
    if choices.inputs.given:
        raise UsageError(f"{source} is the report of a search, expected no other input set")
    with naming(source):
        given = network_json.loads(json.dumps(_first(report)))
        asked = report.fields(REPORT_KEYS)["question"].value
    if given.input is None or not isinstance(asked, dict):
        raise UsageError(f"{source}: found a witness without its input set or question")
    found = Choices(asked.get("loose"), asked.get("tight"), asked.get("side"), Inputs())
    return _witness(Problem(given.network, given.input), choices, found)


def shrunk(witness: Witness, min_gap: str) -> tuple[Witness, ...]:
    """Return a witness and the smaller ones, as many as there is patience for."""
    least, chain = rational(min_gap), [witness]
    if witness.gap <= 0:
        return (witness,)
    try:
        with progress_bar(None) as report:
            for smaller in shrink(witness, min_gap=least):
                chain.append(smaller)
                report(len(chain), f"{smaller.cost[0]} neurons, size {smaller.cost[2]}")
    except KeyboardInterrupt:
        pass  # each witness so far is proved
    return tuple(chain)


def _witness(problem: Problem, choices: Choices, default: Choices) -> Witness:
    return Witness(
        problem.network,
        problem.domain,
        choices.loose or default.loose or "p:1",
        choices.tight or default.tight or "exact",
        read_side(choices.side or default.side or Side.BOTH),
    )


def _report(source: str) -> Node | None:
    """Return the report of a search, or ``None`` for any other file."""
    if source == STANDARD_INPUT or suffix(source) != ".json":
        return None
    with naming(source):
        node = parse(read_text(source))
    found = isinstance(node.value, dict) and node.value.get("format") == FORMAT
    return node if found else None


def _first(report: Node) -> object:
    witnesses = report.fields(REPORT_KEYS)["witnesses"].items()
    if not witnesses:
        raise report.error("found no witnesses, expected at least one")
    return witnesses[0].fields(WITNESS_KEYS, OPTIONAL_KEYS)["network"].value
