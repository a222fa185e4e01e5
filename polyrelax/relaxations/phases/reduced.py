r"""A network of rectifiers on a polytope, as its unstable neurons.

Given bounds of all values, a rectifier whose input has one sign is the identity or 0.  With the
inputs :math:`x` and the outputs :math:`h_1, \dots, h_m` of the others, in the order of their
layers, all that is left is

.. math:: z_i = \langle a_i, x\rangle + \sum_{k < i} b_{ik} h_k + c_i, \qquad
   h_i = \max(z_i, 0), \quad l_i \le z_i \le u_i ,

and each output is such a form too.  The layers are gone; nothing is rounded.  Neurons with an
end at 0 count as unstable.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias, final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.integer_rows import IntegerRows
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Doubles
from polyrelax.arithmetic.linalg import Matrix
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dot, quotient, sparse
from polyrelax.arithmetic.working_form import working_form
from polyrelax.networks.layers import Affine, rectified
from polyrelax.networks.network import Network
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.systems.places import Coordinate
from polyrelax.systems.programs import AffineForm

Wholes: TypeAlias = npt.NDArray[np.object_]
"""An array of Python's integers."""


@final
@dataclass(frozen=True, eq=False)
class Whole:
    """A matrix of fractions: integers over one positive scale."""

    numbers: Wholes
    scale: int

    @classmethod
    def of(cls, rows: Sequence[Vector], width: int) -> Whole:
        """Return rows of fractions.

        >>> from fractions import Fraction
        >>> Whole.of([(Fraction(1, 2), Fraction(1, 3))], 2)
        Whole(numbers=array([[3, 2]], dtype=object), scale=6)
        """
        scale = math.lcm(*{value.denominator for row in rows for value in row})
        numbers = [[v.numerator * (scale // v.denominator) for v in row] for row in rows]
        return cls(np.array(numbers, dtype=object).reshape(len(rows), width), scale)

    @working_form
    def rows(self) -> IntegerRows:
        """The numbers, for combinations of all rows."""
        return IntegerRows(self.numbers.tolist(), self.numbers.shape[1])

    @working_form
    def doubles(self) -> Doubles:
        """The entries to the nearest double, infinite where these end."""
        entries = [quotient(x, self.scale) for x in self.numbers.ravel()]
        return np.array(entries, dtype=float).reshape(self.numbers.shape)


@final
@dataclass(frozen=True, eq=False)
class Reduced:
    """A network on a polytope, as its unstable neurons.

    The columns of ``neurons`` and ``outputs`` are the inputs, the neurons' outputs, and 1;
    ``sides`` are constraints of the inputs that are no ends of their box.
    """

    box: tuple[Interval, ...]
    sides: tuple[Constraint, ...]
    places: tuple[Coordinate, ...]
    ends: tuple[Interval, ...]
    neurons: tuple[Vector, ...]
    outputs: tuple[Vector, ...]

    @classmethod
    def of(
        cls, network: Network, domain: Polytope, boxes: Sequence[Sequence[Interval]]
    ) -> Reduced:
        """Return a network of rectifiers, given bounds of the values after each layer.

        Raises :class:`polyrelax.errors.UnsupportedNeuronError` for other neurons.

        >>> from polyrelax.networks.gallery import absolute_value
        >>> unit = Interval(-ONE, ONE)
        >>> net, segment = absolute_value(), Polytope.box([-1], [1])
        >>> found = Reduced.of(net, segment, [[unit], [unit] * 2])
        >>> found.places, [[int(a) for a in row] for row in found.outputs]
        (((2, 0), (2, 1)), [[0, 1, 1, 0]])
        """
        places = tuple(_unstable(network, boxes))
        carrier = _Carrier(network, boxes, {place: k for k, place in enumerate(places)})
        rows: list[Vector] = []
        for depth in sorted({i for i, _ in places}):
            rows += carrier.rows(depth - 1, [j for i, j in places if i == depth])
        outputs = carrier.rows(len(network.layers), range(network.out_dim))
        ends = tuple(boxes[i - 1][j] for i, j in places)
        sides = () if domain.is_box else tuple(_halves(domain.constraints))
        return cls(domain.bounds, sides, places, ends, tuple(rows), tuple(outputs))

    @property
    def count(self) -> int:
        """The number of neurons."""
        return len(self.places)

    @cached_property
    def known(self) -> Whole:
        """The rows of neurons, and then, for each side, what its offset exceeds its form by."""
        zeros = (ZERO,) * self.count
        below = ((*(-a for a in side.normal), *zeros, side.offset) for side in self.sides)
        return Whole.of([*self.neurons, *below], len(self.box) + self.count + 1)

    @cached_property
    def corners(self) -> Whole:
        """The lower and upper ends of the inputs, and then of what the neurons read."""
        every = (*self.box, *self.ends)
        ends = (tuple(z.lower for z in every), tuple(z.upper for z in every))
        return Whole.of(ends, len(every))

    def combined(self, direction: Vector) -> Vector:
        """Return a linear form of the outputs as a row."""
        columns = zip(*self.outputs, strict=True)
        return tuple(dot(direction, column) for column in columns)

    def row(self, form: Vector) -> Whole:
        """Return a row as integers."""
        return Whole.of([form], len(form))

    def value(self, row: Whole, x: Vector) -> Fraction:
        """Return the value of a form at an input."""
        point, m = Whole.of([x], len(x)), self.count
        reads, values = _inner(self.known, point), list[Fraction]()
        for i in range(m):
            z = reads[i] + dot(self.neurons[i][len(x) : len(x) + i], tuple(values))
            values.append(max(z, ZERO))
        own = [Fraction(int(c), row.scale) for c in row.numbers[0, len(x) : -1]]
        return _inner(row, point)[0] + dot(tuple(own), tuple(values))

    def form(self, row: Vector) -> AffineForm:
        """Return a row as a form of the inputs and the neurons' outputs."""
        return AffineForm(sparse(row[:-1]), row[-1])


def _halves(constraints: Iterable[Constraint]) -> Iterator[Constraint]:
    """Yield constraints, both inequalities of an equation."""
    for constraint in constraints:
        yield from constraint.halves()


def _unstable(network: Network, boxes: Sequence[Sequence[Interval]]) -> Iterator[Coordinate]:
    """Yield the places of the neurons whose inputs may have two signs, or be 0."""
    for i, layer in enumerate(network.layers):
        named = rectified(layer)
        yield from ((i + 1, j) for j in named if boxes[i][j].lower <= 0 <= boxes[i][j].upper)


@dataclass(frozen=True, eq=False)
class _Carrier:
    """What carries forms of the values after some layers back to inputs and neurons."""

    network: Network
    boxes: Sequence[Sequence[Interval]]
    columns: Mapping[Coordinate, int]

    def rows(self, depth: int, coordinates: Iterable[int]) -> list[Vector]:
        """Return some of the values after so many layers."""
        layers = self.network.layers
        select = Affine.select(coordinates, self.network.widths[depth])
        form, shift = select.matrix, select.column
        found = [[ZERO] * len(self.columns) for _ in select.rows]
        for i in range(depth, 0, -1):
            layer = layers[i - 1]
            if isinstance(layer, Affine):
                form, shift = form @ layer.matrix, shift + form @ layer.column
            elif rectified(layer):
                form = self._before(i, form, found)
        parts = zip(form.rows, found, shift.entries, strict=True)
        return [(*inputs, *outputs, constant) for inputs, outputs, constant in parts]

    def _before(self, depth: int, form: Matrix, found: list[list[Fraction]]) -> Matrix:
        """Return what rectifiers pass on, and take down what forms have of unstable ones."""
        box = self.boxes[depth - 1]
        gone = {j for j in rectified(self.network.layers[depth - 1]) if box[j].lower <= 0}
        named = {j: k for j in gone if (k := self.columns.get((depth, j))) is not None}
        for row, target in zip(form.rows, found, strict=True):
            for j, k in named.items():
                target[k] = row[j]
        return form.scale_columns(tuple(ZERO if j in gone else ONE for j in range(len(box))))


def _inner(rows: Whole, point: Whole) -> list[Fraction]:
    """Return what rows have of the inputs at a point, with their constants."""
    (x,) = point.numbers
    values = rows.numbers[:, : len(x)] @ x + rows.numbers[:, -1] * point.scale
    return [Fraction(int(value), rows.scale * point.scale) for value in values]
