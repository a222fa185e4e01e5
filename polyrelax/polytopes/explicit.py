"""The form of a polytope both of whose descriptions are known; parts of others, cut by cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from polyrelax.arithmetic.rational import Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.polytopes import boxes, conversion, display, form
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.support import Support, hull_supports


@final
@readable
@dataclass(frozen=True)
class Explicit:
    """Sorted vertices together with constraints that cut out their hull."""

    vertices: tuple[Vector, ...]
    description: tuple[Constraint, ...]
    dim: int

    @property
    def points(self) -> tuple[Vector, ...]:
        """The vertices."""
        return self.vertices

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """The canonical constraints, by their incidence with the vertices."""
        return conversion.select_constraints(self.description, self.vertices, self.dim)

    @property
    def is_empty(self) -> bool:
        """Whether there are no vertices."""
        return not self.vertices

    def cut(self, constraint: Constraint) -> Explicit:
        """Return the part that satisfies ``constraint``, by one double description step."""
        kept = conversion.cut_vertices(self.vertices, self.description, constraint)
        return Explicit(kept, (*self.description, constraint), self.dim)

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
        """Whether the constraints hold."""
        return form.satisfies(point, self.description)

    def supports(self, directions: Sequence[Vector]) -> tuple[Support, ...]:
        """Return the supports by looking at all vertices."""
        return hull_supports(self.vertices, directions)

    def __str__(self) -> str:
        return form.sentence(self)

    def latex(self) -> str:
        """Return the canonical constraints."""
        return display.system_latex(self.constraints)
