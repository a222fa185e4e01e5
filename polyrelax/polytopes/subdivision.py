"""Cutting polytopes: halves, orthants, triangulations and their volume."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product

from polyrelax.arithmetic.arguments import listed, require
from polyrelax.arithmetic.rational import ONE, ZERO, Scalar, Vector
from polyrelax.polytopes.checks import require_coordinates
from polyrelax.polytopes.complexes import explicit_part
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.conversion import dehomogenised
from polyrelax.polytopes.forms import Box
from polyrelax.polytopes.measures import simplices_of
from polyrelax.polytopes.pieces import Piece, bisected, piece
from polyrelax.polytopes.polytope import Polytope


def split(
    polytope: Polytope, normal: Iterable[Scalar], offset: Scalar
) -> tuple[Polytope, Polytope]:
    """Return the parts with ``<normal, x> <= offset`` and ``>= offset``.

    They have the cut in common; one of them may be empty.

    >>> split(Polytope.box([0], [3]), [1], 1)
    (Polytope.box(['0'], ['1']), Polytope.box(['1'], ['3']))
    """
    require(polytope, Polytope)
    below = Constraint.at_most(normal, offset)
    return polytope.cut(below), polytope.cut(below.complement())


def orthant_cells(polytope: Polytope, coordinates: Iterable[int]) -> Iterator[Polytope]:
    """Yield the nonempty parts of constant sign in the given coordinates.

    They cover the polytope, have its affine dimension, and overlap in their boundaries only:
    a coordinate splits only what has both positive and negative values of it.

    >>> list(orthant_cells(Polytope.box([-1, 0], [1, 1]), [0, 1]))
    [Polytope.box(['-1', '0'], ['0', '1']), Polytope.box(['0', '0'], ['1', '1'])]
    """
    chosen = _coordinates(polytope, coordinates)
    if polytope.is_empty:
        return
    if isinstance(polytope.form, Box):
        yield from _box_cells(polytope, chosen)
        return
    hyperplanes = [*polytope.facets, *(_sign(j, polytope.dim) for j in chosen)]
    for part in _pieces(polytope, chosen):
        yield explicit_part(part, hyperplanes, polytope)


def orthant_vertices(polytope: Polytope, coordinates: Iterable[int]) -> Iterator[Vector]:
    """Yield the vertices of the parts of constant sign in the given coordinates, once each.

    >>> list(orthant_vertices(Polytope.box([-1], [1]), [0])) == [(-1,), (0,), (1,)]
    True
    """
    chosen = _coordinates(polytope, coordinates)
    if polytope.is_empty:
        return
    if isinstance(polytope.form, Box):
        yield from product(*_ticks(polytope, chosen))
        return
    rows = (row for part in _pieces(polytope, chosen) for row in part.vertices)
    yield from map(dehomogenised, dict.fromkeys(rows))


def _coordinates(polytope: Polytope, given: Iterable[int]) -> tuple[int, ...]:
    """Return the given coordinates, once each, which must be some of the polytope's."""
    require(polytope, Polytope)
    chosen = listed(given, "coordinates")
    require_coordinates(chosen, polytope.dim)
    return tuple(dict.fromkeys(chosen))


def _ticks(polytope: Polytope, coordinates: Container[int]) -> list[list[Fraction]]:
    """Return the ends of each interval, and zero where it splits one of the coordinates."""
    return [
        sorted({*ends, ZERO} if ends.lower < 0 < ends.upper and j in coordinates else {*ends})
        for j, ends in enumerate(polytope.bounds)
    ]


def _box_cells(polytope: Polytope, coordinates: Container[int]) -> Iterator[Polytope]:
    intervals = [
        tuple(pairwise(ticks)) or ((ticks[0], ticks[0]),)
        for ticks in _ticks(polytope, coordinates)
    ]
    for cell in product(*intervals):
        lower, upper = zip(*cell, strict=True) if cell else ((), ())
        yield Polytope.box(lower, upper, engine=polytope.engine)


def _pieces(polytope: Polytope, coordinates: Sequence[int]) -> list[Piece]:
    """Return the parts; their hyperplanes are the facets, then the coordinates."""
    facets = polytope.facets
    parts = [piece(polytope.vertices, facets, polytope.affine_dim)]
    for label, j in enumerate(coordinates, start=len(facets)):
        parts = [half for part in parts for half in _signed_parts(part, j, label)]
    return parts


def _signed_parts(part: Piece, coordinate: int, label: int) -> tuple[Piece, ...]:
    values = [row[1 + coordinate] for row in part.vertices]
    if min(values) >= 0 or max(values) <= 0:
        return (part,)
    row = tuple(int(j == 1 + coordinate) for j in range(len(part.vertices[0])))
    return bisected(part, row, label=label)


def _sign(coordinate: int, dim: int) -> Constraint:
    """Return the constraint that a coordinate is at most zero."""
    return Constraint(tuple(ONE if j == coordinate else ZERO for j in range(dim)), ZERO)


def triangulate(polytope: Polytope) -> tuple[tuple[int, ...], ...]:
    """Return the pulling triangulation, simplices of vertex indices, sorted.

    Each simplex has ``affine_dim + 1`` vertices; the empty set has no simplices.

    >>> triangulate(Polytope.box([0, 0], [1, 1]))
    ((0, 1, 3), (0, 2, 3))
    """
    require(polytope, Polytope)
    return simplices_of(polytope.form)


def volume(polytope: Polytope) -> Fraction:
    """Return the volume, which is zero for a flat polytope and one in dimension zero.

    >>> volume(Polytope.hull([[0, 0], [1, 0], [0, 1]], 2))
    Fraction(1, 2)
    """
    require(polytope, Polytope)
    return polytope.volume
