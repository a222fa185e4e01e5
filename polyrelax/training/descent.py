"""Training: Adam on shuffled batches, with a rate that falls along a cosine.

The same seed gives the same network, on one machine and one thread; PyTorch does not promise
the same floats on others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, pi
from typing import Final, final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.arguments import exactly, numbered, require, require_function, whole
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.errors import ArgumentError, DimensionError, NotANumberError, ShapeError
from polyrelax.training.exact import Trained
from polyrelax.training.families import Family, Step, require_family
from polyrelax.training.losses import require_positive
from polyrelax.training.tensors import Tensor, generator, torch

_MOMENTA: Final = (0.9, 0.99)
_TINY: Final = 1e-10
_SEEDS: Final = 2**63


@final
@dataclass(frozen=True)
class Budget:
    """How long a network is trained, in passes over all images, and how fast at first."""

    epochs: int
    batch: int
    rate: float

    def __post_init__(self) -> None:
        for name in ("epochs", "batch"):
            number = whole(getattr(self, name), "a whole number")
            if number < 1:
                raise ShapeError(f"found {name} {number}, expected at least 1")
        require_positive(self.rate, "the rate")


def train(
    family: Family,
    data: tuple[Doubles, Integers],
    budget: Budget,
    seed: int,
    *,
    progress: Callable[[int], None] | None = None,
) -> Trained:
    """Return a network of a family, trained on images and their labels.

    ``data`` are an array of images, one a row, and one of labels from 0; ``progress`` hears the
    number of each pass that is done.  Raises :class:`DimensionError` for data that do not fit
    the family's first and last width, and :class:`NotANumberError` for images that are not
    finite in single precision.

    >>> import numpy as np
    >>> from fractions import Fraction
    >>> from polyrelax.training.losses import MarginLoss
    >>> from polyrelax.training.sort_nets import SortNets
    >>> data = np.eye(2), np.array([0, 1])
    >>> family = SortNets((2, 2), Fraction(0), MarginLoss(0.2))
    >>> found = train(family, data, Budget(60, 2, 0.1), 0)
    >>> left, right = found.network(10)([1, 0]), found.network(10)([0, 1])
    >>> left[0] > left[1], right[0] > right[1]
    (True, False)
    """
    require_family(family)
    require(budget, Budget, "a budget")
    if progress is not None:
        require_function(progress)
    images, labels = _tensors(family, *exactly(data, 2, "images and labels"))
    source = generator(numbered(seed, _SEEDS, "seed"))
    parameters = family.start(source)
    optimizer = torch.optim.Adam(parameters, budget.rate, _MOMENTA, _TINY)
    for epoch in range(budget.epochs):
        for part, chosen in _batches(len(images), epoch, budget, source):
            optimizer.param_groups[0]["lr"] = budget.rate * (1 + cos(pi * part)) / 2
            optimizer.zero_grad()
            step = Step(images[chosen], labels[chosen], part, source)
            family.loss(parameters, step).backward()
            optimizer.step()
        if progress is not None:
            progress(epoch)
    with torch.no_grad():
        return family.finished(parameters, images)


def _batches(
    count: int, epoch: int, budget: Budget, source: torch.Generator
) -> Iterator[tuple[float, Tensor]]:
    """Yield the part of the training that is done, and the numbers of the next images."""
    batches = torch.randperm(count, generator=source).split(budget.batch)
    for k, chosen in enumerate(batches):
        yield (epoch + k / len(batches)) / budget.epochs, chosen


def _tensors(family: Family, images: Doubles, labels: Integers) -> tuple[Tensor, Tensor]:
    """Return data that fit a family as tensors."""
    _require_array(images, "biuf", "numbers")
    _require_array(labels, "iu", "whole numbers")
    _require_fit(family, images, labels)
    pixels = torch.tensor(images.astype(np.float64), dtype=torch.float32)
    strange = images[~torch.isfinite(pixels).numpy()]
    if len(strange):
        raise NotANumberError(
            f"found {strange[0]} in an image, expected a finite number in single precision"
        )
    return pixels, torch.tensor(labels.astype(np.int64))


def _require_array(values: npt.NDArray[np.generic], kinds: str, what: str) -> None:
    """Raise :class:`ArgumentError` unless a value is an array of some of numpy's kinds."""
    require(values, np.ndarray, f"an array of {what}")
    if values.dtype.kind not in kinds:
        raise ArgumentError(f"found an array of {values.dtype}, expected one of {what}")


def _require_fit(family: Family, images: Doubles, labels: Integers) -> None:
    """Raise :class:`DimensionError` unless arrays have the shapes that a family takes."""
    first, *_, last = family.widths
    if images.ndim != 2 or images.shape[1] != first or not len(images):
        raise DimensionError(
            f"found images of shape {list(images.shape)}, expected rows of {first} numbers"
        )
    if labels.shape != (len(images),):
        raise DimensionError(
            f"found labels of shape {list(labels.shape)}, expected {len(images)} of them"
        )
    strange = [label for label in set(labels.tolist()) if label not in range(last)]
    if strange:
        raise DimensionError(f"found the label {strange[0]}, expected 0 to {last - 1}")
