"""Certify every printed bound of networks: ``python benchmarks/bound_certificates.py``.

For each relaxation, all bounds of the outputs get a certificate each, the checker runs on each
file alone, as its own program, and what it says is compared with the bounds: a row of the
table says how many files there were, how many were accepted with the very numbers, and how
large and how fast they are.  Processor time, of one thread.  The `krelu:2` of digits is by
chosen pairs, of unstable neurons that follow each other.

With ``--coq proofs/coq/checker``, which ``make -C proofs/coq checker`` compiles, two more
columns say how many files are accepted by the checker that is proved in Coq, and how fast.

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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from polyrelax.arithmetic.rational import from_float
from polyrelax.certificates import check
from polyrelax.certificates.streamed import StreamedCertificate
from polyrelax.certificates.traces import certify_trace
from polyrelax.interop import input_sets, onnx
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layerwise import unstable
from polyrelax.relaxations.multi_neuron import KReLU
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Relaxation, propagate

SCALABLE = ("ibp", "dp0", "dp1", "crown", "fastlin", "triangle")
ALL = (*SCALABLE, "krelu:2", "m:1", "m:2", "p:1", "p:2", "p:3", "exact")
BITS = 32
SHAPES = ((2, 3, 3, 1), (3, 4, 2, 2), (2, 2, 2, 2, 1), (2, 5, 1))
ROOT = Path(__file__).parents[1]
DIGITS = ROOT / "examples" / "digits"
TRANSLATOR = [sys.executable, "-m", "translator", "--stream"]


@dataclass(frozen=True)
class Case:
    """Networks on sets of inputs, and the relaxations that bound them."""

    name: str
    problems: Sequence[tuple[Network, Polytope]]
    relaxations: Sequence[Relaxation]


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
    return Case("28 small networks", problems, [relaxation(name) for name in ALL])


def digits() -> Case:
    """Return the trained classifier of digits around its image."""
    net, box = onnx.read(DIGITS / "digits.onnx"), input_sets.read(DIGITS / "box.json")
    known = propagate(net, box, relaxation("triangle", BITS)).bounds
    bends = (
        [unit.outputs[0] for unit in unstable(f, z)]
        for f, z in zip(net.layers, known, strict=False)
    )
    pairs = tuple(
        (i, tuple(tuple(js[k : k + 2]) for k in range(0, len(js), 2)))
        for i, js in enumerate(bends)
        if js
    )
    methods = [*(relaxation(name, BITS) for name in SCALABLE), KReLU(2, pairs, BITS)]
    return Case("digits", [(net, box)], methods)


def mnist(data: Path) -> Case:
    """Return the normally trained MNIST network around its first image."""
    net = onnx.read(data / "mnist" / "mlp_2x100_nor.onnx")
    image = np.load(data / "mnist" / "ten_test_images.npy")[0].ravel().tolist()
    center, radius = [from_float(pixel) for pixel in image], Fraction(1, 100)
    box = Polytope.box([x - radius for x in center], [x + radius for x in center])
    methods = [relaxation(name, BITS) for name in ("crown", "triangle")]
    return Case("mlp_2x100_nor", [(net, box)], methods)


def rows(case: Case, coq: Path | None) -> Iterator[tuple[str, ...]]:
    """Yield a row of the table for each relaxation."""
    for method in case.relaxations:
        made = 0.0
        tallies = [Tally(check_py)] + ([Tally(partial(in_coq, coq))] if coq else [])
        files = size = 0
        for net, domain in case.problems:
            trace = propagate(net, domain, method)
            ends = [end for low, up in trace.output for end in (-low, up)]
            start = time.process_time()
            found = list(certify_trace(trace, domain))
            made += time.process_time() - start
            for end, bound in zip(ends, found, strict=True):
                assert bound.certificate.values == (end,), "a certificate states its bound"
                size += len(bound.certificate.dumps())
                files += 1
                for tally in tallies:
                    tally.add(bound.certificate)
        mean = f"{size / files / 1024:.0f} kB"
        told = [
            cell for t in tallies for cell in (f"{t.accepted} of {files}", f"{t.seconds:.1f}")
        ]
        yield case.name, method.name, mean, f"{made:.1f}", *told


Verdict = Callable[[StreamedCertificate, Path], bool]


@dataclass
class Tally:
    """How many certificates a checker accepts, and its processor time: mutable."""

    verdict: Verdict
    accepted: int = 0
    seconds: float = 0.0

    def add(self, certificate: StreamedCertificate) -> None:
        """Run the checker, as a program of its own, on a certificate in a file."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bound.jsonl"
            path.write_text(certificate.dumps(), encoding="utf-8")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.accepted += self.verdict(certificate, path)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.seconds += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def check_py(certificate: StreamedCertificate, path: Path) -> bool:
    """Whether `check.py` accepts a file, and says what the certificate does."""
    command = [sys.executable, "-I", "-S", check.__file__, str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return f"accepted: {certificate};" in told


def in_coq(checker: Path, _: StreamedCertificate, path: Path) -> bool:
    """Whether the checker that is extracted from Coq accepts a file."""
    command = [*TRANSLATOR, str(path)]
    folder = ROOT / "proofs" / "coq"
    numbers = subprocess.run(command, cwd=folder, capture_output=True, check=True).stdout
    done = subprocess.run([checker.absolute()], input=numbers, capture_output=True, check=False)
    return done.stdout == b"accepted\n"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder of published networks")
    parser.add_argument("--coq", type=Path, help="the checker that is extracted from Coq")
    given = parser.parse_args()
    data, coq = given.data, given.coq
    cases = [small(), digits(), *([mnist(data)] if data else [])]
    more = " accepted in Coq | in s |" if coq else ""
    print(f"| networks | relaxation | file | made in s | accepted, equal | in s |{more}")
    print(f"|---|---|---:|---:|---:|---:|{'---:|' * 2 if coq else ''}")
    for case in cases:
        for row in rows(case, coq):
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()
