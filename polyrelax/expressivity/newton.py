r"""Newton polytopes of positively homogeneous functions, and what their volumes forbid.

The function :math:`h_P(x) = \max_{v \in P} \langle v, x\rangle` of a polytope :math:`P` is
convex, piecewise linear and positively homogeneous; :math:`P` is its *Newton polytope*.  Sums
go to Minkowski sums, maxima to hulls of unions.  A max-min form is a difference of two such
functions,

.. math:: \max_i \min_j \langle a_{ij}, x\rangle
          = \max_i \sum_{k \ne i} m_k(x) - \sum_k m_k(x), \qquad
          m_k(x) = \max_j \langle -a_{kj}, x\rangle .

The *normalized volume* of a lattice polytope of dimension :math:`n` is :math:`n!` times its
volume in the lattice of its affine hull: an integer.  Networks without biases and with
:math:`k` hidden layers compute exactly the differences :math:`h_P - h_Q` with :math:`P, Q` from
the class :math:`\mathcal P_k`: points for :math:`k = 0`, and sums of hulls
:math:`\operatorname{conv}(P \cup Q)` of members of :math:`\mathcal P_{k-1}` after that.

*Cited*, not proved here, in our words.  With integral weights, :cite:t:`haase2023`: if
:math:`h_P` has a network with :math:`k` hidden layers, then each face of :math:`P` of dimension
:math:`2^k` has even normalized volume.  With weights that are integers over powers of
:math:`N`, :cite:t:`averkov2025`: for a prime :math:`p` that does not divide :math:`N`, each
face of dimension :math:`p^k` has a normalized volume divisible by :math:`p`.  *Computed*: a
face that violates this.  It forbids :math:`k` hidden layers with such weights and nothing else:
with other weights fewer layers may do, as for the maximum of five numbers
(:mod:`polyrelax.expressivity.maximum_of_five`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import combinations
from operator import add
from typing import final

from polyrelax.arithmetic.arguments import dimension, exact_vectors, listed, require, whole
from polyrelax.arithmetic.linalg import determinant
from polyrelax.arithmetic.long_integers import is_prime
from polyrelax.arithmetic.rational import Scalar, Vector, matrix
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.polytopes.faces import levels
from polyrelax.polytopes.incidence import members
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import triangulate


def newton_polytope(forms: Iterable[Iterable[Scalar]]) -> Polytope:
    """Return the Newton polytope of the greatest of some linear forms.

    >>> newton_polytope([[0, 0], [1, 0], [0, 1], ["1/3", "1/3"]]).vertices[0]
    (Fraction(0, 1), Fraction(0, 1))
    """
    rows = matrix(forms)
    if not rows:
        raise DimensionError("found no linear forms, expected at least one")
    return Polytope.hull(rows, len(rows[0]))


@final
@dataclass(frozen=True)
class Difference:
    """The function ``h_P - h_Q`` of two polytopes."""

    plus: Polytope
    minus: Polytope

    def __call__(self, x: Vector) -> Fraction:
        """Return the value at ``x``."""
        return self.plus.support(x).value - self.minus.support(x).value

    @property
    def is_zero(self) -> bool:
        """Whether the function is 0 everywhere: the polytopes are equal."""
        return self.plus == self.minus

    def __add__(self, other: Difference) -> Difference:
        return Difference(self.plus + other.plus, self.minus + other.minus)

    def __neg__(self) -> Difference:
        return Difference(self.minus, self.plus)


def max_min(groups: Sequence[Iterable[Iterable[Scalar]]]) -> Difference:
    """Return the greatest, over the groups, of the least form of each group.

    >>> second = max_min([[[1, 0], [0, 1]], [[1, 0]]])  # max(min(x, y), x) = x
    >>> second((Fraction(2), Fraction(5)))
    Fraction(2, 1)
    """
    groups = listed(groups, "groups of linear forms")
    if not groups:
        raise DimensionError("found no groups of linear forms, expected at least one")
    parts = [newton_polytope([[-a for a in row] for row in matrix(group)]) for group in groups]
    point = Polytope.hull([[0] * parts[0].dim], parts[0].dim)
    rest = (parts[:i] + parts[i + 1 :] for i in range(len(parts)))
    above = Polytope.hull_of_union(reduce(add, others, point) for others in rest)
    return Difference(above, reduce(add, parts, point))


def maximum(count: int) -> Polytope:
    """Return the Newton polytope of the greatest of ``count`` numbers, a simplex.

    >>> normalized_volume(maximum(3).vertices)
    1
    """
    count = dimension(count, "a count")
    return newton_polytope([[int(i == j) for j in range(count)] for i in range(count)])


def normalized_volume(points: Iterable[Vector]) -> int:
    """Return the normalized volume of the hull of lattice points, in its affine hull.

    Algorithm: a triangulation; for a simplex, the greatest common divisor of the maximal
    minors of its edges, which is the index of their lattice in the lattice of its span.

    >>> normalized_volume(Polytope.box([0, 0], [2, 3]).vertices)
    12
    """
    points = exact_vectors(points, "points")
    if not points:
        raise ShapeError("found no points, expected at least one")
    if any(value.denominator != 1 for point in points for value in point):
        raise ShapeError("found a point that is not integral, expected a lattice polytope")
    polytope = Polytope.hull(points, len(points[0]))
    corners = polytope.vertices
    return sum(_simplex([corners[i] for i in s]) for s in triangulate(polytope))


def _simplex(corners: list[Vector]) -> int:
    origin, *others = corners
    edges = [tuple(s - t for s, t in zip(v, origin, strict=True)) for v in others]
    minors = (
        determinant([tuple(edge[j] for j in columns) for edge in edges])
        for columns in combinations(range(len(origin)), len(edges))
    )
    return math.gcd(*(int(minor) for minor in minors)) if edges else 1


@final
@readable
@dataclass(frozen=True)
class OddFace:
    """A face whose normalized volume is not divisible by a prime."""

    vertices: tuple[Vector, ...]
    volume: int
    prime: int

    @property
    def holds(self) -> bool:
        """Whether the volume is as said, and not divisible."""
        return self.volume % self.prime != 0 and normalized_volume(self.vertices) == self.volume


def obstruction(polytope: Polytope, layers: int, *, prime: int = 2) -> OddFace | None:
    """Return a face of dimension ``prime ** layers`` whose volume forbids so many layers.

    By the theorems cited above, its function then has no network with so many hidden layers
    and integral weights (for 2), or weights over powers of a number prime to ``prime``.
    ``None`` says nothing.

    >>> obstruction(maximum(3), 1).volume, obstruction(maximum(3), 2)
    (1, None)
    """
    require(polytope, Polytope)
    layers = dimension(layers, "a number of layers")
    prime = _prime(prime)
    if layers > polytope.affine_dim or prime**layers > polytope.affine_dim:
        return None
    dim = prime**layers
    for face in sorted(levels(polytope)[dim + 1]):
        corners = tuple(polytope.vertices[i] for i in members(face))
        volume = normalized_volume(corners)
        if volume % prime:
            return OddFace(corners, volume, prime)
    return None


def least_layers(polytope: Polytope, *, prime: int = 2) -> int:
    """Return the least number of hidden layers that the volumes do not forbid.

    >>> [least_layers(maximum(n)) for n in (2, 3, 4, 5)]
    [1, 2, 2, 3]
    """
    require(polytope, Polytope)
    prime = _prime(prime)
    depths = range(polytope.affine_dim.bit_length() + 1)
    allowed = (k for k in depths if obstruction(polytope, k, prime=prime) is None)
    return next(allowed, depths.stop)


def _prime(value: int) -> int:
    """Return a prime; the theorems say nothing of other numbers."""
    number = whole(value, "a prime")
    if not is_prime(number):
        raise ShapeError(f"found {number}, expected a prime")
    return number
