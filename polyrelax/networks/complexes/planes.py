"""Which neurons have pieces that whole planes cut out."""

from __future__ import annotations

from polyrelax.networks.neurons.component import whole_of
from polyrelax.networks.neurons.neuron import MOST_PIECES, Neuron
from polyrelax.networks.neurons.sort import Sort


def is_cut_by_planes(neuron: Neuron) -> bool:
    """Whether the pieces of a neuron are all the cells of the planes that bound them.

    Those of a curve and of a sort are; the planes of a maximum of three cut its pieces too.

    >>> from polyrelax.networks.neurons.maximum import Maximum
    >>> is_cut_by_planes(Maximum(2)), is_cut_by_planes(Maximum(3)), is_cut_by_planes(Sort(3))
    (True, False, True)
    """
    whole = whole_of(neuron)
    is_simple = whole.in_dim == 1 or whole.count == 2 or isinstance(whole, Sort)
    return is_simple and whole.count <= MOST_PIECES
