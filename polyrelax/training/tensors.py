"""PyTorch, and what all of this room does with it; the one file that imports it."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from polyrelax.arithmetic.limbs import Doubles

try:
    import torch
except ImportError:
    raise ImportError("polyrelax.training needs: pip install polyrelax[torch]") from None

__all__ = ["Tensor", "arrays", "generator", "torch", "trained_from"]

Tensor: TypeAlias = torch.Tensor


def generator(seed: int) -> torch.Generator:
    """Return a source of random numbers.

    >>> [torch.rand(1, generator=generator(3)).item() < 1 for _ in range(2)]
    [True, True]
    """
    return torch.Generator().manual_seed(seed)


def trained_from(start: Tensor) -> Tensor:
    """Return a parameter that begins as some numbers.

    >>> trained_from(torch.zeros(2)).requires_grad
    True
    """
    return start.clone().requires_grad_(True)


def arrays(*parameters: Tensor) -> tuple[Doubles, ...]:
    """Return parameters as arrays of doubles.

    >>> arrays(torch.ones(2))[0].tolist()
    [1.0, 1.0]
    """
    return tuple(p.detach().numpy().astype(np.float64) for p in parameters)
