r"""Cutting polytopes: halves, orthants, triangulations and the exact volume.

A *pulling triangulation* of :math:`P` takes the first vertex :math:`v` and joins it to the
triangulated facets of :math:`P` that do not contain :math:`v`, and so on for the facets.  For
simplices with vertices :math:`v_0, \dots, v_n`,

.. math:: \operatorname{vol} P = \frac{1}{n!} \sum_{\text{simplices}}
          \lvert\det(v_1 - v_0, \dots, v_n - v_0)\rvert .
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cache

from polyrelax.arithmetic.linalg import determinant
from polyrelax.arithmetic.rational import ONE, ZERO, Scalar, Vector
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.faces import facets_of_face
from polyrelax.polytopes.incidence import members, tight_sets
from polyrelax.polytopes.polytope import Polytope


def split(
    polytope: Polytope, normal: Iterable[Scalar], offset: Scalar
) -> tuple[Polytope, Polytope]:
    """Return the parts with ``<normal, x> <= offset`` and ``>= offset``.

    They have the cut in common; one of them may be empty.

    >>> split(Polytope.box([0], [3]), [1], 1)
    (Polytope.box(['0'], ['1']), Polytope.box(['1'], ['3']))
    """
    below = Constraint.at_most(normal, offset)
    return polytope.cut(below), polytope.cut(below.complement())


def orthant_cells(polytope: Polytope, coordinates: Iterable[int]) -> Iterator[Polytope]:
    """Yield the nonempty parts of constant sign in the given coordinates.

    They cover the polytope, have its affine dimension, and overlap in their boundaries only:
    a coordinate splits only what has both positive and negative values of it.

    >>> list(orthant_cells(Polytope.box([-1, 0], [1, 1]), [0, 1]))
    [Polytope.box(['-1', '0'], ['0', '1']), Polytope.box(['0', '0'], ['1', '1'])]
    """
    explicit = polytope.explicit()
    if not explicit.is_empty:
        yield from _cells(explicit, tuple(coordinates))


def _cells(polytope: Polytope, coordinates: tuple[int, ...]) -> Iterator[Polytope]:
    if not coordinates:
        yield polytope
        return
    for part in _signed_parts(polytope, coordinates[0]):
        yield from _cells(part, coordinates[1:])


def _signed_parts(polytope: Polytope, coordinate: int) -> tuple[Polytope, ...]:
    lower, upper = polytope.bounds[coordinate]
    if lower >= 0 or upper <= 0:
        return (polytope,)
    normal = tuple(ONE if j == coordinate else ZERO for j in range(polytope.dim))
    return split(polytope, normal, 0)


def triangulate(polytope: Polytope) -> tuple[tuple[int, ...], ...]:
    """Return the pulling triangulation, simplices of vertex indices, sorted.

    Each simplex has ``affine_dim + 1`` vertices; the empty set has no simplices.

    >>> triangulate(Polytope.box([0, 0], [1, 1]))
    ((0, 1, 3), (0, 2, 3))
    """
    facets = tight_sets(polytope.facets, polytope.vertices)

    @cache  # faces are shared between the facets
    def simplices(face: int) -> tuple[tuple[int, ...], ...]:
        apex, *others = members(face)
        if not others:
            return ((apex,),)
        opposite = (f for f in facets_of_face(face, facets) if not f >> apex & 1)
        return tuple((apex, *simplex) for f in opposite for simplex in simplices(f))

    everything = (1 << len(polytope.vertices)) - 1
    return tuple(sorted(simplices(everything))) if everything else ()


def volume(polytope: Polytope) -> Fraction:
    """Return the volume, which is zero for a flat polytope and one in dimension zero.

    >>> volume(Polytope.hull([[0, 0], [1, 0], [0, 1]], 2))
    Fraction(1, 2)
    """
    if polytope.affine_dim < polytope.dim:
        return ZERO
    if polytope.is_box:
        return math.prod((upper - lower for lower, upper in polytope.bounds), start=ONE)
    vertices = polytope.vertices
    total = sum(
        (_parallelepiped([vertices[i] for i in s]) for s in triangulate(polytope)), ZERO
    )
    return total / math.factorial(polytope.dim)


def _parallelepiped(corners: list[Vector]) -> Fraction:
    origin, *others = corners
    edges = [tuple(s - t for s, t in zip(v, origin, strict=True)) for v in others]
    return abs(determinant(edges))
