"""Bounds of trained networks, beside the same linear programs in plain HiGHS.

    python benchmarks/real_networks.py --data DIR [CASE]...

A case is ``NETWORK:INPUT:RELAXATION`` with a network of ``DIR``, or ``random``, a seeded one of
ten inputs and six layers of 50 neurons.  An input is ``img I EPS``, the box of radius EPS
around image I of ``DIR/mnist/ten_test_images.npy``, ``prop K``, the inputs of
``DIR/acasxu/prop_K.vnnlib``, or ``ball EPS``, a box around 0.  For ``triangle``, HiGHS alone
then solves the two programs of every value that has any, also those that the library does not
ask for, in the same process, warm by the dual simplex method; the widths of the outputs by its
optima are those of the proved bounds to seven digits, or nothing is printed.  Seconds are those
of the processor: the least of a few runs, in turns.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import highspy
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from lines import Line, Setting

from polyrelax.interop import onnx, vnnlib
from polyrelax.lp.float_program import FloatProgram, FloatSolver
from polyrelax.networks.affine import Affine
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations import array_triangle, triangle_program
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Trace, propagate

BITS = 32
TURNS = 3
OPTIONS = (
    ("output_flag", False), ("threads", 1), ("presolve", "off"), ("solver", "simplex"),
    ("simplex_strategy", 1),
)  # fmt: skip
CASES = (
    "mnist/mlp_2x100_nor.onnx:img 0 0.01:ibp",
    "mnist/mlp_2x100_nor.onnx:img 0 0.01:crown",
    "mnist/mlp_2x100_nor.onnx:img 0 0.01:fastlin",
    "mnist/mlp_2x100_nor.onnx:img 0 0.01:triangle",
    "mnist/cnn_small_lpd.onnx:img 0 0.05:crown",
    "mnist/cnn_small_lpd.onnx:img 0 0.05:triangle",
    "acasxu/ACASXU_run2a_1_1.onnx:prop 1:crown",
    "acasxu/ACASXU_run2a_1_1.onnx:prop 1:triangle",
    *(
        f"random:ball 0.01:{name}"
        for name in ("ibp", "dp0", "dp1", "crown", "fastlin", "triangle")
    ),
    "random:ball 0.1:triangle",
)


@dataclass
class Recorder:
    """The programs that a run asks for, and the multipliers that it gets."""

    asked: list[tuple[FloatProgram, list[np.ndarray]]] = field(default_factory=list)

    def __call__(
        self, program: FloatProgram, objectives: object, solver: FloatSolver
    ) -> np.ndarray:
        """Answer as the library does, and remember the question."""
        listed = list(objectives)  # type: ignore[call-overload]
        self.asked.append((program, listed))
        return PROPOSED(program, listed, solver)


PROPOSED = triangle_program.proposed_multipliers
SETTLED = array_triangle.settled_wishes


TARGETS = {
    "mnist/mlp_2x100_nor.onnx:img 0 0.01:crown": (0.3, "s"),
    "mnist/mlp_2x100_nor.onnx:img 0 0.01:fastlin": (0.3, "s"),
    "mnist/mlp_2x100_nor.onnx:img 0 0.01:triangle": (1.3, "x HiGHS"),
    "mnist/cnn_small_lpd.onnx:img 0 0.05:crown": (3.0, "s"),
    "mnist/cnn_small_lpd.onnx:img 0 0.05:triangle": (5.0, "s"),
    "acasxu/ACASXU_run2a_1_1.onnx:prop 1:crown": (0.1, "s"),
    "random:ball 0.01:crown": (1.0, "s"),
    "random:ball 0.01:triangle": (1.3, "x HiGHS"),
}


def lines(setting: Setting) -> Iterator[Line]:
    """Yield the seconds of bounds, or how many times those of HiGHS alone they take."""
    for case, (target, unit) in TARGETS.items():
        if "/" in case and not setting.has(case.split(":")[0]):
            yield Line(case, None, target, unit, note="no data")
            continue
        found = measured(setting.data, case)
        figure = found.seconds if unit == "s" else found.seconds / found.plain
        note = "" if unit == "s" else f"{found.seconds:.2f} s, HiGHS {found.plain:.2f} s"
        yield Line(case, figure, target, unit, note=note)


def main() -> None:
    """Run the cases and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("cases", nargs="*", default=CASES)
    arguments = parser.parse_args()
    print("case | read | bounds | plain HiGHS | ratio | programs | mean width | MB")
    for case in arguments.cases:
        found = measured(arguments.data, case)
        ratio = f"{found.seconds / found.plain:.2f}" if found.programs else "-"
        plain = f"{found.plain:.3f}" if found.programs else "-"
        told = (f"{found.read:.2f}", f"{found.seconds:.3f}", plain, ratio, found.programs)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(case, *told, f"{found.width:.6g}", memory, sep=" | ")


@dataclass(frozen=True)
class Found:
    """What bounds take: reading, bounds, HiGHS alone on so many programs; their mean width."""

    read: float
    seconds: float
    plain: float
    programs: int
    width: float


def measured(data: Path, case: str) -> Found:
    """Bound one case a few times, in turns with HiGHS alone."""
    network_name, input_name, name = case.split(":")
    start = time.process_time()
    network = random_network() if network_name == "random" else onnx.read(data / network_name)
    read = time.process_time() - start
    domain = box(data, input_name)
    asked = programs(network, domain, name)  # and what is prepared once
    seconds, plain = [], []
    for _ in range(TURNS):
        trace, taken = bounded(network, domain, name)
        alone, widths = plain_run(asked)
        seconds.append(taken)
        plain.append(alone)
        assert not asked or same([float(x.width) for x in trace.output], widths)
    width = float(np.mean([float(x.width) for x in trace.output]))
    count = sum(len(objectives) for _, objectives in asked)
    return Found(read, min(seconds), min(plain), count, width)


def same(proved: list[float], found: np.ndarray) -> bool:
    """Whether widths agree to seven digits."""
    return all(abs(p - f) <= 1e-7 * p for p, f in zip(proved, found.tolist(), strict=True))


def programs(
    network: object, domain: Polytope, name: str
) -> list[tuple[FloatProgram, list[np.ndarray]]]:
    """Return the programs of a run that settles no bound without."""
    recorder = Recorder()
    triangle_program.proposed_multipliers = recorder  # type: ignore[assignment]
    array_triangle.settled_wishes = nothing_settled
    bounded(network, domain, name)
    triangle_program.proposed_multipliers = PROPOSED
    array_triangle.settled_wishes = SETTLED
    return recorder.asked


def nothing_settled(*given: object) -> object:
    """Return what the library does, and that all forms need programs."""
    found = SETTLED(*given)  # type: ignore[arg-type]
    return found and (found[0], np.arange(len(given[2].numbers)))  # type: ignore[attr-defined]


def bounded(network: object, domain: Polytope, name: str) -> tuple[Trace, float]:
    """Return a trace, and the seconds that its bounds took."""
    start = time.process_time()
    trace = propagate(network, domain, relaxation(name, BITS))  # type: ignore[arg-type]
    assert trace.bounds
    return trace, time.process_time() - start


def plain_run(
    asked: list[tuple[FloatProgram, list[np.ndarray]]],
) -> tuple[float, np.ndarray]:
    """Return the seconds that HiGHS takes for programs, and the widths that the last give."""
    total, optima = 0.0, np.zeros(0)
    for program, objectives in asked:
        solver = highspy._Highs()
        for option, value in OPTIONS:
            solver.setOptionValue(option, value)
        start = time.process_time()
        solver.passModel(model(program))
        every = np.arange(len(program.lower), dtype=np.int32)
        found = []
        for objective in objectives:
            solver.changeColsCost(len(every), every, np.ascontiguousarray(-objective))
            solver.run()
            found.append(-solver.getInfo().objective_function_value)
        total += time.process_time() - start
        optima = np.array(found)
    return total, optima.reshape(2, -1).sum(axis=0)


def model(program: FloatProgram) -> highspy.HighsLp:
    """Return a program as HiGHS reads it."""
    result = highspy.HighsLp()
    result.num_col_, result.num_row_ = len(program.lower), len(program.row_lower)
    result.col_cost_ = np.zeros(len(program.lower))
    result.col_lower_, result.col_upper_ = program.lower, program.upper
    result.row_lower_, result.row_upper_ = program.row_lower, program.row_upper
    result.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    result.a_matrix_.start_ = program.starts
    result.a_matrix_.index_ = program.columns.astype(np.int32)
    result.a_matrix_.value_ = program.values
    return result


def random_network() -> Network:
    """Return a seeded network with weights of twelve bits behind the point."""
    generator = np.random.default_rng(0)
    layers: list[Affine | ReLU] = []
    for n, m in pairwise((10, *[50] * 6, 10)):
        weight = np.round(generator.normal(size=(m, n)) / np.sqrt(n) * 1.4 * 2**12) / 2**12
        bias = np.round(generator.normal(size=m) / 8 * 2**12) / 2**12
        layers += [Affine.of_doubles(weight, bias), ReLU(m)]
    return Network(tuple(layers[:-1]))


def box(data: Path, name: str) -> Polytope:
    """Return the inputs that a case names."""
    kind, *rest = name.split()
    if kind == "ball":
        radius = Fraction(rest[0])
        return Polytope.box([-radius] * 10, [radius] * 10)
    if kind == "prop":
        return vnnlib.read(data / f"acasxu/prop_{rest[0]}.vnnlib").input_set()
    image = np.load(data / "mnist/ten_test_images.npy").reshape(10, -1)[int(rest[0])]
    radius = Fraction(rest[1])
    center = [Fraction(float(value)) for value in image]
    return Polytope.box([c - radius for c in center], [c + radius for c in center])


if __name__ == "__main__":
    main()
