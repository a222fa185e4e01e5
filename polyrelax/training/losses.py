r"""Losses of what a network certifies, and how they change while it is trained.

With a margin :math:`m_j = y_c - y_j` a contraction certifies the radius :math:`\varepsilon` if
all :math:`m_j > 2 \varepsilon`.  The loss of SortNet :cite:p:`zhang2022` is

.. math:: \max_{j \ne c} \min\Bigl(1, \max\bigl(0, 1 - \tfrac{m_j}{2\varepsilon}\bigr)\Bigr)
          + \lambda \operatorname{CE}(\tau y, c) ,

where :math:`\tau` is trained and :math:`\lambda` falls; a network of rectifiers has the cross
entropy of its outputs and that of their interval bounds on the ball :cite:p:`gowal2018`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log
from sys import float_info
from typing import Final, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import ShapeError
from polyrelax.training.tensors import Tensor, torch

_STEADY, _RISEN = 1 / 15, 29 / 30
_LEAST_P, _GREATEST_P = 8.0, 1000.0
_FALL: Final = 0.01


def p_at(part: float) -> float:
    """Return the norm at a part of the training, from 8 to 1000 and then the maximum.

    >>> p_at(0), round(p_at(31 / 60)), p_at(1)  # sqrt(8000)
    (8.0, 89, inf)
    """
    risen = min(max((part - _STEADY) / (_RISEN - _STEADY), 0), 1)
    return inf if risen == 1 else _LEAST_P * exp(risen * log(_GREATEST_P / _LEAST_P))


@final
@dataclass(frozen=True)
class MarginLoss:
    """The loss of SortNet for a radius; ``entropy`` is its first weight of the entropy.

    Raises :class:`ShapeError` for numbers that are not positive and finite.
    """

    radius: float
    entropy: float = 1.0

    def __post_init__(self) -> None:
        require_positive(self.radius, "the radius")
        require_positive(self.entropy, "the weight")

    def __call__(self, scores: Tensor, labels: Tensor, factor: Tensor, part: float) -> Tensor:
        r"""Return the loss at a part of the training; ``factor`` is :math:`\log \tau`.

        >>> zero, own = torch.zeros(1, 2), torch.tensor([0])
        >>> round(MarginLoss(0.5)(zero, own, torch.zeros(()), 0).item(), 4)  # 1 and log 2
        1.6931
        """
        share = self.entropy * exp(part * log(_FALL))
        entropy = cross_entropy(factor.exp() * scores, labels)
        return hinge(scores, labels, self.radius) + share * entropy


def hinge(scores: Tensor, labels: Tensor, radius: float) -> Tensor:
    """Return the mean over images of how far margins fall short of twice a radius, at most 1.

    >>> scores = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    >>> hinge(scores, torch.tensor([0, 0]), 1.0).item()  # 1 - 1/2 and 1 + 1/2, cut off
    0.75
    """
    own = scores.gather(1, labels[:, None])
    short = 1 + (scores - own) / (2 * radius)
    return short.scatter(1, labels[:, None], 0).clamp(0, 1).amax(1).mean()


def cross_entropy(scores: Tensor, labels: Tensor) -> Tensor:
    """Return the mean over images of the negative logarithm of the label's softmax.

    >>> round(cross_entropy(torch.zeros(1, 2), torch.tensor([0])).item(), 4)  # log 2
    0.6931
    """
    return torch.nn.functional.cross_entropy(scores, labels)


def require_positive(number: float, what: str) -> None:
    """Raise :class:`ShapeError` unless a float is positive and finite.

    >>> require_positive(0, "the radius")
    Traceback (most recent call last):
    polyrelax.errors.ShapeError: found the radius 0, expected it above 0 and finite
    """
    require(number, float | int, "a float")
    if not 0 < number <= float_info.max:
        raise ShapeError(f"found {what} {shown(number)}, expected it above 0 and finite")
