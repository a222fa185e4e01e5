r"""Cutting a polytope in two, by its vertices and the facets on which each of them lies.

Let :math:`h` be an affine function and :math:`v_1, \dots, v_s` the vertices of :math:`P`.  The
vertices of the parts :math:`\{x \in P : h(x) \le 0\}` and :math:`\{x \in P : h(x) \ge 0\}` are
those of :math:`P` in them and, in both, the points of the hyperplane on edges of :math:`P`,

.. math:: \frac{h(v_i)\, v_j - h(v_j)\, v_i}{h(v_i) - h(v_j)}, \qquad h(v_j) < 0 < h(v_i).

Such a point lies on the facets that contain its edge, and on the hyperplane.  So the parts know
their incidences as well: they can be cut in turn, and nothing is enumerated anew.  This is one
step of the double description method :cite:p:`motzkin1953` that keeps both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from polyrelax.arithmetic.rational import Vector
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.engines.engine import IntRow, combination, coprime
from polyrelax.polytopes.incidence import (
    crossing_edges,
    maximal,
    point_row,
    tight_sets,
    transposed,
)


@dataclass(frozen=True)
class Piece:
    """A polytope of affine dimension ``dim``, by integer rows ``(w, w v)`` of its vertices.

    ``tight`` holds for each vertex the set of the hyperplanes on which it lies, all facets
    among them.
    """

    vertices: tuple[IntRow, ...]
    tight: tuple[int, ...]
    dim: int


def piece(vertices: Sequence[Vector], constraints: Sequence[Constraint], dim: int) -> Piece:
    """Return the polytope that has these vertices and is cut out by these constraints.

    >>> ends = [Constraint.at_most([1], 2), Constraint.at_least([1], 0)]
    >>> from polyrelax.arithmetic.rational import vector
    >>> piece([vector([0]), vector([2])], ends, 1)
    Piece(vertices=((1, 0), (1, 2)), tight=(2, 1), dim=1)
    """
    tight = transposed(tight_sets(constraints, vertices), len(vertices))
    return Piece(tuple(map(point_row, vertices)), tight, dim)


def bisected(whole: Piece, row: IntRow, *, label: int) -> tuple[Piece, Piece]:
    """Return the parts with ``<row, (1, x)>`` at most and at least zero.

    Where they meet, their vertices are tight on the hyperplane ``label``, which must be new.

    >>> segment = Piece(((1, 0), (1, 2)), (0b10, 0b01), 1)
    >>> bisected(segment, (-1, 1), label=2)[0]
    Piece(vertices=((1, 0), (1, 1)), tight=(2, 4), dim=1)
    """
    values = [sum(map(mul, row, vertex)) for vertex in whole.vertices]
    crossings = _crossings(whole, values, 1 << label)
    opposite = [-value for value in values]
    return (
        _side(whole, values, crossings, bit=1 << label),
        _side(whole, opposite, crossings, bit=1 << label),
    )


def facet_labels(part: Piece, size: int) -> tuple[int, ...]:
    """Return the first of the labels below ``size`` of each facet.

    >>> facet_labels(Piece(((1, 0), (1, 2)), (0b110, 0b001), 1), 3)
    (0, 1)
    """
    everything = (1 << len(part.vertices)) - 1
    sets = transposed(part.tight, size)
    proper = [label for label in range(size) if sets[label] not in {0, everything}]
    return tuple(proper[i] for i in maximal([sets[label] for label in proper]))


def _crossings(whole: Piece, values: Sequence[int], bit: int) -> list[tuple[IntRow, int]]:
    """Return the vertices that the hyperplane makes on edges, with what is tight there."""
    above = sum(1 << i for i, value in enumerate(values) if value > 0)
    below = sum(1 << i for i, value in enumerate(values) if value < 0)
    edges = crossing_edges(whole.tight, above, below, dim=whole.dim)
    return [
        (
            coprime(
                combination(
                    values[i],
                    whole.vertices[j],
                    other_factor=-values[j],
                    other=whole.vertices[i],
                )
            ),
            whole.tight[i] & whole.tight[j] | bit,
        )
        for i, j in edges
    ]


def _side(
    whole: Piece, values: Sequence[int], crossings: Sequence[tuple[IntRow, int]], *, bit: int
) -> Piece:
    """Return the part where the values are not positive."""
    kept = [
        (vertex, tight if value else tight | bit)
        for vertex, tight, value in zip(whole.vertices, whole.tight, values, strict=True)
        if value <= 0
    ]
    vertices, tight = zip(*kept, *crossings, strict=True) if kept else ((), ())
    return Piece(vertices, tight, whole.dim)
