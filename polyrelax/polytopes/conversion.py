r"""From constraints to vertices and back, and the canonical form of both.

A polytope :math:`P \subset \mathbb{Q}^n` is homogenised to the cone over
:math:`\{1\} \times P`.  Its extreme rays :math:`(1, p)` are the vertices, those of the dual
cone, :math:`(b, -a)`, the facets :math:`\langle a, x\rangle \le b`, the dual cone's lines
the equations of the affine hull.

The canonical constraints of a polytope are its equations, in reduced echelon form, and its
facets, zero in the pivot columns of the equations, all in coprime integers and sorted; of the
empty set the one contradiction ``0 <= -1``.  So equal sets have equal constraints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from polyrelax.arithmetic.linalg import kernel, rank
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, dot, primitive
from polyrelax.errors import UnboundedError
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.engines.engine import Engine, IntRow, echelon, reduced
from polyrelax.polytopes.incidence import (
    constraint_row,
    maximal,
    point_row,
    tight_sets,
    transposed,
)
from polyrelax.polytopes.pieces import bisected, piece


def contradiction(dim: int) -> Constraint:
    """Return ``0 <= -1``, the canonical constraint of the empty set.

    >>> print(contradiction(1))
    0 <= -1
    """
    return Constraint((ZERO,) * dim, -ONE)


def enumerate_vertices(
    constraints: Sequence[Constraint], dim: int, engine: Engine
) -> tuple[Vector, ...]:
    """Return the vertices of the polytope that ``constraints`` cut out, sorted.

    Raises :class:`UnboundedError` if they cut out something that is no polytope.

    >>> from polyrelax.polytopes.engines.plain import Plain
    >>> interval = [Constraint.at_most([2], 1), Constraint.at_least([1], 0)]
    >>> enumerate_vertices(interval, 1, Plain())
    ((Fraction(0, 1),), (Fraction(1, 2),))
    """
    equations = [constraint_row(c) for c in constraints if c.is_equation]
    inequalities = [constraint_row(c) for c in constraints if not c.is_equation]
    height: IntRow = (1, *(0,) * dim)
    cone = engine.extreme_rays([height, *inequalities], equations, 1 + dim)
    points = [dehomogenised(ray) for ray in cone.rays if ray[0]]
    if not points:  # the cone meets the hyperplane at height one nowhere
        return ()
    directions = (*cone.lines, *(ray for ray in cone.rays if ray[0] == 0))
    if directions:
        entries = ", ".join(str(entry) for entry in directions[0][1:])
        raise UnboundedError(f"found the ray ({entries}), expected a bounded set")
    return tuple(sorted(points))


def enumerate_constraints(
    points: Iterable[Vector], dim: int, engine: Engine
) -> tuple[Constraint, ...]:
    """Return the canonical constraints of the convex hull of ``points``.

    >>> from polyrelax.polytopes.engines.plain import Plain
    >>> diagonal = [(Fraction(0), Fraction(0)), (Fraction(1), Fraction(1))]
    >>> [str(c) for c in enumerate_constraints(diagonal, 2, Plain())]
    ['x0 - x1 == 0', '-x1 <= 0', 'x1 <= 1']
    """
    rows = list(dict.fromkeys(point_row(point) for point in points))
    if not rows:
        return (contradiction(dim),)
    cone = engine.extreme_rays(rows, [], 1 + dim)
    equations = echelon((_lifted(line) for line in cone.lines), dim + 1)
    # Of a single point, the dual cone has one more ray, which says 0 <= 1.
    return canonical_constraints(
        equations, (_lifted(ray) for ray in cone.rays if len(rows) > 1)
    )


def select_constraints(
    constraints: Sequence[Constraint], vertices: Sequence[Vector], dim: int
) -> tuple[Constraint, ...]:
    """Return the canonical constraints of a polytope given by ``constraints``.

    Of these, the facets are the ones tight on maximal proper sets of vertices.

    >>> given = [Constraint.at_most([s], b) for s, b in [(2, 1), (1, 1), (-1, 0)]]
    >>> interval = [(Fraction(0),), (Fraction(1, 2),)]
    >>> [str(c) for c in select_constraints(given, interval, 1)]
    ['-x0 <= 0', '2 x0 <= 1']
    """
    if not vertices:
        return (contradiction(dim),)
    lifted = [(*vertex, -ONE) for vertex in vertices]
    equations = echelon((primitive(row) for row in kernel(lifted, dim + 1)), dim + 1)
    everywhere = (1 << len(vertices)) - 1
    sets = tight_sets(constraints, vertices)
    proper = [
        (c, s) for c, s in zip(constraints, sets, strict=True) if s not in {0, everywhere}
    ]
    facets = [proper[i][0] for i in maximal([s for _, s in proper])]
    return canonical_constraints(equations, (primitive((*c.normal, c.offset)) for c in facets))


def select_vertices(
    points: Sequence[Vector], constraints: Sequence[Constraint]
) -> tuple[Vector, ...]:
    """Return the vertices of a polytope given by both points and constraints, sorted.

    The vertices are the points tight on maximal sets of constraints.

    >>> points = [(Fraction(s),) for s in (0, 1, 2)]
    >>> ends = [Constraint.at_most([1], 2), Constraint.at_least([1], 0)]
    >>> select_vertices(points, ends)
    ((Fraction(0, 1),), (Fraction(2, 1),))
    """
    distinct = sorted(set(points))
    facets_of = transposed(tight_sets(constraints, distinct), len(distinct))
    return tuple(distinct[i] for i in maximal(facets_of))


def cut_vertices(
    vertices: Sequence[Vector], constraints: Sequence[Constraint], cut: Constraint
) -> tuple[Vector, ...]:
    """Return the vertices of the part of a polytope that satisfies ``cut``, sorted.

    >>> ends = [Constraint.at_most([1], 2), Constraint.at_least([1], 0)]
    >>> cut_vertices([(Fraction(0),), (Fraction(2),)], ends, Constraint.at_most([1], 1))
    ((Fraction(0, 1),), (Fraction(1, 1),))
    """
    whole = piece(vertices, constraints, affine_rank(vertices, cut.dim))
    below, above = bisected(whole, constraint_row(cut), label=len(constraints))
    outside = set(below.vertices)
    kept = above.vertices if not cut.is_equation else outside.intersection(above.vertices)
    return tuple(sorted(dehomogenised(row) for row in kept))


def affine_image(
    points: Iterable[Vector], rows: Sequence[Vector], offset: Vector
) -> Iterator[Vector]:
    """Yield the points ``(<rows[i], x> + offset[i])`` of the given points ``x``.

    >>> list(affine_image([(ONE,)], [(ONE,), (-ONE,)], (ZERO, ZERO)))
    [(Fraction(1, 1), Fraction(-1, 1))]
    """
    for x in points:
        yield tuple(dot(row, x) + s for row, s in zip(rows, offset, strict=True))


def dehomogenised(row: IntRow) -> Vector:
    """Return the point that the row ``(w, w x)`` stands for.

    >>> dehomogenised((2, 1))
    (Fraction(1, 2),)
    """
    return tuple(Fraction(entry, row[0]) for entry in row[1:])


def affine_rank(points: Sequence[Vector], dim: int) -> int:
    """Return the dimension of the affine hull, which is -1 for no points.

    >>> affine_rank([(Fraction(0),), (Fraction(5),)], 1)
    1
    """
    return rank([(*point, ONE) for point in points], dim + 1) - 1


def canonical_constraints(
    equations: Sequence[IntRow], facets: Iterable[IntRow]
) -> tuple[Constraint, ...]:
    """Return the constraints with entries ``(a, b)``, facets reduced modulo equations.

    >>> print(*canonical_constraints([], [(2, 0, 4)]))
    x0 <= 2
    """
    rows = sorted({reduced(facet, equations) for facet in facets})
    return (
        *(_constraint(row, is_equation=True) for row in equations),
        *(_constraint(row, is_equation=False) for row in rows),
    )


def _constraint(row: IntRow, *, is_equation: bool) -> Constraint:
    *normal, offset = (Fraction(entry) for entry in row)
    return Constraint(tuple(normal), offset, is_equation)


def _lifted(row: IntRow) -> IntRow:
    """Return the entries ``(a, b)`` of the dual vector ``(b, -a)``."""
    return (*(-entry for entry in row[1:]), row[0])
