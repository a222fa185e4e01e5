r"""Which vertex lies on which facet, as bit sets, and what follows from that alone.

For points :math:`p_i` and constraints :math:`c_j`, bit :math:`i` of the set of :math:`c_j`
says that :math:`p_i` satisfies :math:`c_j` with equality.  Python's integers are the sets:
``&`` intersects, ``s & t == s`` says that ``s`` is a subset of ``t``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import and_, mul

from polyrelax.arithmetic.rational import ONE, Vector, primitive
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.engines.engine import IntRow

_MANY = 50_000


def point_row(point: Vector) -> IntRow:
    """Return a positive integer multiple of ``(1, point)``.

    >>> from polyrelax.arithmetic.rational import vector
    >>> point_row(vector(["1/2", 1]))
    (2, 1, 2)
    """
    return primitive((ONE, *point))


def constraint_row(constraint: Constraint) -> IntRow:
    """Return a positive integer multiple of ``(b, -a)``, for the constraint ``<a, x> <= b``.

    >>> constraint_row(Constraint.at_most(["1/2"], 1))
    (2, -1)
    """
    return primitive((constraint.offset, *(-s for s in constraint.normal)))


def tight_sets(constraints: Sequence[Constraint], points: Sequence[Vector]) -> tuple[int, ...]:
    """Return for each constraint the set of the points on which it is an equality.

    >>> from polyrelax.arithmetic.rational import matrix
    >>> tight_sets([Constraint.at_most([1, 0], 1)], matrix([[1, 0], [0, 0], [1, 5]]))
    (5,)
    """
    rows = [constraint_row(constraint) for constraint in constraints]
    columns = [point_row(point) for point in points]
    if len(rows) * len(columns) > _MANY:
        # Importing numpy takes longer than a few products.
        from polyrelax.polytopes.residues import orthogonal_sets  # noqa: PLC0415

        return orthogonal_sets(rows, columns)
    return tuple(_as_set(not sum(map(mul, row, column)) for column in columns) for row in rows)


def transposed(sets: Sequence[int], size: int) -> tuple[int, ...]:
    """Return for each of ``size`` elements the set of the sets that hold it.

    >>> transposed([0b11, 0b10], 2)
    (1, 3)
    """
    result = [0] * size
    for index, elements in enumerate(sets):
        for element in members(elements):
            result[element] |= 1 << index
    return tuple(result)


def maximal(sets: Sequence[int]) -> tuple[int, ...]:
    """Return the indices of the sets that lie in no larger one, of equal sets the first.

    >>> maximal([0b01, 0b11, 0b11, 0b100])
    (1, 3)
    """
    first = {s: i for i, s in reversed(list(enumerate(sets)))}
    by_size = sorted(first, key=int.bit_count, reverse=True)
    kept: list[int] = []
    for candidate in by_size:
        if not any(candidate & larger == candidate for larger in kept):
            kept.append(candidate)
    return tuple(sorted(first[s] for s in kept))


def facets_of_face(face: int, facets: Iterable[int]) -> tuple[int, ...]:
    """Return the facets of a nonempty face, given the facets of the polytope.

    >>> square = [0b0011, 0b0101, 0b1010, 0b1100]
    >>> facets_of_face(0b0011, square)
    (1, 2)
    """
    below = [face & facet for facet in facets if face & facet != face] or [0]
    return tuple(below[i] for i in maximal(below))


def adjacent_pairs(facets_of: Sequence[int], dim: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs of vertices that span an edge of a polytope of affine dimension ``dim``.

    >>> triangle = [0b011, 0b110, 0b101]
    >>> list(adjacent_pairs(triangle, 2))
    [(0, 1), (0, 2), (1, 2)]
    """
    everything = (1 << len(facets_of)) - 1
    pairs = crossing_edges(facets_of, everything, everything, dim=dim)
    yield from ((i, j) for i, j in pairs if i < j)


def crossing_edges(
    facets_of: Sequence[int], first: int, second: int, *, dim: int
) -> Iterator[tuple[int, int]]:
    """Yield the edges from a vertex of the set ``first`` to one of the set ``second``.

    Two vertices span an edge iff no third one lies on all their common facets.  Of these there
    are at least ``dim - 1``, which leaves few pairs to look at.

    >>> square = [0b0011, 0b0110, 0b1100, 0b1001]
    >>> list(crossing_edges(square, 0b0001, 0b1110, dim=2))
    [(0, 1), (0, 3)]
    """
    everything = (1 << len(facets_of)) - 1
    on_facet = transposed(facets_of, max(map(int.bit_length, facets_of), default=0))
    for i in members(first):
        near = _in_at_least(dim - 1, [on_facet[f] for f in members(facets_of[i])], everything)
        for j in members(near & second & ~(1 << i)):
            common = members(facets_of[i] & facets_of[j])
            if reduce(and_, (on_facet[f] for f in common), everything).bit_count() == 2:
                yield i, j


def _in_at_least(count: int, sets: Sequence[int], everything: int) -> int:
    """Return the elements of ``everything`` that lie in at least ``count`` of the sets."""
    in_more = [everything, *(0 for _ in range(count))]
    for elements in sets:
        for k in range(count, 0, -1):
            in_more[k] |= in_more[k - 1] & elements
    return in_more[max(count, 0)]


def members(bits: int) -> tuple[int, ...]:
    """Return the elements of a set, in order.

    >>> members(0b1010)
    (1, 3)
    """
    return tuple(_elements(bits))


def _elements(bits: int) -> Iterator[int]:
    while bits:
        least = bits & -bits
        yield least.bit_length() - 1
        bits ^= least


def _as_set(flags: Iterable[bool]) -> int:
    return sum(1 << i for i, flag in enumerate(flags) if flag)
