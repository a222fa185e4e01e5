"""Maps below and above a layer of neurons on a box of what it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, final

from polyrelax.arithmetic.arguments import all_of
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import SparseVector
from polyrelax.errors import DimensionError
from polyrelax.networks.layers import Affine


class LayerLines(Protocol):
    """Maps below and above a layer on its box."""

    @property
    def lower(self) -> Affine:
        """The map below."""

    @property
    def upper(self) -> Affine:
        """The map above."""


@final
@dataclass(frozen=True)
class Flat:
    """Constant maps below and above a layer: the ends of its values."""

    lower: Affine
    upper: Affine

    @classmethod
    def of(cls, box: Sequence[Interval]) -> Flat:
        """Return the maps of a box of a layer's values.

        >>> from polyrelax.arithmetic.rational import ONE, ZERO
        >>> Flat.of([Interval(ZERO, ONE)]).upper.bias
        (Fraction(1, 1),)
        """
        box = all_of(box, Interval, "intervals")
        none: SparseVector = ()
        if not box:
            raise DimensionError("found a box of dimension 0, expected at least 1")
        sides = zip(*box, strict=True)
        lower, upper = (Affine((none,) * len(box), tuple(side), 1) for side in sides)
        return cls(lower, upper)
