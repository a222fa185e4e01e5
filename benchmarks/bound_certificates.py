"""Certify every printed bound of networks: ``python benchmarks/bound_certificates.py``.

For each relaxation, all bounds of the outputs get a certificate each, the checker runs on each
file alone, as its own program, and what it says is compared with the bounds: a row of the
table says how many files there were, how many were accepted with the very numbers, and how
large and how fast they are.  Processor time, of one thread.

The MNIST network is that of ``--data`` (``mlp_2x100_nor.onnx``, image 0, radius 1/100); without
``--data`` its rows are left out.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np

from polyrelax.arithmetic.rational import from_float
from polyrelax.certificates import check
from polyrelax.certificates.traces import certify_trace
from polyrelax.interop import input_sets, onnx
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SCALABLE = ("ibp", "dp0", "dp1", "crown", "fastlin", "triangle")
ALL = (*SCALABLE, "krelu:2", "m:1", "m:2", "p:1", "p:2", "p:3", "exact")
SHAPES = ((2, 3, 3, 1), (3, 4, 2, 2), (2, 2, 2, 2, 1), (2, 5, 1))
DIGITS = Path(__file__).parents[1] / "examples" / "digits"


@dataclass(frozen=True)
class Case:
    """Networks on sets of inputs, and the relaxations that bound them."""

    name: str
    problems: Sequence[tuple[Network, Polytope]]
    relaxations: Sequence[str]
    bits: int | None


def small() -> Case:
    """Return 28 seeded networks with whole weights on the unit box."""
    generator = random.Random(28)
    problems = []
    for k in range(28):
        widths = SHAPES[k % len(SHAPES)]
        maps = (
            (
                [[generator.randint(-3, 3) for _ in range(a)] for _ in range(b)],
                [generator.randint(-2, 2) for _ in range(b)],
            )
            for a, b in pairwise(widths)
        )
        problems.append((network(*maps), Polytope.box([-1] * widths[0], [1] * widths[0])))
    return Case("28 small networks", problems, ALL, None)


def digits() -> Case:
    """Return the trained classifier of digits around its image."""
    net = onnx.read(DIGITS / "digits.onnx")
    return Case("digits", [(net, input_sets.read(DIGITS / "box.json"))], SCALABLE, 32)


def mnist(data: Path) -> Case:
    """Return the normally trained MNIST network around its first image."""
    net = onnx.read(data / "mnist" / "mlp_2x100_nor.onnx")
    image = np.load(data / "mnist" / "ten_test_images.npy")[0].ravel().tolist()
    center, radius = [from_float(pixel) for pixel in image], Fraction(1, 100)
    box = Polytope.box([x - radius for x in center], [x + radius for x in center])
    return Case("mlp_2x100_nor", [(net, box)], ("crown", "triangle"), 32)


def rows(case: Case) -> Iterator[tuple[str, ...]]:
    """Yield a row of the table for each relaxation."""
    for name in case.relaxations:
        made = checked = 0.0
        files = accepted = size = 0
        for net, domain in case.problems:
            trace = propagate(net, domain, relaxation(name, case.bits))
            ends = [end for low, up in trace.output for end in (-low, up)]
            start = time.process_time()
            found = list(certify_trace(trace, domain))
            made += time.process_time() - start
            for end, bound in zip(ends, found, strict=True):
                text = bound.certificate.dumps()
                seconds, told = alone(text)
                checked += seconds
                size += len(text)
                files += 1
                agrees = bound.certificate.values == (end,)
                accepted += agrees and f"accepted: {bound.certificate};" in told
        mean = f"{size / files / 1024:.0f} kB"
        yield case.name, name, f"{accepted} of {files}", mean, f"{made:.1f}", f"{checked:.1f}"


def alone(text: str) -> tuple[float, str]:
    """Return the processor time of the checker as a program of its own, and what it says."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write(text)
        file.flush()
        command = [sys.executable, "-I", "-S", check.__file__, file.name]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, told


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder of published networks")
    data = parser.parse_args().data
    cases = [small(), digits(), *([mnist(data)] if data else [])]
    print("| networks | relaxation | accepted, equal | file | made in s | checked in s |")
    print("|---|---|---:|---:|---:|---:|")
    for case in cases:
        for row in rows(case):
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
