"""Lipschitz constants beside ExLipBaB: ``python benchmarks/lipschitz.py``.

With ``--exlipbab DIR --python PYTHON``, where ``DIR`` is a copy of its repository, which is
https://github.com/tsplittg/ExLipBaB_Code, at 238ede4, and ``PYTHON`` an interpreter that has
what it needs: numpy, cvxopt, polytope, pypoman and tqdm.  Its import of mosek, a commercial
solver that it does not use here, is met by an empty module.  It runs in a process of its own,
which is ended after ``--limit`` seconds, with GLPK for its linear programs.

Processor time of the constants in the maximum norm on the box from -1 to 1, with the start of
neither program; then of certificates and of the checker.  With OPENBLAS_NUM_THREADS=1 it is
that of one thread.  Networks are seeded, with normal weights in doubles, which both programs
read as they are.  The last network is the trained one of ``examples/digits``, which the other
program cannot read: it lists the corners of the box, of which there are 2**64.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from polyrelax.certificates.check import RejectedError, check
from polyrelax.interop import input_sets, onnx
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification.lipschitz import LipschitzSearch
from polyrelax.verification.lipschitz_certificates import certified

SHAPES = ((2, 10, 1), (3, 6, 6, 1), (2, 10, 10, 1), (4, 8, 8, 1), (4, 16, 1), (5, 20, 20, 1))
DIGITS = Path(__file__).parent.parent / "examples" / "digits"
TIES = {
    "relu(x) - relu(-x)": network(([[1], [-1]], [0, 0]), ([[1, -1]], [0])),
    "relu(x+y) - relu(-x-y) + relu(x-y)": network(
        ([[1, 1], [-1, -1], [1, -1]], [0, 0, 0]), ([[1, -1, 1]], [0])
    ),
}
THEIRS = """
import contextlib, importlib.metadata, io, json, sys, time, types
import numpy as np
mosek = types.ModuleType("mosek")
mosek.iparam = types.SimpleNamespace(log=0)
sys.modules["mosek"] = mosek
version = importlib.metadata.version
importlib.metadata.version = lambda name: "0" if name == "exlipbab" else version(name)
sys.path.insert(0, sys.argv[1])
from exlipbab.exlipbab_main import exlipbab_main
from exlipbab.helper_classes.piece_wise_linear_function import PWL_Identity, PWL_Relu
from exlipbab.helper_classes.polyhedron import Polyhedron
layers = [(np.array(w), np.array(b)) for w, b in json.load(sys.stdin)]
net = []
for k, (weight, bias) in enumerate(layers):
    kind = PWL_Relu if k + 1 < len(layers) else PWL_Identity
    net += [(weight, bias), kind(len(bias))]
box = Polyhedron.from_intervals(np.array([(-1.0, 1.0)] * layers[0][0].shape[1]))
start = time.process_time()
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    found = exlipbab_main(net, box, pnorm=np.inf, verbose=False, solver="glpk")
print(json.dumps([float(found[1]), time.process_time() - start]))
"""


@dataclass(frozen=True)
class Peer:
    """Where ExLipBaB is, and how long it may take."""

    folder: Path
    python: str
    limit: float


def seeded(shape: tuple[int, ...], seed: int = 1) -> Network:
    """Return a network of normal weights, smaller in wider layers."""
    generator = np.random.default_rng(seed)
    layers: list[Affine | ReLU] = []
    for columns, rows in pairwise(shape):
        weight = generator.normal(size=(rows, columns)) / np.sqrt(columns)
        layers += [Affine.of_doubles(weight, generator.normal(size=rows) / 2), ReLU(rows)]
    return Network(tuple(layers[:-1]))


def theirs(net: Network, peer: Peer) -> str:
    """Return the value and the seconds of ExLipBaB."""
    layers = [
        ([[float(a) for a in row] for row in layer.weight], [float(b) for b in layer.bias])
        for layer in net.layers
        if isinstance(layer, Affine)
    ]
    command = [peer.python, "-c", THEIRS, str(peer.folder / "src")]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(layers),
            capture_output=True,
            text=True,
            timeout=peer.limit,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return f"| | > {peer.limit:.0f}"
    value, seconds = json.loads(done.stdout.splitlines()[-1])
    return f"| {value:.10g} | {seconds:.2f}"


def ours(net: Network, domain: Polytope) -> Iterator[str]:
    """Yield the value, the cases, and the seconds of it, its certificate and the check."""
    start = time.process_time()
    search = LipschitzSearch(net, domain, "inf")
    for _ in search.run():
        pass
    found = search.bounds()
    yield f"{float(found.lower):.10g} | {found.cases:,} | {time.process_time() - start:.2f}"
    start = time.process_time()
    content = certified(search).dumps()
    yield f"{time.process_time() - start:.2f}"
    start = time.process_time()
    try:
        check(content)
    except RejectedError:
        yield "refused: too much work"
        return
    yield f"{time.process_time() - start:.2f}"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exlipbab", type=Path)
    parser.add_argument("--python", default="python3")
    parser.add_argument("--limit", type=float, default=600.0)
    given = parser.parse_args()
    networks = {"-".join(map(str, shape)): seeded(shape) for shape in SHAPES}
    print("| network | constant | cases | s | certificate s | checked s | ExLipBaB says | s |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, net in {**networks, **TIES}.items():
        box = Polytope.box([-1] * net.in_dim, [1] * net.in_dim)
        row = f"| {name} | {' | '.join(ours(net, box))} "
        if given.exlipbab is not None:
            row += theirs(net, Peer(given.exlipbab, given.python, given.limit))
        print(f"{row} |", flush=True)
    digits = onnx.read(DIGITS / "digits.onnx")
    box = input_sets.read(DIGITS / "box.json")
    print(f"| digits, around an image | {' | '.join(ours(digits, box))} | | |")


if __name__ == "__main__":
    main()
