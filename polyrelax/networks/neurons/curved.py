"""Neurons of one number whose graph is a curve: all their answers are the curve's."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Protocol

from polyrelax.arithmetic.arguments import numbered
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.dimensions import box_of, point_of
from polyrelax.networks.neurons.curve import Curve
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.polytopes.constraint import Constraint


class Curved(Neuron, Protocol):
    """A neuron that is its :attr:`curve`; its pieces are counted from the left.

    >>> from polyrelax.networks.neurons.absolute import Absolute
    >>> [str(y) for y in Absolute()((Fraction(-2),))]
    ['2']
    """

    @property
    def curve(self) -> Curve:
        """The curve."""

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
        """The number of pieces."""
        return self.curve.count

    def piece(self, index: int) -> Piece:
        """Return a piece, counted from the left."""
        index = numbered(index, self.count, "piece")
        return self.curve.piece(index)

    def live(self, box: Box) -> Iterator[int]:
        """Yield the numbers of the pieces that are live on an interval."""
        box = box_of(box, self.in_dim)
        return self.curve.live(box[0])

    def __call__(self, z: Vector) -> Vector:
        """Return the value at ``z``."""
        z = point_of(z, self.in_dim)
        return (self.curve.at(z[0]),)

    def range(self, box: Box) -> tuple[Interval, ...]:
        """Return the range on an interval."""
        box = box_of(box, self.in_dim)
        return (self.curve.range(box[0]),)

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        """Return the sides of the hull of the graph, those below first."""
        box = box_of(box, self.in_dim)
        return self.curve.rows(box[0])

    def least(self, form: Vector, box: Box) -> Fraction:
        """Return the least value of a form on the graph over an interval."""
        form = point_of(form, self.in_dim + self.out_dim)
        box = box_of(box, self.in_dim)
        return self.curve.least(form, box[0])

    def component(self, output: int) -> Neuron:
        """Return the neuron itself."""
        return self
