"""One output of a neuron, as a neuron of its own: its pieces are those of the neuron."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.networks.affine import Affine
from polyrelax.networks.dimensions import point_of
from polyrelax.networks.neurons import neuron as general
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece, require_neuron
from polyrelax.polytopes.constraint import Constraint


@final
@dataclass(frozen=True)
class Component:
    """Output ``output`` of a neuron.

    >>> from polyrelax.networks.neurons.sort import Sort
    >>> Component(Sort(3), 1).name, [str(y) for y in Component(Sort(3), 1)((5, 7, 6))]
    ('output 1 of sort of 3', ['6'])
    """

    whole: Neuron
    output: int

    @property
    def name(self) -> str:
        """The name, with that of the whole."""
        return f"output {self.output} of {self.whole.name}"

    @property
    def in_dim(self) -> int:
        """The number of values that it reads."""
        return self.whole.in_dim

    @property
    def out_dim(self) -> int:
        """1."""
        return 1

    @property
    def count(self) -> int:
        """The number of pieces of the whole."""
        return self.whole.count

    def piece(self, index: int) -> Piece:
        """Return a piece of the whole, with one of its outputs."""
        piece = self.whole.piece(index)
        row, shift = piece.image.rows[self.output], piece.image.bias[self.output]
        return Piece(piece.where, Affine((row,), (shift,), self.in_dim))

    def live(self, box: Box) -> Iterator[int]:
        """Yield the numbers of the pieces of the whole that are live on a box."""
        return self.whole.live(box)

    def __call__(self, z: Vector) -> Vector:
        """Return the value at ``z``."""
        return (self.whole(z)[self.output],)

    def range(self, box: Box) -> tuple[Interval, ...]:
        """Return the least interval of the values on a box."""
        return (self.whole.range(box)[self.output],)

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        """Return the constraints of the hull of the graph over a box that read the value."""
        return general.rows(self, box)

    def least(self, form: Vector, box: Box) -> Fraction:
        """Return the least value of a form on the graph over a box, as that of the whole."""
        *inputs, factor = point_of(form, self.in_dim + 1)
        outputs = (factor if j == self.output else ZERO for j in range(self.whole.out_dim))
        return self.whole.least((*inputs, *outputs), box)

    def component(self, output: int) -> Neuron:
        """Return the neuron itself."""
        return self


def whole_of(neuron: Neuron) -> Neuron:
    """Return the neuron that one is an output of, or itself.

    >>> from polyrelax.networks.neurons.sort import Sort
    >>> whole_of(Component(Sort(3), 1)), whole_of(Sort(3))
    (Sort(size=3), Sort(size=3))
    """
    require_neuron(neuron)
    return neuron.whole if isinstance(neuron, Component) else neuron
