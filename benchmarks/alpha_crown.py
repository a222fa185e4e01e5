r"""Bounds by ascent, proved, beside alpha-CROWN's: ``python benchmarks/alpha_crown.py``.

    python benchmarks/alpha_crown.py --data DIR --autolirpa DIR [--python PYTHON] [--ascent N]

The second ``DIR`` is a copy of https://github.com/Verified-Intelligence/auto_LiRPA, at a050a3d,
and ``PYTHON`` an interpreter with torch, onnx, numpy, and what that imports: packaging,
appdirs, yaml, ninja, tqdm and graphviz.  It runs in a process of its own, with one thread.

The networks are those of ``DIR/mnist``, the boxes those around its ten images whose ends are
float32 numbers, so that both programs bound the same.  Of the networks with two layers of 100
neurons all 200 bounds of the second layer are found: by CROWN and alpha-CROWN in float32; by
dual ascent of as many steps, or ``N``, each bound proved in integers; by the linear programs of
the triangles in HiGHS, proved too; and by HiGHS alone on the same programs, each from the basis
of the one before.  The
excess is that of the mean width over the optimum.  Of the convolutional network they are the
nine margins over the other classes: alpha-CROWN's with the bounds of layers by CROWN, ours with
those of LP-ALL, which are timed apart.  Seconds are those of the processor for an image,
without what each program does once for a network.

Last, on boxes of radius 1/2000 around image 0, how many of the 200 bounds in floats lie
strictly within what exact evaluation attains at a corner; ``--points FILE`` writes these bounds
with the values and the points, a JSON line for each.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from statistics import mean
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from real_networks import plain_run, programs, same

from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, from_float, text
from polyrelax.interop import onnx
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.array_triangle import (
    Proposer,
    Tightening,
    bounded_sets,
    by_ascent,
    unstable_values,
)
from polyrelax.relaxations.barrier import (
    LAST_STEPS,
    LP_ALL,
    float_steps,
    lines_of,
    proved_forms,
)
from polyrelax.relaxations.dual_ascent import ascended_wishes
from polyrelax.relaxations.float_bounds import FloatNetwork
from polyrelax.relaxations.trace import Trace
from polyrelax.relaxations.wishes import NO_WISHES
from polyrelax.verification.balls import Labelled

T = TypeVar("T")
Singles = npt.NDArray[np.float32]

RADII = {"mlp_2x100_nor": 0.015, "mlp_2x100_adv": 0.04, "mlp_2x100_lpd": 0.08}
CONVOLUTIONAL, MARGINS_AT = "cnn_small_lpd", 0.05
SMALL = 0.0005
BITS = 32
SECOND = 3  # an affine layer, its rectifiers, an affine layer
TURNS = 3
METHODS = ("CROWN", "CROWN-Optimized")
PLAIN = "HiGHS alone, warm"
THEIRS = """
import json, sys, time
import numpy as np, onnx, torch
from onnx import numpy_helper
sys.path.insert(0, sys.argv[1])
from auto_LiRPA import BoundedModule, BoundedTensor
from auto_LiRPA.perturbations import PerturbationLpNorm
torch.set_num_threads(1)
asked = json.load(sys.stdin)
graph = onnx.load(asked["network"]).graph
arrays = {each.name: torch.tensor(numpy_helper.to_array(each)) for each in graph.initializer}
modules = []
for node in graph.node[:asked["layers"]]:
    if node.op_type == "Relu":
        module = torch.nn.ReLU()
    elif node.op_type == "Flatten":
        module = torch.nn.Flatten()
    else:
        weight, bias = (arrays[name] for name in node.input[1:])
        if node.op_type == "Conv":
            module = torch.nn.Conv2d(weight.shape[1], weight.shape[0], 4, 2, 1)
        else:
            module = torch.nn.Linear(weight.shape[1], weight.shape[0])
        module.weight.data, module.bias.data = weight, bias
    modules.append(module)
shape = [1] + asked["shape"]
lower, upper = (np.array(asked[end], dtype=np.float32) for end in ("lower", "upper"))
forms = asked["forms"]
net = torch.nn.Sequential(*modules)
options = {"optimize_bound_args": {"iteration": asked["steps"]}}
bounded = BoundedModule(net, torch.zeros(shape), bound_opts=options)
results = []
for k, (low, high) in enumerate(zip(lower, upper)):
    low, high = (torch.tensor(end).reshape(shape) for end in (low, high))
    x = BoundedTensor((low + high) / 2, PerturbationLpNorm(norm=np.inf, x_L=low, x_U=high))
    given = {} if forms is None else {"C": torch.tensor([forms[k]], dtype=torch.float32)}
    found = {}
    for method in asked["methods"]:
        seconds = []
        for _ in range(asked["turns"]):
            start = time.process_time()
            ends = bounded.compute_bounds(
                x=(x,), method=method, bound_upper=forms is None, **given
            )
            seconds.append(time.process_time() - start)
        ends = [None if end is None else end.detach().numpy()[0].tolist() for end in ends]
        found[method] = {"ends": ends, "seconds": min(seconds)}
    results.append(found)
print(json.dumps(results))
"""


@dataclass(frozen=True)
class Peer:
    """Where auto_LiRPA is, and how many steps alpha-CROWN takes."""

    folder: Path
    python: str
    steps: int

    def bounds(
        self,
        network: Path,
        ends: tuple[Singles, Singles],
        shape: Sequence[int],
        *,
        layers: int,
        forms: Sequence[list[list[int]]] | None = None,
    ) -> list[dict[str, Any]]:
        """Return for each box, by each method, ends and seconds."""
        asked = {
            "network": str(network), "layers": layers, "shape": list(shape), "turns": TURNS,
            "lower": ends[0].tolist(), "upper": ends[1].tolist(), "forms": forms,
            "methods": METHODS, "steps": self.steps,
        }  # fmt: skip
        done = subprocess.run(
            [self.python, "-c", THEIRS, str(self.folder)],
            input=json.dumps(asked), stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
        return found


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--autolirpa", type=Path, required=True)
    parser.add_argument("--python", default="python3")
    parser.add_argument("--steps", type=int, default=20, help="of alpha-CROWN")
    parser.add_argument(
        "--ascent", type=int, help="steps of ascent, as alpha-CROWN's if not given"
    )
    parser.add_argument("--images", type=int, default=10)
    parser.add_argument("--points", type=Path)
    given = parser.parse_args()
    folder = given.data / "mnist"
    peer = Peer(given.autolirpa, given.python, given.steps)
    images = np.load(folder / "ten_test_images.npy").reshape(10, -1)[: given.images]
    print("| network | method | s | mean width | excess over the optimum |")
    for name, radius in RADII.items():
        ascent = partial(by_ascent, taken=given.ascent or given.steps)
        print_layers(folder / f"{name}.onnx", around(images, radius), peer, ascent)
    print_margins(folder / f"{CONVOLUTIONAL}.onnx", around(images, MARGINS_AT), peer)
    lines = [
        refuted.json()
        for name in RADII
        for refuted in inside(folder / f"{name}.onnx", around(images[:1], SMALL), peer)
    ]
    if given.points is not None:
        given.points.write_text("\n".join([*lines, ""]), encoding="utf-8")


def around(images: Singles, radius: float) -> tuple[Singles, Singles]:
    """Return the ends of balls, in float32."""
    return images - np.float32(radius), images + np.float32(radius)


def box(lower: Singles, upper: Singles) -> Polytope:
    """Return the box whose ends are these numbers, exactly."""
    low, high = (list(map(from_float, end.tolist())) for end in (lower, upper))
    return Polytope.box(low, high)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return a result and the least seconds of a few runs."""
    seconds = []
    for _ in range(TURNS):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return result, min(seconds)


def print_layers(
    path: Path, ends: tuple[Singles, Singles], peer: Peer, ascent: Proposer
) -> None:
    """Print what each program says of the second layer of a network, on the mean of boxes."""
    prefix = onnx.read(path).prefix(SECOND)
    widths: dict[str, list[float]] = {}
    seconds: dict[str, list[float]] = {}
    for found in peer.bounds(path, ends, (784,), layers=SECOND):
        for method in METHODS:
            lower, upper = map(np.array, found[method]["ends"])
            widths.setdefault(method, []).append(float((upper - lower).mean()))
            seconds.setdefault(method, []).append(found[method]["seconds"])
    ways = {"ascent, proved": Tightening(ascent), "HiGHS, proved": None}
    for domain in map(box, *ends):
        for name, way in ways.items():
            bounds, taken = timed(partial(last_box, prefix, domain, way))
            widths.setdefault(name, []).append(float(mean(x.width for x in bounds)))
            seconds.setdefault(name, []).append(taken)
        asked = programs(prefix, domain, "triangle")
        runs = [plain_run(asked) for _ in range(TURNS)]
        assert same([float(x.width) for x in bounds], runs[0][1])
        widths.setdefault(PLAIN, []).append(float(runs[0][1].mean()))
        seconds.setdefault(PLAIN, []).append(min(taken for taken, _ in runs))
    best = mean(widths["HiGHS, proved"])
    for name in (*METHODS, PLAIN, *ways):
        width = mean(widths[name])
        print(
            f"| `{path.stem}` | {name} | {mean(seconds[name]):.3f} | {width:.6g} | "
            f"{width / best - 1:.1e} |"
        )


def last_box(
    network: Network, domain: Polytope, tightening: Tightening | None
) -> tuple[Interval, ...]:
    """Return the proved bounds of the outputs."""
    *_, last = bounded_sets(network, domain, BITS, tightening=tightening)
    return last.bounds


def print_margins(path: Path, ends: tuple[Singles, Singles], peer: Peer) -> None:
    """Print the least margins over the other classes that each program proves."""
    network = onnx.read(path)
    domains = list(map(box, *ends))
    points = [Labelled.of(network, center(domain)) for domain in domains]
    forms = [[[-a for a in row] for row in rows(point.rivals)] for point in points]
    layers = 8  # nodes of the graph
    for method in METHODS:
        found = peer.bounds(path, ends, (1, 28, 28), layers=layers, forms=forms)
        least = mean(min(each[method]["ends"][0]) for each in found)
        taken = mean(each[method]["seconds"] for each in found)
        print(f"| `{path.stem}`, margins | {method} | {taken:.3f} | least {least:.4f} | |")
    bounded, proved = [], []
    for point, domain in zip(points, domains, strict=True):
        trace, seconds = timed(partial(all_bounds, network, domain))
        bounded.append(seconds)
        work = partial(margins, trace, domain, point.rivals)
        proved.append(timed(work))
    least = mean(-float(max(values)) for values, _ in proved)
    taken = mean(seconds for _, seconds in proved)
    print(f"| `{path.stem}`, margins | LP-ALL, proved | {taken:.3f} | least {least:.4f} | |")
    print(f"| the bounds before | LP-ALL, proved | {mean(bounded):.3f} | | |")


def all_bounds(network: Network, domain: Polytope) -> Trace:
    """Return the bounds of all values by LP-ALL."""
    tightening = Tightening(by_ascent, unstable_values)
    sets = tuple(bounded_sets(network, domain, BITS, tightening=tightening))
    return Trace(LP_ALL.name, network, sets, BITS)


def margins(trace: Trace, domain: Polytope, forms: Forms) -> Vector:
    """Return proved upper bounds of forms of the outputs, where all values are bounded."""
    steps = float_steps(trace.network, lines_of(trace.sets[-1]))
    wishes = ascended_wishes(domain.bounds, steps, forms, taken=LAST_STEPS) or NO_WISHES
    return proved_forms(trace, domain, forms, wishes).values


def center(domain: Polytope) -> Vector:
    """Return the middle of a box."""
    return tuple((x.lower + x.upper) / 2 for x in domain.bounds)


def rows(forms: Forms) -> list[list[int]]:
    """Return forms as lists."""
    listed: list[list[int]] = forms.doubles().astype(int).tolist()
    return listed


@dataclass(frozen=True)
class Refuted:
    """A bound in floats of a value after the second layer, and an input that exceeds it."""

    network: str
    method: str
    neuron: int
    side: int
    said: float
    attained: Fraction
    point: Singles

    def json(self) -> str:
        """Return it as a line; the numbers of the point are exact, as float32 numbers are."""
        data = {
            "network": self.network, "method": self.method, "neuron": self.neuron,
            "bound": ("lower", "upper")[self.side], "said": text(from_float(self.said)),
            "attained": text(self.attained), "point": self.point.tolist(),
        }  # fmt: skip
        return json.dumps(data)


def inside(path: Path, ends: tuple[Singles, Singles], peer: Peer) -> Iterator[Refuted]:
    """Yield the bounds in floats that lie strictly within attained values; print how many."""
    prefix = onnx.read(path).prefix(SECOND)
    (found,) = peer.bounds(path, ends, (784,), layers=SECOND)
    low, high = ends[0][0], ends[1][0]
    floats = FloatNetwork.of(prefix)
    middle = ((low.astype(float) + high) / 2)[None].repeat(prefix.out_dim, 0)
    slopes = floats.gradient(floats.activations(middle), np.eye(prefix.out_dim))
    corners = {1: np.where(slopes > 0, high, low), 0: np.where(slopes > 0, low, high)}
    attained = {
        side: [prefix(tuple(map(from_float, x.tolist())))[j] for j, x in enumerate(points)]
        for side, points in corners.items()
    }
    for method in METHODS:
        refuted = [
            Refuted(path.stem, method, j, side, said[j], value, corners[side][j])
            for side, said in enumerate(found[method]["ends"])
            for j, value in enumerate(attained[side])
            if (from_float(said[j]) < value if side else from_float(said[j]) > value)
        ]
        print(
            f"{path.stem}, radius {SMALL}, {method}: {len(refuted)} of 200 inside", flush=True
        )
        yield from refuted


if __name__ == "__main__":
    main()
