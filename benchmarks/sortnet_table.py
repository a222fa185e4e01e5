"""Certified accuracy on digits: SortNet beside networks of the same size, each trained for it.

    pip install polyrelax[torch] scikit-learn
    python benchmarks/sortnet_table.py [--jobs N] [--attacked N]

All networks are 64-64-64-10 and read scikit-learn's digits, pixels n/16.  Each row has four
candidates (two radii that the loss is for, two rates), each trained once on 1,160 images; the
one with the greatest mean certified accuracy on 277 others, over the three radii, is trained on
all 1,437 with three seeds, and judged on 360 images that nothing else has seen.  Parameters are
rounded to multiples of 2^-14, those of rectifiers to 2^-12; all accuracies are those of the
rounded networks, in exact arithmetic.

An image is certified at a radius if its class is right and no input of the closed ball is put
into another.  Contractions are certified by their margins on the whole ball, networks of
rectifiers by three methods on the ball within [0, 1].  Then certified radii, those of the first
``--attacked`` test images, are attacked: 1,000 points strictly within each are proposed by
floats, evaluated exactly, and counted where they are in another class, or in two.  Any success
would refute a proof.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from itertools import product
from statistics import mean

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Integers
from polyrelax.networks.integer_points import IntegerPoints, values_at
from polyrelax.networks.lipschitz import geometric_weights
from polyrelax.networks.network import Network
from polyrelax.relaxations.barrier import METHODS
from polyrelax.relaxations.group_barrier import PAIRS
from polyrelax.training.descent import Budget, train
from polyrelax.training.distances import sizes, weighted_sort
from polyrelax.training.exact import TERMS, NormBounded, Rectified, SortNet, Trained
from polyrelax.training.families import Family
from polyrelax.training.losses import MarginLoss
from polyrelax.training.norm_bounded_nets import NormBoundedNets
from polyrelax.training.rectified_nets import RectifiedNets, worst
from polyrelax.training.sort_nets import SortNets
from polyrelax.verification.attacks import attacked_within
from polyrelax.verification.balls import Labelled
from polyrelax.verification.margins import margin_radii
from polyrelax.verification.radii import proved_at

WIDTHS = (64, 64, 64, 10)
RATIO = Fraction(3, 10)
RADII = (Fraction(1, 20), Fraction(1, 10), Fraction(3, 20))
SEARCHED, EPOCHS, BATCH, SEEDS = 40, 100, 128, (1, 2, 3)
UNIT = Interval(Fraction(0), Fraction(1))
GRID = 2**16
STARTS, STEPS, VARIANTS, CHUNK = 10, 10, 10, 20
ROWS = ("absolute", "maxmin", "distance", "sortnet", "relu")
RATES = {"relu": (0.005, 0.02), "absolute": (0.01, 0.03), "maxmin": (0.01, 0.03)}


@dataclass(frozen=True)
class Trial:
    """What was trained, the seed and the seconds of it, and how many images are attacked."""

    row: str
    found: Trained
    seed: int
    seconds: float
    attacked: int


@dataclass(frozen=True)
class Judged:
    """What is found of one trained network in one form: counts of the test images."""

    row: str
    seed: int
    clean: int
    certified: tuple[int, ...]
    attacked: int
    points: int
    broken: int
    seconds: tuple[float, float, float]


@cache
def data() -> tuple[tuple[Integers, Integers], ...]:
    """Return images to train, to choose by and to judge by, each 0..16, with their labels."""
    images, labels = load_digits(return_X_y=True)
    rest, test, rest_labels, test_labels = train_test_split(
        images.astype(int), labels, test_size=360, random_state=0
    )
    fit, choice, fit_labels, choice_labels = train_test_split(
        rest, rest_labels, test_size=277, random_state=0
    )
    return (
        (fit, fit_labels),
        (choice, choice_labels),
        (rest, rest_labels),
        (test, test_labels),
    )


def candidates(row: str) -> Iterator[tuple[Family, float]]:
    """Yield the four families and rates of a row."""
    for radius, rate in product((0.1, 0.2), RATES.get(row, (0.02, 0.05))):
        if row == "relu":
            yield RectifiedNets(WIDTHS, radius), rate
        elif row in ("distance", "sortnet"):
            ratio = RATIO if row == "sortnet" else Fraction(0)
            yield SortNets(WIDTHS, ratio, MarginLoss(radius)), rate
        else:
            yield NormBoundedNets(WIDTHS, row, MarginLoss(radius)), rate


def exact(images: Integers) -> IntegerPoints:
    """Return images as exact points."""
    return IntegerPoints(images, 16)


def chosen(row: str, number: int) -> float:
    """Return the mean certified accuracy of a candidate, by floats for rectifiers."""
    torch.set_num_threads(1)
    (images, labels), (others, other_labels), *_ = data()
    family, rate = list(candidates(row))[number]
    found = train(family, (images / 16, labels), Budget(SEARCHED, BATCH, rate), 0)
    if isinstance(found, Rectified):
        return mean(_interval_accuracy(found, others, other_labels, float(r)) for r in RADII)
    radii = margin_radii(found.network(14), exact(others), other_labels.tolist())
    return mean(mean(found > r for found in radii) for r in RADII)


def _interval_accuracy(
    found: Rectified, images: Integers, labels: Integers, radius: float
) -> float:
    pairs = [
        (torch.tensor(weight), torch.tensor(bias))
        for weight, bias in zip(found.weights, found.biases, strict=True)
    ]
    x = torch.tensor(images / 16)
    values = worst(
        pairs, torch.tensor(labels), ((x - radius).clamp(0), (x + radius).clamp(0, 1))
    )
    return float(
        (values.scatter(1, torch.tensor(labels)[:, None], -1).amax(1) < 0).double().mean()
    )


def judged(row: str, number: int, seed: int, attacked: int) -> list[Judged]:
    """Return what is found of a network, in both forms of SortNet or by three methods."""
    torch.set_num_threads(1)
    *_, (images, labels), _ = data()
    family, rate = list(candidates(row))[number]
    clock = time.process_time()
    found = train(family, (images / 16, labels), Budget(EPOCHS, BATCH, rate), seed)
    trial = Trial(row, found, seed, time.process_time() - clock, attacked)
    if isinstance(found, Rectified):
        return list(_by_methods(trial))
    if isinstance(found, SortNet) and found.ratio:
        short = replace(trial, row=f"{row}, {TERMS} terms")
        return [_by_margins(trial, None), _by_margins(short, TERMS)]
    return [_by_margins(trial, None)]


def _by_margins(trial: Trial, terms: int | None) -> Judged:
    *_, (test, labels) = data()
    clock, found = time.process_time(), trial.found
    network = found.network(14, terms) if isinstance(found, SortNet) else found.network(14)
    radii = margin_radii(network, exact(test), labels.tolist())
    proved = time.process_time() - clock
    # strictly within: the greatest whole number of steps that is less than the radius
    steps = np.array([-(-r.numerator * GRID // r.denominator) - 1 for r in radii])
    right = np.flatnonzero(steps[: trial.attacked] > 0)
    clock = time.process_time()
    target = Target(network, partial(scores, found, terms), lowest=-GRID, highest=2 * GRID)
    points, broken = assault(target, test[right], labels[right], steps[right], trial.seed)
    return Judged(
        trial.row,
        trial.seed,
        sum(radius > 0 for radius in radii),
        tuple(sum(found > r for found in radii) for r in RADII),
        len(right),
        points,
        broken,
        (trial.seconds, proved, time.process_time() - clock),
    )


def _by_methods(trial: Trial) -> Iterator[Judged]:
    """Yield what each method proves besides those before it; nothing refuted is tried again."""
    *_, (test, labels) = data()
    network = trial.found.network(12)
    values = values_at(network, exact(test)).numbers
    own = values[np.arange(len(test)), labels][:, None]
    clean = np.flatnonzero((values >= own).sum(axis=1) == 1).tolist()
    known: set[tuple[int, Fraction]] = set()
    lost: set[tuple[int, Fraction]] = set()
    target = Target(network, partial(scores, trial.found, None), lowest=0, highest=GRID)
    for method in (METHODS[0], METHODS[-1], PAIRS):
        clock, fresh = time.process_time(), list[tuple[int, Fraction]]()
        for k in clean:
            center = tuple(Fraction(int(n), 16) for n in test[k])
            point = Labelled(network, center, int(labels[k]), UNIT)
            for radius in (r for r in reversed(RADII) if (k, r) not in lost):
                if (k, radius) in known:
                    break
                if proved_at(point, method, radius) is not None:
                    fresh += [(k, r) for r in RADII if r <= radius and (k, r) not in known]
                    break
                if attacked_within(point, radius) is not None:
                    lost.add((k, radius))
        proved, clock = time.process_time() - clock, time.process_time()
        known.update(fresh)
        some = [(k, int(radius * GRID)) for k, radius in fresh if k < trial.attacked]
        images, steps = np.array(some, dtype=np.int64).reshape(-1, 2).T
        points, broken = assault(target, test[images], labels[images], steps, trial.seed)
        yield Judged(
            f"relu, {method.name}",
            trial.seed,
            len(clean),
            tuple(sum(radius == r for _, radius in known) for r in RADII),
            len(some),
            points,
            broken,
            (trial.seconds, proved, time.process_time() - clock),
        )


@dataclass(frozen=True)
class Target:
    """An exact network, the same in floats, and where inputs end, in steps of the grid."""

    network: Network
    scores: partial[torch.Tensor]
    lowest: int
    highest: int


def scores(found: Trained, terms: int | None, x: torch.Tensor) -> torch.Tensor:
    """Return the outputs of a trained network in floats."""
    match found:
        case SortNet():
            for k, centers in enumerate(found.centers):
                row = geometric_weights(found.ratio if k else 0, centers.shape[1], terms)
                weights = torch.tensor([float(w) for w in row])
                x = weighted_sort(sizes(x, torch.tensor(centers, dtype=torch.float32)), weights)
            return -(x + torch.tensor(found.bias, dtype=torch.float32))
        case NormBounded() | Rectified():
            for k, (weight, bias) in enumerate(zip(found.weights, found.biases, strict=True)):
                x = _bent(found, x) if k else x
                x = x @ torch.tensor(weight, dtype=torch.float32).T
                x = x + torch.tensor(bias, dtype=torch.float32)
            return x
    raise TypeError(found)


def _bent(found: NormBounded | Rectified, x: torch.Tensor) -> torch.Tensor:
    if isinstance(found, Rectified):
        return x.clamp_min(0)
    if found.activation == "absolute":
        return x.abs()
    two = x.reshape(len(x), -1, 2)
    return torch.stack([two.amax(-1), two.amin(-1)], -1).flatten(1)


def assault(
    target: Target, images: Integers, labels: Integers, steps: Integers, seed: int
) -> tuple[int, int]:
    """Return how many points within balls were tried, and how many are in another class."""
    random, tried, broken = np.random.default_rng(seed), 0, 0
    for start in range(0, len(images), CHUNK):
        some = slice(start, start + CHUNK)
        centers = np.repeat(images[some] * (GRID // 16), STARTS, axis=0)
        own, radius = np.repeat(labels[some], STARTS), np.repeat(steps[some], STARTS)[:, None]
        for points in _proposed(target, centers, own, radius, random):
            values = values_at(target.network, IntegerPoints(points, GRID)).numbers
            classes = np.repeat(own[None], VARIANTS, axis=0).ravel()
            rows = np.arange(len(points))
            reached = values >= values[rows, classes][:, None]
            reached[rows, classes] = False
            tried, broken = tried + len(points), broken + int(reached.any(axis=1).sum())
    return tried, broken


def _proposed(
    target: Target,
    centers: Integers,
    own: Integers,
    radius: Integers,
    random: np.random.Generator,
) -> Iterator[Integers]:
    """Yield points of balls: descents towards random classes, and corners on their way."""
    others = (own + random.integers(1, 10, len(own))) % 10
    shift = random.uniform(-1, 1, centers.shape)
    for k in range(STEPS):
        x = torch.tensor(
            (centers + shift * radius) / GRID, dtype=torch.float32, requires_grad=True
        )
        values = target.scores(x)
        rows = torch.arange(len(x))
        (values[rows, torch.tensor(others)] - values[rows, torch.tensor(own)]).sum().backward()
        sign = np.sign(x.grad.numpy())
        shift = np.clip(shift + sign * (0.5 / (k + 1)), -1, 1)
        variants = [shift, np.where(sign == 0, shift, sign)]
        for share in np.linspace(0.1, 0.9, VARIANTS - 2):
            kept = random.random(shift.shape) >= share
            ends = random.choice((-1.0, 1.0), shift.shape)
            variants.append(np.where(kept & (sign != 0), sign, ends))
        whole = np.concatenate(
            [np.trunc(v * radius).astype(np.int64) + centers for v in variants]
        )
        yield np.clip(whole, target.lowest, target.highest)


def line(name: str, found: Sequence[Judged], count: int) -> str:
    """Return the cells of a row: means in per cent with the least and greatest of the seeds."""
    cells = [name]
    for numbers in zip(*((each.clean, *each.certified) for each in found), strict=True):
        low, middle, high = (100 * f(numbers) / count for f in (min, mean, max))
        cells.append(f"{middle:.1f} ({low:.1f} to {high:.1f})")
    cells.append(f"{sum(f.broken for f in found)} of {sum(f.points for f in found):,}")
    cells.append(f"{sum(f.attacked for f in found):,}")
    seconds = zip(*(each.seconds for each in found), strict=True)
    cells.append(", ".join(f"{mean(each):.1f}" for each in seconds))
    return " | ".join(cells)


def main() -> None:
    """Choose, train, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--attacked", type=int, default=360, help="images of the first so many")
    given = parser.parse_args()
    start = time.perf_counter()
    with ProcessPoolExecutor(given.jobs) as executor:
        trials = list(product(reversed(ROWS), range(4)))
        found = dict(zip(trials, executor.map(chosen, *zip(*trials, strict=True)), strict=True))
        best = {row: max(range(4), key=lambda k, row=row: found[row, k]) for row in ROWS}
        for row in ROWS:
            family, rate = list(candidates(row))[best[row]]
            values = ", ".join(f"{100 * found[row, k]:.1f}" for k in range(4))
            print(f"# {row}: {values}; {family}, rate {rate}", flush=True)
        print(f"# chosen after {time.perf_counter() - start:.0f} s", flush=True)
        print("network | clean | .05 | .1 | .15 | broken | radii | s: train, prove, attack")
        for row in ROWS:
            work = partial(judged, row, best[row], attacked=given.attacked)
            results = [each for several in executor.map(work, SEEDS) for each in several]
            for name in dict.fromkeys(each.row for each in results):
                print(line(name, [r for r in results if r.row == name], 360), flush=True)
    print(f"# all in {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
