r"""A broken line: any continuous piecewise linear function of one number, by its kinks.

Networks whose activations may be any 1-Lipschitz functions have such neurons
(:mod:`polyrelax.expressivity.lipschitz`).  Files have no name for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import final

from polyrelax.arithmetic.arguments import exactly, listed
from polyrelax.arithmetic.rational import ZERO, rational, shown, text
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import ShapeError
from polyrelax.networks.neurons.curve import Curve, Point
from polyrelax.networks.neurons.curved import Curved


@final
@readable
@dataclass(frozen=True)
class BrokenLine(Curved):
    """The map through ``kinks``, from left to right, of slopes ``left`` and ``right`` outside.

    >>> ramp = BrokenLine(((ZERO, ZERO), (Fraction(2), Fraction(1))))
    >>> [str(ramp((Fraction(z),))[0]) for z in (-1, 1, 3)]
    ['0', '1/2', '1']
    """

    kinks: tuple[Point, ...]
    left: Fraction = ZERO
    right: Fraction = ZERO

    def __post_init__(self) -> None:
        given = (exactly(kink, 2, "a point") for kink in listed(self.kinks, "kinks"))
        kinks = tuple((rational(x), rational(y)) for x, y in given)
        object.__setattr__(self, "kinks", kinks)
        object.__setattr__(self, "left", rational(self.left))
        object.__setattr__(self, "right", rational(self.right))
        if not kinks:
            raise ShapeError("found a broken line without kinks, expected one or more")
        for (before, _), (x, _) in pairwise(kinks):
            if before >= x:
                raise ShapeError(
                    f"found the kink at {shown(x)} after {shown(before)}, expected them to rise"
                )

    @property
    def name(self) -> str:
        """The name, with the places of the kinks."""
        return f"broken line at {', '.join(text(x) for x, _ in self.kinks)}"

    @cached_property
    def curve(self) -> Curve:
        """The curve."""
        return Curve(self.kinks, self.left, self.right)
