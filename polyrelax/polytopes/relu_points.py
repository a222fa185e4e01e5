r"""The ReLU, and the points between which it is linear on a polytope.

For :math:`P \subset \mathbb{Q}^n` and neurons :math:`J \subseteq \{0, \dots, n-1\}`, let
:math:`\rho_J` replace :math:`x_j` by :math:`\max(x_j, 0)` for :math:`j \in J`.  On each part of
:math:`P` where the coordinates in :math:`J` have constant signs :math:`\rho_J` is linear, and
there are up to :math:`2^{\lvert J\rvert}` parts.  So the vertices of all parts are enough for
convex hulls of the graph and of the image.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from polyrelax.arithmetic.arguments import dimension, exact_vector, require
from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.errors import DimensionError, TooLargeError
from polyrelax.polytopes.boxes import MOST_FREE_COORDINATES, Ends
from polyrelax.polytopes.checks import require_coordinates
from polyrelax.polytopes.forms import Box
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import orthant_vertices


def relu(point: Vector) -> Vector:
    """Return the positive part of ``point``, coordinate by coordinate.

    >>> from polyrelax.arithmetic.rational import vector
    >>> relu(vector([-1, 2]))
    (Fraction(0, 1), Fraction(2, 1))
    """
    point = exact_vector(point, "point")
    return tuple(max(s, ZERO) for s in point)


def breakpoints(polytope: Polytope, neurons: Sequence[int]) -> Iterator[Vector]:
    """Yield the vertices of the parts on which the ReLU on ``neurons`` is linear, once each.

    Raises :class:`TooLargeError` for a box that has too many of them.

    >>> list(breakpoints(Polytope.box([-1], [1]), [0])) == [(-1,), (0,), (1,)]
    True
    """
    require(polytope, Polytope)
    require_neurons(neurons, polytope.dim)
    if isinstance(polytope.form, Box):
        _require_few(polytope.form.bounds, frozenset(neurons))
    yield from orthant_vertices(polytope, neurons)


def _require_few(ends: Ends, neurons: frozenset[int]) -> None:
    """Raise :class:`TooLargeError` unless a box, cut at 0 in some coordinates, is small."""
    counts = (
        2 + (j in neurons and lower < 0 < upper) if lower < upper else 1
        for j, (lower, upper) in enumerate(ends)
    )
    if prod(counts) > 1 << MOST_FREE_COORDINATES:
        raise TooLargeError(
            f"found a box in dimension {len(ends)} whose parts have more than "
            f"2**{MOST_FREE_COORDINATES} vertices, expected at most as many"
        )


def graph_points(polytope: Polytope, neurons: Sequence[int]) -> Iterator[Vector]:
    """Yield points ``(x, relu(x[j]) for j in neurons)`` whose hull is that of all of them.

    >>> list(graph_points(Polytope.box([-1], [1]), [0])) == [(-1, 0), (0, 0), (1, 1)]
    True
    """
    require(polytope, Polytope)
    for x in breakpoints(polytope, neurons):
        yield (*x, *relu(tuple(x[j] for j in neurons)))


def require_neurons(neurons: Sequence[int], dim: int) -> None:
    """Raise :class:`DimensionError` unless the neurons are distinct coordinates.

    >>> require_neurons([0, 2], 2)
    Traceback (most recent call last):
    polyrelax.errors.DimensionError: found coordinates [2], expected integers from 0 below 2
    """
    dim = dimension(dim, "a dimension")
    require_coordinates(neurons, dim)
    if len(set(neurons)) < len(neurons):
        raise DimensionError(f"found neurons {list(neurons)}, expected each once")
