"""Which of two ways to exact sets takes less time: all regions, or phases for each bound.

Regions grow with the inputs that vary, as hyperplanes in a space of few dimensions have few
cells; branch and bound grows with the unstable neurons alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from polyrelax.networks.layers import Affine, Identity, ReLU
from polyrelax.networks.network import Network
from polyrelax.relaxations.counts import MOST, cells, power

CORNER: Final = 2e-4
"""Seconds per corner that a linear region would have if it were a box by itself."""
_PROGRAM: Final = 1e-3
_ENTRY: Final = 2e-7
"""Seconds per case, and per coefficient of its program."""
_DOUBLING: Final = 12.0
"""So many neurons more take twice as many cases for each of them: 16 to 24 neurons of random
and trained networks take 7 to 74 cases."""


def corners(unstable: int, free: int) -> float:
    """Return how many corners the linear regions may have together, were each a box.

    >>> corners(2, 1)
    6.0
    """
    return cells(unstable, free) * power(2, free)


def programs(unstable: int) -> float:
    """Return how many linear programs a maximum may take.

    >>> programs(0), programs(12)
    (1.0, 25.0)
    """
    return min(1 + unstable * power(2, unstable / _DOUBLING), MOST)


def program_seconds(unstable: int, free: int) -> float:
    """Return the seconds that a linear program of a case may take.

    >>> program_seconds(0, 9)
    0.001
    """
    return _PROGRAM + _ENTRY * unstable * (unstable + free)


def is_by_phases(network: Network, unstable: Sequence[int], free: int) -> bool:
    """Whether branch and bound may take less time, given each layer's unstable neurons.

    >>> from polyrelax.networks.gallery import tent
    >>> is_by_phases(tent(), (0, 2, 0, 2, 0), 1)
    False
    """
    if not all(isinstance(layer, Affine | Identity | ReLU) for layer in network.layers):
        return False
    before = zip(network.layers, accumulate(unstable, initial=0), strict=False)
    seconds = sum(
        2 * layer.out_dim * programs(known) * program_seconds(known, free)
        for layer, known in before
        if isinstance(layer, Affine)
    )
    return seconds < corners(sum(unstable), free) * CORNER
