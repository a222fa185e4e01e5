"""Affine maps with rows of 1-norm at most 1, with absolute values or MaxMin between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, final

from polyrelax.arithmetic.arguments import require
from polyrelax.errors import ShapeError
from polyrelax.training.exact import Activation, NormBounded, require_activation
from polyrelax.training.families import Step, require_widths
from polyrelax.training.losses import MarginLoss
from polyrelax.training.tensors import Tensor, arrays, torch, trained_from

_NOISE: Final = 0.05


@final
@dataclass(frozen=True)
class NormBoundedNets:
    """Networks whose rows are divided by their 1-norms; trained for margins.

    The last parameter is the logarithm of the scores' factor in the cross entropy.  Raises
    :class:`ShapeError` for a width out of range, and for hidden ones that MaxMin does not
    divide into pairs, and :class:`UnknownNameError` for another activation.
    """

    widths: tuple[int, ...]
    activation: Activation
    goal: MarginLoss

    def __post_init__(self) -> None:
        object.__setattr__(self, "widths", require_widths(self.widths))
        require_activation(self.activation)
        require(self.goal, MarginLoss, "a loss of margins")
        odd = [width for width in self.widths[1:-1] if width % 2]
        if self.activation == "maxmin" and odd:
            raise ShapeError(f"found the width {odd[0]}, expected an even one for pairs")

    def start(self, source: torch.Generator) -> list[Tensor]:
        """Return rows that nearly read one value, no biases, and the factor."""
        found = []
        for width, height in pairwise(self.widths):
            weight = _NOISE * torch.randn(height, width, generator=source)
            places = torch.arange(height)
            weight[places, places % width] += 1
            found += [weight, torch.zeros(height)]
        return list(map(trained_from, (*found, torch.zeros(()))))

    def loss(self, parameters: Sequence[Tensor], step: Step) -> Tensor:
        """Return the loss of margins."""
        *pairs, factor = parameters
        values = step.images
        for k in range(0, len(pairs), 2):
            values = self._bent(values) if k else values
            values = values @ _short(pairs[k]).T + pairs[k + 1]
        return self.goal(values, step.labels, factor, step.part)

    def _bent(self, values: Tensor) -> Tensor:
        if self.activation == "absolute":
            return values.abs()
        two = values.reshape(len(values), -1, 2)
        return torch.stack([two.amax(-1), two.amin(-1)], -1).flatten(1)

    def finished(self, parameters: Sequence[Tensor], images: Tensor) -> NormBounded:
        """Return the rows and biases."""
        *pairs, _ = parameters
        rows = map(_short, pairs[::2])
        return NormBounded(arrays(*rows), arrays(*pairs[1::2]), self.activation)


def _short(weight: Tensor) -> Tensor:
    """Return rows divided by their 1-norms where these are more than 1."""
    return weight / weight.abs().sum(1, keepdim=True).clamp_min(1)
