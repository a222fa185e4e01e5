r"""The smallest networks that the layer hull P_1 bounds inexactly, and repairs of them.

With height :math:`T`, all compute

.. math:: f(x) = T + T \max(1 - 2|x|, 0)

on :math:`[-1, 1]`, whose range is :math:`[T, 2T]`.  [mao2024, v4] proves that such networks
exist; this instance of widths 1-2-2-1, and that no smaller widths do, is derived.
"""

from __future__ import annotations

from polyrelax.arithmetic.arguments import dimension
from polyrelax.arithmetic.rational import ONE, Scalar, rational
from polyrelax.networks.layers import Affine, Identity, ReLU
from polyrelax.networks.network import Network, concatenate, network
from polyrelax.networks.rewrite import clamp_below


def tent(height: Scalar = 1) -> Network:
    """Return the 1-2-2-1 network of which P_1 finds the range [0, 2 height], not [height, ...].

    With u = (max(x, 0), max(-x, 0)), hidden layer 2 is max(1 - 2 u, 0), and the output is
    its sum times ``height``.

    >>> [str(tent()((rational(x),))[0]) for x in ("-1", "-1/4", "0")]
    ['1', '3/2', '2']
    """
    scale = rational(height)
    return network(([[1], [-1]], [0, 0]), ([[-2, 0], [0, -2]], [1, 1]), ([[scale, scale]], [0]))


def tent_unit_weights(height: Scalar = 1) -> Network:
    """Return the tent over [-2, 2] with hidden weights of absolute value one.

    >>> [str(tent_unit_weights()((rational(x),))[0]) for x in (-2, 0)]
    ['1', '2']
    """
    scale = rational(height)
    return network(([[1], [-1]], [0, 0]), ([[-1, 0], [0, -1]], [1, 1]), ([[scale, scale]], [0]))


def tent_with_identities(count: int, height: Scalar = 1) -> Network:
    """Return the tent with ``count`` identity layers after its first ReLU.

    Each makes the windows of P_r span one layer less ([mao2024, v4], Lemma 4.1).

    >>> len(tent_with_identities(3).layers) - len(tent().layers)
    3
    """
    count = dimension(count, "a count")
    plain = tent(height)
    identities = (Identity(2),) * count
    return Network((*plain.layers[:2], *identities, *plain.layers[2:]))


def tent_with_blocks(count: int, height: Scalar = 1) -> Network:
    """Return the tent with ``count`` blocks of an identity matrix and a ReLU put in.

    The values there are not negative, so each block is the identity.

    >>> len(tent_with_blocks(3).layers) - len(tent().layers)
    6
    """
    count = dimension(count, "a count")
    plain = tent(height)
    block = (Affine.select(range(2), 2), ReLU(2))
    return Network((*plain.layers[:2], *block * count, *plain.layers[2:]))


def tent_copied() -> Network:
    """Return the tent with a copy of the input, max(x + 1, 0), in each hidden layer.

    The output does not read the copy.  On [-1, 1] the copy is stable, and P_1 does not gain.

    >>> tent_copied().widths
    (1, 3, 3, 3, 3, 1)
    """
    copy = network(([[1]], [1]), ([[1]], [0]), ([[1]], [0]))
    both = concatenate(tent(), copy)
    first_output = Affine.select([0], 2)
    last = both.layers[-1]
    assert isinstance(last, Affine)  # both networks end in an affine layer
    return Network((*both.layers[:-1], first_output.after(last)))


def tent_clamped() -> Network:
    """Return the tent followed by y -> 1 + max(y - 1, 0), which leaves it unchanged.

    >>> [str(tent_clamped()((rational(x),))[0]) for x in (-1, 0)]
    ['1', '2']
    """
    return clamp_below(tent(), ONE)


def tent_merged() -> Network:
    """Return the tent with one neuron in hidden layer 2, max(1 - 2|x|, 0), and output 1 + it.

    >>> [str(tent_merged()((rational(x),))[0]) for x in (-1, 0)]
    ['1', '2']
    """
    return network(([[1], [-1]], [0, 0]), ([[-2, -2]], [1]), ([[1]], [1]))


def tent_flattened() -> Network:
    """Return the tent with one hidden layer of three neurons: one plus the hat.

    >>> [str(tent_flattened()((rational(x),))[0]) for x in (-1, 0)]
    ['1', '2']
    """
    return network(([[1], [1], [1]], ["1/2", 0, "-1/2"]), ([[2, -4, 2]], [1]))
