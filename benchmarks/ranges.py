"""Exact ranges of an output, beside a mixed-integer program of HiGHS in floats.

    python benchmarks/ranges.py --data DIR [CASE]...

A case is ``NETWORK:INPUT`` with a network of ``DIR``; ``digits:digits`` is the example of this
project on its box, and ``random N-M-...`` a seeded network with weights of twelve bits behind
the point.  An input is ``img I EPS``, the box of radius EPS around image I of
``DIR/mnist/ten_test_images.npy``, ``prop K PART``, a part of the inputs of
``DIR/acasxu/prop_K.vnnlib`` around their middle, or ``ball EPS``.  Both find the least and the
greatest value of output 0 from the same bounds of neurons by CROWN.  HiGHS reads one binary
variable for each unstable neuron, and has its own presolve and its default tolerances.

Seconds are those of the processor, the least of a few runs in turns: of the search, of making
the certificate, and of checking it.  The last columns are how far HiGHS's answers are from the
exact ones, below for the least and for the greatest value.  Where there are few inputs the
range over all linear regions is found too, and nothing is printed unless both are equal.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import highspy
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from lines import Line, Setting

from polyrelax.certificates.check import examined
from polyrelax.certificates.phases import certify_maxima
from polyrelax.interop import onnx, vnnlib
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.regions import exact_range
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.phases.extremes import Maximum, maximum
from polyrelax.relaxations.phases.reduced import Reduced
from polyrelax.relaxations.trace import Trace, propagate

BITS = 32
TURNS = 3
FEW_NEURONS = 16
EXAMPLE = Path(__file__).parent.parent / "examples" / "digits"
CASES = (
    "random 4-8-8-1:ball 1",
    "digits:digits",
    "acasxu/ACASXU_run2a_1_1.onnx:prop 3 1/1000",
    "mnist/mlp_2x100_nor.onnx:img 0 0.005",
)


@dataclass(frozen=True)
class Found:
    """What ranges take: the search, its certificate, the check and HiGHS, and its errors."""

    unstable: int
    leaves: int
    search: float
    made: float
    checked: float
    highs: float
    errors: list[float]


def lines(setting: Setting) -> Iterator[Line]:
    """Yield the seconds of the search, or how many times those of HiGHS it takes."""
    for case in CASES:
        folder = case.split("/")[0]
        if "/" in case and not setting.has(folder):
            yield Line(case, None, 2.0, "x HiGHS", note="no data")
            continue
        found = measured(setting.data, case, TURNS)
        note = f"{found.search:.2f} s, HiGHS {found.highs:.2f} s, {found.leaves} cases"
        if case == CASES[0]:
            yield Line(case, found.search, 0.2, note=note)
        else:
            yield Line(case, found.search / found.highs, 2.0, "x HiGHS", note=note)


def main() -> None:
    """Run the cases and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("cases", nargs="*", default=CASES)
    arguments = parser.parse_args()
    print("case | unstable | leaves | search | certificate | check | HiGHS | ratio | errors")
    for case in arguments.cases:
        found = measured(arguments.data, case, arguments.turns)
        times = [f"{x:.3f}" for x in (found.search, found.made, found.checked, found.highs)]
        ratio = f"{found.search / found.highs:.2f}"
        print(case, found.unstable, found.leaves, *times, ratio, found.errors, sep=" | ")


def measured(data: Path, case: str, turns: int) -> Found:
    """Find a range a few times, in turns with HiGHS."""
    network_name, input_name = case.split(":")
    network, domain = network_of(data, network_name), box(data, network_name, input_name)
    ours, theirs = [], []
    for _ in range(turns):
        start = time.process_time()
        trace = propagate(network, domain, relaxation("crown", BITS))
        known = Reduced.of(network, domain, trace.bounds)
        found = [maximum(known, form(network, sign)) for sign in (-1, 1)]
        ours.append(time.process_time() - start)
        start = time.process_time()
        values = [mixed(known, sign) for sign in (-1, 1)]
        theirs.append(time.process_time() - start)
    low, high = -found[0].value, found[1].value
    if known.count <= FEW_NEURONS:
        assert (low, high) == exact_range(network, domain)[0]
    pairs = zip(values, found, strict=True)
    errors = [float(Fraction(value) - exact.value) for value, exact in pairs]
    made, checked = certified(trace, domain, found)
    leaves = sum(each.proof.leaves for each in found)
    return Found(known.count, leaves, min(ours), made, checked, min(theirs), errors)


def form(network: Network, sign: int) -> tuple[Fraction, ...]:
    """Return output 0, or its opposite."""
    return tuple(Fraction(sign if j == 0 else 0) for j in range(network.out_dim))


def certified(trace: Trace, domain: Polytope, found: list[Maximum]) -> tuple[float, float]:
    """Return the seconds that making a certificate takes, and checking it alone."""
    start = time.process_time()
    text = certify_maxima(trace, domain, found).dumps()
    middle = time.process_time()
    examined(text)
    checked = time.process_time() - middle
    return middle - start - checked, checked


def mixed(known: Reduced, sign: int) -> float:
    """Return the maximum of output 0, or of its opposite, by HiGHS."""
    m, dim, width = known.count, len(known.box), len(known.box) + 2 * known.count
    rows, entries = known.known.doubles, np.array(known.outputs[0], dtype=float)
    low, up = known.corners.doubles
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = width, 3 * m
    model.col_cost_ = -sign * np.concatenate([entries[:-1], np.zeros(m)])
    model.col_lower_ = np.concatenate([low[:dim], np.zeros(2 * m)])
    model.col_upper_ = np.concatenate([up, np.ones(m)])
    model.integrality_ = [highspy.HighsVarType.kContinuous] * (dim + m) + [
        highspy.HighsVarType.kInteger
    ] * m
    z, h, b = rows[:m, : dim + m], np.eye(m), np.eye(m)
    h = np.hstack([np.zeros((m, dim)), h])
    matrix = np.vstack(
        [
            np.hstack([h - z, 0 * b]),  # h >= z
            np.hstack([h - z, -b * low[dim:]]),  # h <= z - l (1 - b)
            np.hstack([h, -b * up[dim:]]),  # h <= u b
        ]
    )
    none = np.full(m, np.inf)
    model.row_lower_ = np.concatenate([rows[:m, -1], -none, -none])
    model.row_upper_ = np.concatenate([none, rows[:m, -1] - low[dim:], np.zeros(m)])
    row_of, columns = np.nonzero(matrix)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate(
        [[0], np.bincount(row_of, minlength=3 * m)]
    ).cumsum()
    model.a_matrix_.index_ = columns.astype(np.int32)
    model.a_matrix_.value_ = matrix[row_of, columns]
    solver = highspy._Highs()
    for option, value in (("output_flag", False), ("threads", 1)):
        solver.setOptionValue(option, value)
    solver.passModel(model)
    solver.run()
    return float(-solver.getInfo().objective_function_value + sign * entries[-1])


def network_of(data: Path, name: str) -> Network:
    """Return a network by its name."""
    if name == "digits":
        return onnx.read(EXAMPLE / "digits.onnx")
    if not name.startswith("random "):
        return onnx.read(data / name)
    generator, layers = np.random.default_rng(0), list[Affine | ReLU]()
    for n, m in pairwise(int(width) for width in name.split()[1].split("-")):
        weight = np.round(generator.normal(size=(m, n)) * 2**12) / 2**12
        bias = np.round(generator.normal(size=m) * 2**12) / 2**12
        layers += [Affine.of_doubles(weight, bias), ReLU(m)]
    return Network(tuple(layers[:-1]))


def box(data: Path, network_name: str, name: str) -> Polytope:
    """Return the inputs that a case names."""
    kind, *rest = name.split()
    if kind == "digits":
        ends = json.loads((EXAMPLE / "box.json").read_text())
        return Polytope.box(ends["lower"], ends["upper"])
    if kind == "prop":
        whole = vnnlib.read(data / f"acasxu/prop_{rest[0]}.vnnlib").input_set()
        pairs = [
            ((x.lower + x.upper) / 2, x.width * Fraction(rest[1]) / 2) for x in whole.bounds
        ]
    elif kind == "ball":
        width = int(network_name.split()[1].partition("-")[0])
        pairs = [(Fraction(0), Fraction(rest[0]))] * width
    else:
        image = np.load(data / "mnist/ten_test_images.npy").reshape(10, -1)[int(rest[0])]
        pairs = [(Fraction(float(value)), Fraction(rest[1])) for value in image]
    return Polytope.box([c - r for c, r in pairs], [c + r for c, r in pairs])


if __name__ == "__main__":
    main()
