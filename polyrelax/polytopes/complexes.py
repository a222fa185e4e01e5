r"""The parts of a polytope in the cells of a polyhedral complex.

Let closed cells :math:`\{C_k z \le d_k\}` cover space and meet face to face.  The part of a
polytope :math:`P` in a cell is cut out of :math:`P` side by side, by its vertices
(:mod:`.pieces`).  Parts of less than the dimension of :math:`P` are faces of others and left
out.  Where :math:`P` lies in a face of several cells, these have one part in common, which is
given to the first of them: cells meet face to face, so a cell that has a point of the relative
interior of a part has all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import mul
from typing import TypeAlias, final

from polyrelax.arithmetic.rational import Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.polytopes.boxes import recognised_box
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.conversion import dehomogenised
from polyrelax.polytopes.explicit import Explicit
from polyrelax.polytopes.forms import Box
from polyrelax.polytopes.incidence import constraint_row
from polyrelax.polytopes.pieces import Piece, bisected, facet_labels, piece
from polyrelax.polytopes.polytope import Polytope

Sides: TypeAlias = Sequence[Constraint]
"""Inequalities that cut out a closed cell."""


@final
@readable
@dataclass(frozen=True)
class Part:
    """A part of a nonempty polytope on one side of some hyperplanes, by its vertices.

    ``hyperplanes`` are the facets of the whole, then those that it was cut by.
    """

    whole: Polytope
    body: Piece
    hyperplanes: tuple[Constraint, ...]

    @classmethod
    def all_of(cls, polytope: Polytope) -> Part:
        """Return a polytope as a part of itself.

        >>> len(Part.all_of(Polytope.box([0, 0], [1, 1])).vertices)
        4
        """
        facets = polytope.facets
        return cls(polytope, piece(polytope.vertices, facets, polytope.affine_dim), facets)

    @cached_property
    def vertices(self) -> tuple[Vector, ...]:
        """The vertices, sorted."""
        return tuple(sorted(map(dehomogenised, self.body.vertices)))

    @property
    def centre(self) -> Vector:
        """The mean of the vertices, a point of the relative interior."""
        count = len(self.vertices)
        return tuple(sum(column) / count for column in zip(*self.vertices, strict=True))

    def within(self, sides: Sides) -> Part | None:
        """Return the part that satisfies inequalities, if it has the same dimension.

        >>> half = Part.all_of(Polytope.box([0], [2])).within([Constraint.at_most([1], 1)])
        >>> half.polytope()
        Polytope.box(['0'], ['1'])
        """
        part = self
        for side in sides:
            values = part.values(side)
            if min(values) >= 0:
                continue
            if max(values) <= 0:
                return None
            part = part.halves(side)[0]
        return part

    def values(self, side: Constraint) -> list[int]:
        """Return positive multiples of the slacks of a constraint at the vertices."""
        row = constraint_row(side)
        return [sum(map(mul, row, vertex)) for vertex in self.body.vertices]

    def halves(self, side: Constraint) -> tuple[Part, Part]:
        """Return the parts where a constraint holds, and where its complement does.

        Its hyperplane must have vertices on either side.
        """
        outer, inner = bisected(self.body, constraint_row(side), label=len(self.hyperplanes))
        more = (*self.hyperplanes, side)
        return Part(self.whole, inner, more), Part(self.whole, outer, more)

    def polytope(self) -> Polytope:
        """Return the part as a polytope with both descriptions known."""
        if len(self.hyperplanes) == len(self.whole.facets):
            return self.whole
        return explicit_part(self.body, self.hyperplanes, self.whole)


def explicit_part(body: Piece, hyperplanes: Sequence[Constraint], whole: Polytope) -> Polytope:
    """Return a part of ``whole`` by its labelled hyperplanes, as a polytope; a box as a box.

    >>> upper = Part.all_of(Polytope.box([0], [2])).within([Constraint.at_least([1], 1)])
    >>> explicit_part(upper.body, upper.hyperplanes, upper.whole)
    Polytope.box(['1'], ['2'])
    """
    vertices = tuple(sorted(map(dehomogenised, body.vertices)))
    facets = (hyperplanes[label] for label in facet_labels(body, len(hyperplanes)))
    sides = (c if _holds(c, vertices) else c.complement() for c in facets)
    constraints = (*whole.equations, *sides)
    ends = recognised_box(constraints, whole.dim)
    form = Explicit(vertices, constraints, whole.dim) if ends is None else Box(ends)
    return Polytope(form, whole.engine)


def parts(whole: Part, cells: Sequence[Sides]) -> Iterator[tuple[int, Part]]:
    """Yield the parts in the cells of a complex that have the dimension of the whole.

    Each comes with the number of its cell, one of several that have it in common.

    >>> segment = Part.all_of(Polytope.box([-1], [2]))
    >>> signs = [[Constraint.at_most([1], 0)], [Constraint.at_least([1], 0)]]
    >>> [(k, part.polytope()) for k, part in parts(segment, signs)]
    [(0, Polytope.box(['-1'], ['0'])), (1, Polytope.box(['0'], ['2']))]
    """
    if len(cells) == 2 and len(cells[0]) == 1:
        yield from halved(whole, cells[0][0])  # a complex of two cells has no others
        return
    is_flat = any(not any(whole.values(side)) for cell in cells for side in cell)
    taken: list[Sides] = []
    for k, cell in enumerate(cells):
        part = whole.within(cell)
        if part is None or (is_flat and any(_has(earlier, part.centre) for earlier in taken)):
            continue
        taken.append(cell)
        yield k, part


def halved(whole: Part, side: Constraint) -> Iterator[tuple[int, Part]]:
    """Yield the parts in a half-space and in its complement, numbered 0 and 1.

    >>> segment = Part.all_of(Polytope.box([-1], [2]))
    >>> [k for k, _ in halved(segment, Constraint.at_most([1], -2))]
    [1]
    """
    values = whole.values(side)
    if min(values) >= 0:
        yield 0, whole
    elif max(values) <= 0:
        yield 1, whole
    else:
        yield from enumerate(whole.halves(side))


def refined(
    whole: Part, complexes: Sequence[Sequence[Sides]]
) -> Iterator[tuple[tuple[int, ...], Part]]:
    """Yield the parts in the common refinement of complexes, with a cell's number in each.

    >>> square = Part.all_of(Polytope.box([-1, -1], [1, 1]))
    >>> signs = [[[Constraint.at_most(e, 0)], [Constraint.at_least(e, 0)]]
    ...          for e in ([1, 0], [0, 1])]
    >>> [cells for cells, _ in refined(square, signs)]
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    if not complexes:
        yield (), whole
        return
    for k, part in parts(whole, complexes[0]):
        for others, inner in refined(part, complexes[1:]):
            yield (k, *others), inner


def _has(cell: Sides, point: Vector) -> bool:
    return all(side.is_satisfied_by(point) for side in cell)


def _holds(constraint: Constraint, points: Sequence[Vector]) -> bool:
    return all(constraint.is_satisfied_by(point) for point in points)
