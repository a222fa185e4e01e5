r"""A point, its class, and the balls around it in the maximum norm.

A network classifies :math:`x` by its greatest output.  It is *robust* at a point of class
:math:`c` up to the radius :math:`\varepsilon` if :math:`y_j < y_c` for all :math:`j \ne c` on
the whole ball; an input of the ball with :math:`y_j \ge y_c` is a *counterexample*.  The ball
may be clipped to the values that pixels have.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import final

import numpy as np

from polyrelax.arithmetic.arguments import require, whole
from polyrelax.arithmetic.integer_matrix import Forms
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Doubles
from polyrelax.arithmetic.rational import Vector, shown
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.errors import ArgumentError, DimensionError, EmptySetError, TooLargeError
from polyrelax.networks.dimensions import point_of
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope


def nearest_double(value: Fraction | float) -> float:
    """Return the double nearest to a number; raise :class:`TooLargeError` beyond all of them.

    >>> nearest_double(Fraction(10) ** 400)
    Traceback (most recent call last):
    polyrelax.errors.TooLargeError: found a number beyond all floats, expected a smaller one
    """
    if not isinstance(value, Fraction | float | int):
        raise ArgumentError(f"found {shown(value)}, expected a number")
    try:
        return float(value)
    except OverflowError:
        raise TooLargeError(
            "found a number beyond all floats, expected a smaller one"
        ) from None


@final
@readable
@dataclass(frozen=True)
class Labelled:
    """A point that a network is to put in class ``label``, and where inputs are clipped to.

    >>> from polyrelax.networks.network import network
    >>> x = Labelled.of(network(([[1, -1], [0, 0]], [0, 0])), (Fraction(1), Fraction(0)))
    >>> x.label, x.is_counterexample((Fraction(0), Fraction(1, 2)))
    (0, True)
    """

    network: Network
    center: Vector
    label: int
    clip: Interval | None = None

    def __post_init__(self) -> None:
        require(self.network, Network)
        object.__setattr__(self, "label", whole(self.label, "a label"))
        object.__setattr__(self, "center", point_of(self.center, self.network.in_dim))
        if not 0 <= self.label < self.network.out_dim:
            raise DimensionError(
                f"found the label {self.label}, the network has "
                f"{amount(self.network.out_dim, 'class', 'classes')}"
            )
        if self.network.out_dim < 2:
            raise DimensionError("found a network of one output, expected one for each class")
        if self.clip is not None:
            require(self.clip, Interval)
            self._require_within(self.clip)

    def _require_within(self, clip: Interval) -> None:
        for j, value in enumerate(self.center):
            if value not in clip:
                raise EmptySetError(
                    f"found {shown(value)} at input {j}, expected it within {clip}"
                )

    @classmethod
    def of(
        cls,
        network: Network,
        center: Vector,
        label: int | None = None,
        *,
        clip: Interval | None = None,
    ) -> Labelled:
        """Return a point with its label: by default the class that the network puts it in.

        Of several greatest outputs, that is the first.
        """
        require(network, Network)
        values = network(center)
        return cls(network, center, values.index(max(values)) if label is None else label, clip)

    @cached_property
    def others(self) -> tuple[int, ...]:
        """The other classes."""
        return tuple(j for j in range(self.network.out_dim) if j != self.label)

    @cached_property
    def rivals(self) -> Forms:
        """The other outputs minus that of the label, which are to stay negative."""
        columns = np.arange(self.network.out_dim)
        numbers = (columns == np.array(self.others)[:, None]).astype(np.int64)
        numbers[:, self.label] = -1
        return Forms(numbers, columns, 0)

    def ball(self, radius: Fraction) -> Polytope:
        """Return the inputs that differ from the point by at most the radius."""
        return Polytope.around(self.center, radius, clip=self.clip)

    @cached_property
    def center_in_floats(self) -> Doubles:
        """The point to the nearest doubles."""
        return np.array([nearest_double(x) for x in self.center])

    def ball_in_floats(self, radius: float) -> tuple[Doubles, Doubles]:
        """Return about the same ball, its lower and its upper ends."""
        radius = nearest_double(radius)
        lower, upper = self.center_in_floats - radius, self.center_in_floats + radius
        if self.clip is None:
            return lower, upper
        low, high = (nearest_double(end) for end in (self.clip.lower, self.clip.upper))
        return np.maximum(lower, low), np.minimum(upper, high)

    def is_counterexample(self, x: Vector) -> bool:
        """Whether another output is at least that of the label, exactly, within the clip."""
        x = point_of(x, self.network.in_dim)
        if self.clip is not None and any(value not in self.clip for value in x):
            return False
        values = self.network(x)
        return any(values[j] >= values[self.label] for j in self.others)

    def distance(self, x: Vector) -> Fraction:
        """Return the distance of an input in the maximum norm."""
        x = point_of(x, self.network.in_dim)
        return max(abs(a - b) for a, b in zip(x, self.center, strict=True))
