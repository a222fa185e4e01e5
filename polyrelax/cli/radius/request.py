"""What ``polyrelax radius`` is asked: images with labels, a method, how far and how exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import rational
from polyrelax.arithmetic.words import amount
from polyrelax.cli.requests.inputs import clip_interval
from polyrelax.cli.requests.problem import read_network
from polyrelax.cli.terminal.naming import naming, option_value
from polyrelax.errors import DimensionError, UsageError
from polyrelax.networks.layers import rectified
from polyrelax.networks.network import Network
from polyrelax.verification.balls import Labelled
from polyrelax.verification.radii import Method, method_named

_LARGEST_TOLERANCE = 1


@dataclass(frozen=True)
class Survey:
    """Images of a network, and what is to be found of each: radii, or verdicts at some."""

    network: Network
    points: tuple[Labelled, ...]
    method: Method
    tolerance: Fraction | None
    radii: tuple[Fraction, ...]
    certificates: Path | None


@dataclass(frozen=True)
class Files:
    """The files that options name."""

    net: str
    images: Path
    labels: Path | None
    certificates: Path | None


@dataclass(frozen=True)
class Wanted:
    """What options say of the method and its radii, as it is given."""

    method: str
    clip: str | None
    tolerance: str | None
    epsilon: tuple[str, ...]


def requested_survey(files: Files, wanted: Wanted) -> Survey:
    """Return what is asked for, all files read and all options understood."""
    method = method_named(wanted.method)
    clip = None if wanted.clip is None else clip_interval(wanted.clip)
    radii = tuple(map(_radius, wanted.epsilon))
    if radii and wanted.tolerance is not None:
        raise UsageError("found --tolerance with --epsilon, expected one of them")
    tolerance = None if wanted.tolerance is None else _tolerance(wanted.tolerance)
    with naming(files.net):
        network = read_network(files.net).network
        for layer in network.layers:
            rectified(layer)
    points = tuple(_points(network, files.images, files.labels, clip))
    return Survey(network, points, method, tolerance, radii, files.certificates)


def _radius(text: str) -> Fraction:
    value = option_value("--epsilon", rational, text)
    if value < 0:
        raise UsageError(f"found --epsilon {text}, expected at least 0")
    return value


def _tolerance(text: str) -> Fraction:
    value = option_value("--tolerance", rational, text)
    if not 0 < value <= _LARGEST_TOLERANCE:
        raise UsageError(f"found --tolerance {text}, expected a number above 0, at most 1")
    return value


def _points(
    network: Network, images: Path, labels: Path | None, clip: Interval | None
) -> Iterator[Labelled]:
    from polyrelax.interop import points  # noqa: PLC0415 -- NumPy

    with naming(str(images)):
        found = points.read(images, network.in_dim)
        centers = [found.point(index) for index in range(found.count)]
    given = [None] * len(centers) if labels is None else _labels(labels, network, len(centers))
    for index, (center, label) in enumerate(zip(centers, given, strict=True)):
        with naming(f"image {index} of {images}"):
            yield Labelled.of(network, center, label, clip=clip)


def _labels(path: Path, network: Network, count: int) -> Sequence[int | None]:
    from polyrelax.interop import labels  # noqa: PLC0415 -- NumPy

    with naming(str(path)):
        found = labels.read(path)
        if len(found) != count:
            raise DimensionError(
                f"found {amount(len(found), 'label')}, expected one for each of {count}"
            )
        wrong = [label for label in found if not 0 <= label < network.out_dim]
        if wrong:
            expected = f"0 to {network.out_dim - 1}, the network's classes"
            raise DimensionError(f"found the label {wrong[0]}, expected {expected}")
    return found
