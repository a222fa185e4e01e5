"""SortNet, and networks of distances, which are its case of ratio 0, trained for margins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final, final

from polyrelax.arithmetic.arguments import exact, require
from polyrelax.networks.lipschitz import geometric_weights
from polyrelax.training.distances import masked, p_norm, sizes, weighted_sort
from polyrelax.training.exact import SortNet
from polyrelax.training.families import Step, require_widths
from polyrelax.training.losses import MarginLoss, p_at
from polyrelax.training.tensors import Tensor, arrays, torch, trained_from

_FAR: Final = 0.5
"""How far a neuron is from its own coordinate at first; far away, masks drown everything."""


@final
@dataclass(frozen=True)
class SortNets:
    """SortNets whose weights have a ratio, distance networks for 0; trained for margins.

    The last parameter but one is added to the distances of the last layer, the last is the
    logarithm of the scores' factor in the cross entropy.  Raises :class:`ShapeError` for a
    ratio or width out of range.
    """

    widths: tuple[int, ...]
    ratio: Fraction
    goal: MarginLoss

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", require_widths(self.widths))
        object.__setattr__(self, "ratio", exact(self.ratio))
        geometric_weights(self.ratio, 1)  # or its error
        require(self.goal, MarginLoss, "a loss of margins")

    def start(self, source: torch.Generator) -> list[Tensor]:
        """Return random centres, on one side of the data in one coordinate each."""
        centers = []
        for width, height in pairwise(self.widths):
            center = torch.randn(height, width, generator=source)
            if width <= height:
                places = torch.arange(height)
                center[places, places % width] = -_FAR
            centers.append(center)
        ends = torch.zeros(self.widths[-1]), torch.zeros(())
        return list(map(trained_from, (*centers, *ends)))

    def loss(self, parameters: Sequence[Tensor], step: Step) -> Tensor:
        """Return the loss of margins, with norms and random masks in place of sorts."""
        *centers, bias, factor = parameters
        p, values = p_at(step.part), step.images
        for k, center in enumerate(centers):
            ratio = float(self.ratio) if k else 0.0
            values = values - values.mean(0) if k else values
            values = p_norm(masked(sizes(values, center), ratio, step.source), p)
        return self.goal(-(values + bias), step.labels, factor, step.part)

    def finished(self, parameters: Sequence[Tensor], images: Tensor) -> SortNet:
        """Return the centres, moved by the means of the values that they are compared with."""
        *centers, bias, _ = parameters
        values, moved = images, list[Tensor]()
        for k, center in enumerate(centers):
            moved.append(center + values.mean(0) if k else center)
            between = sizes(values, moved[-1])
            weights = geometric_weights(self.ratio if k else 0, between.shape[-1])
            values = weighted_sort(between, torch.tensor([float(w) for w in weights]))
        return SortNet(arrays(*moved), arrays(bias)[0], self.ratio)
