r"""The leaky rectifier :math:`y = z` for :math:`z \ge 0`, :math:`y = az` for :math:`z \le 0`.

With a slope :math:`a` that is learnt it is called parametric.  If :math:`a < 1`, it is convex:
over :math:`[l, u]` with :math:`l < 0 < u` the hull of its graph is the triangle of
:math:`y \ge az`, :math:`y \ge z` and the chord; if :math:`a > 1`, it is concave.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import final

from polyrelax.arithmetic.rational import ONE, ZERO, rational, text
from polyrelax.arithmetic.readable import readable
from polyrelax.networks.neurons.curve import Curve
from polyrelax.networks.neurons.curved import Curved


@final
@readable
@dataclass(frozen=True)
class LeakyReLU(Curved):
    """The map ``max(z, 0) + slope * min(z, 0)``.

    >>> from polyrelax.arithmetic.interval import Interval
    >>> neuron = LeakyReLU(Fraction(1, 2))
    >>> [str(row) for row in neuron.rows((Interval(Fraction(-2), Fraction(1)),))]
    ['x0 - 2 x1 <= 0', 'x0 - x1 <= 0', '-2 x0 + 3 x1 <= 1']
    """

    slope: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "slope", rational(self.slope))

    @property
    def name(self) -> str:
        """The name, with the slope."""
        return f"leaky relu {text(self.slope)}"

    @cached_property
    def curve(self) -> Curve:
        """The curve."""
        return Curve(((ZERO, ZERO),), self.slope, ONE)
