r"""The convex hull of the graph of a ReLU over a polytope, and of its image.

For :math:`P \subset \mathbb{Q}^n` and neurons :math:`J \subseteq \{0, \dots, n-1\}` the hull of
the graph is

.. math:: \operatorname{conv} \{(x, \rho_J(x)_J) : x \in P\}, \qquad
          \rho_J(x)_j = \max(x_j, 0) \text{ for } j \in J.

Its points are those of :mod:`.relu_points`, its constraints those of :mod:`.relu_hull`; each
are found when they are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.polytopes import conversion, display, form
from polyrelax.polytopes.boxes import Ends
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.forms import Box
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_hull import graph_constraints
from polyrelax.polytopes.relu_points import breakpoints, graph_points, require_neurons
from polyrelax.polytopes.support import Support, hull_supports


def relu_graph_hull(polytope: Polytope) -> Polytope:
    """Return the convex hull of ``(x, relu(x))``, in twice the dimension.

    >>> relu_graph_hull(Polytope.box([-1], [1])).vertices == ((-1, 0), (0, 0), (1, 1))
    True
    """
    require(polytope, Polytope)
    return graph_hull(polytope, range(polytope.dim))


def graph_hull(polytope: Polytope, neurons: Sequence[int]) -> Polytope:
    """Return the convex hull of ``(x, relu(x[j]) for j in neurons)``.

    >>> graph_hull(Polytope.box([-1, 0], [1, 0]), [0]).dim
    3
    """
    require(polytope, Polytope)
    require_neurons(neurons, polytope.dim)
    if polytope.is_empty:
        return Polytope.empty(polytope.dim + len(neurons), engine=polytope.engine)
    return Polytope(_Graph(polytope, tuple(neurons)), polytope.engine)


def relu_image_hull(polytope: Polytope, neurons: Sequence[int] | None = None) -> Polytope:
    """Return the convex hull of the image of the ReLU on ``neurons``, by default on all.

    >>> segment = Polytope.hull([[-1, 1], [1, -1]], 2)
    >>> relu_image_hull(segment).vertices == ((0, 0), (0, 1), (1, 0))
    True
    """
    require(polytope, Polytope)
    chosen = range(polytope.dim) if neurons is None else neurons
    require_neurons(chosen, polytope.dim)
    if isinstance(polytope.form, Box):
        ends = [x.rectified() if j in chosen else x for j, x in enumerate(polytope.bounds)]
        lower, upper = ([end[side] for end in ends] for side in (0, 1))
        return Polytope.box(lower, upper, engine=polytope.engine)
    images = (
        tuple(max(s, ZERO) if j in chosen else s for j, s in enumerate(x))
        for x in breakpoints(polytope, chosen)
    )
    return Polytope.hull(images, polytope.dim, engine=polytope.engine)


@final
@dataclass(frozen=True)
class _Graph:
    """The form of the hull of the graph over a nonempty polytope."""

    domain: Polytope
    neurons: tuple[int, ...]

    @property
    def dim(self) -> int:
        """The number of inputs and outputs."""
        return self.domain.dim + len(self.neurons)

    @cached_property
    def points(self) -> tuple[Vector, ...]:
        """The points of the graph between which it is linear."""
        return tuple(graph_points(self.domain, self.neurons))

    @cached_property
    def vertices(self) -> tuple[Vector, ...]:
        """The points that are vertices, by their incidence with the facets."""
        return conversion.select_vertices(self.points, self.constraints)

    @property
    def description(self) -> tuple[Constraint, ...]:
        """The canonical constraints."""
        return self.constraints

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """The canonical constraints, by the structure of the domain."""
        return graph_constraints(self.domain, self.neurons)

    @property
    def is_empty(self) -> bool:
        """``False``."""
        return False

    @property
    def affine_dim(self) -> int:
        """What the equations leave of the dimension."""
        return self.dim - sum(constraint.is_equation for constraint in self.constraints)

    @property
    def bounds(self) -> Ends:
        """The bounds of the domain, then those of the neurons."""
        inputs = self.domain.bounds
        return (*inputs, *(inputs[j].rectified() for j in self.neurons))

    @property
    def is_box(self) -> bool:
        """Whether the constraints hold on all of the bounding box."""
        return form.constraints_allow_box(self.constraints, self.bounds)

    def contains(self, point: Vector) -> bool:
        """Whether the constraints hold."""
        return form.satisfies(point, self.constraints)

    def supports(self, directions: Sequence[Vector]) -> tuple[Support, ...]:
        """Return the supports by looking at all points."""
        return hull_supports(self.points, directions)

    def __str__(self) -> str:
        brief = display.graph_text(self.dim, len(self.neurons))
        is_known = "vertices" in self.__dict__
        size = 1 << self.dim  # of the number of points nothing is known yet
        return form.sentence_or(self, size, is_known=is_known, otherwise=brief)

    def latex(self) -> str:
        """Return the canonical constraints."""
        return display.system_latex(self.constraints)
