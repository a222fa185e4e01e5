r"""Activation patterns: which neurons are on.

At a point, a neuron is *on* if its input is positive.  Neurons are those coordinates that a
ReLU layer applies to; coordinates that pass it have no sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.layers import ReLU
from polyrelax.networks.network import Network


@final
@dataclass(frozen=True, order=True)
class ActivationPattern:
    """For each ReLU layer, whether each of its neurons is on.

    >>> str(ActivationPattern(((True, False), (True,))))
    '+- +'
    """

    signs: tuple[tuple[bool, ...], ...] = ()

    def then(self, signs: Iterable[bool]) -> ActivationPattern:
        """Return the pattern with one ReLU layer more.

        >>> str(ActivationPattern().then([True]).then([False, False]))
        '+ --'
        """
        return ActivationPattern((*self.signs, tuple(signs)))

    def __str__(self) -> str:
        return " ".join("".join("+" if on else "-" for on in layer) for layer in self.signs)


def pattern_at(network: Network, x: Vector) -> ActivationPattern:
    """Return the activation pattern at a point.

    >>> from polyrelax.arithmetic.rational import vector
    >>> str(pattern_at(Network((ReLU(2),)), vector([1, 0])))
    '+-'
    """
    values = network.activations(x)
    return ActivationPattern(
        tuple(
            tuple(value[j] > 0 for j in layer.active)
            for layer, value in zip(network.layers, values, strict=False)
            if isinstance(layer, ReLU)
        )
    )
