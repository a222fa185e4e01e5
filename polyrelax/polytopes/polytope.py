r"""Convex polytopes over the rationals.

A polytope is given as a convex hull of points, or as a bounded intersection

.. math:: \{x \in \mathbb{Q}^n : \langle a_i, x\rangle \le b_i,\ \langle c_j, x\rangle = d_j\},

or as a product of intervals; the other description is computed once, when asked for, by the
double description method :cite:p:`motzkin1953`.  Flat polytopes, single points, the empty set
and dimension zero are ordinary values.  ``==``, ``<=`` and ``hash`` mean the sets.

Whether given constraints bound their set is not checked until an answer depends on it; then
:class:`~polyrelax.errors.UnboundedError` shows a ray.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import final

from polyrelax.arithmetic.rational import Scalar, Vector, dot, vector
from polyrelax.errors import DimensionError, EmptySetError, UnboundedError
from polyrelax.polytopes import boxes, conversion, display
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.engines import Engine, default_engine


@dataclass(frozen=True)
class Support:
    """The maximum ``value`` of a linear function, and a ``point`` that attains it."""

    value: Fraction
    point: Vector


@final
@dataclass(frozen=True, eq=False, repr=False)
class Polytope:
    """A bounded polyhedron, equal to another iff they are the same set.

    >>> triangle = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)
    >>> [str(facet) for facet in triangle.facets]
    ['-x0 <= 0', '-x1 <= 0', 'x0 + x1 <= 1']
    """

    dim: int
    _points: tuple[Vector, ...] | None = None
    _given: tuple[Constraint, ...] | None = None
    _ends: boxes.Ends | None = None
    engine: Engine = field(default_factory=default_engine)

    @classmethod
    def hull(
        cls, points: Iterable[Iterable[Scalar]], dim: int, *, engine: Engine | None = None
    ) -> Polytope:
        """Return the convex hull of finitely many points.

        >>> Polytope.hull([[0], [1], ["1/2"]], 1).vertices
        ((Fraction(0, 1),), (Fraction(1, 1),))
        """
        distinct = tuple(dict.fromkeys(vector(point) for point in points))
        _require_dimensions((len(point) for point in distinct), dim)
        return cls(dim, _points=distinct, engine=engine or default_engine())

    @classmethod
    def intersection(
        cls, constraints: Iterable[Constraint], dim: int, *, engine: Engine | None = None
    ) -> Polytope:
        """Return the points that satisfy all constraints, which must bound them.

        >>> Polytope.intersection([Constraint.at_most([1], 1), Constraint.at_least([2], 1)], 1)
        Polytope.box(['1/2'], ['1'])
        """
        given = tuple(constraints)
        _require_dimensions((constraint.dim for constraint in given), dim)
        chosen = engine or default_engine()
        ends = boxes.recognised_box(given, dim)
        return cls(dim, _given=given, engine=chosen) if ends is None else _box(ends, chosen)

    @classmethod
    def box(
        cls,
        lower: Iterable[Scalar],
        upper: Iterable[Scalar],
        *,
        engine: Engine | None = None,
    ) -> Polytope:
        """Return the product of intervals, which is empty if one of them is.

        >>> Polytope.box([0, 0], [1, "1/2"]).bounds[1]
        (Fraction(0, 1), Fraction(1, 2))
        """
        low, up = vector(lower), vector(upper)
        _require_dimensions([len(up)], len(low))
        return _box(tuple(zip(low, up, strict=True)), engine or default_engine())

    @classmethod
    def empty(cls, dim: int, *, engine: Engine | None = None) -> Polytope:
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
        parts = tuple(polytopes)
        if not parts:
            raise EmptySetError("found no polytopes, expected at least one")
        points = (point for part in parts for point in part.points)
        return cls.hull(points, parts[0].dim, engine=parts[0].engine)

    @cached_property
    def vertices(self) -> tuple[Vector, ...]:
        """The vertices, sorted; none iff the polytope is empty."""
        if self._ends is not None:
            return boxes.corners(self._ends)
        if self._points is not None:
            return conversion.select_vertices(self._points, self.description)
        return conversion.enumerate_vertices(self.description, self.dim, self.engine)

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """The canonical constraints: equations, then facets; equal iff the sets are equal."""
        if self._ends is not None:
            return boxes.box_constraints(self._ends)
        if self._given is not None:
            return conversion.select_constraints(self._given, self.vertices, self.dim)
        return conversion.enumerate_constraints(self.points, self.dim, self.engine)

    @property
    def points(self) -> tuple[Vector, ...]:
        """Points whose hull this is: those given, else the vertices."""
        return self.vertices if self._points is None else self._points

    @property
    def description(self) -> tuple[Constraint, ...]:
        """Constraints that cut this out: those given, else the canonical ones."""
        return self.constraints if self._given is None else self._given

    @property
    def equations(self) -> tuple[Constraint, ...]:
        """The equations of the affine hull, in reduced echelon form."""
        return tuple(c for c in self.constraints if c.is_equation)

    @property
    def facets(self) -> tuple[Constraint, ...]:
        """The constraints of the facets, zero in the pivot columns of the equations."""
        return tuple(c for c in self.constraints if not c.is_equation)

    @cached_property
    def is_empty(self) -> bool:
        """Whether there is no point in the polytope."""
        return self._ends is None and not self.points

    @cached_property
    def affine_dim(self) -> int:
        """The dimension of the affine hull; -1 for the empty set."""
        if self._ends is not None:
            return sum(lower < upper for lower, upper in self._ends)
        return conversion.affine_rank(self.points, self.dim)

    @cached_property
    def bounds(self) -> boxes.Ends:
        """The least and the greatest value of each coordinate."""
        if self._ends is not None:
            return self._ends
        if self.is_empty:
            raise EmptySetError("found the empty set, expected a set that has bounds")
        return tuple((min(values), max(values)) for values in zip(*self.points, strict=True))

    @cached_property
    def is_box(self) -> bool:
        """Whether the polytope is a product of intervals, however it was given."""
        if self._ends is not None or self.is_empty:
            return not self.is_empty
        free = sum(lower < upper for lower, upper in self.bounds)
        # A corner of the bounding box is extreme, so it is in the hull only as a point of it.
        enough = len(self.points) >= 1 << free
        return enough and set(self.points).issuperset(boxes.corners(self.bounds))

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
        exact = [vector(direction) for direction in directions]
        _require_dimensions((len(direction) for direction in exact), self.dim)
        if self.is_empty:
            raise EmptySetError("found the empty set, expected a set that has points")
        return tuple(self._support(direction) for direction in exact)

    def _support(self, direction: Vector) -> Support:
        if self._ends is not None:
            point = boxes.corner(self._ends, direction)
            return Support(dot(direction, point), point)
        return max((Support(dot(direction, p), p) for p in self.points), key=lambda s: s.value)

    def cut(self, constraint: Constraint) -> Polytope:
        """Return the part that satisfies one more constraint.

        This is one step of the double description method if vertices and constraints are
        known already.

        >>> Polytope.box([0], [2]).cut(Constraint.at_most([1], 1))
        Polytope.box(['0'], ['1'])
        """
        constraints = (*self.description, constraint)
        part = Polytope.intersection(constraints, self.dim, engine=self.engine)
        if part._given is None or "vertices" not in self.__dict__:
            return part
        points = conversion.cut_vertices(self.vertices, self.description, constraint)
        return Polytope(self.dim, _points=points, _given=constraints, engine=self.engine)

    def affine_map(
        self, rows: Sequence[Iterable[Scalar]], offset: Iterable[Scalar]
    ) -> Polytope:
        """Return the image under ``x -> (<rows[i], x> + offset[i])``.

        >>> Polytope.box([0, 0], [1, 1]).affine_map([[1, 1]], [5]).bounds
        ((Fraction(5, 1), Fraction(7, 1)),)
        """
        matrix, shift = [vector(row) for row in rows], vector(offset)
        _require_dimensions((len(row) for row in matrix), self.dim)
        _require_dimensions([len(shift)], len(matrix))
        images = (
            tuple(dot(row, p) + s for row, s in zip(matrix, shift, strict=True))
            for p in self.points
        )
        return Polytope.hull(images, len(shift), engine=self.engine)

    def project(self, coordinates: Sequence[int]) -> Polytope:
        """Return the image under ``x -> (x[j] for j in coordinates)``.

        >>> Polytope.box([0, 1, 2], [3, 4, 5]).project([2, 0])
        Polytope.box(['2', '0'], ['5', '3'])
        """
        if self._ends is not None:
            return _box(tuple(self._ends[j] for j in coordinates), self.engine)
        images = ([point[j] for j in coordinates] for point in self.points)
        return Polytope.hull(images, len(coordinates), engine=self.engine)

    def __contains__(self, point: Iterable[Scalar]) -> bool:
        exact = vector(point)
        _require_dimensions([len(exact)], self.dim)
        return all(constraint.is_satisfied_by(exact) for constraint in self.description)

    def __and__(self, other: Polytope) -> Polytope:
        _require_dimensions([other.dim], self.dim)
        constraints = (*self.description, *other.description)
        return Polytope.intersection(constraints, self.dim, engine=self.engine)

    def __mul__(self, other: Polytope) -> Polytope:
        dim = self.dim + other.dim
        if self._points is not None or other._points is not None:
            points = (p + q for p, q in product(self.points, other.points))
            return Polytope.hull(points, dim, engine=self.engine)
        first = (c.embed(range(self.dim), dim) for c in self.description)
        second = (c.embed(range(self.dim, dim), dim) for c in other.description)
        return Polytope.intersection((*first, *second), dim, engine=self.engine)

    def __add__(self, other: Polytope) -> Polytope:
        _require_dimensions([other.dim], self.dim)
        if self._ends is not None and other._ends is not None:
            pairs = zip(self._ends, other._ends, strict=True)
            return _box(tuple((p[0] + q[0], p[1] + q[1]) for p, q in pairs), self.engine)
        sums = (_sum(p, q) for p, q in product(self.points, other.points))
        return Polytope.hull(sums, self.dim, engine=self.engine)

    def __le__(self, other: Polytope) -> bool:
        _require_dimensions([other.dim], self.dim)
        if self.is_empty or other.is_empty:
            return self.is_empty
        halves = [half for c in other.description for half in c.halves()]
        tops = self.supports(c.normal for c in halves)
        return all(top.value <= c.offset for top, c in zip(tops, halves, strict=True))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Polytope):
            return NotImplemented
        if self.dim != other.dim or self.is_empty or other.is_empty:
            return self.dim == other.dim and self.is_empty and other.is_empty
        if self._ends is None and other._ends is None:
            return self.vertices == other.vertices
        return self.bounds == other.bounds and self.is_box and other.is_box

    def __hash__(self) -> int:
        return hash((self.dim, None if self.is_empty else self.bounds))

    def __repr__(self) -> str:
        if self._ends is not None:
            return display.box_text(self._ends)
        counts = self._counts
        if counts is None:
            return display.given_sentence(self.dim, self._points, self._given)
        return display.sentence(self.dim, counts)

    def _repr_latex_(self) -> str:
        if self._points is not None and "constraints" not in self.__dict__:
            return display.hull_latex(self._points)
        return display.system_latex(self.description)

    @property
    def _counts(self) -> tuple[int, int, int] | None:
        """Dimension, numbers of vertices and of facets, or ``None`` if they may take long."""
        is_small = self.dim <= 4 and len(self._given or self._points or ()) <= 40
        is_known = {"vertices", "constraints"} <= self.__dict__.keys()
        if not (is_small or is_known or self._points == ()):
            return None
        try:
            return self.affine_dim, len(self.vertices), len(self.facets)
        except UnboundedError:
            return None


def _box(ends: boxes.Ends, engine: Engine) -> Polytope:
    if any(lower > upper for lower, upper in ends):
        return Polytope.empty(len(ends), engine=engine)
    return Polytope(len(ends), _ends=ends, engine=engine)


def _sum(p: Vector, q: Vector) -> Vector:
    return tuple(s + t for s, t in zip(p, q, strict=True))


def _require_dimensions(found: Iterable[int], dim: int) -> None:
    wrong = next((length for length in found if length != dim), None)
    if wrong is not None:
        raise DimensionError(f"found dimension {wrong}, expected {dim}")
