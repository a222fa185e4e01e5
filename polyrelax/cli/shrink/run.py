"""The witness that the verb ``shrink`` starts from, and the smaller ones that follow."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from polyrelax.arithmetic.rational import rational
from polyrelax.arithmetic.words import amount
from polyrelax.cli.requests.problem import Problem, read_problem
from polyrelax.cli.requests.request import Inputs
from polyrelax.cli.search.report import FORMAT, OPTIONAL_REPORT_KEYS, REPORT_KEYS
from polyrelax.cli.search.request import read_side
from polyrelax.cli.search.witness import OPTIONAL_KEYS, WITNESS_KEYS
from polyrelax.cli.terminal.naming import STANDARD_INPUT, naming, option_value
from polyrelax.cli.terminal.progress import Report, progress_bar
from polyrelax.cli.terminal.stop import Stop
from polyrelax.cli.terminal.worker import NEVER, Deadline, Tell, TimeUpError, here_if_quick
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
        found = _asked(report.fields(REPORT_KEYS, OPTIONAL_REPORT_KEYS)["question"])
    if given.input is None:
        raise UsageError(f"{source}: found a witness without its input set")
    return _witness(Problem(given.network, given.input), choices, found)


@dataclass
class Shrinking:
    """A witness, and a chain of it and smaller ones, all of them proved; it grows."""

    given: Witness
    chain: list[Witness] = field(default_factory=list)
    stop: Stop | None = None

    def hear(self, report: Report, witness: object) -> None:
        """Take in a witness that is proved."""
        assert isinstance(witness, Witness), "what is told is a witness"
        self.chain.append(witness)
        report(len(self.chain), f"{amount(witness.cost[0], 'neuron')}, size {witness.cost[2]}")

    @property
    def is_witness(self) -> bool:
        """Whether the given network is a witness, as far as is known."""
        return not self.chain or self.chain[0].gap > 0


def shrunk(witness: Witness, min_gap: str, until: Deadline = NEVER) -> Shrinking:
    """Return a witness and the smaller ones, as many as there is time and patience for."""
    found = Shrinking(witness)
    task = (witness, option_value("--min-gap", rational, min_gap))
    try:
        with progress_bar(None) as report:
            report(0, "the first bounds")
            here_if_quick(
                proved, task, quick=True, told=partial(found.hear, report), until=until
            )
    except TimeUpError:
        found.stop = Stop.TIME_UP
    except KeyboardInterrupt:
        if not found.chain:
            raise
        found.stop = Stop.INTERRUPTED  # each witness so far is proved
    return found


def proved(task: tuple[Witness, Fraction], tell: Tell) -> None:
    """Tell of a witness and of the smaller ones, as they are proved; for a worker."""
    witness, least = task
    _ = witness.gap  # found when first asked for, and kept by the witness
    tell(witness)
    for smaller in shrink(witness, min_gap=least):
        tell(smaller)


def _witness(problem: Problem, choices: Choices, default: Choices) -> Witness:
    return Witness(
        problem.network,
        problem.domain,
        choices.loose or default.loose or "p:1",
        choices.tight or default.tight or "exact",
        _side(choices.side, default.side),
    )


def _side(given: str | None, default: str | None) -> Side:
    """Return what the option says, or else what the report does."""
    if given is None:
        return read_side(default or Side.BOTH)
    return option_value("--side", read_side, given)


def _asked(question: Node) -> Choices:
    """Return what a search compares, which stands among other fields of its question."""
    names = ("loose", "tight", "side")
    others = set(question.value) - set(names) if isinstance(question.value, dict) else ()
    fields = question.fields(names, sorted(others))
    loose, tight, side = (fields[name].words() for name in names)
    return Choices(loose, tight, side, Inputs())


def _report(source: str) -> Node | None:
    """Return the report of a search, or ``None`` for any other file."""
    if source == STANDARD_INPUT or suffix(source) != ".json":
        return None
    with naming(source):
        node = parse(read_text(source))
    found = isinstance(node.value, dict) and node.value.get("format") == FORMAT
    return node if found else None


def _first(report: Node) -> object:
    witnesses = report.fields(REPORT_KEYS, OPTIONAL_REPORT_KEYS)["witnesses"].items()
    if not witnesses:
        raise report.error("found no witnesses, expected at least one")
    return witnesses[0].fields(WITNESS_KEYS, OPTIONAL_KEYS)["network"].value
