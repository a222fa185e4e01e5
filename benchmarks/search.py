"""Time searches: screens, whole searches with their proofs, and one network after another.

    python benchmarks/search.py [--clock cpu]

Prints Markdown.  A rate is networks a second: by the wall clock, or with ``--clock cpu`` by the
processor time of each process while all of them run, added up, which is what two cores do when
nobody else needs them.  The loop runs both relaxations, as exact linear programs or hulls, on
a sample of the same networks in the same run.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from lines import Line, Setting

from polyrelax.cli.search.request import read_question
from polyrelax.search.executor import SCREENED_SLICE
from polyrelax.search.incompleteness import bounds, findings, screen_for
from polyrelax.search.question import Question

SPACES = (
    ("1-2-2-1", "-2..2", "p:1", "upper"),
    ("1-2-2-1", "-2..2", "p:1", "both"),
    ("2-2-1", "-2..2", "triangle", "both"),
    ("2-3-1", "-1..1", "triangle", "both"),
    ("2-3-1", "-2..2", "triangle", "upper"),
)
SAMPLE = 200
SECONDS = 1.0
"""Each measurement is repeated until it takes so long."""

CLOCKS: dict[str, Callable[[], float]] = {"cpu": time.process_time, "wall": time.monotonic}


def asked(space: tuple[str, str, str, str]) -> Question:
    """Return the question of a line of the table."""
    shape, weights, loose, side = space
    given = {"loose": loose, "tight": "exact", "side": side, "outputs": None}
    return read_question(shape, weights, **given, box="-1..1", min_gap="0")


def slices(question: Question, part: int, parts: int) -> Iterator[tuple[int, int]]:
    """Yield the ends of the slices of one of so many parts of a space."""
    size = question.space.size
    ends = [*range(size * part // parts, size * (part + 1) // parts, SCREENED_SLICE)]
    return pairwise((*ends, size * (part + 1) // parts))


def screening(space: tuple[str, str, str, str], part: int, parts: int, clock: str) -> float:
    """Return the rate of the kernel on a part of a space."""
    question = asked(space)
    screen, seconds, passed = screen_for(question), CLOCKS[clock], 0
    assert screen is not None
    screen.listed(0, 1)  # the kernel is compiled or loaded now
    start = seconds()
    while seconds() - start < SECONDS:
        for ends in slices(question, part, parts):
            screen.listed(*ends)
            passed += ends[1] - ends[0]
    return passed / (seconds() - start)


def searching(space: tuple[str, str, str, str], part: int, parts: int, clock: str) -> float:
    """Return the rate of the whole search, with all proofs, on a part of a space."""
    question, seconds, passed = asked(space), CLOCKS[clock], 0
    list(findings(question, 0, 1))
    start = seconds()
    for ends in slices(question, part, parts):
        for _ in findings(question, *ends):
            pass
        passed += ends[1] - ends[0]
    return passed / (seconds() - start)


def looping(question: Question, clock: str) -> float:
    """Return the rate of both relaxations on one network after another."""
    seconds, size = CLOCKS[clock], question.space.size
    sample = [question.space[i].network for i in range(0, size, max(1, size // SAMPLE))]
    bounds(question, sample[0])
    start = seconds()
    for network in sample:
        bounds(question, network)
    return len(sample) / (seconds() - start)


def together(
    task: Callable[..., float], space: tuple[str, ...], parts: int, clock: str
) -> float:
    """Return the sum of the rates of so many processes at once."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(parts, mp_context=context) as executor:
        rates = [executor.submit(task, space, i, parts, clock) for i in range(parts)]
        return sum(rate.result() for rate in rates)


def megabytes(weights: str) -> float:
    """Return the greatest memory of a search in one process, with all that Python needs."""
    search = ["search", "incompleteness", "--shape", "1-2-2-1", f"--weights={weights}"]
    program = "import sys; from polyrelax.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", program, *search, "--side", "both", "--jobs", "1"]
    child = os.posix_spawn(
        sys.executable,
        command,
        os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    return float(os.wait4(child, 0)[2].ru_maxrss) / 1024


def lines(setting: Setting) -> Iterator[Line]:
    """Yield the rates of screens on two processes, and how much faster than a loop they are."""
    for space in SPACES[:1] if setting.quick else SPACES:
        shape, weights, loose, side = space
        name = f"{shape} over {weights}, {side}, `{loose}`"
        rate = together(screening, space, 2, "cpu")
        ratio = rate / looping(asked(space), "cpu")
        yield Line(f"screens of {name}, two processes", rate / 1e6, 5.0, "M/s", at_most=False)
        yield Line("the same, beside one network after another", ratio, 100, "x", at_most=False)


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser()
    options.add_argument("--clock", choices=list(CLOCKS), default="wall")
    clock = options.parse_args().clock
    header = "space|networks|screen, 1 core|2 cores|search, 1 core|2 cores|loop|screen / loop"
    print("|", header.replace("|", " | "), "|")
    print("|---|" + "---:|" * 7)
    for space in SPACES:
        question = asked(space)
        screens = [together(screening, space, parts, clock) for parts in (1, 2)]
        searches = [together(searching, space, parts, clock) for parts in (1, 2)]
        loop = looping(question, clock)
        millions = " | ".join(f"{rate / 1e6:.2f} M/s" for rate in (*screens, *searches))
        shape, weights, loose, side = space
        name = f"{shape} over {weights}, {side}, `{loose}`"
        size, ratio = question.space.size, screens[1] / loop
        print(f"| {name} | {size:,} | {millions} | {loop:,.0f}/s | {ratio:,.0f} |", flush=True)
    print("\n| space | networks | memory |\n|---|---:|---:|")
    for weights in ("-1..1", "-1..2", "-2..2"):
        size = asked(("1-2-2-1", weights, "p:1", "both")).space.size
        print(
            f"| 1-2-2-1 over {weights}, both, `p:1` | {size:,} | {megabytes(weights):.0f} MB |"
        )


if __name__ == "__main__":
    main()
