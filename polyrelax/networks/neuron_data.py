"""Layers of neurons as plain data, for files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import text
from polyrelax.networks.layers import Neurons
from polyrelax.networks.neurons.kinds import kind_of

Entry: TypeAlias = Mapping[str, Sequence[int] | str]


def neurons_data(layer: Neurons) -> Mapping[str, Sequence[Entry]]:
    """Return a layer of neurons as JSON: kinds with what they read, and parameters as texts.

    >>> from polyrelax.networks.neurons.maximum import Maximum
    >>> from polyrelax.networks.neurons.passing import Pass
    >>> neurons_data(Neurons(2, ((Maximum(2), (0, 1)), (Pass(), (1,)))))
    {'neurons': [{'maximum': [0, 1]}, {'pass': [1]}]}
    """
    require(layer, Neurons)
    told = ((*kind_of(neuron), read) for neuron, read in layer.placed)
    return {
        "neurons": [
            {kind: list(read), **{name: text(number) for name, number in given.items()}}
            for kind, given, read in told
        ]
    }
