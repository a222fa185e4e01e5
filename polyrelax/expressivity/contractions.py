r"""What networks no layer of which expands the maximum norm can reach, by their fan.

The *fan* of a network is the product over its layers of the greatest number of values that a
neuron reads: 1 if activations have one input each, as in *standard* Lipschitz networks, and
:math:`2^n` for :math:`n` layers of MaxMin.  Contractions are those of
:mod:`polyrelax.networks.contractions`.

**Lemma.**  For points :math:`p_i, q_i`, weights :math:`\mu_i \ge 0` and a contraction
:math:`g` of fan :math:`F`,

.. math:: \sum_i \mu_i |g(p_i) - g(q_i)| \le F \max_j \sum_i \mu_i |(p_i - q_i)_j| .

By induction over the layers: a row of 1-norm 1 takes a mean of such sums, up to signs, and a
neuron that reads :math:`k` values changes by no more than the greatest of their changes, so by
no more than their sum (derived).
"""

from __future__ import annotations

from math import prod

from polyrelax.arithmetic.arguments import require
from polyrelax.networks.layers import bending
from polyrelax.networks.network import Network


def fan(network: Network) -> int:
    """Return the product over layers of the greatest number of values that a neuron reads.

    >>> from polyrelax.networks.layers import Neurons
    >>> from polyrelax.networks.neurons.absolute import Absolute
    >>> from polyrelax.networks.neurons.sort import Sort
    >>> fan(Network((Neurons(3, ((Sort(3), (0, 1, 2)),)), Neurons(3, ((Absolute(), (0,)),)))))
    3
    """
    require(network, Network)
    sizes = ([unit.neuron.in_dim for unit in bending(layer)] for layer in network.layers)
    return prod(max(size, default=1) for size in sizes)
