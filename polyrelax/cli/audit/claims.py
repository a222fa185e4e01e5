"""The counterexamples that a request names: one file, a list, or a folder of results.

A list names its files relative to itself.  In a folder as the competition publishes it,
``TOOL/BENCHMARK/NET_PROPERTY.counterexample.gz``, networks and properties are looked for below
``--benchmarks``: a file is about the network and property whose names, joined, are its own.
Where a folder has ``results.csv``, each of its violated properties must have such a file.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from polyrelax.cli.terminal.naming import naming
from polyrelax.errors import FormatError, PolyrelaxError, UsageError
from polyrelax.interop import claimed_verdicts, witnesses
from polyrelax.interop.claimed_verdicts import ClaimedVerdict
from polyrelax.interop.opening import read_text
from polyrelax.interop.witnesses import NAMES, Claimed, Listed

_RESULTS: Final = "results.csv"
_NETWORKS: Final = (".onnx", ".onnx.gz")
_PROPERTIES: Final = (".vnnlib", ".vnnlib.gz")


@dataclass(frozen=True)
class Claim:
    """Points that are claimed to violate a property of a network, which files hold.

    They are in ``file`` unless they are given already; ``fault`` says why there are none.
    """

    name: str
    tool: str | None
    network: Path
    property: Path
    file: Path | None = None
    claimed: tuple[Claimed, ...] = ()
    fault: str | None = None


@dataclass(frozen=True)
class Named:
    """What the options of a request name."""

    source: Path
    network: Path | None
    property: Path | None
    benchmarks: Path | None


def requested_claims(named: Named) -> tuple[Claim, ...]:
    """Return the claims of a request, in order; a folder without any is refused."""
    if named.source.is_dir():
        _refuse(named, "a folder", network=named.network, property=named.property)
        return tuple(_in_folder(named.source, named.benchmarks))
    given = _list(named.source)
    if given is not None:
        _refuse(named, "a list", network=named.network, property=named.property)
        folder = named.benchmarks or named.source.parent
        return tuple(_of_entry(entry, folder) for entry in given)
    if named.network is None or named.property is None:
        raise UsageError(f"{named.source} is no list; give --network NET and --property FILE")
    _refuse(named, "one file", benchmarks=named.benchmarks)
    claim = Claim(str(named.source), None, named.network, named.property, named.source)
    return (claim,)


def _refuse(named: Named, what: str, **options: Path | None) -> None:
    for option, value in options.items():
        if value is not None:
            raise UsageError(f"found --{option} with {what}, {named.source}, expected no such")


def _list(path: Path) -> tuple[Listed, ...] | None:
    """Return the entries of a file if it is a list."""
    with naming(str(path)):
        try:
            text = read_text(path)
        except FormatError:  # an array, which has points of its own
            return None
        return witnesses.read_list(text) if witnesses.is_list(text) else None


def _of_entry(entry: Listed, folder: Path) -> Claim:
    name = f"{entry.tool} {entry.network} {entry.property}"
    network, property_ = folder / entry.network, folder / entry.property
    return Claim(name, entry.tool, network, property_, None, entry.claimed, entry.fault)


def _in_folder(folder: Path, benchmarks: Path | None) -> Iterator[Claim]:
    files = list(witnesses.found_in(folder))
    without = tuple(_without_files(folder, files))
    if not (files or without):
        ends = " or ".join(f"*{end}" for end in witnesses.NAMES)
        raise UsageError(f"found no {ends} in {folder}, expected at least one")
    if benchmarks is None:
        raise UsageError(f"{folder} is a folder; give --benchmarks DIR with the networks")
    nets, properties = _named(benchmarks, _NETWORKS), _named(benchmarks, _PROPERTIES)
    for file in files:
        yield _of_file(file, folder, nets, properties)
    yield from without


def _without_files(folder: Path, files: Sequence[Path]) -> Iterator[Claim]:
    """Yield violations in lists of results that have no file, and lines that are none."""
    for listed in sorted(folder.rglob(_RESULTS)):
        place = listed.relative_to(folder)
        tool = place.parts[0] if len(place.parts) > 1 else None
        beside = [file for file in files if file.is_relative_to(listed.parent)]
        known = {file.name.partition(NAMES[0])[0] for file in beside}
        try:
            with naming(str(listed)):
                lines = claimed_verdicts.read(listed)
        except PolyrelaxError as error:
            yield Claim(str(place), tool, Path(), Path(), fault=str(error))
            continue
        for line in lines:
            if fault := line.fault or _missing(line, known):
                name = f"{place} line {line.number}"
                yield Claim(name, tool, Path(line.network), Path(line.property), fault=fault)


def _missing(line: ClaimedVerdict, known: Container[str]) -> str | None:
    """Return what is wrong with a violation whose counterexample is not known."""
    ends = ((line.network, _NETWORKS[0]), (line.property, _PROPERTIES[0]))
    names = (Path(name).name.removesuffix(".gz").removesuffix(end) for name, end in ends)
    stem = "_".join(names)
    if line.claim is not claimed_verdicts.Claim.VIOLATED or stem in known:
        return None
    return f"found a violation without a counterexample, expected {stem}{NAMES[0]}"


def _named(folder: Path, ends: Sequence[str]) -> dict[str, list[Path]]:
    """Return the files below a folder by their names without the ends."""
    found: dict[str, list[Path]] = {}
    for end in ends:
        for path in sorted(folder.rglob(f"*{end}")):
            found.setdefault(path.name.removesuffix(end), []).append(path)
    return found


def _of_file(
    file: Path,
    folder: Path,
    nets: dict[str, list[Path]],
    properties: dict[str, list[Path]],
) -> Claim:
    place = file.relative_to(folder)
    stem = file.name.partition(".counterexample")[0]
    splits = [(net, stem[len(net) + 1 :]) for net in nets if stem.startswith(f"{net}_")]
    pairs = [
        (network, property_)
        for net, rest in splits
        for network in _beside(nets[net], place)
        for property_ in _beside(properties.get(rest, ()), place)
    ]
    tool = place.parts[0] if len(place.parts) > 1 else None
    if len(pairs) == 1:
        return Claim(str(place), tool, *pairs[0], file)
    found = f"found {len(pairs)} pairs of a network and a property that it may be about"
    return Claim(str(place), tool, Path(), Path(), fault=f"{found}, expected one")


def _beside(paths: Iterable[Path], place: Path) -> list[Path]:
    """Return the paths below a folder that is named as the benchmark is, else all."""
    paths = list(paths)
    benchmark = place.parts[-2] if len(place.parts) > 1 else ""
    own = [path for path in paths if benchmark in path.parts]
    return own or paths
