"""Verdicts on ACAS Xu: ``python benchmarks/acasxu.py [--data ../shared/data] [--all]``.

Without ``--all``, networks 1_1, 2_1 and 3_3 and properties 1 to 4; with it, all networks of
the data and properties 1 to 4, and 5 to 10 on their networks.  For each instance: the verdict,
the leaves of the proof, the seconds from the parsed network to the verdict and its proof in
memory, the size of the certificate and of its own part (without the network), and with
``--check`` the seconds that ``check.py`` takes.  Seconds are of the processor; ``--limit`` is
how long one instance may take.  ``-o FILE`` writes each line as JSON when it is found, and
goes on behind the lines that FILE has.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

from polyrelax.certificates.check import examined
from polyrelax.interop import onnx, vnnlib
from polyrelax.verification.verdict_certificates import certificate
from polyrelax.verification.verdicts import Holds, Unknown, Violated
from polyrelax.verification.verify import verified

NETWORKS = ("1_1", "2_1", "3_3")
EVERYWHERE = (1, 2, 3, 4)
PLACES = {5: "1_1", 6: "1_1", 7: "1_9", 8: "2_9", 9: "3_3", 10: "4_5"}
PREFIX = "ACASXU_run2a_"


def instances(data: Path, *, every: bool) -> Iterator[tuple[str, int]]:
    """Yield networks and properties."""
    names = [path.stem.removeprefix(PREFIX) for path in sorted(data.glob(f"{PREFIX}*.onnx"))]
    for name in names if every else NETWORKS:
        yield from ((name, k) for k in EVERYWHERE)
    if every:
        yield from ((name, k) for k, name in PLACES.items() if name in names)


def line(data: Path, name: str, number: int, options: argparse.Namespace) -> dict[str, object]:
    """Return what is found of one instance."""
    network = onnx.read(data / f"{PREFIX}{name}.onnx")
    property_ = vnnlib.read(data / f"prop_{number}.vnnlib")
    start = time.process_time()
    end = start + options.limit
    found = verified(network, property_, ended=lambda: time.process_time() > end)
    seconds = time.process_time() - start
    told: dict[str, object] = {"network": name, "property": number, "verdict": found.word}
    told["seconds"] = round(seconds, 3)
    if isinstance(found, Unknown):
        return {**told, "share": float(found.share)}
    if isinstance(found, Holds):
        told["leaves"] = sum(tree.leaves for tree in found.trees if tree is not None)
    if isinstance(found, Violated):
        told["kind"] = found.kind
    made = certificate(network, property_, found)
    if made is None:
        return told
    told["bytes"], told["bytes_of_proof"] = len(made), len(made.partition("\n")[2])
    if options.check:
        start = time.process_time()
        examined(made, is_limited=False)
        told["seconds_to_check"] = round(time.process_time() - start, 1)
    return told


def main() -> None:
    """Print a line for each instance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--limit", type=float, default=60.0)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    folder = options.data / "acasxu"
    if not folder.is_dir():
        parser.error(f"found no folder {folder}, expected ACAS Xu there: give --data")
    done = set()
    if options.output is not None and options.output.exists():
        known = map(json.loads, options.output.read_text().splitlines())
        done = {(each["network"], each["property"]) for each in known}
    first = True
    for name, number in instances(folder, every=options.all):
        if (name, number) in done:
            continue
        if first:
            line(folder, name, 4, options)  # loads or compiles what all need
            first = False
        text = json.dumps(line(folder, name, number, options))
        print(text, flush=True)
        if options.output is not None:
            with options.output.open("a") as file:
                file.write(text + "\n")


if __name__ == "__main__":
    main()
