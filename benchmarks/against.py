"""Claims, hulls and searches beside another tree of polyrelax, by processor time.

    git worktree add OLD 98c0b92
    python benchmarks/against.py OLD [CASE]... [--turns N] [--kinds claims hulls searches]

``OLD`` is a checkout of polyrelax.  Both trees run in turns with the same Python, each turn in
a process of its own; of a case in a turn the least of several runs counts, and of all turns
again.  The claims are those of ``OLD``, so that both derive the same; hulls and searches are
those of the folders ``benchmarks``.  What imports names that one of the trees lacks is left
out.  Compiled files are kept where ``PYTHONPYCACHEPREFIX`` says.

Prints Markdown: every case, seconds of the old tree and of this one, and their ratio.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from types import ModuleType

KINDS = ("claims", "hulls", "searches")
HERE = Path(__file__).resolve().parent.parent
ENOUGH = 0.3
"""Seconds after which a case of a turn is not run again."""


def main() -> None:
    """Run the turns and print the table, or run one turn and print its seconds as JSON."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("old", type=Path)
    options.add_argument("cases", nargs="*")
    options.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    options.add_argument("--turns", type=int, default=3)
    options.add_argument("--one-turn", type=Path, help=argparse.SUPPRESS)
    given = options.parse_intermixed_args()
    if given.one_turn:
        sys.path[0] = str(given.one_turn / "benchmarks")
        json.dump(dict(turn(given.old, given.kinds, given.cases)), sys.stdout)
        return
    for kind in given.kinds:
        table(kind, given.old.resolve(), given.cases, given.turns)


def table(kind: str, old: Path, cases: list[str], turns: int) -> None:
    """Print the least seconds of the cases of a kind in both trees, and the ratio."""
    least: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for _ in range(turns):
        for tree, known in zip((old, HERE), least, strict=True):
            for name, seconds in elsewhere(tree, old, kind, cases).items():
                known[name] = min(seconds, known.get(name, seconds))
    print(f"\n| {kind} | before, s | now, s | ratio |\n|---|---:|---:|---:|")
    both = [name for name in least[0] if name in least[1]]
    for name in both:
        before, now = (known[name] for known in least)
        print(f"| {name} | {before:.4f} | {now:.4f} | {now / before:.2f} |")
    before, now = (sum(known[name] for name in both) for known in least)
    print(f"| all {len(both)} | {before:.3f} | {now:.3f} | {now / before:.2f} |", flush=True)


def elsewhere(tree: Path, old: Path, kind: str, cases: list[str]) -> dict[str, float]:
    """Return the seconds of one turn in a tree."""
    asked = [str(old), *cases, "--kinds", kind, "--one-turn", str(tree)]
    command = [sys.executable, str(Path(__file__).resolve()), *asked]
    unwanted = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}
    known = {name: value for name, value in os.environ.items() if name not in unwanted}
    environment = known | {"PYTHONPATH": str(tree), "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, env=environment, cwd=tree, stdout=-1, check=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def turn(old: Path, kinds: list[str], wanted: list[str]) -> Iterator[tuple[str, float]]:
    """Yield the cases of some kinds, all or those that are wanted, with their seconds."""
    sources = {"claims": claims, "hulls": hulls, "searches": searches}
    for kind in kinds:
        for name, run in sources[kind](old):
            if wanted and name not in wanted:
                continue
            try:
                yield name, run()
            except ImportError as error:
                print(f"{name} is left out: {error}", file=sys.stderr)


def least_of(run: Callable[[], object]) -> float:
    """Return the least processor time of some runs."""
    times: list[float] = []
    while not times or sum(times) < ENOUGH:
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def claims(old: Path) -> Iterator[tuple[str, Callable[[], float]]]:
    """Yield the claims of a tree, which may have folders of papers, to be derived again."""
    library = importlib.import_module("polyrelax.claims")
    paths = list(old.glob("proofs/**/claim.toml"))
    folders = {path.parents[depth] for path in paths for depth in (1, 2)}
    for claim in (c for folder in folders for c in library.load_claims(folder)):
        yield claim.name, lambda claim=claim: least_of(lambda: library.rederive(claim))


def hulls(_old: Path) -> Iterator[tuple[str, Callable[[], float]]]:
    """Yield the cases of ``test_hulls.py``, with all their parameters."""
    sys.modules.setdefault("pytest_benchmark", ModuleType("pytest_benchmark"))
    module = importlib.import_module("test_hulls")
    for name, test in vars(module).items():
        if name.startswith("test_"):
            for arguments in filter(is_quick, parameters(test)):
                shown = " ".join(str(getattr(x, "name", x)) for x in arguments.values())
                yield f"{name[5:].replace('_', ' ')}: {shown}", timed(test, arguments)


def parameters(test: Callable[..., None]) -> Iterator[dict[str, object]]:
    """Yield the arguments with which pytest would call a test."""
    marks = getattr(test, "pytestmark", ())
    axes = []
    for mark in marks:
        names, values = mark.args
        names = [names] if isinstance(names, str) else names
        axes.append(
            [dict(zip(names, v if len(names) > 1 else (v,), strict=True)) for v in values]
        )
    for chosen in product(*axes):
        yield {name: value for part in chosen for name, value in part.items()}


def is_quick(arguments: dict[str, object]) -> bool:
    """Whether a case is none of those that the tests skip: four neurons by cddlib."""
    return getattr(arguments.get("engine"), "name", "") != "cddlib" or arguments["k"] != 4


def timed(test: Callable[..., None], arguments: dict[str, object]) -> Callable[[], float]:
    """Return the run of a test for pytest-benchmark that times what it is given."""

    def run() -> float:
        seconds: list[float] = []

        def benchmark(function: Callable[..., object], *args: object) -> object:
            function(*args)  # kernels are loaded now
            seconds.append(least_of(lambda: function(*args)))
            return function(*args)

        test(benchmark, **arguments)
        return seconds[0]

    return run


def searches(_old: Path) -> Iterator[tuple[str, Callable[[], float]]]:
    """Yield screens, whole searches and the loop, in seconds for a million networks."""
    search = importlib.import_module("search")
    for space in search.SPACES:
        shape, weights, loose, side = space
        name = f"{shape} over {weights}, {side}, {loose}"
        question = search.asked(space)
        yield f"{name}: screen", lambda s=space: 1e6 / search.screening(s, 0, 1, "cpu")
        yield f"{name}: search", lambda s=space: 1e6 / search.searching(s, 0, 1, "cpu")
        yield f"{name}: loop", lambda q=question: 1e6 / search.looping(q, "cpu")


if __name__ == "__main__":
    main()
