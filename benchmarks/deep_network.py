"""Certified radii of a deep network, 784-(100)x9-10, trained here on a hundred images.

    python benchmarks/deep_network.py [--data DIR] [--images N]

The network is trained on ``DIR/mnist/mnist_test_100.csv``, lines ``label,0..255``, by Adam on
the cross-entropy, with weights that start as those of He et al. (2015), from a fixed seed; the
weights are then rounded to float32, so that they are exact doubles.  Around the first images,
the pixels n/255 exactly, a whole radius by LP-GREEDY, and LP-ALL at 1.05 times that radius.
Seconds are those of the processor, the least of three.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parent))

from lines import Line, Setting

from polyrelax.interop import labels, points
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network
from polyrelax.relaxations.barrier import LP_ALL, LP_GREEDY
from polyrelax.verification.balls import Labelled
from polyrelax.verification.radii import certified_radius, proved_at

Doubles: TypeAlias = npt.NDArray[np.float64]
Result = TypeVar("Result")
WIDTHS = (784, *[100] * 9, 10)
SEED, STEPS, RATE = 0, 300, 1e-3
FIRST, SECOND, TINY = 0.9, 0.999, 1e-8
BEYOND = Fraction(105, 100)


def lines(setting: Setting) -> Iterator[Line]:
    """Yield what a radius takes, and a proof beyond it."""
    if not setting.has("mnist/mnist_test_100.csv"):
        yield Line("a radius by lp-greedy", None, 5.0, note="no data")
        return
    points_of, _ = labelled(setting.data)
    for k in range(1 if setting.quick else 3):
        point = points_of(k)
        found, seconds = least(partial(certified_radius, point, LP_GREEDY))
        yield Line(f"image {k}, a radius by lp-greedy", seconds, 5.0)
        proof, more = least(partial(proved_at, point, LP_ALL, BEYOND * found.radius))
        verdict = "proved" if proof else "not proved"
        yield Line(f"image {k}, lp-all at 1.05 times it", more, 120.0, note=verdict)


def main() -> None:
    """Train, and print a line for each image."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--images", type=int, default=3)
    given = parser.parse_args()
    points_of, told = labelled(given.data)
    print(told)
    print("image | radius by lp-greedy | s | lp-all at 1.05 times it | s")
    for k in range(given.images):
        point = points_of(k)
        found, seconds = least(partial(certified_radius, point, LP_GREEDY))
        proof, more = least(partial(proved_at, point, LP_ALL, BEYOND * found.radius))
        verdict = "proved" if proof else "not proved"
        print(f"{k} | {float(found.radius):.5f} | {seconds:.2f} | {verdict} | {more:.2f}")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def labelled(data: Path) -> tuple[Callable[[int], Labelled], str]:
    """Return the points by their numbers, with the network trained on them, and how it went."""
    path = data / "mnist" / "mnist_test_100.csv"
    known, images = labels.read(path), points.read(path, WIDTHS[0])
    centers = [images.point(k) for k in range(images.count)]
    pixels = np.array([[float(x) for x in center] for center in centers])
    clock = time.process_time()
    parameters = trained(pixels, np.array(known))
    right = float((values(parameters, pixels)[-1].argmax(axis=1) == known).mean())
    seconds = time.process_time() - clock
    told = f"trained in {seconds:.0f} s, {right:.0%} of the images are right"
    network = as_network(parameters)
    return lambda k: Labelled(network, centers[k], known[k]), told


def least(work: Callable[[], Result]) -> tuple[Result, float]:
    """Return a result, and the least seconds of three times."""
    seconds = []
    for _ in range(3):
        clock = time.process_time()
        result = work()
        seconds.append(time.process_time() - clock)
    return result, min(seconds)


def trained(pixels: Doubles, known: npt.NDArray[np.int64]) -> list[Doubles]:
    """Return weights and biases in turn."""
    rng = np.random.default_rng(SEED)
    found: list[Doubles] = []
    for before, after in pairwise(WIDTHS):
        found += [rng.normal(0, np.sqrt(2 / before), (after, before)), np.zeros(after)]
    means = [np.zeros_like(p) for p in found]
    squares = [np.zeros_like(p) for p in found]
    for step in range(1, STEPS + 1):
        for p, g, m, v in zip(
            found, gradients(found, pixels, known), means, squares, strict=True
        ):
            m[...] = FIRST * m + (1 - FIRST) * g
            v[...] = SECOND * v + (1 - SECOND) * g**2
            root = np.sqrt(v / (1 - SECOND**step)) + TINY
            p[...] = p - RATE * m / (1 - FIRST**step) / root
    return found


def values(parameters: list[Doubles], pixels: Doubles) -> list[Doubles]:
    """Return the images, and the values behind each layer."""
    found = [pixels]
    for k in range(0, len(parameters), 2):
        z = found[-1] @ parameters[k].T + parameters[k + 1]
        found.append(z if k + 2 == len(parameters) else np.maximum(z, 0))
    return found


def gradients(
    parameters: list[Doubles], pixels: Doubles, known: npt.NDArray[np.int64]
) -> list[Doubles]:
    """Return the gradient of the mean cross-entropy by each parameter."""
    through, found = values(parameters, pixels), list[Doubles]()
    scores = np.exp(through[-1] - through[-1].max(axis=1, keepdims=True))
    back = scores / scores.sum(axis=1, keepdims=True)
    back[np.arange(len(known)), known] -= 1
    back /= len(known)
    for k in reversed(range(0, len(parameters), 2)):
        found[:0] = [back.T @ through[k // 2], back.sum(axis=0)]
        back = back @ parameters[k] * (through[k // 2] > 0)
    return found


def as_network(parameters: list[Doubles]) -> Network:
    """Return the network whose weights are the nearest float32 numbers."""
    exact = [p.astype(np.float32).astype(np.float64) for p in parameters]
    layers: list[Affine | ReLU] = []
    for weight, bias in zip(exact[::2], exact[1::2], strict=True):
        layers += [Affine.of_doubles(weight, bias), ReLU(len(bias))]
    return Network(tuple(layers[:-1]))


if __name__ == "__main__":
    main()
