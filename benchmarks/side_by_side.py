"""Time exact hulls by polyrelax and by each peer that is installed, side by side.

Each program runs in a process of its own, all alternate within one run, and every result is
compared with polyrelax's as a set of primitive integer rows.  Times are medians of the seconds
of processor time that one thread takes: they depend less than the clock on what else runs.
The table is Markdown.

    python benchmarks/side_by_side.py octa-3-0 cut-4-0 elina-4-2 --runs 5 --limit 120
"""

from __future__ import annotations

import argparse
import multiprocessing as mp
import os
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import peers
from families import case
from lines import Line, Setting

from polyrelax.polytopes.engines.engine import IntRow

TARGETS = {
    **dict.fromkeys(("octa-3-0", "aocta-3-0", "cut-3-0", "elina-3-1", "elina-3-2"), 1.0),
    **dict.fromkeys(("graph-3-6-0", "graph-3-7-0", "cut-4-0", "elina-4-2"), 3.0),
    "elina-4-1": 12.0,
    "octa-4-0": 4.0,
}
"""So many times faster than the best peer a case is to be."""
_QUICK = ("octa-3-0", "cut-3-0", "elina-3-1", "graph-3-6-0")

_LONG, _VERY_LONG = 5.0, 30.0  # seconds: longer runs are repeated three times, or not at all


def main() -> None:
    """Run the cases that the command line names, and print a table."""
    options = _options()
    os.environ["OMP_NUM_THREADS"] = "1"
    every = ["polyrelax", *peers.engines()] if options.engines else peers.installed()
    names = [name for name in every if not options.peers or name in options.peers]
    print(
        "| case | points, dim | facets | "
        + " | ".join(names)
        + " | best peer / polyrelax | MB |"
    )
    print("|---" * (len(names) + 5) + "|")
    for name in options.cases:
        rows = case(name, options.data)
        results = _run(rows, names, runs=options.runs, limit=options.limit)
        print(_line(name, rows, names, results), flush=True)


def lines(setting: Setting) -> Iterator[Line]:
    """Yield how many times faster than the best peer hulls are."""
    os.environ["OMP_NUM_THREADS"] = "1"
    names = list(peers.installed())
    for name, target in TARGETS.items():
        if setting.quick and name not in _QUICK:
            continue
        if name.startswith("elina") and not setting.has("octahedra"):
            yield Line(name, None, target, "x", at_most=False, note="no data")
            continue
        results = _run(case(name, setting.data), names, runs=5, limit=120)
        medians = _medians(name, names, results)
        rest = {peer: medians[peer] for peer in names[1:] if peer in medians}
        best = min(rest, key=lambda peer: rest[peer], default="")
        ratio = rest[best] / medians[names[0]] if best else None
        yield Line(name, ratio, target, "x", at_most=False, note=best or "no peer ended")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="+", help="such as octa-4-0, graph-3-6-0, elina-4-1")
    parser.add_argument("--peers", nargs="*", help="these programs only")
    parser.add_argument("--engines", action="store_true", help="polyrelax's engines instead")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--limit", type=float, default=120, help="seconds for one run")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    return parser.parse_args()


@dataclass
class _Result:
    times: list[float] = field(default_factory=list)
    facets: list[IntRow] = field(default_factory=list)
    megabytes: float = 0.0
    failure: str = ""


def _run(
    rows: list[IntRow], names: list[str], *, runs: int, limit: float
) -> dict[str, _Result]:
    """Return the results of each program, which take turns."""
    workers = {name: _start(name, rows) for name in names}
    results = {name: _Result() for name in names}
    for _ in range(runs):
        for name in names:
            if not results[name].failure and _wants_more(results[name]):
                _ask(workers[name], results[name], limit)
    for process, _ in workers.values():
        process.kill()
    return results


def _wants_more(result: _Result) -> bool:
    if not result.times:
        return True
    slowest = max(result.times)
    return slowest < _LONG or len(result.times) < (3 if slowest < _VERY_LONG else 1)


def _start(name: str, rows: list[IntRow]) -> tuple[BaseProcess, Connection]:
    context = mp.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(name, rows, there), daemon=False)
    process.start()
    return process, here


def _ask(worker: tuple[BaseProcess, Connection], result: _Result, limit: float) -> None:
    process, connection = worker
    try:
        if not result.times:
            connection.recv()  # the peer is ready, and warmed up
        connection.send("run")
        if not connection.poll(limit):
            process.kill()
            result.failure = f"> {limit:.0f}"
            return
        seconds, result.facets, result.megabytes = connection.recv()
        result.times.append(seconds)
    except EOFError:
        result.failure = "failed"


def _work(name: str, rows: list[IntRow], connection: Connection) -> None:
    """Answer each message by the seconds, the facets and the memory of one run."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    peer = {**peers.installed(), **peers.engines()}[name]()
    for side in (1, 10**30):  # integers that stay below 64 bits, and longer ones
        square = [(side + 1, x, y) for x in (0, side) for y in (0, side)]
        peer.facets(peer.compute(peer.prepare(square)))
    before = _peak()
    connection.send("ready")
    while connection.recv():
        prepared = peer.prepare(rows)
        start = _processor_seconds()
        found = peer.compute(prepared)
        seconds = _processor_seconds() - start
        memory = (_peak() - before) / 1024
        connection.send((seconds, sorted(peer.facets(found)), memory))


def _peak() -> int:
    """Return the most KiB that this process held (ru_maxrss counts its parent's, too)."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.split("VmHWM:")[1].split()[0])


def _processor_seconds() -> float:
    """Return the time spent by this process and by the programs that it has run."""
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


def _line(name: str, rows: list[IntRow], names: list[str], results: dict[str, _Result]) -> str:
    ours, medians = results[names[0]], _medians(name, names, results)
    cells = [results[peer].failure or _seconds(medians[peer]) for peer in names]
    rest = [seconds for peer, seconds in medians.items() if peer != names[0]]
    ratio = f"{min(rest) / medians[names[0]]:.2f}" if rest and names[0] in medians else "-"
    size = f"{len(rows)}, {len(rows[0]) - 1}"
    memory = " / ".join(f"{results[n].megabytes:.0f}" for n in names if n in medians)
    return "| " + " | ".join([name, size, str(len(ours.facets)), *cells, ratio, memory]) + " |"


def _medians(name: str, names: list[str], results: dict[str, _Result]) -> dict[str, float]:
    """Return the median times of those that ended, whose facets are all the same."""
    ended = [peer for peer in names if results[peer].times and not results[peer].failure]
    for peer in ended:
        assert results[peer].facets == results[names[0]].facets, f"{name}: {peer} differs"
    return {peer: statistics.median(results[peer].times) for peer in ended}


def _seconds(seconds: float) -> str:
    return f"{seconds:.4f}" if seconds < 0.1 else f"{seconds:.2f}"


if __name__ == "__main__":
    main()
