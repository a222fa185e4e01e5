"""Claims replayed, network by network, past what is wrong with some."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import groupby
from pathlib import Path

from polyrelax.arithmetic.rational import Vector
from polyrelax.audit.readings import Reading, read_as
from polyrelax.audit.witnesses import Replay, Score, Validity, projected, require_about
from polyrelax.cli.audit.claims import Claim
from polyrelax.cli.requests.problem import read_network
from polyrelax.cli.terminal.failures import describe
from polyrelax.cli.terminal.naming import naming
from polyrelax.cli.terminal.stop import Stop, taken
from polyrelax.cli.terminal.worker import Deadline
from polyrelax.errors import PolyrelaxError, TooLargeError
from polyrelax.interop import vnnlib, witnesses
from polyrelax.interop.witnesses import Claimed
from polyrelax.networks.integer_points import IntegerPoints, values_at
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Property


@dataclass(frozen=True)
class Point:
    """A point as it is written, as floats read it, and how far its outputs are off."""

    replay: Replay
    readings: dict[Reading, Validity | None]
    off: Fraction | None
    repaired: Vector | None


@dataclass(frozen=True)
class Result:
    """What became of a claim: its points, or a fault."""

    claim: Claim
    points: tuple[Point, ...] = ()
    fault: str | None = None

    @property
    def best(self) -> Replay | None:
        """The point that is nearest to being a counterexample; ``None`` if it is malformed."""
        order, replays = list(Validity), (point.replay for point in self.points)
        return min(replays, key=lambda replay: order.index(replay.validity), default=None)

    @property
    def validity(self) -> Validity | None:
        """What the claim is by the best of its points; ``None`` if it is malformed."""
        return None if self.best is None else self.best.validity

    @property
    def is_valid(self) -> bool:
        """Whether one of the points is a valid counterexample."""
        return self.validity is Validity.VALID

    def score(self, tolerance: Fraction) -> Score:
        """Return what the claim is up to a tolerance, by the best of its points."""
        found = {point.replay.score(tolerance) for point in self.points}
        return next((score for score in Score if score in found), Score.WRONG)

    @property
    def is_repaired(self) -> bool:
        """Whether the projection of a point on the inputs is a valid counterexample."""
        return any(point.repaired is not None for point in self.points)


@dataclass
class Audit:
    """The results so far, each with its place among the claims; it grows."""

    claims: Sequence[Claim]
    results: dict[int, Result] = field(default_factory=dict)
    stop: Stop | None = None

    @property
    def ordered(self) -> tuple[Result, ...]:
        """The results in the order of their claims."""
        return tuple(result for _, result in sorted(self.results.items()))

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of the claims that were not replayed."""
        return tuple(claim.name for k, claim in enumerate(self.claims) if k not in self.results)


def audited(claims: Sequence[Claim], until: Deadline) -> Audit:
    """Return what becomes of claims, those that there is time for."""
    audit = Audit(claims)
    places = sorted(range(len(claims)), key=lambda k: str(claims[k].network))
    found, expected = _results(claims, places), (len(claims), "counterexamples")
    audit.stop = taken(found, lambda each: audit.results.update([each]), expected, until)
    return audit


def _results(claims: Sequence[Claim], places: Sequence[int]) -> Iterator[tuple[int, Result]]:
    read = cache(vnnlib.read)  # a property is often one of many networks
    for path, group in groupby(places, key=lambda k: claims[k].network):
        yield from _of_network(path, {k: claims[k] for k in group}, read)


def _of_network(
    path: Path, claims: dict[int, Claim], read: Callable[[Path], Property]
) -> Iterator[tuple[int, Result]]:
    """Yield the results about one network, whose outputs at all points are found at once."""
    given: dict[int, tuple[Property, tuple[Claimed, ...]]] = {}
    faults = {k: claim.fault for k, claim in claims.items() if claim.fault is not None}
    network: Network | None = None
    for k, claim in claims.items():
        if k in faults:
            continue
        try:
            network = network or _network(path)
            given[k] = _points(claim, network, read)
        except (PolyrelaxError, OSError) as error:
            faults[k] = describe(error)
    found = {} if network is None else _replayed(network, given)
    for k, claim in claims.items():
        yield k, Result(claim, found.get(k, ()), faults.get(k))


def _network(path: Path) -> Network:
    with naming(str(path)):
        return read_network(str(path)).network


def _points(
    claim: Claim, network: Network, read: Callable[[Path], Property]
) -> tuple[Property, tuple[Claimed, ...]]:
    """Return the property and the points of a claim, of the network's dimensions."""
    with naming(str(claim.property)):
        property_ = read(claim.property)
        require_about(network, property_)
    if claim.file is not None:
        with naming(str(claim.file)):
            return property_, witnesses.read(claim.file, network.in_dim, network.out_dim)
    for each in claim.claimed:
        witnesses.require_dimensions(each, network.in_dim, network.out_dim)
    return property_, claim.claimed


def _replayed(
    network: Network, given: dict[int, tuple[Property, tuple[Claimed, ...]]]
) -> dict[int, tuple[Point, ...]]:
    points = [each.point for _, claimed in given.values() for each in claimed]
    read = {(x, reading): _read(x, reading) for x in points for reading in Reading}
    inputs = list(dict.fromkeys(x for x in read.values() if x is not None))
    outputs = values_at(network, IntegerPoints.of(inputs)).vectors() if inputs else ()
    values = dict(zip(inputs, outputs, strict=True))
    return {
        k: tuple(_point(network, property_, each, read, values) for each in found)
        for k, (property_, found) in given.items()
    }


def _read(point: Vector, reading: Reading) -> Vector | None:
    try:
        return read_as(point, reading)
    except TooLargeError:
        return None


def _point(
    network: Network,
    property_: Property,
    claimed: Claimed,
    read: dict[tuple[Vector, Reading], Vector | None],
    values: dict[Vector, Vector],
) -> Point:
    taken = {reading: read[claimed.point, reading] for reading in Reading}
    found = {
        reading: None if x is None else Replay.of(property_, x, values[x])
        for reading, x in taken.items()
    }
    replay = found[Reading.EXACT]
    assert replay is not None, "every point is read as it is written"
    apart = zip(claimed.outputs or (), replay.outputs, strict=False)
    is_valid = replay.validity is Validity.VALID
    return Point(
        replay,
        {reading: one and one.validity for reading, one in found.items()},
        max((abs(a - b) for a, b in apart), default=None),
        None if is_valid else projected(network, property_, claimed.point),
    )
