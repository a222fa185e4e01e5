"""What engines cost on families of hulls, and whether the one that is chosen is the best.

    python benchmarks/engine_costs.py [--write]

prints, for each family, the seconds of each engine, kernels loaded, and of the one that
polytopes use; and with ``--write`` measures the numbers of
``polyrelax/polytopes/engines/costs.py`` anew.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import permutations, product
from math import inf
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))

import start_up
from lines import HEAD, Line, Setting

from polyrelax.polytopes.engines import (
    BySize,
    Cddlib,
    Engine,
    Fast,
    IntRow,
    Plain,
    costs,
)
from polyrelax.polytopes.engines.choice import cddlib_seconds

TARGET = 1.5
"""What is chosen takes so many times the best engine at most."""
ENOUGH, FEWEST, MOST = 0.1, 5, 30
"""Engines run in turns until they took so many seconds, at least and at most so often."""
LONG = 0.3
HANDFUL = 2e-3
"""Only where cddlib takes less, the plain engine may be the best."""
LOADING = """
import time
start = time.process_time()
from polyrelax.polytopes.engines.fast.compiled_method import pointed_rays
pointed_rays([(1, -1), (0, 1)])
print(time.process_time() - start)
"""


def families() -> dict[str, list[IntRow]]:
    """Return rows by the names of their families."""
    found = {
        f"{n} random points of R^{d}, {len(str(size))} digits": random_points(n, d, size)
        for d in (2, 3, 4, 5, 6, 8)
        for n in (d + 1, d + 2, 2 * d, 12, 20)
        for size in (9, 10**12)
        if n > d
    }
    for d in (3, 4, 6):
        found[f"cube {d}"] = [(1, *corner) for corner in product((-1, 1), repeat=d)]
    for d in (4, 8, 10):
        found[f"cross-polytope {d}"] = [
            (1, *(s * (i == j) for j in range(d))) for i in range(d) for s in (1, -1)
        ]
    found["cyclic polytope of 20 points in R^6"] = [
        (1, *(t**k for k in range(1, 7))) for t in range(20)
    ]
    found["permutohedron 4"] = [(1, *p) for p in permutations(range(4))]
    found["Birkhoff polytope 4"] = [
        (1, *(int(p[i] == j) for i in range(4) for j in range(4)))
        for p in permutations(range(4))
    ]
    found["product of simplices of 4 and 5"] = [
        (1, *(int(i == a) for i in range(5)), *(int(i == b) for i in range(6)))
        for a in range(5)
        for b in range(6)
    ]
    found["cut polytope 5"] = [cut(sides) for sides in product((0, 1), repeat=4)]
    return found


def random_points(count: int, dim: int, size: int) -> list[IntRow]:
    """Return random points."""
    random = Random(0)
    return [(1, *(random.randint(-size, size) for _ in range(dim))) for _ in range(count)]


def cut(sides: Sequence[int]) -> IntRow:
    """Return which pairs of vertices a cut of the complete graph parts."""
    every = (0, *sides)
    return (1, *(int(a != b) for i, a in enumerate(every) for b in every[:i]))


def measured(rows: Sequence[IntRow]) -> dict[str, float]:
    """Return the least seconds of each engine, and of the one that is chosen, in turns."""
    engines: list[Engine] = [Cddlib(), Fast(), BySize()]
    if once(engines[0], rows) < HANDFUL:
        engines.append(Plain())
    found, turns, begun = {engine.name: inf for engine in engines}, 0, time.process_time()
    while turns < FEWEST or (turns < MOST and time.process_time() - begun < ENOUGH):
        for engine in engines:
            if turns == 0 or found[engine.name] < LONG:
                found[engine.name] = min(found[engine.name], once(engine, rows))
        turns += 1
    chosen = found.pop("by size")
    return {**found, "chosen": chosen}


def once(engine: Engine, rows: Sequence[IntRow]) -> float:
    """Return the seconds of an engine."""
    start = time.process_time()
    engine.extreme_rays(rows, [], len(rows[0]))
    return time.process_time() - start


def lines(_setting: Setting) -> Iterator[Line]:
    """Yield how much longer the engine that is chosen takes than the best one."""
    for name, rows in families().items():
        found = measured(rows)
        chosen = found.pop("chosen")
        best = min(found, key=lambda engine: found[engine])
        note = ", ".join(f"{engine} {1e3 * taken:.2f} ms" for engine, taken in found.items())
        yield Line(name, chosen / found[best], TARGET, "x best", note=note)


def fitted() -> Mapping[str, float]:
    """Return the numbers of ``costs.py``, measured."""
    rates, handful = [], 0
    for rows in families().values():
        found, count = measured(rows), len(rows)
        if count >= 12:
            rates.append(found["cddlib"] / cddlib_seconds(count, len(rows[0])) * costs.CDDLIB)
        if found.get("plain", inf) <= found["fast"]:
            handful = max(handful, count)
    with tempfile.TemporaryDirectory() as empty:
        place = Path(empty)
        (place / "square.json").write_text(start_up.octahedron(2))
        cold = start_up.spent("hull square.json --relu --engine fast", place, empty)
        warm = start_up.spent("hull square.json --relu --engine fast", place, empty)
    loading = subprocess.run(
        [sys.executable, "-c", LOADING], capture_output=True, text=True, check=True
    )
    return {
        "MOST_PLAIN": handful,
        "CDDLIB": float(f"{statistics.median(rates):.1g}"),
        "LOADING": float(f"{float(loading.stdout):.1g}"),
        "COMPILING": float(f"{cold - warm:.1g}"),
    }


def write(numbers: Mapping[str, float]) -> None:
    """Write the numbers where the library reads them."""
    path = Path(costs.__file__)
    text = path.read_text()
    for name, value in numbers.items():
        text = re.sub(rf"^{name}: Final = .*$", f"{name}: Final = {value!r}", text, flags=re.M)
    path.write_text(text)


def main() -> None:
    """Print the table, or write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    if parser.parse_args().write:
        write(fitted())
        return
    print(HEAD)
    for line in lines(Setting(Path(), quick=False)):
        print(line, flush=True)


if __name__ == "__main__":
    main()
