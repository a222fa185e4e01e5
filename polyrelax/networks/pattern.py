r"""Activation patterns: in which of their pieces neurons are.

At a point, a neuron is in the first piece whose cell has it: a rectifier is *on*, in piece 1,
if its input is positive.  What passes a layer has no piece to choose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import final

from polyrelax.arithmetic.arguments import require, wholes
from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.layers import Affine, Identity, bending
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.neuron import piece_at


@final
@dataclass(frozen=True, order=True)
class ActivationPattern:
    """For each layer of neurons, the number of the piece that each neuron is in.

    Pieces 0 and 1 are written as signs, others as their numbers.

    >>> str(ActivationPattern(((True, False, 2), (True,))))
    '+-2 +'
    """

    signs: tuple[tuple[int, ...], ...] = ()

    def then(self, signs: Iterable[int]) -> ActivationPattern:
        """Return the pattern with one layer of neurons more.

        >>> str(ActivationPattern().then([True]).then([False, False]))
        '+ --'
        """
        signs = wholes(signs, "signs")
        return ActivationPattern((*self.signs, tuple(signs)))

    def __str__(self) -> str:
        return " ".join("".join(map(_told, layer)) for layer in self.signs)


def pattern_at(network: Network, x: Vector) -> ActivationPattern:
    """Return the activation pattern at a point.

    >>> from polyrelax.arithmetic.rational import vector
    >>> from polyrelax.networks.layers import ReLU
    >>> str(pattern_at(Network((ReLU(2),)), vector([1, 0])))
    '+-'
    """
    require(network, Network)
    pattern = ActivationPattern()
    for layer, value in zip(network.layers, network.activations(x), strict=False):
        if not isinstance(layer, Affine | Identity):
            pattern = pattern.then(
                piece_at(unit.neuron, tuple(value[j] for j in unit.inputs))
                for unit in bending(layer)
            )
    return pattern


def _told(piece: int) -> str:
    return "-+"[piece] if piece < 2 else str(piece) if piece < 10 else f"({piece})"
