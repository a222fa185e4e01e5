"""The network and the sets of inputs that a request names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from polyrelax.arithmetic.words import amount
from polyrelax.cli.requests.inputs import named_sets
from polyrelax.cli.requests.request import Inputs, Request
from polyrelax.cli.requests.sets import Sets
from polyrelax.cli.terminal.naming import STANDARD_INPUT, naming, read_standard_input
from polyrelax.cli.terminal.output import note
from polyrelax.errors import DimensionError, EmptySetError, UsageError
from polyrelax.interop import network_json, vnnlib
from polyrelax.interop.opening import NETWORKS, read_text, suffix
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Property, difference
from polyrelax.polytopes.polytope import Polytope


@dataclass(frozen=True)
class Problem:
    """A network and the set of its inputs."""

    network: Network
    domain: Polytope


@dataclass(frozen=True)
class Cases:
    """A network and one or more sets of its inputs, each with its number in the file."""

    network: Network
    domains: tuple[tuple[int, Polytope], ...]
    notes: tuple[str, ...] = ()

    def problems(self) -> Iterator[tuple[int, Problem]]:
        """Yield the problem of each set, with its number."""
        for number, domain in self.domains:
            yield number, Problem(self.network, domain)


def requested_cases(request: Request) -> Cases:
    """Return what a request names, one set of inputs or several."""
    return _noted(read_cases(request.net, request.inputs))


def requested_problem(request: Request) -> Problem:
    """Return the problem that a request names, which must be one."""
    return read_problem(request.net, request.inputs)


def read_problem(net: str, inputs: Inputs) -> Problem:
    """Return the problem of a network file, its inputs replaced if options say so."""
    with naming(net):
        given = read_network(net)
    return problem_in(given, net, inputs)


def problem_in(given: network_json.Problem, net: str, inputs: Inputs) -> Problem:
    """Return the problem of what a network file holds, as :func:`read_problem` does."""
    cases = _cases_in(given, net, inputs)
    with naming(str(inputs.input_set or net)):
        problem = only_problem(cases)
    _noted(cases)
    return problem


def only_problem(cases: Cases) -> Problem:
    """Return the problem of a network and its one set of inputs."""
    return Problem(cases.network, _only(cases.domains))


def only_set(sets: Sets, inputs: Inputs) -> Polytope:
    """Return the set that options name, which must be one and may be empty."""
    with naming(str(inputs.input_set or "the inputs")):
        return _only(_chosen(sets.polytopes, inputs.case))


def read_cases(net: str, inputs: Inputs) -> Cases:
    """Return the network of a file and its sets of inputs, or those that options name."""
    with naming(net):
        given = read_network(net)
    return _cases_in(given, net, inputs)


def _cases_in(given: network_json.Problem, net: str, inputs: Inputs) -> Cases:
    sets = named_sets(inputs, given.network.in_dim)
    if not sets.polytopes and given.input is not None:
        sets = Sets((given.input,))
    if not sets.polytopes:
        ways = "--lower and --upper, --input, or --center and --epsilon"
        raise UsageError(f"{net} names no input set; give {ways}")
    with naming(str(inputs.input_set or net)):
        for each in sets.polytopes:
            _require_dim(each, given.network)
        chosen = _chosen(sets.polytopes, inputs.case)
        domains = _with_points(chosen)
    empty = len(chosen) - len(domains)
    verb = "is" if empty == 1 else "are"
    left_out = (f"{empty} of {len(chosen)} sets of inputs {verb} empty",) if empty else ()
    notes = (*_other_outputs(sets, given.network), *sets.notes, *left_out)
    return Cases(given.network, domains, notes)


def not_empty(polytope: Polytope) -> Polytope:
    """Return a polytope that is bounded and has points, and raise an error for others."""
    if polytope.is_empty:
        raise EmptySetError("the set is empty, expected at least one point")
    _ = polytope.bounds  # finds a ray, if there is one
    return polytope


def read_network(net: str) -> network_json.Problem:
    """Return the network in a file, with its input set if it names one.

    ``NET.onnx#TENSOR`` is a file's network up to one of its tensors.
    """
    if net == STANDARD_INPUT:
        return network_json.loads(read_standard_input())
    file, tensor = address(net)
    if suffix(file) != ".onnx":
        return network_json.loads(read_text(net, expected=NETWORKS))
    from polyrelax.interop import onnx  # noqa: PLC0415 -- an extra that JSON does not need

    reading = onnx.load(file, output=tensor)
    for line in reading.notes:
        note(line)
    return network_json.Problem(reading.network)


def read_property(path: Path, network: Network) -> Property:
    """Return the property in a file, of the network's dimensions."""
    with naming(str(path)):
        found = vnnlib.read(path)
        other = difference(found, network)
        if other is not None:
            raise DimensionError(f"found {other}")
    return found


def address(net: str) -> tuple[str, str | None]:
    """Return the file of a network, and the tensor that it is read up to.

    >>> address("net.onnx#relu1"), address("net.onnx")
    (('net.onnx', 'relu1'), ('net.onnx', None))
    """
    file, mark, tensor = net.partition("#")
    return (file, tensor) if mark and not Path(net).exists() else (net, None)


def _require_dim(domain: Polytope, network: Network) -> None:
    if domain.dim != network.in_dim:
        raise DimensionError(
            f"found inputs of dimension {domain.dim}, the network reads "
            f"{amount(network.in_dim, 'value')}"
        )


def _other_outputs(sets: Sets, network: Network) -> Iterator[str]:
    """Yield a line if a property declares other outputs than those of the network."""
    declared, found = sets.out_dim, network.out_dim
    if declared not in {0, found}:
        yield f"outputs that the property declares: {declared}, of the network: {found}"


def _noted(cases: Cases) -> Cases:
    for line in cases.notes:
        note(line)
    return cases


def _only(sets: tuple[tuple[int, Polytope], ...]) -> Polytope:
    if len(sets) != 1:
        numbers = f"{sets[0][0]} to {sets[-1][0]}"
        raise UsageError(
            f"found {amount(len(sets), 'set')} of inputs, expected one: add --case N, {numbers}"
        )
    return sets[0][1]


def _chosen(sets: tuple[Polytope, ...], case: int | None) -> tuple[tuple[int, Polytope], ...]:
    """Return the sets with their numbers from one, or that with the number of ``--case``."""
    numbered = tuple(enumerate(sets, start=1))
    if case is None:
        return numbered
    if not 1 <= case <= len(sets):
        raise UsageError(f"found --case {case}, expected 1 to {len(sets)}")
    return (numbered[case - 1],)


def _with_points(sets: tuple[tuple[int, Polytope], ...]) -> tuple[tuple[int, Polytope], ...]:
    """Return the sets that are not empty, of which there must be one."""
    found = tuple((number, each) for number, each in sets if not each.is_empty)
    if not found:
        raise EmptySetError("the set is empty, expected at least one point")
    return tuple((number, not_empty(each)) for number, each in found)
