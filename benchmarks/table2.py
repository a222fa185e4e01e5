"""Table 2 of Salman et al. (2019), certified: certified radii beside the printed ones.

    python benchmarks/table2.py [--data DIR] [--certificates DIR] [--pairs] [--json DIR] [NAME]…

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
``--json`` keeps the radii, exactly, in a file for each network; ``table2/`` here has them.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import mean, median

import numpy as np

from polyrelax.arithmetic.rational import from_float, text
from polyrelax.certificates import check
from polyrelax.certificates.forms import certify_forms
from polyrelax.interop import onnx, radii
from polyrelax.relaxations.barrier import METHODS
from polyrelax.relaxations.group_barrier import PAIRS
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

    label: int
    radii: tuple[Fraction, ...]
    seconds: tuple[float, ...]
    megabytes: int
    certificates: tuple[Certificate, ...]
    pairs: tuple[Fraction, float] | None


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--images", type=int, default=10)
    parser.add_argument("--certificates", type=Path)
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--json", type=Path)
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
            for line in lines_of_certificates(images):
                print(name, line, sep=" | ", flush=True)
            if given.json is not None:
                given.json.mkdir(exist_ok=True)
                network = given.data / "mnist" / f"{name}.onnx"
                content = json.dumps(reported(network, images), indent=1, sort_keys=True)
                (given.json / f"{name}.json").write_text(f"{content}\n", encoding="utf-8")
    print(f"all in {time.perf_counter() - start:.0f} s")


def row(name: str, images: list[Image], wall: float) -> Iterator[str]:
    """Yield the cells of a network."""
    yield name
    for k, printed in enumerate(PRINTED[name]):
        yield f"{float(1000 * mean(image.radii[k] for image in images)):.2f} ({printed:.2f})"
    yield f"{float(median(1 - image.radii[2] / image.radii[3] for image in images)):.3f}"
    yield " ".join(f"{mean(image.seconds[k] for image in images):.2f}" for k in range(4))
    yield str(max(image.megabytes for image in images))
    yield f"{wall:.0f}"
    both = [(image.pairs, image.radii[2]) for image in images if image.pairs is not None]
    if both:
        least = float(min(pairs[0] / single for pairs, single in both))
        radius = float(1000 * mean(pairs[0] for pairs, _ in both))
        seconds = mean(pairs[1] for pairs, _ in both)
        yield f"krelu:2: {radius:.2f}, {seconds:.0f} s, at least {least:.3f} lp-all"


def lines_of_certificates(images: list[Image]) -> Iterator[str]:
    """Yield a line for each method whose radii have certificates."""
    for k, method in enumerate(METHODS):
        made = [image.certificates[k] for image in images if image.certificates]
        if made:
            yield told(method.name, made)


def reported(network: Path, images: list[Image]) -> dict[str, object]:
    """Return the radii of all methods, as ``polyrelax radius`` prints them, without points."""
    columns = {m.name: [image.radii[k] for image in images] for k, m in enumerate(METHODS)}
    if all(image.pairs is not None for image in images):
        columns[PAIRS.name] = [image.pairs[0] for image in images if image.pairs]
    reports = [
        {
            "format": radii.FORMAT,
            "method": name,
            "results": [
                {"image": k, "label": i.label, "lower": text(low), "upper": text(i.radii[3])}
                for k, (i, low) in enumerate(zip(images, lower, strict=True))
            ],
        }
        for name, lower in columns.items()
    ]
    return {"sha256": sha256(network.read_bytes()).hexdigest(), "reports": reports}


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
    found, seconds = list[CertifiedRadius](), list[float]()
    clock = time.process_time()
    for better in certified_radii(point):
        found.append(better)
        seconds.append(time.process_time() - clock)
        clock = time.process_time()
    attack = attacked(point)
    assert attack is not None
    known = (*(one.radius for one in found), attack.radius)
    assert known[0] <= known[1] <= known[2] < known[3]
    seconds.append(time.process_time() - clock)
    made = () if folder is None else certificates(found, folder, f"{name}-{index}")
    beyond = by_pairs(point) if pairs else None
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Image(point.label, known, tuple(seconds), used, made, beyond)


def by_pairs(point: Labelled) -> tuple[Fraction, float]:
    """Return the radius of pairs and the seconds that it takes, those of LP-ALL included."""
    clock = time.process_time()
    radius = certified_radius(point, PAIRS).radius
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
