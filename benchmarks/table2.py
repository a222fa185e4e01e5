"""Table 2 of Salman et al. (2019), certified: certified radii beside the printed ones.

    python benchmarks/table2.py --data DIR [--certificates DIR] [--pairs] [NETWORK]...

For the networks of ``DIR/mnist`` and the images of ``DIR/mnist/ten_test_images.npy``, the mean
radii (in thousandths) of LP-GREEDY, LP-LAST and LP-ALL, each proved in exact arithmetic, and
of counterexamples that are exact; behind each the number that the paper prints.  No ball is
clipped, as the paper's are not; the centers are the stored pixels, float32 numbers next to
n/255.  The median over the images of the part of the gap between certified radius and
counterexample, ``1 - certified / counterexample``, is that of LP-ALL.  Seconds are those of the
processor for an image.  With ``--certificates`` each radius of each method gets its file there,
``check.py`` runs on it alone and must accept it, and a line for each method has the mean size
and seconds, and the most memory of making and checking.  ``--pairs`` adds ``krelu:2``, which no
method of single neurons reaches: mean radius and seconds, and the least quotient by LP-ALL.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean, median

import numpy as np

from polyrelax.arithmetic.rational import from_float
from polyrelax.certificates import check
from polyrelax.certificates.forms import certify_forms
from polyrelax.interop import onnx
from polyrelax.relaxations.barrier import METHODS
from polyrelax.relaxations.pair_barrier import PAIRS
from polyrelax.verification.attacks import attacked
from polyrelax.verification.balls import Labelled
from polyrelax.verification.radii import CertifiedRadius, certified_radii, certified_radius

PRINTED = {
    "mlp_2x100_nor": (14.19, 15.11, 15.83, 28.14),
    "mlp_2x100_adv": (41.68, 43.76, 43.76, 81.22),
    "mlp_2x100_lpd": (81.50, 85.33, 85.33, 118.10),
    "cnn_small_lpd": (153.17, 160.83, 160.83, 226.72),
}
MEASURED = """
import runpy, sys
del sys.argv[0]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    lines = open("/proc/self/status").read().splitlines()
    print(*(line.split()[1] for line in lines if line.startswith("VmHWM")), file=sys.stderr)
"""
"""Runs a program; writes the most memory that it took, in kB, without its parent's."""
COLUMNS = (*(method.name for method in METHODS), "counterexample")


@dataclass(frozen=True)
class Certificate:
    """The size of an accepted file, what it took to make it, and what it took to check it."""

    kilobytes: float
    made: float
    checked: float
    made_in_megabytes: int
    checked_in_megabytes: int


@dataclass(frozen=True)
class Image:
    """Radii, seconds and certificates of an image in the order of the columns."""

    radii: tuple[float, ...]
    seconds: tuple[float, ...]
    megabytes: int
    certificates: tuple[Certificate, ...]
    pairs: tuple[float, float] | None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--images", type=int, default=10)
    parser.add_argument("--certificates", type=Path)
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("networks", nargs="*", default=tuple(PRINTED))
    given = parser.parse_args()
    print(
        "network |",
        " | ".join(f"{c} (printed)" for c in COLUMNS),
        "| gap | s each | MB | wall s",
    )
    start = time.perf_counter()
    with ProcessPoolExecutor(given.jobs) as executor:
        for name in given.networks:
            work = partial(
                examined, given.data / "mnist", name, given.certificates, pairs=given.pairs
            )
            begun = time.perf_counter()
            images = list(executor.map(work, range(given.images)))
            print(*row(name, images, time.perf_counter() - begun), sep=" | ", flush=True)
            for method, made in zip(
                METHODS, zip(*(i.certificates for i in images), strict=True), strict=False
            ):
                print(name, told(method.name, made), sep=" | ", flush=True)
    print(f"all in {time.perf_counter() - start:.0f} s")


def row(name: str, images: list[Image], wall: float) -> Iterator[str]:
    """Yield the cells of a network."""
    yield name
    for k, printed in enumerate(PRINTED[name]):
        yield f"{1000 * mean(image.radii[k] for image in images):.2f} ({printed:.2f})"
    yield f"{median(1 - image.radii[2] / image.radii[3] for image in images):.3f}"
    yield " ".join(f"{mean(image.seconds[k] for image in images):.2f}" for k in range(4))
    yield str(max(image.megabytes for image in images))
    yield f"{wall:.0f}"
    both = [(image.pairs, image.radii[2]) for image in images if image.pairs is not None]
    if both:
        least = min(pairs[0] / single for pairs, single in both)
        radius, seconds = (mean(pairs[k] for pairs, _ in both) for k in (0, 1))
        yield f"krelu:2: {1000 * radius:.2f}, {seconds:.0f} s, at least {least:.3f} lp-all"


def told(method: str, made: Sequence[Certificate]) -> str:
    """Return a line about the certificates of a method."""
    size, seconds, checked = (
        mean(getattr(one, key) for one in made) for key in ("kilobytes", "made", "checked")
    )
    most = max(one.made_in_megabytes for one in made)
    least = max(one.checked_in_megabytes for one in made)
    return (
        f"{len(made)} certificates of {method}: {size:.0f} kB, made in {seconds:.1f} s and "
        f"{most} MB, checked in {checked:.1f} s and {least} MB"
    )


def examined(data: Path, name: str, folder: Path | None, index: int, *, pairs: bool) -> Image:
    """Return what is found of an image; each method takes at least the radius before it."""
    network = onnx.read(data / f"{name}.onnx")
    pixels = np.load(data / "ten_test_images.npy").reshape(10, -1)[index]
    point = Labelled.of(network, tuple(map(from_float, pixels.tolist())))
    radii, seconds, found = list[float](), list[float](), list[CertifiedRadius]()
    clock = time.process_time()
    for better in certified_radii(point):
        found.append(better)
        radii.append(float(better.radius))
        seconds.append(time.process_time() - clock)
        clock = time.process_time()
    attack = attacked(point)
    assert attack is not None
    assert radii[0] <= radii[1] <= radii[2] < attack.radius
    radii.append(float(attack.radius))
    seconds.append(time.process_time() - clock)
    made = () if folder is None else certificates(found, folder, f"{name}-{index}")
    beyond = by_pairs(point) if pairs else None
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Image(tuple(radii), tuple(seconds), used, made, beyond)


def by_pairs(point: Labelled) -> tuple[float, float]:
    """Return the radius of pairs and the seconds that it takes, those of LP-ALL included."""
    clock = time.process_time()
    radius = float(certified_radius(point, PAIRS).radius)
    return radius, time.process_time() - clock


def certificates(
    found: Sequence[CertifiedRadius], folder: Path, name: str
) -> tuple[Certificate, ...]:
    """Write the certificate of each method's radius, and have it checked."""
    folder.mkdir(exist_ok=True)
    pairs = zip(METHODS, found, strict=True)
    return tuple(certified(one, folder / f"{name}-{m.name}.jsonl") for m, one in pairs)


def certified(found: CertifiedRadius, path: Path) -> Certificate:
    """Write the certificate of a radius, and have it checked in a process of its own."""
    assert found.proof is not None
    clock = time.process_time()
    content = certify_forms(found.proof).dumps()
    made = time.process_time() - clock
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    path.write_text(content, encoding="utf-8")
    command = [sys.executable, "-I", "-c", MEASURED, check.__file__, str(path)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    checked = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
    return Certificate(len(content) / 1000, made, checked, most, int(done.stderr) // 1024)


if __name__ == "__main__":
    main()
