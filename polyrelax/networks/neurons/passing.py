"""A value that passes: the neuron of one piece, the identity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.arguments import numbered
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.networks.affine import Affine
from polyrelax.networks.dimensions import box_of, point_of
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.polytopes.constraint import Constraint

_PIECE = Piece((), Affine.select([0], 1))
_EQUATION = Constraint((ONE, -ONE), ZERO, is_equation=True)


@final
@dataclass(frozen=True)
class Pass:
    """The map ``z``.

    >>> [str(y) for y in Pass()((Fraction(-2),))]
    ['-2']
    """

    @property
    def name(self) -> str:
        """The name."""
        return "pass"

    @property
    def in_dim(self) -> int:
        """1."""
        return 1

    @property
    def out_dim(self) -> int:
        """1."""
        return 1

    @property
    def count(self) -> int:
        """1."""
        return 1

    def piece(self, index: int) -> Piece:
        """Return the only piece."""
        index = numbered(index, self.count, "piece")
        return _PIECE

    def live(self, box: Box) -> Iterator[int]:
        """Yield the number of the only piece."""
        box = box_of(box, self.in_dim)
        yield 0

    def __call__(self, z: Vector) -> Vector:
        """Return ``z``."""
        return point_of(z, self.in_dim)

    def range(self, box: Box) -> tuple[Interval, ...]:
        """Return the box."""
        box = box_of(box, self.in_dim)
        return tuple(box)

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        """Return the halves of an equation."""
        box = box_of(box, self.in_dim)
        return _EQUATION.halves()

    def least(self, form: Vector, box: Box) -> Fraction:
        """Return the least value of a form where both values are the same."""
        form = point_of(form, self.in_dim + self.out_dim)
        box = box_of(box, self.in_dim)
        return min(sum(form) * end for end in box[0])

    def component(self, output: int) -> Neuron:
        """Return the neuron itself."""
        return self
