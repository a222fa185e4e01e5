"""What a first hull on a machine takes, and a later call of the command line.

A machine is new where the folder of compiled kernels is empty.  Seconds are those of the
processor, of the program and of the compiler that it calls.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from lines import HEAD, Line, Setting

TENT = """{"format": "polyrelax-network/1", "input": {"lower": ["-1"], "upper": ["1"]},
"layers": [{"affine": {"weight": [["1"], ["-1"]], "bias": ["0", "0"]}}, "relu",
{"affine": {"weight": [["-2", "0"], ["0", "-2"]], "bias": ["1", "1"]}}, "relu",
{"affine": {"weight": [["1", "1"]], "bias": ["0"]}}]}"""
CALLS = (
    "hull octahedron.json",
    "bounds tent.json -r triangle",
    "bounds tent.json -r p:1 -r exact",
    "regions tent.json",
    "lipschitz tent.json",
    "check certificate.json",
)
TURNS = 3


def lines(_setting: Setting) -> Iterator[Line]:
    """Yield the lines of a new machine and of one that has kernels."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "tent.json").write_text(TENT)
        (place / "octahedron.json").write_text(octahedron(3))
        for call in (
            "hull octahedron.json --relu",
            "hull octahedron.json --relu --engine fast",
        ):
            with tempfile.TemporaryDirectory() as cache:
                seconds = spent(call, place, cache)
            yield Line(f"first `{call}` on a new machine", seconds, 5.0)
        spent("hull octahedron.json --relu --engine fast", place, str(place / "cache"))
        bound = "bounds tent.json -r triangle --certificates made"
        spent(bound, place, str(place / "cache"))
        made = next((place / "made").iterdir())
        made.rename(place / "certificate.json")
        for call in CALLS:
            every = [spent(call, place, str(place / "cache")) for _ in range(TURNS)]
            yield Line(f"`{call}`", min(every), 0.5)


def spent(call: str, folder: Path, cache: str) -> float:
    """Return the seconds of a call of the program."""
    environment = {**os.environ, "POLYRELAX_CACHE_DIR": cache}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "polyrelax", *call.split()]
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def octahedron(k: int) -> str:
    """Return what is cut out by all directions of -1, 0 and 1, at different distances."""
    directions = [c for c in product((-1, 0, 1), repeat=k) if any(c)]
    rows = [[str(40 + 7 * i % 13), *map(str, c)] for i, c in enumerate(directions)]
    return '{"inequalities": ' + str(rows).replace("'", '"') + "}"


def main() -> None:
    """Print the lines."""
    print(HEAD)
    for line in lines(Setting(Path(), quick=False)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
