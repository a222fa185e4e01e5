"""Which relaxations take little time on a network, and how its bounds are rounded."""

from __future__ import annotations

import math
from typing import Final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import UsageError
from polyrelax.networks.layers import bending
from polyrelax.networks.network import Network
from polyrelax.relaxations.names import SCALABLE

HULLS: Final = ("krelu:2", "m:1", "p:1", "exact")

SMALL_WIDTH: Final = 3
SMALL_NEURONS: Final = 12
"""Up to here each hull takes a second at most: the graph of a layer lives in 6 dimensions, and
the network has at most 2**12 linear regions.  At width 4, ``krelu:2`` and ``m:1`` may take
a minute."""

FEW_INPUTS: Final = 2
FEW_NEURONS: Final = 10
"""Up to here ``p:1`` and ``exact`` take less than half a second, whatever the widths: sets
that two inputs span have few faces, and ten neurons cut the plane into few regions.  2-8-8-1
takes ``p:1`` six seconds, 4-8-1 takes ``exact`` two."""

EXACT_NEURONS: Final = 32
EXACT_GROWTH: Final = 512
"""Up to here exact optima take seconds.  A bound combines one denominator for each neuron of
the layer before, so that numbers grow by the product of the widths of all ReLU layers:
64-32-32-10 with float32 weights takes 30 s on [0, 1]^64 and 1 s with bounds rounded outward,
which keeps them short; 5-10-10-10-10-10-10-5 would not come to an end."""

ROUNDING_BITS: Final = 32
MOST_BITS: Final = 4096
_MOST_DIGITS: Final = 100


def default_names(network: Network) -> tuple[str, ...]:
    """Return the relaxations that finish in little time on a network.

    >>> from polyrelax.networks.gallery import tent
    >>> default_names(tent())[-2:]
    ('p:1', 'exact')
    """
    require(network, Network)
    narrow = max(network.widths) <= SMALL_WIDTH
    neurons = network.neuron_count
    if narrow and neurons <= SMALL_NEURONS:
        return (*SCALABLE, *HULLS)
    few = network.in_dim <= FEW_INPUTS and neurons <= FEW_NEURONS
    return (*SCALABLE, "p:1", "exact") if few else SCALABLE


def rounding(choice: str | None, network: Network) -> int | None:
    """Return the bits after the binary point that bounds are rounded to, or ``None``.

    >>> from polyrelax.networks.gallery import tent
    >>> rounding(None, tent()), rounding("exact", tent()), rounding("16", tent())
    (None, None, 16)
    """
    require(network, Network)
    require(choice, str | None, "'exact', a whole number as a text, or None")
    if choice is None:
        return None if _stays_short(network) else ROUNDING_BITS
    if choice == "exact":
        return None
    is_whole = choice.isascii() and choice.isdecimal() and len(choice) <= _MOST_DIGITS
    if is_whole and 1 <= int(choice) <= MOST_BITS:
        return int(choice)
    raise UsageError(
        f"found --bits {shown(choice)}, "
        f"expected 'exact' or a whole number from 1 to {MOST_BITS}"
    )


def _stays_short(network: Network) -> bool:
    """Whether exact bounds have numbers of moderate length."""
    layers = [len(bending(layer)) for layer in network.layers if bending(layer)]
    return sum(layers) <= EXACT_NEURONS and math.prod(layers) <= EXACT_GROWTH
