"""What every form of a polytope answers, and how most of them do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.errors import UnboundedError
from polyrelax.polytopes import display, svg
from polyrelax.polytopes.boxes import Ends, corners
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.support import Support, box_support

_SMALL_DIM = 4
_SMALL_SIZE = 40


class Form(Protocol):
    """A polytope, known in one way or another; see the properties of ``Polytope``."""

    @property
    def dim(self) -> int:
        """The dimension of the space."""

    @property
    def points(self) -> tuple[Vector, ...]:
        """Points whose hull this is."""

    @property
    def description(self) -> tuple[Constraint, ...]:
        """Constraints that cut this out."""

    @property
    def vertices(self) -> tuple[Vector, ...]:
        """The vertices, sorted."""

    @property
    def constraints(self) -> tuple[Constraint, ...]:
        """The canonical constraints."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no point."""

    @property
    def affine_dim(self) -> int:
        """The dimension of the affine hull, -1 for the empty set."""

    @property
    def bounds(self) -> Ends:
        """The least and the greatest value of each coordinate."""

    @property
    def is_box(self) -> bool:
        """Whether a nonempty set is a product of intervals."""

    def contains(self, point: Vector) -> bool:
        """Whether a point is in the set."""

    def supports(self, directions: Sequence[Vector]) -> tuple[Support, ...]:
        """Return the support in each direction."""

    def __str__(self) -> str: ...

    def latex(self) -> str:
        """Return LaTeX for notebooks."""


def bounds(form: Form) -> Ends:
    """Return the least and the greatest value of each coordinate, from supports.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> print(*bounds(Polytope.hull([[0, 1], [2, 5]], 2)))
    [0, 2] [1, 5]
    """
    units = [tuple(ONE if i == j else ZERO for i in range(form.dim)) for j in range(form.dim)]
    below = form.supports([tuple(-s for s in unit) for unit in units])
    above = form.supports(units)
    return tuple(Interval(-low.value, up.value) for low, up in zip(below, above, strict=True))


def require_bounded(form: Form) -> None:
    """Raise :class:`UnboundedError` for a set that has points and no bounds.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> require_bounded(Polytope.box([0], [1]).form)
    """
    if not form.is_empty:
        _ = form.bounds  # finds a ray, if there is one


def satisfies(point: Vector, constraints: Sequence[Constraint]) -> bool:
    """Whether a point satisfies all constraints.

    >>> satisfies((ONE,), [Constraint.at_most([1], 1)])
    True
    """
    return all(constraint.is_satisfied_by(point) for constraint in constraints)


def constraints_allow_box(constraints: Sequence[Constraint], ends: Ends) -> bool:
    """Whether all constraints hold on all of a box.

    >>> unit = (Interval(ZERO, ONE),)
    >>> constraints_allow_box([Constraint.at_most([1], 1)], unit)
    True
    """
    halves = (half for constraint in constraints for half in constraint.halves())
    return all(box_support(ends, half.normal).value <= half.offset for half in halves)


def points_span_box(points: Sequence[Vector], ends: Ends) -> bool:
    """Whether the hull of points with the bounding box ``ends`` is all of that box.

    A corner of the bounding box is extreme: it lies in the hull only if it is a point.

    >>> points_span_box([(ZERO,), (ONE,)], (Interval(ZERO, ONE),))
    True
    """
    free = sum(lower < upper for lower, upper in ends)
    return len(points) >= 1 << free and set(points).issuperset(corners(ends))


def sentence(form: Form) -> str:
    """Return the sentence with all counts.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> sentence(Polytope.box([0, 0], [1, 1]))
    'Polytope of dimension 2 in Q^2 with 4 vertices, 4 facets'
    """
    facets = sum(not constraint.is_equation for constraint in form.constraints)
    return display.sentence(form.dim, (form.affine_dim, len(form.vertices), facets))


def sentence_or(form: Form, size: int, *, is_known: bool, otherwise: str) -> str:
    """Return the sentence, or ``otherwise`` if its counts may take long or do not exist.

    ``size`` is the number of points or constraints given, ``is_known`` says that the counts
    have been computed already.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> cube = Polytope.box([0] * 9, [1] * 9)
    >>> sentence_or(cube, 18, is_known=False, otherwise="a cube")
    'a cube'
    """
    if not is_known and size and (form.dim > _SMALL_DIM or size > _SMALL_SIZE):
        return otherwise
    try:
        return sentence(form)
    except UnboundedError:
        return otherwise


def picture(form: Form) -> str | None:
    """Return a picture for notebooks, if the set is one of a line or plane and not empty.

    >>> from polyrelax.polytopes.polytope import Polytope
    >>> picture(Polytope.box([0, 0, 0], [1, 1, 1])) is None
    True
    """
    if form.dim not in (1, 2):
        return None
    try:
        return None if form.is_empty else svg.picture(form.vertices, form.bounds)
    except UnboundedError:
        return None
