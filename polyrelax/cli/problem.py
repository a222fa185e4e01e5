"""The network and the input set that a request names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from polyrelax.arithmetic.rational import Vector, rational
from polyrelax.cli.output import note
from polyrelax.cli.request import Request
from polyrelax.cli.sets import read_set
from polyrelax.errors import (
    DimensionError,
    EmptySetError,
    FormatError,
    PolyrelaxError,
    UsageError,
)
from polyrelax.interop import network_json
from polyrelax.interop.opening import NETWORKS, decoded, opened, read_text, suffix
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope

STANDARD_INPUT: Final = "-"


@dataclass(frozen=True)
class Problem:
    """A network and the set of its inputs."""

    network: Network
    domain: Polytope


@dataclass(frozen=True)
class Box:
    """The ends of an input box as the options give them."""

    lower: str | None = None
    upper: str | None = None


def requested_problem(request: Request) -> Problem:
    """Return the problem that a request names."""
    return read_problem(request.net, Box(request.lower, request.upper), request.input_set)


def read_problem(net: str, box: Box, input_file: Path | None) -> Problem:
    """Return the problem of a network file, its inputs replaced if options say so."""
    _require_one_set(box, input_file)
    with naming(net):
        given = read_network(net)
    if input_file is not None:
        with naming(str(input_file)):
            return Problem(given.network, not_empty(read_set(input_file)))
    if box.lower is not None and box.upper is not None:
        return Problem(given.network, _box(box.lower, box.upper, given.network.in_dim))
    if given.input is None:
        raise UsageError(f"{net} names no input set; give --lower and --upper, or --input")
    with naming(net):
        return Problem(given.network, not_empty(given.input))


def not_empty(polytope: Polytope) -> Polytope:
    """Return a polytope that is bounded and has points, and raise an error for others."""
    if polytope.is_empty:
        raise EmptySetError("the set is empty, expected at least one point")
    _ = polytope.bounds  # finds a ray, if there is one
    return polytope


@contextmanager
def naming(source: str) -> Iterator[None]:
    """Say in every error which file it is about.

    >>> with naming("net.json"):
    ...     raise FormatError("found nothing")
    Traceback (most recent call last):
    polyrelax.errors.FormatError: net.json: found nothing
    """
    name = "standard input" if source == STANDARD_INPUT else source
    try:
        yield
    except PolyrelaxError as error:
        raise FormatError(str(error) if name in str(error) else f"{name}: {error}") from None


def read_standard_input() -> str:
    """Return the text on standard input."""
    return decoded(opened(sys.stdin.buffer.read()))


def _require_one_set(box: Box, input_file: Path | None) -> None:
    ends = [box.lower, box.upper]
    if input_file is not None and ends != [None, None]:
        raise UsageError("found --input and a box, expected one of them")
    if ends.count(None) == 1:
        missing = "--lower" if box.lower is None else "--upper"
        raise UsageError(f"found one end of a box, expected {missing} too")


def read_network(net: str) -> network_json.Problem:
    """Return the network in a file, with its input set if it names one."""
    if net == STANDARD_INPUT:
        return network_json.loads(read_standard_input())
    if suffix(net) != ".onnx":
        return network_json.loads(read_text(net, expected=NETWORKS))
    from polyrelax.interop import onnx  # noqa: PLC0415 -- an extra that JSON does not need

    reading = onnx.load(net)
    for line in reading.notes:
        note(line)
    return network_json.Problem(reading.network)


def _box(lower: str, upper: str, dim: int) -> Polytope:
    low, high = _ends("--lower", lower, dim), _ends("--upper", upper, dim)
    for j, (start, end) in enumerate(zip(low, high, strict=True)):
        if start > end:
            raise EmptySetError(f"found --lower {start} > --upper {end} at input {j}")
    return Polytope.box(low, high)


def _ends(option: str, content: str, dim: int) -> Vector:
    """Return the numbers of an option, one for each of ``dim`` inputs."""
    try:
        numbers = tuple(rational(part) for part in content.split(","))
    except PolyrelaxError as error:
        raise UsageError(f"{option}: {error}") from None
    if len(numbers) == 1:
        return numbers * dim
    if len(numbers) != dim:
        raise DimensionError(
            f"{option}: found {len(numbers)} numbers, the network reads {dim} values"
        )
    return numbers
