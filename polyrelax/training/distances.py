r"""The neurons of SortNet in floats: norms of differences, masked at random, and sorts.

A neuron with centre :math:`u` is trained as :math:`\lVert s \odot (x - u) \rVert_p` for a
random mask :math:`s`, which the neurons of a layer and 32 images share.  At
:math:`p = \infty` its mean over masks is the weighted sort
(:mod:`polyrelax.networks.lipschitz`); smaller :math:`p` have gradients in all coordinates.
"""

from __future__ import annotations

from math import inf
from typing import Final

from polyrelax.training.tensors import Tensor, torch

_SHARE: Final = 32


def sizes(x: Tensor, centers: Tensor) -> Tensor:
    """Return absolute differences: of each image and neuron, one for each coordinate.

    >>> sizes(torch.zeros(1, 2), torch.tensor([[1.0, -2.0]])).tolist()
    [[[1.0, 2.0]]]
    """
    return (x[:, None, :] - centers[None]).abs()


def p_norm(values: Tensor, p: float) -> Tensor:
    """Return the p-norms of values at least 0 along the last axis, without overflow.

    Where all values are 0 the norm has no gradient, and 0 stands for it.

    >>> p_norm(torch.tensor([[3.0, 4.0]]), 2).tolist(), p_norm(torch.ones(2), inf).item()
    ([5.0], 1.0)
    """
    if p == inf:
        return values.amax(-1)
    greatest = values.detach().amax(-1, keepdim=True)
    shares = values / torch.where(greatest > 0, greatest, 1.0)
    total = (shares**p).sum(-1)  # 1 at least but for zeros alone, where roots are steep
    return greatest[..., 0] * torch.where(greatest[..., 0] > 0, total, 1.0) ** (1 / p)


def masked(values: Tensor, ratio: float, source: torch.Generator) -> Tensor:
    """Return values, those of some coordinates replaced by 0, each with chance ``ratio``.

    >>> found = masked(torch.ones(64, 3, 5), 0.5, torch.Generator().manual_seed(0))
    >>> bool((found == found[:1, :1])[:32].all())  # one mask for 32 images
    True
    """
    if not ratio:
        return values
    groups = -(-len(values) // _SHARE)
    kept = torch.rand(groups, 1, values.shape[-1], generator=source) >= ratio
    return values * kept.repeat_interleave(_SHARE, dim=0)[: len(values)]


def weighted_sort(values: Tensor, weights: Tensor) -> Tensor:
    """Return sums of sorted values, the greatest first, times weights.

    >>> weighted_sort(torch.tensor([[1.0, 2.0]]), torch.tensor([0.5, 0.25])).tolist()
    [1.25]
    """
    return values.sort(-1, descending=True).values @ weights
