r"""A network's complex over a polytope, cut by one plane of one neuron after the other.

Before each layer of neurons every cell is the *home* of what it contains: there the layer reads
affine forms, found in floats for all homes at once (:mod:`.forms`).  A plane of a neuron is one
form on each home; it is continuous, so that faces can be split by its signs at vertices
(:mod:`polyrelax.polytopes.face_arrays`).  A vertex that arises solves the equations of its edge
and the plane on the edge's home; floats decide signs where they are certain, and integers the
rest (:mod:`.vertices`).
"""

from __future__ import annotations

from typing import Final, final

import numpy as np
import numpy.typing as npt

from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.linalg import Matrix
from polyrelax.networks.complexes.bends import Bends, PackedBits, nearest
from polyrelax.networks.complexes.exact_forms import ExactForms, Stage
from polyrelax.networks.complexes.forms import TINY, UNIT, Forms
from polyrelax.networks.complexes.start import start
from polyrelax.networks.complexes.vertices import Vertices, sign_at
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.polytopes.engines.engine import IntRow
from polyrelax.polytopes.face_arrays import ABOVE, SPLIT
from polyrelax.polytopes.polytope import Polytope

_AT_ONCE: Final = 20_000
"""So many vertices have their values found together: forms on all their cells are large."""


@final
class Subdivision:
    """A complex in the making; mutable, it is subdivided once."""

    def __init__(self, domain: Polytope) -> None:
        begun = start(domain)
        self.faces, self.parameters = begun.faces, begun.parameters
        self.exact = ExactForms(begun.points)
        self.vertices = Vertices(begun.vertices, begun.facets, self._exact_side)
        self.undecided = 0
        values = _floats(begun.points)
        self.forms = Forms(values, 2 * UNIT * np.abs(values) + TINY)
        self._parents: Integers = np.zeros(1, dtype=np.int64)
        self._bits = PackedBits(1, 0)
        self._first_planes: list[int] = []
        self._plane_count = 0

    def run(self, network: Network) -> None:
        """Subdivide by all neurons."""
        affine: list[Affine] = []
        with np.errstate(all="ignore"):  # what overflows decides nothing
            for layer in network.layers:
                if isinstance(layer, Affine):
                    affine.append(layer)
                else:
                    self._bend(Bends.of(layer), affine)
                    affine = []
        self._push(None, affine)

    def _push(self, bends: Bends | None, before: list[Affine]) -> None:
        stage = Stage(tuple(before), self._parents, self._bits, bends)
        self.exact.stages.append(stage)
        self._first_planes.append(self._plane_count)

    def _bend(self, bends: Bends, before: list[Affine]) -> None:
        if self.exact.stages:
            self._advance()
        for layer in before:
            self.forms = self.forms.behind(layer)
        self._push(bends, before)
        bits = PackedBits(len(self.faces.levels[-1]), len(bends.planes))
        if bends.planes:
            planes = self.forms.planes(bends)
            spreads = planes.errors.sum(axis=2)
            for j in range(len(bends.planes)):
                self._cut(j, planes.values[j], spreads[j], bits)
        self._plane_count += len(bends.planes)
        self._parents, self._bits = self.faces.make_homes().astype(np.int64), bits

    def _advance(self) -> None:
        """Find the forms behind the last layer of neurons, on the cells that it made."""
        bends = self.exact.stages[-1].bends
        assert bends is not None, "the last stage is pushed last"
        self.forms = self.forms.bent(bends, self._bits.unpacked(), self._parents)

    def _cut(
        self,
        plane: int,
        rows: npt.NDArray[np.float64],
        spreads: npt.NDArray[np.float64],
        bits: PackedBits,
    ) -> None:
        """Cut all faces by a plane, a form on each home."""
        homes = self.faces.levels[0].homes.all

        def decide(rest: Integers) -> list[int]:
            return self._signs(plane, rest)

        masks = self.faces.masks(self.vertices.masks(rows, spreads, homes, decide))
        top = masks[-1]
        split = np.flatnonzero(top == SPLIT)
        bits.set(plane, (top & ABOVE) != 0)
        if not len(split):
            return
        bits.copy(split)
        bits.clear(plane, len(top))
        crossed = np.unique(self.faces.levels[-1].homes.all[split])
        side_of_home = np.full(len(rows), -1, dtype=np.int32)
        first = self.vertices.side_count
        side_of_home[crossed] = np.arange(first, first + len(crossed), dtype=np.int32)
        self.vertices.add_sides(
            self._first_planes[-1] + plane, crossed, rows[crossed], spreads[crossed]
        )
        size = len(self.faces.levels[0])
        self.faces.split(masks, side_of_home)
        self.vertices.add(self.faces.levels[0].sides.all[size:])

    def _signs(self, plane: int, undecided: Integers) -> list[int]:
        """Return signs of a plane at vertices by integers."""
        self.undecided += len(undecided)
        level, stage = self.faces.levels[0], len(self.exact.stages) - 1
        homes = level.homes.all[undecided].tolist()
        return [
            _sign(sign_at(self.exact.plane(stage, plane, home), self.vertex(v)))
            for v, home in zip(undecided.tolist(), homes, strict=True)
        ]

    def outputs(self) -> tuple[Doubles, Doubles]:
        """Return the network's values at the vertices in floats, and bounds of their errors."""
        homes = self.faces.levels[0].homes.all
        starts = range(0, len(homes), _AT_ONCE)
        with np.errstate(all="ignore"):
            blocks = [self._outputs(slice(i, i + _AT_ONCE)) for i in starts]
        return np.hstack([v for v, _ in blocks]), np.hstack([e for _, e in blocks])

    def _outputs(self, part: slice) -> tuple[Doubles, Doubles]:
        cells, places = np.unique(self.faces.levels[0].homes.all[part], return_inverse=True)
        forms = self._behind(cells.astype(np.int64))
        numbers, spreads = places.astype(np.int32), forms.errors.sum(axis=2)
        found = [
            self.vertices.values(rows, spread, numbers, part)
            for rows, spread in zip(forms.values, spreads, strict=True)
        ]
        return np.array([v for v, _ in found]), np.array([e for _, e in found])

    def _behind(self, cells: Integers) -> Forms:
        """Return what the network is on some cells."""
        forms = self.forms
        if len(self.exact.stages) > 1:
            bends = self.exact.stages[-2].bends
            assert bends is not None, "the last stage alone has none"
            forms = forms.bent(bends, self._bits.unpacked(cells), self._parents[cells])
        for layer in self.exact.stages[-1].before:
            forms = forms.behind(layer)
        return forms

    def vertex(self, vertex: int) -> IntRow:
        """Return a vertex exactly, as an integer row."""
        sides = () if vertex in self.vertices.known else self._sides(vertex)
        return self.vertices.exact(vertex, sides)

    def _sides(self, vertex: int) -> list[int]:
        found: list[int] = self.faces.levels[0].sides.all[vertex].tolist()
        return found

    def _exact_side(self, plane: int, home: int) -> IntRow:
        stage = max(s for s, first in enumerate(self._first_planes) if first <= plane)
        return self.exact.plane(stage, plane - self._first_planes[stage], home)


def _floats(matrix: Matrix) -> npt.NDArray[np.float64]:
    rows = [[[nearest(a) for a in row]] for row in matrix.rows]
    return np.array(rows, dtype=np.float64).reshape(len(rows), 1, matrix.shape[1])


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
