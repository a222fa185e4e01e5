"""Verdicts on ACAS Xu: ``python benchmarks/acasxu.py --into DIR [--data DATA] [--all]``.

Without ``--all``, networks 1_1, 2_1 and 3_3 and properties 1 to 4; with it, all networks of
the data and properties 1 to 4, and 5 to 10 on their networks.  ``polyrelax verify --list``
decides them, on ``--jobs`` processes and ``--limit`` seconds each, and keeps verdicts and
certificates in ``DIR``, where the same command goes on.  For each instance: the verdict, the
leaves of the proof, the seconds of the processor from the files to the verdict and its proof,
the size of the certificate and of its own part (without the network), and with ``--check`` the
seconds that ``check.py`` takes.  ``--published FILE``, repeatable, are results of other tools
as competitions publish them: verdicts that are others are listed, and the status is 1 then.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from polyrelax.certificates.check import examined
from polyrelax.cli import main as polyrelax

NETWORKS = ("1_1", "2_1", "3_3")
EVERYWHERE = (1, 2, 3, 4)
PLACES = {5: "1_1", 6: "1_1", 7: "1_9", 8: "2_9", 9: "3_3", 10: "4_5"}
PREFIX = "ACASXU_run2a_"
WORDS = {"sat": "violated", "unsat": "holds"}

Key = tuple[str, int]


def instances(data: Path, *, every: bool) -> Iterator[Key]:
    """Yield networks and properties."""
    names = [path.stem.removeprefix(PREFIX) for path in sorted(data.glob(f"{PREFIX}*.onnx"))]
    for name in names if every else NETWORKS:
        yield from ((name, k) for k in EVERYWHERE)
    if every:
        yield from ((name, k) for k, name in PLACES.items() if name in names)


def files(data: Path, key: Key) -> tuple[Path, Path]:
    """Return the files of an instance."""
    return data / f"{PREFIX}{key[0]}.onnx", data / f"prop_{key[1]}.vnnlib"


def decided(
    data: Path, keys: list[Key], options: argparse.Namespace
) -> list[dict[str, object]]:
    """Return what ``polyrelax verify`` says of instances, in their order."""
    place: Path = options.into
    place.mkdir(exist_ok=True)
    paths = (",".join(str(path.resolve()) for path in files(data, key)) for key in keys)
    lines = "".join(f"{each},{options.limit}\n" for each in paths)
    (place / "instances.csv").write_text(lines)
    kept = ["--store", place / "store", "--certificates", place / "certificates"]
    report = ["--format", "json", "-o", place / "verdicts.json"]
    jobs = ["--jobs", options.jobs]
    asked = ["verify", "--list", place / "instances.csv", *kept, *jobs, *report]
    polyrelax([str(each) for each in asked])
    found: list[dict[str, object]] = json.loads((place / "verdicts.json").read_text())[
        "results"
    ]
    return found


def seconds(store: Path) -> dict[tuple[str, str], str]:
    """Return the seconds of the processor that instances took, by the hashes of their files."""
    records = map(json.loads, store.read_text().splitlines()[1:])
    return {(each["network"], each["property"]): each["seconds"] for each in records}


def line(key: Key, found: dict[str, object], options: argparse.Namespace) -> dict[str, object]:
    """Return what is printed of one instance, but for its seconds."""
    told = {"network": key[0], "property": key[1], "verdict": found.get("verdict")}
    told |= {name: found[name] for name in ("fault", "share", "kind") if name in found}
    leaves = found.get("leaves")
    if isinstance(leaves, list):
        told["leaves"] = sum(filter(None, leaves))
    if found.get("certificate"):
        made = (options.into / "certificates" / str(found["certificate"])).read_text()
        told["bytes"], told["bytes_of_proof"] = len(made), len(made.partition("\n")[2])
        if options.check:
            start = time.process_time()
            examined(made, is_limited=False)
            told["seconds_to_check"] = round(time.process_time() - start, 1)
    return told


def published(path: Path) -> dict[Key, str]:
    """Return the verdicts that a tool has published."""
    found = {}
    for _, network, property_, _, word, *_ in csv.reader(path.open()):
        name = network.rpartition(PREFIX)[2][:3]
        number = property_.rpartition("prop_")[2].partition(".")[0]
        if word in WORDS and PREFIX in network:
            found[name, int(number)] = WORDS[word]
    return found


def main() -> int:
    """Print a line for each instance, and the sums; return 1 if a published verdict differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--into", type=Path, required=True)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--published", type=Path, action="append", default=[])
    options = parser.parse_args()
    data = options.data / "acasxu"
    if not data.is_dir():
        parser.error(f"found no folder {data}, expected ACAS Xu there: give --data")
    keys = list(instances(data, every=options.all))
    answers = dict(zip(keys, decided(data, keys, options), strict=False))
    took, total = seconds(options.into / "store"), 0.0
    for key, found in answers.items():
        told = line(key, found, options)
        network, property_ = (
            sha256(path.read_bytes()).hexdigest() for path in files(data, key)
        )
        top, _, bottom = took.get((network, property_), "0").partition("/")
        used = int(top) / int(bottom or 1)
        total += used
        print(json.dumps({**told, "seconds": used}), flush=True)
    words = Counter(str(found.get("verdict")) for found in answers.values())
    print(json.dumps({"instances": len(keys), **words, "seconds": round(total, 1)}))
    others = [
        (path, key, word) for path in options.published for key, word in published(path).items()
    ]
    wrong = [
        f"{path}: {key[0]}, property {key[1]}: {word}"
        for path, key, word in others
        if key in answers and answers[key].get("verdict") not in (word, "unknown", None)
    ]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
