"""Strategies of rationals, vectors, constraints and polytopes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from polyrelax.arithmetic.arguments import dimension, require
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.errors import DimensionError, EmptySetError
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope


def rationals(*, bound: int = 3, max_denominator: int = 3) -> st.SearchStrategy[Fraction]:
    """Return a strategy of small rationals, which shrink towards 0.

    >>> from hypothesis import find
    >>> find(rationals(), lambda x: x < 0)
    Fraction(-1, 1)
    """
    bound = dimension(bound, "a bound")
    max_denominator = dimension(max_denominator, "a denominator")
    return _rationals(bound=bound, max_denominator=max_denominator)


@st.composite
def _rationals(draw: st.DrawFn, *, bound: int, max_denominator: int) -> Fraction:
    denominator = draw(st.integers(1, max_denominator))
    return Fraction(draw(st.integers(-bound * denominator, bound * denominator)), denominator)


def vectors(dim: int) -> st.SearchStrategy[Vector]:
    """Return a strategy of vectors of small rationals, which shrink towards 0.

    >>> from hypothesis import find
    >>> find(vectors(2), lambda x: True)
    (Fraction(0, 1), Fraction(0, 1))
    """
    dim = dimension(dim, "a dimension")
    return st.tuples(*(rationals() for _ in range(dim)))


def constraints(dim: int) -> st.SearchStrategy[Constraint]:
    """Return a strategy of inequalities and equations, trivial and impossible ones included.

    >>> from hypothesis import find
    >>> print(find(constraints(1), lambda constraint: True))
    0 <= 0
    """
    dim = dimension(dim, "a dimension")
    return st.builds(Constraint, vectors(dim), rationals(), st.booleans())


def hulls(dim: int, *, min_points: int = 1, max_points: int = 6) -> st.SearchStrategy[Polytope]:
    """Return a strategy of hulls of few points, lower-dimensional ones included.

    >>> from hypothesis import find
    >>> find(hulls(1), lambda hull: True).vertices
    ((Fraction(0, 1),),)
    """
    dim = dimension(dim, "a dimension")
    min_points = dimension(min_points, "a number of points")
    max_points = dimension(max_points, "a number of points")
    if max_points < min_points:
        raise DimensionError(
            f"found at most {max_points} points, expected at least {min_points}"
        )
    points = st.lists(vectors(dim), min_size=min_points, max_size=max_points)
    return points.map(lambda chosen: Polytope.hull(chosen, dim))


def boxes(dim: int, *, full_dimensional: bool = False) -> st.SearchStrategy[Polytope]:
    """Return a strategy of nonempty boxes, which shrink to the unit box.

    >>> from hypothesis import find
    >>> find(boxes(2), lambda box: True)
    Polytope.box(['0', '0'], ['1', '1'])
    """
    dim = dimension(dim, "a dimension")
    require(full_dimensional, bool)
    nonzero = [ONE, *(Fraction(k, 3) for k in (6, 9, 1, 2, 4, 5, 7, 8))]
    width = st.sampled_from(nonzero if full_dimensional else [*nonzero, ZERO])
    return st.builds(_box, vectors(dim), st.tuples(*(width for _ in range(dim))))


def systems(dim: int, *, max_cuts: int = 3) -> st.SearchStrategy[Polytope]:
    """Return a strategy of polytopes given by constraints, empty ones included.

    >>> from hypothesis import find
    >>> find(systems(1), lambda polytope: polytope.is_empty).vertices
    ()
    """
    dim = dimension(dim, "a dimension")
    max_cuts = dimension(max_cuts, "a number of cuts")
    return _systems(dim, max_cuts=max_cuts)


@st.composite
def _systems(draw: st.DrawFn, dim: int, *, max_cuts: int) -> Polytope:
    box = draw(boxes(dim))
    cuts = st.builds(Constraint, vectors(dim), rationals())
    chosen = draw(st.lists(cuts, max_size=max_cuts))
    return Polytope.intersection((*box.description, *chosen), dim)


def polytopes(dim: int, *, full_dimensional: bool = False) -> st.SearchStrategy[Polytope]:
    """Return a strategy of nonempty polytopes given by points, by constraints, or as boxes.

    >>> from hypothesis import find
    >>> find(polytopes(1), lambda polytope: not polytope.is_box or polytope.dim == 1)
    Polytope.box(['0'], ['1'])
    """
    dim = dimension(dim, "a dimension")
    require(full_dimensional, bool)
    least = dim if full_dimensional else 0
    mixed = st.one_of(
        boxes(dim, full_dimensional=full_dimensional),
        hulls(dim, min_points=least + 1, max_points=dim + 4),
        systems(dim),
    )
    return mixed.filter(lambda polytope: not polytope.is_empty and polytope.affine_dim >= least)


def flat_polytopes(dim: int) -> st.SearchStrategy[Polytope]:
    """Return a strategy of polytopes of a smaller dimension than their space, of one or more.

    They are affine images of polytopes of a smaller space.

    >>> from hypothesis import find
    >>> find(flat_polytopes(2), lambda polytope: True).vertices
    ((Fraction(0, 1), Fraction(0, 1)),)
    """
    dim = dimension(dim, "a dimension")
    return _flat_polytopes(dim)


@st.composite
def _flat_polytopes(draw: st.DrawFn, dim: int) -> Polytope:
    if dim < 1:
        raise DimensionError(f"found dimension {dim}, expected one or more")
    inner = draw(st.integers(0, dim - 1))
    rows = draw(st.tuples(*(vectors(inner) for _ in range(dim))))
    return draw(polytopes(inner)).affine_map(rows, draw(vectors(dim)))


def points_in(polytope: Polytope) -> st.SearchStrategy[Vector]:
    """Return a strategy of the points of a nonempty polytope, which shrink to a vertex.

    >>> from hypothesis import find
    >>> find(points_in(Polytope.box([2], [3])), lambda x: True)
    (Fraction(2, 1),)
    """
    require(polytope, Polytope)
    return _points_in(polytope)


@st.composite
def _points_in(draw: st.DrawFn, polytope: Polytope) -> Vector:
    if polytope.is_empty:
        raise EmptySetError("found the empty set, expected a polytope that has points")
    weights = [draw(st.integers(0, 4)) for _ in polytope.vertices[1:]]
    total = [max(1, 4 - sum(weights)), *weights]
    return _mean(polytope.vertices, total)


def boxes_in(polytope: Polytope) -> st.SearchStrategy[Polytope]:
    """Return a strategy of the boxes inside a nonempty polytope, some of which touch facets.

    >>> from hypothesis import find
    >>> find(boxes_in(Polytope.box([2], [3])), lambda box: box.affine_dim == 0)
    Polytope.box(['2'], ['2'])
    """
    require(polytope, Polytope)
    return _boxes_in(polytope)


@st.composite
def _boxes_in(draw: st.DrawFn, polytope: Polytope) -> Polytope:
    centre = draw(points_in(polytope))
    shape = draw(st.tuples(*(st.integers(0, 2) for _ in centre)))
    halves = [half for c in polytope.constraints for half in c.halves()]
    reach = [(half.slack(centre), _sum_norm(half.normal, shape)) for half in halves]
    largest = min((slack / norm for slack, norm in reach if norm), default=ZERO)
    factor = largest * Fraction(draw(st.integers(0, 3)), 3)
    ends = [(x - factor * s, x + factor * s) for x, s in zip(centre, shape, strict=True)]
    return Polytope.box([low for low, _ in ends], [high for _, high in ends])


def _box(lower: Vector, widths: Vector) -> Polytope:
    return Polytope.box(lower, [x + w for x, w in zip(lower, widths, strict=True)])


def _mean(points: Sequence[Vector], weights: Sequence[int]) -> Vector:
    columns = zip(*points, strict=True)
    total = sum(weights)
    return tuple(
        sum((w * x for w, x in zip(weights, column, strict=True)), ZERO) / total
        for column in columns
    )


def _sum_norm(normal: Vector, shape: Sequence[int]) -> Fraction:
    """Return the maximum of ``<normal, x>`` over the box of all ``|x[i]| <= shape[i]``."""
    return sum((abs(a) * s for a, s in zip(normal, shape, strict=True)), ZERO)
