r"""What the stages of a chain read and give where pieces are chosen, as affine forms of inputs.

Forms are rows of whole numbers over one denominator, the constant last: a composition is a
product of two matrices.  Kernel: arrays inside, of Python's integers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, cast, final

import numpy as np

from polyrelax.arithmetic.rational import SparseVector, Vector
from polyrelax.networks.affine import Affine
from polyrelax.networks.layers import Unit
from polyrelax.polytopes.constraint import Constraint
from polyrelax.verification.cells import Cut, Place
from polyrelax.verification.chains import Chain, Stage
from polyrelax.verification.matrices import Array

Rows: TypeAlias = Sequence[tuple[SparseVector, Fraction]]


@final
@dataclass(frozen=True, eq=False)
class Forms:
    """Affine forms: a row of ``numerators`` each, the constant last, over a denominator."""

    numerators: Array
    denominator: int

    @classmethod
    def of(cls, rows: Rows, width: int) -> Forms:
        """Return the forms of sparse rows and constants.

        >>> found = Forms.of([(((1, Fraction(1, 2)),), Fraction(1, 3))], 2)
        >>> found.numerators.tolist(), found.denominator
        ([[0, 3, 2]], 6)
        """
        entries = (a for row, shift in rows for a in (shift, *(a for _, a in row)))
        common = math.lcm(*(a.denominator for a in entries))
        dense = np.full((len(rows), width + 1), 0, dtype=np.object_)
        for i, (row, shift) in enumerate(rows):
            for j, a in (*row, (width, shift)):
                dense[i, j] = a.numerator * (common // a.denominator)
        return cls(cast("Array", dense), common)

    def after(self, inner: Forms) -> Forms:
        """Return these forms of what other forms are.

        >>> double = Forms.of([(((0, Fraction(2)),), Fraction(1))], 1)
        >>> double.after(double).numerators.tolist()
        [[4, 3]]
        """
        found = self.numerators[:, :-1] @ inner.numerators
        found[:, -1] += self.numerators[:, -1] * inner.denominator
        return Forms(found, self.denominator * inner.denominator)

    def at(self, place: Place) -> Place:
        """Return the values at a point.

        >>> [str(y) for y in Forms.of([((), Fraction(2))], 1).at(Place((Fraction(1),))).x]
        ['2']
        """
        x = np.array([*place.numerators, place.denominator], dtype=np.object_)
        common = self.denominator * place.denominator
        values = self.numerators @ cast("Array", x)
        return Place(tuple(Fraction(int(v), common) for v in values))

    @property
    def matrix(self) -> tuple[Vector, ...]:
        """The linear parts, as rows of fractions."""
        rows = self.numerators[:, :-1].tolist()
        return tuple(tuple(Fraction(int(a), self.denominator) for a in row) for row in rows)

    def cut(self, unit: Unit, side: Constraint) -> Cut:
        """Return an inequality of what a unit reads as one of inputs.

        >>> from polyrelax.networks.neurons.relu import Rectifier
        >>> forms = Forms.of([(((0, Fraction(1, 2)),), Fraction(3))], 1)
        >>> forms.cut(Unit(Rectifier(), (0,), (0,)), Constraint.at_most([1], 0))
        Cut(normal=(1,), offset=-6, scale=2)
        """
        scale = math.lcm(side.offset.denominator, *(a.denominator for a in side.normal))
        total = sum(
            int(a * scale) * self.numerators[j]
            for a, j in zip(side.normal, unit.inputs, strict=True)
        )
        *normal, shift = (int(a) for a in np.asarray(total).tolist())
        offset = int(side.offset * scale) * self.denominator - shift
        return Cut(tuple(normal), offset, scale * self.denominator)


@final
@dataclass(frozen=True, eq=False)
class ChainForms:
    """The maps of a chain, and the images of its stages, as forms."""

    chain: Chain
    maps: tuple[Forms, ...]

    @classmethod
    def of(cls, chain: Chain) -> ChainForms:
        """Return the forms of a chain."""
        maps = (*(stage.affine for stage in chain.stages), chain.last)
        return cls(chain, tuple(_forms(affine) for affine in maps))

    def behind(self, stage: int, pieces: Iterable[int], read: Forms) -> Forms:
        """Return what comes after a stage, where its units are in some pieces.

        That is what the next stage reads, or what the chain gives.
        """
        given = _image(self.chain.stages[stage], pieces)
        return self.maps[stage + 1].after(given.after(read))


def _forms(affine: Affine) -> Forms:
    return Forms.of(list(zip(affine.rows, affine.bias, strict=True)), affine.in_dim)


def _image(stage: Stage, pieces: Iterable[int]) -> Forms:
    rows = [
        (unit.form(row), shift)
        for unit, k in zip(stage.units, pieces, strict=True)
        for image in (unit.neuron.piece(k).image,)
        for row, shift in zip(image.rows, image.bias, strict=True)
    ]
    return Forms.of(rows, stage.affine.out_dim)
