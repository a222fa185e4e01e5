r"""Convex polytopes over the rationals.

A polytope is given as a convex hull of points, or as a bounded intersection

.. math:: \{x \in \mathbb{Q}^n : \langle a_i, x\rangle \le b_i,\ \langle c_j, x\rangle = d_j\},

or as a product of intervals; the other description is computed once, when asked for, by the
double description method :cite:p:`motzkin1953`.  Flat polytopes, single points, the empty set
and dimension zero are ordinary values.  ``==``, ``<=`` and ``hash`` mean the sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from operator import add
from typing import final

from polyrelax.arithmetic.arguments import all_of, exact, exact_vector, exactly, listed, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, Scalar, Vector, rational, vector
from polyrelax.errors import EmptySetError, ShapeError
from polyrelax.polytopes import boxes, measures
from polyrelax.polytopes.checks import (
    dimension_of,
    is_number,
    is_vector,
    require_coordinates,
    require_dimensions,
)
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.conversion import affine_image
from polyrelax.polytopes.engines import Engine, EngineChoice, chosen_engine
from polyrelax.polytopes.explicit import Explicit
from polyrelax.polytopes.form import Form, picture
from polyrelax.polytopes.forms import Box, Hull, System
from polyrelax.polytopes.support import Support


@final
@dataclass(frozen=True, eq=False, repr=False)
class Polytope:
    """A bounded polyhedron, equal to another iff they are the same set.

    ``P + Q`` is the Minkowski sum and ``P * Q`` the product, ``P & Q`` the intersection;
    ``P + v``, ``P - v``, ``2 * P`` and ``-P`` move, scale and reflect a polytope.

    >>> triangle = Polytope.hull([[0, 0], [1, 0], [0, 1]])
    >>> [str(facet) for facet in triangle.facets]
    ['-x0 <= 0', '-x1 <= 0', 'x0 + x1 <= 1']
    >>> (2 * triangle).volume, (triangle - [1, 1]).bounds[0]
    (Fraction(2, 1), Interval(lower=Fraction(-1, 1), upper=Fraction(0, 1)))
    """

    form: Form
    engine: Engine
    __array_ufunc__ = None  # arrays of NumPy leave sums with polytopes to these

    @classmethod
    def hull(
        cls,
        points: Iterable[Iterable[Scalar]],
        dim: int | None = None,
        *,
        engine: EngineChoice = None,
    ) -> Polytope:
        """Return the convex hull of finitely many points; only without any ``dim`` is needed.

        >>> Polytope.hull([[0], [1], ["1/2"]]).vertices
        ((Fraction(0, 1),), (Fraction(1, 1),))
        """
        distinct = tuple(dict.fromkeys(vector(point) for point in listed(points, "points")))
        if dim is None:
            dim = dimension_of(distinct)
        require_dimensions((len(point) for point in distinct), dim)
        chosen = chosen_engine(engine)
        return cls(Hull(distinct, dim, chosen), chosen)

    @classmethod
    def intersection(
        cls, constraints: Iterable[Constraint], dim: int, *, engine: EngineChoice = None
    ) -> Polytope:
        """Return the points that satisfy all constraints; answers check that they are bounded.

        >>> Polytope.intersection([Constraint.at_most([1], 1), Constraint.at_least([2], 1)], 1)
        Polytope.box(['1/2'], ['1'])
        """
        given = all_of(constraints, Constraint, "constraints")
        require_dimensions((constraint.dim for constraint in given), dim)
        chosen = chosen_engine(engine)
        ends = boxes.recognised_box(given, dim)
        return cls(System(given, dim, chosen), chosen) if ends is None else _box(ends, chosen)

    @classmethod
    def box(
        cls, lower: Iterable[Scalar], upper: Iterable[Scalar], *, engine: EngineChoice = None
    ) -> Polytope:
        """Return the product of intervals, which is empty if one of them is.

        >>> print(Polytope.box([0, 0], [1, "1/2"]).bounds[1])
        [0, 1/2]
        """
        low, up = vector(lower), vector(upper)
        require_dimensions([len(up)], len(low))
        return _box(tuple(map(Interval, low, up)), chosen_engine(engine))

    @classmethod
    def around(
        cls,
        center: Iterable[Scalar],
        epsilon: Scalar,
        *,
        clip: tuple[Scalar, Scalar] | None = None,
        engine: EngineChoice = None,
    ) -> Polytope:
        """Return the ball of the maximum norm, within an interval for all coordinates if any.

        >>> Polytope.around([0, 1], "1/4", clip=(0, 1))
        Polytope.box(['0', '3/4'], ['1/4', '1'])
        """
        ends = boxes.ball(exact_vector(center, "a center"), exact(epsilon))
        if clip is not None:
            limits = Interval(*exactly(clip, 2, "two ends"))
            ends = boxes.box_meet(ends, (limits,) * len(ends))
        return _box(ends, chosen_engine(engine))

    @classmethod
    def empty(cls, dim: int, *, engine: EngineChoice = None) -> Polytope:
        """Return the empty set as a subset of a space.

        >>> [str(constraint) for constraint in Polytope.empty(2).constraints]
        ['0 <= -1']
        """
        return cls.hull((), dim, engine=engine)

    @classmethod
    def hull_of_union(cls, polytopes: Iterable[Polytope]) -> Polytope:
        """Return the convex hull of the union of one or more polytopes.

        >>> Polytope.hull_of_union([Polytope.box([0], [1]), Polytope.box([2], [3])]).vertices
        ((Fraction(0, 1),), (Fraction(3, 1),))
        """
        if not (parts := all_of(polytopes, Polytope, "polytopes")):
            raise EmptySetError("found no polytopes, expected at least one")
        points = (point for part in parts for point in part.points)
        return cls.hull(points, parts[0].dim, engine=parts[0].engine)

    @property
    def dim(self) -> int:
        """The dimension of the space."""
        return self.form.dim

    @property
    def vertices(self) -> tuple[Vector, ...]:
        """The vertices, sorted; none iff the polytope is empty."""
        return self.form.vertices

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The canonical constraints: equations, then facets; equal iff the sets are equal."""
        return self.form.constraints

    @property
    def points(self) -> tuple[Vector, ...]:
        """Points whose hull this is: those given, else the vertices."""
        return self.form.points

    @property
    def description(self) -> tuple[Constraint, ...]:
        """Constraints that cut this out: those given, else the canonical ones."""
        return self.form.description

    @property
    def equations(self) -> tuple[Constraint, ...]:
        """The equations of the affine hull, in reduced echelon form."""
        return tuple(c for c in self.constraints if c.is_equation)

    @property
    def facets(self) -> tuple[Constraint, ...]:
        """The constraints of the facets, zero in the pivot columns of the equations."""
        return measures.facets_of(self.form)

    @property
    def is_empty(self) -> bool:
        """Whether there is no point in the polytope."""
        return self.form.is_empty

    @property
    def affine_dim(self) -> int:
        """The dimension of the affine hull; -1 for the empty set."""
        return self.form.affine_dim

    @property
    def bounds(self) -> boxes.Ends:
        """The least and the greatest value of each coordinate of a nonempty polytope."""
        if self.is_empty:
            raise EmptySetError("found the empty set, expected a set that has bounds")
        return self.form.bounds

    @cached_property
    def volume(self) -> Fraction:
        """The volume, which is zero for a flat polytope and one in dimension zero."""
        return measures.volume_of(self.form)

    @cached_property
    def f_vector(self) -> tuple[int, ...]:
        """The numbers of faces of dimension -1, the empty face, to ``affine_dim``, itself."""
        return tuple(map(len, measures.face_levels(self.form)))

    @cached_property
    def centroid(self) -> Vector:
        """The centre of mass of a nonempty polytope, in its affine hull."""
        return measures.centroid_of(self.form)

    @property
    def interior_point(self) -> Vector:
        """A point in the relative interior of a nonempty polytope."""
        return measures.interior_point_of(self.form)

    @property
    def polar(self) -> Polytope:
        """The set of all ``y`` with ``<x, y> <= 1`` on a polytope around the origin."""
        if self.affine_dim < self.dim or any(facet.offset <= 0 for facet in self.facets):
            raise ShapeError(f"found {self}, expected the origin in its interior")
        sides = ((tuple(s / f.offset for s in f.normal)) for f in self.facets)
        return Polytope.hull(sides if self.dim else [()], self.dim, engine=self.engine)

    @property
    def is_box(self) -> bool:
        """Whether the polytope is a product of intervals, however it was given."""
        return not self.is_empty and self.form.is_box

    def support(self, direction: Iterable[Scalar]) -> Support:
        """Return the maximum of ``<direction, x>`` over the polytope, and where it is.

        >>> Polytope.box([0, 0], [1, 2]).support([1, 1]).value
        Fraction(3, 1)
        """
        return self.supports([direction])[0]

    def supports(self, directions: Iterable[Iterable[Scalar]]) -> tuple[Support, ...]:
        """Return the support in each direction, faster than one by one.

        >>> [s.value for s in Polytope.box([0], [2]).supports([[1], [-1]])]
        [Fraction(2, 1), Fraction(0, 1)]
        """
        exact = [vector(direction) for direction in listed(directions, "directions")]
        require_dimensions((len(direction) for direction in exact), self.dim)
        return self.form.supports(exact)

    def explicit(self) -> Polytope:
        """Return the same set with vertices and constraints known; boxes stay boxes.

        >>> Polytope.hull([[0], [1], [2]], 1).explicit().points
        ((Fraction(0, 1),), (Fraction(2, 1),))
        """
        if isinstance(self.form, (Box, Explicit)):
            return self
        if isinstance(self.form, System):
            _ = self.vertices  # they select the constraints, as constraints do the vertices
        constraints = self.constraints
        return Polytope(Explicit(self.vertices, constraints, self.dim), self.engine)

    def cut(self, constraint: Constraint) -> Polytope:
        """Return the part that satisfies one more constraint.

        Of an :meth:`explicit` polytope, one double description step; explicit again.

        >>> Polytope.box([0], [2]).cut(Constraint.at_most([1], 1))
        Polytope.box(['0'], ['1'])
        """
        require(constraint, Constraint)
        require_dimensions([constraint.dim], self.dim)
        if isinstance(self.form, Explicit):
            return Polytope(self.form.cut(constraint), self.engine)
        constraints = (*self.description, constraint)
        return Polytope.intersection(constraints, self.dim, engine=self.engine)

    def affine_map(
        self, rows: Sequence[Iterable[Scalar]], offset: Iterable[Scalar]
    ) -> Polytope:
        """Return the image under ``x -> (<rows[i], x> + offset[i])``.

        >>> print(Polytope.box([0, 0], [1, 1]).affine_map([[1, 1]], [5]).bounds[0])
        [5, 7]
        """
        matrix, shift = [vector(row) for row in listed(rows, "rows")], vector(offset)
        require_dimensions((len(row) for row in matrix), self.dim)
        require_dimensions([len(shift)], len(matrix))
        images = affine_image(self.points, matrix, shift)
        return Polytope.hull(images, len(shift), engine=self.engine)

    def project(self, coordinates: Sequence[int]) -> Polytope:
        """Return the image under ``x -> (x[j] for j in coordinates)``.

        >>> Polytope.box([0, 1, 2], [3, 4, 5]).project([2, 0])
        Polytope.box(['2', '0'], ['5', '3'])
        """
        require_coordinates(coordinates, self.dim)
        if len(distinct := list(dict.fromkeys(coordinates))) < len(coordinates):
            rows = [[int(j == k) for k in distinct] for j in coordinates]
            return self.project(distinct).affine_map(rows, [0] * len(rows))
        if isinstance(self.form, Box):
            return _box(tuple(self.form.ends[j] for j in coordinates), self.engine)
        images = ([x[j] for j in coordinates] for x in self.points)
        return Polytope.hull(images, len(coordinates), engine=self.engine)

    def __contains__(self, point: Iterable[Scalar]) -> bool:
        exact = vector(point)
        require_dimensions([len(exact)], self.dim)
        return self.form.contains(exact)

    def __and__(self, other: Polytope) -> Polytope:
        if not isinstance(other, Polytope):
            return NotImplemented
        require_dimensions([other.dim], self.dim)
        if isinstance(self.form, Box) and isinstance(other.form, Box):
            return _box(boxes.box_meet(self.form.ends, other.form.ends), self.engine)
        constraints = (*self.description, *other.description)
        return Polytope.intersection(constraints, self.dim, engine=self.engine)

    def __mul__(self, other: Polytope | Scalar) -> Polytope:
        if not isinstance(other, Polytope):
            return self.__rmul__(other)
        dim = self.dim + other.dim
        if isinstance(self.form, Box) and isinstance(other.form, Box):
            return _box((*self.form.ends, *other.form.ends), self.engine)
        if isinstance(self.form, Hull) or isinstance(other.form, Hull):
            points = (p + q for p, q in product(self.points, other.points))
            return Polytope.hull(points, dim, engine=self.engine)
        first = (c.embed(range(self.dim), dim) for c in self.description)
        second = (c.embed(range(self.dim, dim), dim) for c in other.description)
        return Polytope.intersection((*first, *second), dim, engine=self.engine)

    def __rmul__(self, factor: Scalar) -> Polytope:
        return self._scaled(rational(factor)) if is_number(factor) else NotImplemented

    def __neg__(self) -> Polytope:
        return self._scaled(-ONE)

    def _scaled(self, factor: Fraction) -> Polytope:
        if isinstance(self.form, Box):
            return _box(boxes.scaled(self.form.ends, factor), self.engine)
        points = (tuple(factor * x for x in point) for point in self.points)
        return Polytope.hull(points, self.dim, engine=self.engine)

    def __add__(self, other: Polytope | Sequence[Scalar]) -> Polytope:
        if not isinstance(other, Polytope):
            return self.__radd__(other)
        require_dimensions([other.dim], self.dim)
        if isinstance(self.form, Box) and isinstance(other.form, Box):
            return _box(boxes.box_sum(self.form.ends, other.form.ends), self.engine)
        sums = (tuple(map(add, p, q)) for p, q in product(self.points, other.points))
        return Polytope.hull(sums, self.dim, engine=self.engine)

    def __radd__(self, shift: Sequence[Scalar]) -> Polytope:
        return self + Polytope.box(shift, shift) if is_vector(shift) else NotImplemented

    def __sub__(self, shift: Sequence[Scalar]) -> Polytope:
        return self + -Polytope.box(shift, shift) if is_vector(shift) else NotImplemented

    def __le__(self, other: Polytope) -> bool:
        if not isinstance(other, Polytope):
            return NotImplemented
        require_dimensions([other.dim], self.dim)
        if self.is_empty or other.is_empty:
            return self.is_empty
        if isinstance(self.form, Box) and isinstance(other.form, Box):
            return boxes.is_within(self.form.ends, other.form.ends)
        if isinstance(self.form, Hull) and isinstance(other.form, Hull):
            return all(map(other.form.contains, self.points))
        halves = [half for c in other.description for half in c.halves()]
        tops = self.form.supports([c.normal for c in halves])
        return all(top.value <= c.offset for top, c in zip(tops, halves, strict=True))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Polytope):
            return NotImplemented
        if self.dim != other.dim or self.is_empty or other.is_empty:
            return self.dim == other.dim and self.is_empty and other.is_empty
        if isinstance(self.form, Box) or isinstance(other.form, Box):
            return self.bounds == other.bounds and self.is_box and other.is_box
        if isinstance(self.form, System) and isinstance(other.form, System):
            return self.constraints == other.constraints
        return self.vertices == other.vertices

    def __hash__(self) -> int:
        return hash((self.dim, None if self.is_empty else self.bounds))

    def __repr__(self) -> str:
        return str(self.form)

    def _repr_latex_(self) -> str:
        return self.form.latex()

    def _repr_svg_(self) -> str | None:
        return picture(self.form)


def _box(ends: boxes.Ends, engine: Engine) -> Polytope:
    is_empty = any(lower > upper for lower, upper in ends)
    return Polytope.empty(len(ends), engine=engine) if is_empty else Polytope(Box(ends), engine)
