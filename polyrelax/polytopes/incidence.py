r"""Which vertex lies on which facet, as bit sets, and what follows from that alone.

For points :math:`p_i` and constraints :math:`c_j`, bit :math:`i` of the set of :math:`c_j`
says that :math:`p_i` satisfies :math:`c_j` with equality.  Python's integers are the sets:
``&`` intersects, ``s & t == s`` says that ``s`` is a subset of ``t``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from operator import mul

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


def adjacent_pairs(facets_of: Sequence[int], dim: int) -> Iterator[tuple[int, int]]:
    """Yield the pairs of vertices that span an edge of a polytope of affine dimension ``dim``.

    Two vertices do iff no third one lies on all their common facets; of these there are
    at least ``dim - 1``, which discards most pairs at once.

    >>> triangle = [0b011, 0b110, 0b101]
    >>> list(adjacent_pairs(triangle, 2))
    [(0, 1), (0, 2), (1, 2)]
    """
    for i, j in combinations(range(len(facets_of)), 2):
        if spans_edge(facets_of, i, j, dim=dim):
            yield i, j


def spans_edge(facets_of: Sequence[int], i: int, j: int, *, dim: int) -> bool:
    """Whether the vertices ``i`` and ``j`` are the ends of an edge.

    >>> square = [0b0011, 0b0110, 0b1100, 0b1001]
    >>> spans_edge(square, 0, 1, dim=2), spans_edge(square, 0, 2, dim=2)
    (True, False)
    """
    common = facets_of[i] & facets_of[j]
    if common.bit_count() < dim - 1:
        return False
    return sum(1 for facets in facets_of if facets & common == common) == 2


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
