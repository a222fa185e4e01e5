r"""The convex hull of the graph of a ReLU over a polytope, and of its image.

For :math:`P \subset \mathbb{Q}^n` and neurons :math:`J \subseteq \{0, \dots, n-1\}`, let
:math:`\rho_J` replace :math:`x_j` by :math:`\max(x_j, 0)` for :math:`j \in J`.  On each part
of :math:`P` where the coordinates in :math:`J` have constant signs :math:`\rho_J` is linear,
so that

.. math:: \operatorname{conv} \{(x, \rho_J(x)_J) : x \in P\}

is the hull of the lifted vertices of these parts, of which there are up to
:math:`2^{\lvert J\rvert}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.errors import DimensionError
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import orthant_vertices


def relu(point: Vector) -> Vector:
    """Return the positive part of ``point``, coordinate by coordinate.

    >>> from polyrelax.arithmetic.rational import vector
    >>> relu(vector([-1, 2]))
    (Fraction(0, 1), Fraction(2, 1))
    """
    return tuple(max(s, ZERO) for s in point)


def relu_graph_hull(polytope: Polytope) -> Polytope:
    """Return the convex hull of ``(x, relu(x))``, in twice the dimension.

    >>> relu_graph_hull(Polytope.box([-1], [1])).vertices == ((-1, 0), (0, 0), (1, 1))
    True
    """
    return graph_hull(polytope, range(polytope.dim))


def graph_hull(polytope: Polytope, neurons: Sequence[int]) -> Polytope:
    """Return the convex hull of ``(x, relu(x[j]) for j in neurons)``.

    >>> graph_hull(Polytope.box([-1, 0], [1, 0]), [0]).dim
    3
    """
    points = ((*x, *relu(tuple(x[j] for j in neurons))) for x in breakpoints(polytope, neurons))
    return Polytope.hull(points, polytope.dim + len(neurons), engine=polytope.engine)


def relu_image_hull(polytope: Polytope, neurons: Sequence[int] | None = None) -> Polytope:
    """Return the convex hull of the image of the ReLU on ``neurons``, by default on all.

    >>> segment = Polytope.hull([[-1, 1], [1, -1]], 2)
    >>> relu_image_hull(segment).vertices == ((0, 0), (0, 1), (1, 0))
    True
    """
    chosen = range(polytope.dim) if neurons is None else neurons
    images = (
        tuple(max(s, ZERO) if j in chosen else s for j, s in enumerate(x))
        for x in breakpoints(polytope, chosen)
    )
    return Polytope.hull(images, polytope.dim, engine=polytope.engine)


def breakpoints(polytope: Polytope, neurons: Sequence[int]) -> Iterator[Vector]:
    """Yield the vertices of the parts on which the ReLU on ``neurons`` is linear, once each.

    >>> list(breakpoints(Polytope.box([-1], [1]), [0])) == [(-1,), (0,), (1,)]
    True
    """
    foreign = [j for j in neurons if not 0 <= j < polytope.dim]
    if foreign:
        raise DimensionError(f"found neurons {foreign}, expected below {polytope.dim}")
    yield from orthant_vertices(polytope, neurons)
