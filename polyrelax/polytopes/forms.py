"""The ways to give a polytope: each answers what it can answer best.

A box answers in closed form, points by looking at all of them, constraints by linear
programs unless their vertices are known already; :mod:`polyrelax.polytopes.explicit` knows both
descriptions.  Where the other description would take long, linear programs answer without it
(:mod:`polyrelax.polytopes.redundancy`).  Forms take and return exact vectors; they are not part
of the public interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from polyrelax.arithmetic.rational import Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.lp import feasible_point
from polyrelax.polytopes import boxes, conversion, display, form, redundancy
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.engines import Engine
from polyrelax.polytopes.support import (
    Support,
    box_support,
    hull_supports,
    linear_program,
    program_supports,
)


@final
@readable
@dataclass(frozen=True)
class Box:
    """A product of nonempty intervals."""

    ends: boxes.Ends

    @property
    def dim(self) -> int:
        """The number of intervals."""
        return len(self.ends)

    @property
    def points(self) -> tuple[Vector, ...]:
        """The corners."""
        return self.vertices

    @cached_property
    def vertices(self) -> tuple[Vector, ...]:
        """The corners, sorted."""
        return boxes.corners(self.ends)

    @property
    def description(self) -> tuple[Constraint, ...]:
        """One constraint for each end, one equation for each point interval."""
        return self.constraints

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """The canonical constraints."""
        return boxes.box_constraints(self.ends)

    @property
    def is_empty(self) -> bool:
        """``False``."""
        return False

    @property
    def affine_dim(self) -> int:
        """The number of intervals that are no single point."""
        return sum(lower < upper for lower, upper in self.ends)

    @property
    def bounds(self) -> boxes.Ends:
        """The intervals."""
        return self.ends

    @property
    def is_box(self) -> bool:
        """``True``."""
        return True

    def contains(self, point: Vector) -> bool:
        """Whether each coordinate is in its interval."""
        return all(x in end for x, end in zip(point, self.ends, strict=True))

    def supports(self, directions: Sequence[Vector]) -> tuple[Support, ...]:
        """Return the supports in closed form."""
        return tuple(box_support(self.ends, direction) for direction in directions)

    def __str__(self) -> str:
        return display.box_text(self.ends)

    def latex(self) -> str:
        """Return the constraints as a system."""
        return display.system_latex(self.constraints)


@final
@readable
@dataclass(frozen=True)
class Hull:
    """The convex hull of distinct points, of which some may be no vertices."""

    points: tuple[Vector, ...]
    dim: int
    engine: Engine

    @property
    def converts(self) -> bool:
        """Whether the constraints are known already, or soon, so that they shall answer."""
        return "constraints" in self.__dict__ or self._is_small

    @cached_property
    def _is_small(self) -> bool:
        return not redundancy.programs_pay(len(self.points), self.affine_dim)

    @cached_property
    def vertices(self) -> tuple[Vector, ...]:
        """The points that are vertices, by their incidence with the facets or by programs."""
        if self.converts:
            return conversion.select_vertices(self.points, self.constraints)
        return redundancy.extreme_points(self.points)

    @property
    def description(self) -> tuple[Constraint, ...]:
        """The canonical constraints."""
        return self.constraints

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """The canonical constraints, by the engine."""
        return conversion.enumerate_constraints(self.points, self.dim, self.engine)

    @property
    def is_empty(self) -> bool:
        """Whether no points were given."""
        return not self.points

    @cached_property
    def affine_dim(self) -> int:
        """The rank of the vertices' differences, -1 for the empty set."""
        return conversion.affine_rank(self.points, self.dim)

    @cached_property
    def bounds(self) -> boxes.Ends:
        """The least and the greatest value of each coordinate."""
        return form.bounds(self)

    @cached_property
    def is_box(self) -> bool:
        """Whether all corners of the bounding box are points."""
        return form.points_span_box(self.points, self.bounds)

    def contains(self, point: Vector) -> bool:
        """Whether the constraints hold, or a program finds weights of the points."""
        if self.converts:
            return form.satisfies(point, self.constraints)
        return redundancy.is_in_hull(self.points, point)

    def supports(self, directions: Sequence[Vector]) -> tuple[Support, ...]:
        """Return the supports by looking at all points."""
        return hull_supports(self.points, directions)

    def __str__(self) -> str:
        brief = display.hull_text(self.dim, len(self.points))
        is_known = "constraints" in self.__dict__
        return form.sentence_or(self, len(self.points), is_known=is_known, otherwise=brief)

    def latex(self) -> str:
        """Return the hull, or the constraints if they are known already."""
        if "constraints" in self.__dict__:
            return display.system_latex(self.constraints)
        return display.hull_latex(self.points)


@final
@readable
@dataclass(frozen=True)
class System:
    """The points that satisfy all constraints, of which some may be redundant."""

    description: tuple[Constraint, ...]
    dim: int
    engine: Engine

    @property
    def points(self) -> tuple[Vector, ...]:
        """The vertices."""
        return self.vertices

    @cached_property
    def vertices(self) -> tuple[Vector, ...]:
        """The vertices, by the engine."""
        return conversion.enumerate_vertices(self.description, self.dim, self.engine)

    @property
    def _converts(self) -> bool:
        """Whether the vertices are known already, or soon, so that they shall answer."""
        return "vertices" in self.__dict__ or self._is_small

    @cached_property
    def _is_small(self) -> bool:
        return not redundancy.programs_pay(len(self.description), self.dim)

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """The canonical constraints, by their incidence with the vertices or by programs."""
        if self._converts:
            return conversion.select_constraints(self.description, self.vertices, self.dim)
        form.require_bounded(self)
        return redundancy.irredundant(self.description, self.dim)

    @cached_property
    def is_empty(self) -> bool:
        """Whether the constraints contradict each other, by a linear program."""
        if "vertices" in self.__dict__:
            return not self.vertices
        return feasible_point(linear_program(self.description, self.dim)) is None

    @cached_property
    def affine_dim(self) -> int:
        """The rank of the vertices' differences, -1 for the empty set."""
        if self._converts:
            return conversion.affine_rank(self.points, self.dim)
        form.require_bounded(self)
        equations = redundancy.implicit_equations(self.description, self.dim)
        return -1 if equations is None else self.dim - len(equations)

    @cached_property
    def bounds(self) -> boxes.Ends:
        """The least and the greatest value of each coordinate."""
        return form.bounds(self)

    @cached_property
    def is_box(self) -> bool:
        """Whether the constraints hold on all of the bounding box."""
        return form.constraints_allow_box(self.description, self.bounds)

    def contains(self, point: Vector) -> bool:
        """Whether the constraints hold."""
        return form.satisfies(point, self.description)

    def supports(self, directions: Sequence[Vector]) -> tuple[Support, ...]:
        """Return the supports by linear programs, or by looking at known vertices."""
        if "vertices" in self.__dict__:
            return hull_supports(self.vertices, directions)
        return program_supports(linear_program(self.description, self.dim), directions)

    def __str__(self) -> str:
        brief = display.system_text(self.dim, len(self.description))
        is_known = "constraints" in self.__dict__
        return form.sentence_or(self, len(self.description), is_known=is_known, otherwise=brief)

    def latex(self) -> str:
        """Return the constraints as given."""
        return display.system_latex(self.description)
