"""Networks, properties, programs, bounds and points, as the formats want them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final

import numpy as np

from polyrelax.arithmetic.outward import enclosing
from polyrelax.arithmetic.rational import ONE, SparseVector
from polyrelax.arithmetic.words import amount
from polyrelax.cli.export.request import Request, require_output
from polyrelax.cli.requests.problem import (
    Problem,
    address,
    problem_in,
    read_network,
    read_problem,
    read_property,
)
from polyrelax.cli.requests.request import Request as RunRequest
from polyrelax.cli.runs.run import run_until_stopped
from polyrelax.cli.terminal.decimals import rounded as near
from polyrelax.cli.terminal.naming import naming
from polyrelax.cli.terminal.output import emit, emit_bytes, note
from polyrelax.cli.terminal.stop import end, time_limit
from polyrelax.errors import InexactInputError, UsageError
from polyrelax.interop import mps, network_json, smtlib, vnnlib, witnesses
from polyrelax.interop.opening import suffix
from polyrelax.interop.vnnlib.writing import multiples
from polyrelax.interop.witnesses import Claimed
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Case, Property
from polyrelax.relaxations.trace import Trace
from polyrelax.relaxations.written_program import (
    WrittenProgram,
    require_family,
    written_program,
)


def answer(request: Request) -> None:
    """Write what a request asks for."""
    place = require_output(request.target, request.output)
    content = _WRITERS[request.target](request)
    if isinstance(content, str):
        emit(content.removesuffix("\n"), place)
    elif place is not None:
        emit_bytes(content, place)


def _onnx(request: Request) -> bytes:
    from polyrelax.interop import onnx  # noqa: PLC0415 -- an extra that others do not need

    network = _network(request)
    if "--round" in request.given:
        network = _rounded(request, network)
    with naming(request.net):
        try:
            return onnx.dumps(network, request.width)
        except InexactInputError as error:
            raise UsageError(f"{error}; --round takes the nearest") from None


def _rounded(request: Request, network: Network) -> Network:
    """Return a network in floats, and say what has changed."""
    from polyrelax.interop.onnx.rounding import rounded  # noqa: PLC0415 -- an extra

    with naming(request.net):
        found = rounded(network, request.width)
    if found.changed:
        numbers = f"{found.changed} of {amount(found.count, 'number')}"
        most = f"by at most {near(found.greatest)}"
        note(f"{numbers} rounded to {request.width}, {most}: another network is written")
    return found.network


def _json(request: Request) -> str:
    with naming(request.net):
        given = read_network(request.net)
    if request.inputs.given:
        problem = problem_in(given, request.net, request.inputs)
        given = network_json.Problem(problem.network, problem.domain)
    return network_json.dumps(given)


def _vnnlib(request: Request) -> str:
    _, property_ = _question(request)
    count = multiples(property_.input_sets())
    if count:
        note(
            f"{amount(count, 'bound')} of inputs that no finite decimal is: written as bounds "
            "of multiples, which some programs do not read"
        )
    if request.target == "vnnlib":
        return vnnlib.dumps(property_)
    return vnnlib.dumps(property_, 2, _shapes(request.net))


def _shapes(net: str) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Return the shapes of the input and the output of an ONNX file that has one of each."""
    file, tensor = address(net)
    if suffix(file) != ".onnx":
        return None
    from polyrelax.interop import onnx  # noqa: PLC0415 -- an extra that others do not need

    reading = onnx.load(file, output=tensor)
    if len(reading.inputs) != 1 or len(reading.outputs) != 1:
        return None
    return reading.inputs[0].shape, reading.outputs[0].shape


def _mps(request: Request) -> str:
    written = _program(request)
    names = [request.text(option) for option in ("--maximize", "--minimize")]
    chosen = next((name for name in names if name is not None), None)
    costs = () if chosen is None else _objective(written, chosen)
    return mps.dumps(written.program, written.names, costs, maximize=names[0] is not None)


def _objective(written: WrittenProgram, name: str) -> SparseVector:
    outputs = [known for known in written.names if known.startswith("Y_")]
    if name not in outputs:
        raise UsageError(f"found the objective {name}, expected {outputs[0]} to {outputs[-1]}")
    return ((written.column(name), ONE),)


def _smtlib(request: Request) -> str:
    if "-r" in request.given:
        return smtlib.program_script(_program(request))
    return smtlib.property_script(*_question(request))


def _npy(request: Request) -> bytes:
    _, trace = _trace(request)
    buffer = BytesIO()
    np.save(buffer, np.stack(enclosing(trace.output, request.width), axis=1))
    return buffer.getvalue()


def _counterexample(request: Request) -> str:
    problem = _problem(request)
    point = tuple(z.lower for z in problem.domain.bounds)
    if any(z.width for z in problem.domain.bounds):
        raise UsageError("found a set of inputs, expected one point: --center with --epsilon 0")
    outputs = problem.network(point)
    file = request.property_file
    if file is not None:
        occurs = read_property(file, problem.network).case_at(point, outputs)
        if occurs is None:
            raise UsageError(f"the point violates nothing in {file}, expected a counterexample")
    return witnesses.dumps(Claimed(point, outputs))


def _network(request: Request) -> Network:
    with naming(request.net):
        return read_network(request.net).network


def _problem(request: Request) -> Problem:
    return read_problem(request.net, request.inputs)


def _question(request: Request) -> tuple[Network, Property]:
    """Return the network and the property of a request, which may be its inputs alone."""
    if request.property_file is not None:
        network = _network(request)
        return network, read_property(request.property_file, network)
    problem = _problem(request)
    network, case = problem.network, Case(problem.domain)
    return network, Property(network.in_dim, network.out_dim, (case,))


def _program(request: Request) -> WrittenProgram:
    require_family(_relaxation(request))
    problem, trace = _trace(request)
    return written_program(trace, problem.domain)


def _relaxation(request: Request) -> str:
    return request.text("-r") or "triangle"


def _trace(request: Request) -> tuple[Problem, Trace]:
    until = time_limit(request.text("--time"))
    problem = _problem(request)
    asked = RunRequest(request.net, [_relaxation(request)], bits=request.text("--bits"))
    runs = run_until_stopped(problem, asked, until)
    end(runs.stop, runs.missing, runs.error)
    return problem, runs.finished[0].trace


_WRITERS: Final[Mapping[str, Callable[[Request], str | bytes]]] = {
    "onnx": _onnx,
    "json": _json,
    "vnnlib": _vnnlib,
    "vnnlib2": _vnnlib,
    "mps": _mps,
    "smtlib": _smtlib,
    "npy": _npy,
    "counterexample": _counterexample,
}
