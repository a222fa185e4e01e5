"""The network and the property that a request names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.cli.requests.problem import problem_in, read_network, read_property
from polyrelax.cli.requests.request import Inputs
from polyrelax.cli.terminal.naming import naming
from polyrelax.errors import DimensionError, UsageError
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Case, Property, Row
from polyrelax.polytopes.polytope import Polytope

_NAME: Final = "Y_"


@dataclass(frozen=True)
class Asked:
    """What the arguments of the verb say."""

    net: str | None
    property_file: Path | None
    label: str | None
    greater: str | None
    inputs: Inputs

    @property
    def given(self) -> dict[str, object]:
        """The names of the arguments, and what they are given as."""
        named = {"NET": self.net, "PROPERTY": self.property_file}
        options = {"--label": self.label, "--greater": self.greater}
        return {**named, **options, **{f"--{name}": name for name in self.inputs.given}}


@dataclass(frozen=True)
class Files:
    """Where a certificate, the verdict for competitions, and the report go."""

    certificate: Path | None
    results: Path | None
    output: Path | None


@dataclass(frozen=True)
class Question:
    """A network and what must not occur."""

    net: str
    network: Network
    property_: Property


def require_kind(
    alone: Mapping[str, object], many: Mapping[str, object], *, is_list: bool
) -> None:
    """Refuse what is about one question with a list, and what is about many without one.

    >>> require_kind({"NET": "net.json"}, {"--jobs": 2}, is_list=False)
    Traceback (most recent call last):
    polyrelax.errors.UsageError: found --jobs, expected --list FILE with it
    """
    wrong = alone if is_list else many
    found = next((name for name, value in wrong.items() if value is not None), None)
    if found is not None:
        ending = "no such with --list" if is_list else "--list FILE with it"
        raise UsageError(f"found {found}, expected {ending}")


def requested(asked: Asked) -> Question:
    """Return the question of a request, all files read and all options understood."""
    if asked.net is None:
        raise UsageError("found no NET, expected one, or --list FILE")
    wanted = [asked.label, asked.greater]
    ways = [value for value in (asked.property_file, *wanted) if value is not None]
    if len(ways) != 1:
        raise UsageError(
            "expected a property in VNN-LIB, --label or --greater, and one of them"
        )
    if asked.property_file is not None and asked.inputs.given:
        raise UsageError(
            f"found a property and --{asked.inputs.given[0]}, expected one of them"
        )
    with naming(asked.net):
        given = read_network(asked.net)
    if asked.property_file is not None:
        return Question(
            asked.net, given.network, read_property(asked.property_file, given.network)
        )
    problem = problem_in(given, asked.net, asked.inputs)
    place = _place(asked.label, asked.greater, given.network.out_dim)
    return Question(asked.net, given.network, greatest(problem.network, problem.domain, place))


def _place(label: str | None, greater: str | None, out_dim: int) -> int:
    """Return which output is meant."""
    option, given = ("--label", label) if greater is None else ("--greater", greater)
    digits = (given or "").removeprefix(_NAME if greater is not None else "")
    named = greater is None or greater.startswith(_NAME)
    if not (named and digits.isascii() and digits.isdigit() and int(digits) < out_dim):
        ends = (
            (f"{_NAME}0", f"{_NAME}{out_dim - 1}") if greater is not None else (0, out_dim - 1)
        )
        raise UsageError(f"found {option} {given}, expected {ends[0]} to {ends[1]}")
    return int(digits)


def greatest(network: Network, inputs: Polytope, place: int) -> Property:
    """Return the property that an output is greater than all others.

    >>> from polyrelax.networks.network import network
    >>> plane = network(([[1], [0]], [0, 0]))
    >>> found = greatest(plane, Polytope.box([1], [2]), 1)
    >>> [str(row) for case in found.cases for row in case.rows]
    ['-y0 + y1 <= 0']
    """
    if network.out_dim < 2:
        raise DimensionError("found a network of one output, expected several")
    others = (j for j in range(network.out_dim) if j != place)
    rows = (Row((), tuple(sorted([(place, ONE), (j, -ONE)])), ZERO) for j in others)
    cases = tuple(Case(inputs, (row,)) for row in rows)
    return Property(network.in_dim, network.out_dim, cases)
