r"""Volume, centroid and faces of a polytope, from its vertices and facets.

A *pulling triangulation* of :math:`P` takes the first vertex :math:`v` and joins it to the
triangulated facets of :math:`P` that do not contain :math:`v`, and so on for the facets.  For
simplices with vertices :math:`v_0, \dots, v_n`,

.. math:: \operatorname{vol} P = \frac{1}{n!} \sum_{\text{simplices}}
          \lvert\det(v_1 - v_0, \dots, v_n - v_0)\rvert ,

and the centroid is the mean of theirs, :math:`(v_0 + \dots + v_n) / (n + 1)`, with these
determinants as weights.  A flat polytope is measured in coordinates that its affine hull maps
onto one to one, those without a pivot of its equations: volumes change by one factor only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

from polyrelax.arithmetic.linalg import integer_determinant
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.errors import EmptySetError
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.form import Form
from polyrelax.polytopes.forms import Box, System
from polyrelax.polytopes.incidence import facets_of_face, members, tight_sets

Simplex = tuple[int, ...]


def facets_of(form: Form) -> tuple[Constraint, ...]:
    """Return the constraints of the facets.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> [str(facet) for facet in facets_of(Polytope.box([0, 1], [1, 1]).form)]
    ['-x0 <= 0', 'x0 <= 1']
    """
    return tuple(c for c in form.constraints if any(c.normal) and not c.is_equation)


def face_levels(form: Form) -> tuple[frozenset[int], ...]:
    """Return the faces of each dimension from -1 upwards, as sets of vertices in bits.

    The facets of a face are the maximal ones among its intersections with facets of the
    polytope that do not contain it.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> [sorted(level) for level in face_levels(Polytope.box([0], [1]).form)]
    [[0], [1, 2], [3]]
    """
    facets = tight_sets(facets_of(form), form.vertices)
    level = frozenset({(1 << len(form.vertices)) - 1})
    descending = [level]
    while any(level):
        level = frozenset(below for face in level for below in facets_of_face(face, facets))
        descending.append(level)
    return tuple(reversed(descending))


def simplices_of(form: Form) -> tuple[Simplex, ...]:
    """Return the pulling triangulation, simplices of vertex indices, sorted.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> simplices_of(Polytope.box([0, 0], [1, 1]).form)
    ((0, 1, 3), (0, 2, 3))
    """
    facets = tight_sets(facets_of(form), form.vertices)
    everything = (1 << len(form.vertices)) - 1

    @cache  # faces are shared between the facets
    def simplices(face: int, dim: int) -> tuple[Simplex, ...]:
        apex, *others = members(face)
        if len(others) == dim:  # a simplex
            return ((apex, *others),)
        sides = facets if face == everything else facets_of_face(face, facets)
        opposite = (f for f in sides if not f >> apex & 1)
        return tuple((apex, *simplex) for f in opposite for simplex in simplices(f, dim - 1))

    return tuple(sorted(simplices(everything, form.affine_dim))) if everything else ()


def volume_of(form: Form) -> Fraction:
    """Return the volume, which is zero for a flat polytope and one in dimension zero.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> volume_of(Polytope.hull([[0, 0], [1, 0], [0, 1]]).form)
    Fraction(1, 2)
    """
    if form.affine_dim < form.dim:
        return ZERO
    if form.is_box:
        return math.prod((upper - lower for lower, upper in form.bounds), start=ONE)
    scale, sizes = _sizes(form, simplices_of(form), range(form.dim))
    return Fraction(sum(sizes), scale ** (form.dim + 1) * math.factorial(form.dim))


def centroid_of(form: Form) -> Vector:
    """Return the centre of mass of a nonempty polytope, in its affine hull.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> [str(x) for x in centroid_of(Polytope.hull([[0, 0], [1, 0], [0, 1]]).form)]
    ['1/3', '1/3']
    """
    _require_points(form, "a centroid")
    if form.is_box:
        return _middle(form)
    simplices = simplices_of(form)
    pivots = {_pivot(c.normal) for c in form.constraints if c.is_equation}
    _, sizes = _sizes(form, simplices, [j for j in range(form.dim) if j not in pivots])
    total = sum(sizes) * (form.affine_dim + 1)
    weights = [0] * len(form.vertices)
    for simplex, size in zip(simplices, sizes, strict=True):
        for vertex in simplex:
            weights[vertex] += size
    return tuple(
        sum((w * x for w, x in zip(weights, values, strict=True)), ZERO) / total
        for values in zip(*form.vertices, strict=True)
    )


def interior_point_of(form: Form) -> Vector:
    """Return a point in the relative interior: of those that span the set, the mean.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> interior_point_of(Polytope.box([0, 0], [1, 2]).form)
    (Fraction(1, 2), Fraction(1, 1))
    """
    _require_points(form, "an interior")
    if isinstance(form, Box) or (isinstance(form, System) and form.is_box):
        return _middle(form)
    points = form.points
    return tuple(sum(values, ZERO) / len(points) for values in zip(*points, strict=True))


def _require_points(form: Form, what: str) -> None:
    if form.is_empty:
        raise EmptySetError(f"found the empty set, expected a set that has {what}")


def _middle(form: Form) -> Vector:
    return tuple((lower + upper) / 2 for lower, upper in form.bounds)


def _pivot(normal: Vector) -> int:
    """Return the first coordinate that an equation in echelon form has."""
    return next(j for j, s in enumerate(normal) if s)


def _sizes(
    form: Form, simplices: Sequence[Simplex], coordinates: Sequence[int]
) -> tuple[int, list[int]]:
    """Return a scale, and determinants of simplices in some coordinates times a power of it."""
    scale = math.lcm(*(x.denominator for vertex in form.vertices for x in vertex))
    rows = [(scale, *(int(scale * vertex[j]) for j in coordinates)) for vertex in form.vertices]
    return scale, [abs(integer_determinant([rows[i] for i in each])) for each in simplices]
