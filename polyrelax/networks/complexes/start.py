"""A polytope as a complex of one cell: its faces, in parameters of its affine hull."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from polyrelax.arithmetic.linalg import Matrix, row_echelon
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, primitive
from polyrelax.polytopes.engines.engine import IntRow
from polyrelax.polytopes.face_arrays import FaceArrays, Level
from polyrelax.polytopes.faces import levels
from polyrelax.polytopes.incidence import facets_of_face, tight_sets
from polyrelax.polytopes.polytope import Polytope


@final
@dataclass(frozen=True, eq=False)
class Start:
    """The faces of a polytope; its vertices and facets in parameters, points as forms of them.

    ``parameters`` are the coordinates that serve as such.
    """

    faces: FaceArrays
    vertices: tuple[IntRow, ...]
    facets: tuple[IntRow, ...]
    points: Matrix
    parameters: tuple[int, ...]


def start(domain: Polytope) -> Start:
    """Return a nonempty polytope as a complex.

    >>> start(Polytope.box([0, 0], [1, 1])).faces.counts
    (4, 4, 1)
    >>> start(Polytope.hull([[0, 0], [1, 1]], 2)).vertices
    ((1, 0), (1, 1))
    """
    origin, *others = domain.vertices
    spanned = [tuple(a - b for a, b in zip(x, origin, strict=True)) for x in others]
    basis = [row for row in row_echelon(spanned, domain.dim) if any(row)]
    pivots = [next(j for j, a in enumerate(row) if a) for row in basis]
    points = [_form(j, origin, basis, pivots) for j in range(domain.dim)]
    forms = Matrix.from_rows(points, len(basis) + 1)
    vertices = tuple(primitive((ONE, *(x[j] for j in pivots))) for x in domain.vertices)
    facets = tuple(_pulled(facet.normal, facet.offset, points) for facet in domain.facets)
    return Start(FaceArrays(_levels(domain)), vertices, facets, forms, tuple(pivots))


def _form(coordinate: int, origin: Vector, basis: list[Vector], pivots: list[int]) -> Vector:
    """Return a coordinate as a form of those that are parameters."""
    slopes = tuple(row[coordinate] for row in basis)
    shift = sum((s * origin[p] for s, p in zip(slopes, pivots, strict=True)), ZERO)
    return (origin[coordinate] - shift, *slopes)


def _pulled(normal: Vector, offset: Fraction, points: list[Vector]) -> IntRow:
    """Return the slack of a constraint as a form of the parameters."""
    columns = zip(*points, strict=True)
    slack = [
        -sum((a * x for a, x in zip(normal, column, strict=True)), ZERO) for column in columns
    ]
    return primitive((slack[0] + offset, *slack[1:]))


def _levels(domain: Polytope) -> list[Level]:
    """Return the faces; each has the sides of one above it, and a facet that cuts it out."""
    facets = tight_sets(domain.facets, domain.vertices)
    found = [sorted(level) for level in levels(domain)[1:]]
    numbers = [{face: i for i, face in enumerate(level)} for level in found]
    sides: dict[int, tuple[int, ...]] = {found[-1][0]: ()}
    arrays = []
    for k in range(len(found) - 1, -1, -1):
        pairs = []
        for face in found[k]:
            below = facets_of_face(face, facets) if k else ()
            pairs += [(numbers[k][face], numbers[k - 1][lower]) for lower in below]
            for lower in below:
                side = next(j for j, f in enumerate(facets) if face & f == lower)
                sides.setdefault(lower, (*sides[face], side))
        size, depth = len(found[k]), len(found) - 1 - k
        owners, lowers = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
        own = np.array([sides[face] for face in found[k]], dtype=np.int32).reshape(size, depth)
        arrays.append(Level(np.zeros(size, dtype=np.int32), own, owners.copy(), lowers.copy()))
    return arrays[::-1]
