"""Networks of rectifiers, trained for interval bounds :cite:p:`gowal2018`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from typing import Final, final

from polyrelax.training.exact import Rectified
from polyrelax.training.families import Step, require_widths
from polyrelax.training.losses import cross_entropy, require_positive
from polyrelax.training.tensors import Tensor, arrays, torch, trained_from

_CERTIFIED: Final = 0.5
_GROWN: Final = 0.5


@final
@dataclass(frozen=True)
class RectifiedNets:
    """Networks of rectifiers, trained for the ball of a radius within numbers from 0 to 1.

    Raises :class:`ShapeError` for a radius or width out of range.
    """

    widths: tuple[int, ...]
    radius: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", require_widths(self.widths))
        require_positive(self.radius, "the radius")

    def start(self, source: torch.Generator) -> list[Tensor]:
        """Return random weights of variance 2 / n, and no biases."""
        found = []
        for width, height in pairwise(self.widths):
            weight = sqrt(2 / width) * torch.randn(height, width, generator=source)
            found += [weight, torch.zeros(height)]
        return list(map(trained_from, found))

    def loss(self, parameters: Sequence[Tensor], step: Step) -> Tensor:
        """Return cross entropy, half of outputs, half of their bounds; balls grow first."""
        grown = min(step.part / _GROWN, 1.0)
        radius, share = self.radius * grown, _CERTIFIED * grown
        ends = (step.images - radius).clamp(0, 1), (step.images + radius).clamp(0, 1)
        pairs = list(zip(parameters[::2], parameters[1::2], strict=True))
        values = step.images
        for k, (weight, bias) in enumerate(pairs):
            values = (values.clamp_min(0) if k else values) @ weight.T + bias
        clean = cross_entropy(values, step.labels)
        return (1 - share) * clean + share * cross_entropy(
            worst(pairs, step.labels, ends), step.labels
        )

    def finished(self, parameters: Sequence[Tensor], images: Tensor) -> Rectified:
        """Return the weights and biases."""
        return Rectified(arrays(*parameters[::2]), arrays(*parameters[1::2]))


def worst(
    pairs: Sequence[tuple[Tensor, Tensor]], labels: Tensor, ends: tuple[Tensor, Tensor]
) -> Tensor:
    """Return interval bounds of all outputs minus that of the label, on the boxes of images.

    >>> pairs = [(torch.tensor([[1.0], [-2.0]]), torch.zeros(2))]
    >>> box = torch.tensor([[1.0]]), torch.tensor([[2.0]])
    >>> worst(pairs, torch.tensor([0]), box).tolist()  # -2x - x is at most -3
    [[0.0, -3.0]]
    """
    for weight, bias in pairs[:-1]:
        middle, spread = _moved(weight, bias, ends)
        ends = (middle - spread).clamp_min(0), (middle + spread).clamp_min(0)
    weight, bias = pairs[-1]
    forms = weight[None] - weight[labels][:, None]
    shifts = bias[None] - bias[labels][:, None]
    low, high = (end[..., None] for end in ends)
    return (forms.clamp_min(0) @ high + forms.clamp_max(0) @ low)[..., 0] + shifts


def _moved(weight: Tensor, bias: Tensor, ends: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
    """Return the middles and half widths of an affine map's values on boxes."""
    low, high = ends
    return (low + high) / 2 @ weight.T + bias, (high - low) / 2 @ weight.abs().T
