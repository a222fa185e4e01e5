r"""The polyhedral complex of a network over a polytope: cells, faces, vertices and values.

Its cells are those of :mod:`polyrelax.networks.regions`; with all their faces they satisfy
Euler's relation :math:`\sum_k (-1)^k f_k = 1`, for the polytope is contractible, which is
checked.  What is not asked for is not made: vertices are exact points when they are wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import final

import numpy as np

from polyrelax.arithmetic.arguments import numbered
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.linalg import Matrix
from polyrelax.arithmetic.rational import Vector
from polyrelax.errors import EmptySetError, UnsupportedNeuronError
from polyrelax.networks.affine import Affine
from polyrelax.networks.complexes.exact_forms import value_at
from polyrelax.networks.complexes.planes import is_cut_by_planes
from polyrelax.networks.complexes.subdivision import Subdivision
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Identity, bending
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.pattern import ActivationPattern
from polyrelax.polytopes.complexes import explicit_part
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.face_arrays import Places
from polyrelax.polytopes.pieces import piece
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.support import Support


@final
class Complex:
    """The complex of a network over a nonempty polytope, in arrays.

    >>> from polyrelax.networks.gallery import tent
    >>> found = Complex(tent(), Polytope.box([-1], [1]))
    >>> found.f_vector, [str(x) for (x,) in sorted(found.vertices)]
    ((5, 4), ['-1', '-1/2', '0', '1/2', '1'])
    """

    def __init__(self, network: Network, domain: Polytope) -> None:
        require_read(network, domain)
        if domain.is_empty:
            raise EmptySetError("found an empty input set, expected one that has points")
        unsupported = [n for n in _neurons(network) if not is_cut_by_planes(n)]
        if unsupported:
            found = f"found the neuron {unsupported[0].name}"
            raise UnsupportedNeuronError(f"{found}, expected pieces that whole planes cut out")
        self.network, self.domain = network, domain
        self._made = Subdivision(domain)
        self._made.run(network)
        euler = sum((-1) ** k * count for k, count in enumerate(self.f_vector))
        assert euler == 1, "Euler's relation"

    @property
    def dim(self) -> int:
        """The dimension of the cells."""
        return self._made.faces.dim

    @property
    def f_vector(self) -> tuple[int, ...]:
        """The numbers of faces of dimension 0, 1, ..., of which the last are the cells."""
        return self._made.faces.counts

    @property
    def count(self) -> int:
        """The number of cells."""
        return self.f_vector[-1]

    @property
    def decided_exactly(self) -> int:
        """How many signs at vertices floats left to integers."""
        return self._made.undecided

    @property
    def float_points(self) -> tuple[Doubles, Doubles]:
        """The vertices in parameters of the domain, in floats, and bounds of their errors.

        The parameters are the coordinates, or some of them where the domain is flat.
        """
        return self._made.vertices.points.all[:, 1:], self._made.vertices.errors.all

    @cached_property
    def vertices(self) -> tuple[Vector, ...]:
        """The vertices, exactly."""
        points = self._made.exact.start
        return tuple(value_at(points, self._made.vertex(v)) for v in range(self.f_vector[0]))

    @cached_property
    def values(self) -> tuple[Vector, ...]:
        """The value of the network at each vertex."""
        homes = self._made.faces.levels[0].homes.all.tolist()
        made = self._made
        return tuple(value_at(self._map(c), made.vertex(v)) for v, c in enumerate(homes))

    def greatest(self, output: int) -> Support:
        """Return the greatest value of an output, exactly, and the first vertex it is at.

        >>> from polyrelax.networks.gallery import tent
        >>> Complex(tent(), Polytope.box([-1], [1])).greatest(0)
        Support(value=Fraction(2, 1), point=(Fraction(0, 1),))
        """
        return self._extreme(numbered(output, self.network.out_dim, "output"), 1)

    def least(self, output: int) -> Support:
        """Return the least value of an output, exactly, and the first vertex it is at.

        >>> from polyrelax.networks.gallery import tent
        >>> Complex(tent(), Polytope.box([-1], [1])).least(0)
        Support(value=Fraction(1, 1), point=(Fraction(-1, 1),))
        """
        return self._extreme(numbered(output, self.network.out_dim, "output"), -1)

    def _extreme(self, output: int, sign: int) -> Support:
        """Look at those vertices alone whose values in floats may win within their errors."""
        values, errors = (side[output] for side in self._outputs)
        least = np.fmax.reduce(sign * values - errors)
        open_ones = np.flatnonzero(~(sign * values + errors < least)).tolist()
        homes = self._made.faces.levels[0].homes.all
        found = ((v, self._made.vertex(v), self._map(int(homes[v]))) for v in open_ones)
        known = [(value_at(forms, at)[output], v) for v, at, forms in found]
        best = max(sign * value for value, _ in known) * sign
        start = self._made.exact.start
        points = (value_at(start, self._made.vertex(v)) for value, v in known if value == best)
        return Support(best, min(points))

    @cached_property
    def _outputs(self) -> tuple[Doubles, Doubles]:
        return self._made.outputs()

    def pattern(self, cell: int) -> ActivationPattern:
        """Return the activation pattern of a cell.

        >>> from polyrelax.networks.gallery import absolute_value
        >>> found = Complex(absolute_value(), Polytope.box([-1], [2]))
        >>> sorted(str(found.pattern(cell)) for cell in range(2))
        ['+-', '-+']
        """
        cell, exact = numbered(cell, self.count, "cell"), self._made.exact
        layers: list[tuple[int, ...]] = []
        for stage in range(len(exact.stages) - 1, 0, -1):
            bends = exact.stages[stage - 1].bends
            if bends and not isinstance(bends.layer, Identity):  # which has no pieces to choose
                layers.append(exact.pieces(stage, cell))
            cell = int(exact.stages[stage].parents[cell])
        return ActivationPattern(tuple(reversed(layers)))

    @cached_property
    def cells(self) -> tuple[tuple[ActivationPattern, int], ...]:
        """The patterns and the numbers of all cells, in the order of their patterns."""
        return tuple(sorted((self.pattern(cell), cell) for cell in range(self.count)))

    def linear(self, cell: int) -> Affine:
        """Return the map that the network is on a cell.

        Where the domain is flat, it is one of several, which agree on the domain.

        >>> from polyrelax.networks.gallery import absolute_value
        >>> found = Complex(absolute_value(), Polytope.box([-1], [2]))
        >>> sorted(found.linear(cell).weight[0][0] for cell in range(2)) == [-1, 1]
        True
        """
        forms = self._map(numbered(cell, self.count, "cell")).rows
        width, places = self.domain.dim, self._made.parameters
        rows = (((p, a) for p, a in zip(places, row[1:], strict=True) if a) for row in forms)
        return Affine(rows, [row[0] for row in forms], width)

    def vertices_of(self, cell: int) -> tuple[int, ...]:
        """Return the numbers of the vertices of a cell.

        >>> Complex(Network((Affine.dense([[1]]),)), Polytope.box([0], [1])).vertices_of(0)
        (0, 1)
        """
        ends, vertices = self._corners
        cell = numbered(cell, self.count, "cell")
        return tuple(vertices[ends[cell] : ends[cell + 1]].tolist())

    def polytope(self, cell: int) -> Polytope:
        """Return a cell as a polytope with both descriptions known.

        >>> Complex(Network((Affine.dense([[1]]),)), Polytope.box([0], [1])).polytope(0)
        Polytope.box(['0'], ['1'])
        """
        corners = [self.vertices[v] for v in self.vertices_of(cell)]
        starts, facets = self._sides
        own = facets[starts[cell] : starts[cell + 1]].tolist()
        sides = [self._constraint(facet) for facet in own]
        return explicit_part(piece(corners, sides, self.dim), sides, self.domain)

    def _constraint(self, facet: int) -> Constraint:
        """Return a facet's equation as a constraint, of the one side or of the other."""
        (side,) = self._made.faces.levels[self.dim - 1].sides.all[facet].tolist()
        constant, *slopes = self._made.vertices.side(side)
        named = dict(zip(self._made.parameters, slopes, strict=True))
        return Constraint.at_most([named.get(j, 0) for j in range(self.domain.dim)], -constant)

    @cached_property
    def _sides(self) -> tuple[Integers, Places]:
        """Where the facets of each cell begin, and all of them."""
        cells, facets = self.facets_of(self.dim)
        order = np.lexsort((facets, cells))
        return np.searchsorted(cells[order], np.arange(self.count + 1)), facets[order]

    def facets_of(self, dim: int) -> tuple[Places, Places]:
        """Return the pairs of a face of a dimension and a facet of it, as two arrays.

        >>> found = Complex(Network((Affine.dense([[1]]),)), Polytope.box([0], [1]))
        >>> [side.tolist() for side in found.facets_of(1)]
        [[0, 0], [0, 1]]
        """
        level = self._made.faces.levels[numbered(dim, self.dim + 1, "dimension")]
        return level.owners.all, level.facets.all

    @cached_property
    def neighbours(self) -> Integers:
        """The pairs of cells that have a facet in common, and the facet, a row for each."""
        if not self.dim:
            return np.zeros((0, 3), dtype=np.int64)
        cells, facets = self.facets_of(self.dim)
        order = np.argsort(facets, kind="stable")
        sorted_facets, sorted_cells = facets[order], cells[order]
        twice = np.flatnonzero(sorted_facets[1:] == sorted_facets[:-1])
        pairs = np.sort(np.column_stack([sorted_cells[twice], sorted_cells[twice + 1]]), axis=1)
        return np.column_stack([pairs, sorted_facets[twice]]).astype(np.int64)

    @cached_property
    def _corners(self) -> tuple[Integers, Integers]:
        """Where the vertices of each cell begin, and all of them."""
        owners = np.arange(self.count, dtype=np.int64)
        members = owners
        for k in range(self.dim, 0, -1):
            owners, members = _joined(owners, members, *self.facets_of(k))
        return np.searchsorted(owners, np.arange(self.count + 1)), members

    def _map(self, cell: int) -> Matrix:
        return self._made.exact.reads(len(self._made.exact.stages) - 1, cell)


def _neurons(network: Network) -> Iterator[Neuron]:
    for layer in network.layers:
        yield from dict.fromkeys(unit.neuron for unit in bending(layer))


def _joined(
    owners: Integers, members: Integers, faces: Places, facets: Places
) -> tuple[Integers, Integers]:
    """Return the facets of the faces that owners have, sorted by owner, each once."""
    order = np.argsort(faces, kind="stable")
    starts = np.searchsorted(faces[order], np.arange(int(members.max()) + 2))
    sizes = starts[members + 1] - starts[members]
    firsts = np.repeat(starts[members] - np.cumsum(sizes) + sizes, sizes)
    below = facets[order][firsts + np.arange(len(firsts))].astype(np.int64)
    width = int(facets.max()) + 1
    known = np.unique(np.repeat(owners, sizes) * width + below)
    return known // width, known % width
