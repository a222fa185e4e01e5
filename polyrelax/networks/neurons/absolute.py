r"""The absolute value :math:`y = |z|`, which is not monotone.

Over :math:`[l, u]` with :math:`l < 0 < u` the hull of its graph is the triangle of
:math:`y \ge -z`, :math:`y \ge z` and the chord.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.networks.neurons.curve import Curve
from polyrelax.networks.neurons.curved import Curved

_CURVE = Curve(((ZERO, ZERO),), -ONE, ONE)


@final
@dataclass(frozen=True)
class Absolute(Curved):
    """The map ``abs(z)``.

    >>> from polyrelax.arithmetic.interval import Interval
    >>> [str(row) for row in Absolute().rows((Interval(-ONE, 3 * ONE),))]
    ['-x0 - x1 <= 0', 'x0 - x1 <= 0', '-x0 + 2 x1 <= 3']
    """

    @property
    def name(self) -> str:
        """The name."""
        return "absolute value"

    @property
    def curve(self) -> Curve:
        """The curve."""
        return _CURVE
