"""The affine maps that a network is on cells, exactly, each made when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

import numpy as np

from polyrelax.arithmetic.limbs import Integers
from polyrelax.arithmetic.linalg import Matrix
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dense_vector, primitive
from polyrelax.networks.complexes.bends import Bends, PackedBits
from polyrelax.networks.layers import Affine, affine_part, bending
from polyrelax.polytopes.engines.engine import IntRow


@final
@dataclass
class Stage:
    """A layer of neurons, the affine layers before it, and the cells there.

    Each of these is a part of one of the stage before, and has bits in its planes; the first
    stage has one cell.  Behind the last one are affine layers alone.
    """

    before: tuple[Affine, ...]
    parents: Integers
    bits: PackedBits
    bends: Bends | None


@final
@dataclass
class ExactForms:
    """Exact maps on cells, stage by stage, remembered; mutable.

    ``start`` has the coordinates of points of the domain as forms of its parameters.
    """

    start: Matrix
    stages: list[Stage] = field(default_factory=list)
    maps: dict[tuple[int, int], Matrix] = field(default_factory=dict)
    rows: dict[tuple[int, int, int], IntRow] = field(default_factory=dict)

    def reads(self, stage: int, cell: int) -> Matrix:
        """Return what a stage reads on a cell before it: a row ``(b, a)`` for each value."""
        known = self.maps.get((stage, cell))
        if known is None:
            known = self.maps[stage, cell] = self._reads(stage, cell)
        return known

    def _reads(self, index: int, cell: int) -> Matrix:
        stage = self.stages[index]
        found = self.start
        if index:
            earlier = self.stages[index - 1]
            assert earlier.bends is not None, "the last stage has none behind it"
            layer, numbers = earlier.bends.layer, self.pieces(index, cell)
            pieces = [u.neuron.piece(k) for u, k in zip(bending(layer), numbers, strict=True)]
            parent = int(stage.parents[cell])
            found = image(affine_part(layer, pieces), self.reads(index - 1, parent))
        for affine in stage.before:
            found = image(affine, found)
        return found

    def pieces(self, index: int, cell: int) -> tuple[int, ...]:
        """Return the pieces of the bending neurons of the stage before on a cell."""
        bends = self.stages[index - 1].bends
        assert bends is not None, "the last stage has none behind it"
        (numbers,) = bends.pieces(self.stages[index].bits.unpacked(np.array([cell]))).tolist()
        units = zip(bends.layer.units, numbers, strict=True)
        return tuple(k for unit, k in units if unit.bends)

    def plane(self, stage: int, plane: int, cell: int) -> IntRow:
        """Return a plane of a stage on a cell before it, as a positive integer multiple."""
        key = (stage, plane, cell)
        if key not in self.rows:
            self.rows[key] = self._plane(*key)
        return self.rows[key]

    def _plane(self, stage: int, plane: int, cell: int) -> IntRow:
        reads, bends = self.reads(stage, cell), self.stages[stage].bends
        assert bends is not None, "the last stage has no planes"
        form = bends.planes[plane]
        row = Matrix.from_sparse_rows([form.terms], reads.shape[0])
        constant, *others = (row @ reads).entries
        return primitive((constant - form.offset, *others))


def image(layer: Affine, forms: Matrix) -> Matrix:
    """Return the forms behind an affine layer.

    >>> double = Affine.dense([[2]], [3])
    >>> [str(a) for a in image(double, Matrix.from_rows([(ONE, ONE)], 2)).entries]
    ['5', '2']
    """
    first = Matrix.from_rows([dense_vector(((0, ONE),), forms.shape[1])], forms.shape[1])
    return layer.matrix @ forms + layer.column @ first


def value_at(forms: Matrix, vertex: IntRow) -> Vector:
    """Return the values of forms at a vertex, a row ``(w, w u)``.

    >>> [str(y) for y in value_at(Matrix.from_rows([(ONE, ONE)], 2), (2, 1))]
    ['3/2']
    """
    column = Matrix.column(tuple(Fraction(a, vertex[0]) for a in vertex))
    return (forms @ column).entries or (ZERO,) * 0
