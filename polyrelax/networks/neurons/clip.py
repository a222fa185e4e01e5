r"""The clip :math:`y = \min(\max(z, a), b)`, either end of which may be left out.

ReLU6 is the clip to [0, 6], hard tanh that to [-1, 1], hard sigmoid the clip to [0, 1] of an
affine map.  Over :math:`[l, u]` with :math:`l < a < b < u` the hull of its graph has two sides
below, :math:`y \ge a` and the line from :math:`(a, a)` to :math:`(u, b)`, and two above.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import final

from polyrelax.arithmetic.rational import ONE, ZERO, rational, shown, text
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import ShapeError
from polyrelax.networks.neurons.curve import Curve
from polyrelax.networks.neurons.curved import Curved


@final
@readable
@dataclass(frozen=True)
class Clip(Curved):
    """The map that moves a number to the nearest one between ``lower`` and ``upper``.

    >>> from polyrelax.arithmetic.interval import Interval
    >>> relu6 = Clip(Fraction(0), Fraction(6))
    >>> [str(row) for row in relu6.rows((Interval(Fraction(-3), Fraction(9)),))]
    ['-x1 <= 0', '2 x0 - 3 x1 <= 0', '-2 x0 + 3 x1 <= 6', 'x1 <= 6']
    """

    lower: Fraction | None
    upper: Fraction | None

    def __post_init__(self) -> None:
        if self.lower is None and self.upper is None:
            raise ShapeError("found a clip without ends, expected one or two")
        for name in ("lower", "upper"):
            end = getattr(self, name)
            object.__setattr__(self, name, None if end is None else rational(end))
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise ShapeError(
                f"found a clip from {shown(self.lower)} to {shown(self.upper)}, "
                "expected the first to be less"
            )

    @property
    def name(self) -> str:
        """The name, with the ends."""
        ends = ("" if end is None else text(end) for end in (self.lower, self.upper))
        return f"clip {' .. '.join(ends).strip()}"

    @cached_property
    def curve(self) -> Curve:
        """The curve."""
        kinks = tuple((end, end) for end in (self.lower, self.upper) if end is not None)
        left, right = (ONE if end is None else ZERO for end in (self.lower, self.upper))
        return Curve(kinks, left, right)
