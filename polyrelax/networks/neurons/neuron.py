r"""A neuron: a continuous piecewise linear function, and what follows from its pieces.

A neuron is a map :math:`\sigma : \mathbb{Q}^m \to \mathbb{Q}^n` with finitely many *pieces*

.. math:: \sigma(z) = A_k z + b_k \quad\text{where}\quad C_k z \le d_k,

whose closed cells cover :math:`\mathbb{Q}^m` and meet face to face, and which agree where cells
meet.  The pieces are the definition; everything else follows.  Over a polytope :math:`P`

.. math:: \operatorname{conv}\{(z, \sigma(z)) : z \in P\}
          = \operatorname{conv} \bigcup_k \{(v, A_k v + b_k) :
            v \text{ a vertex of } P \cap \{C_k z \le d_k\}\}.

A piece is *live* on a set if its cell has the set's dimension there; a neuron is affine on a
set where one piece is live.  Whoever has closed forms gives them; the functions here answer
for the others, at the cost of double descriptions.

*Not claimed:* that the cells of a new neuron cover and fit is a law for its tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Final, Protocol, TypeAlias, final

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, cut, dot, shown
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import ArgumentError, ShapeError, TooLargeError
from polyrelax.networks.affine import Affine
from polyrelax.networks.dimensions import box_of, point_of
from polyrelax.polytopes.complexes import Part, parts
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope

Box: TypeAlias = Sequence[Interval]

MOST_PIECES: Final = 120
"""Up to here hulls of graphs take seconds: a sort of five numbers has 10,568 rows, or fewer."""


@final
@readable
@dataclass(frozen=True)
class Piece:
    """The map ``image`` on the closed cell of the points that satisfy all of ``where``."""

    where: tuple[Constraint, ...]
    image: Affine

    def __contains__(self, z: Vector) -> bool:
        return all(side.is_satisfied_by(z) for side in self.where)


class Neuron(Protocol):
    """A continuous piecewise linear function; a value, equal to others of its kind.

    Nothing is inherited from here: a neuron without a closed form answers with the function
    below that has the name of the question, in one line, and one that is a curve has the
    answers of :class:`~polyrelax.networks.neurons.curved.Curved`.
    """

    @property
    def name(self) -> str:
        """The name of the kind, with its parameters."""

    @property
    def in_dim(self) -> int:
        """The number of values that it reads."""

    @property
    def out_dim(self) -> int:
        """The number of values that it gives."""

    @property
    def count(self) -> int:
        """The number of pieces."""

    def piece(self, index: int) -> Piece:
        """Return a piece by its number, from 0."""

    def live(self, box: Box) -> Iterator[int]:
        """Yield the numbers of the pieces that are live on a box, each cell there once."""

    def __call__(self, z: Vector) -> Vector:
        """Return the value at ``z``."""

    def range(self, box: Box) -> tuple[Interval, ...]:
        """Return the least box of the values on a box."""

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        """Return inequalities on ``(z, y)`` that, with the box, cut out the graph's hull."""

    def least(self, form: Vector, box: Box) -> Fraction:
        """Return the least value of ``<form, (z, y)>`` on the graph over a box."""

    def component(self, output: int) -> Neuron:
        """Return the neuron of one output alone; of a neuron with one output, itself."""


def require_neuron(value: object) -> None:
    """Raise :class:`ArgumentError` unless a value answers as neurons do.

    >>> require_neuron(None)
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found None, expected a neuron
    """
    if not hasattr(value, "component") or isinstance(value, type):
        raise ArgumentError(f"found {shown(value)}, expected a neuron")


def value(neuron: Neuron, z: Vector) -> Vector:
    """Return the value at ``z``, by the first piece whose cell has it.

    >>> from polyrelax.networks.neurons.maximum import Maximum
    >>> [str(y) for y in value(Maximum(2), (Fraction(1), Fraction(3)))]
    ['3']
    """
    require_neuron(neuron)
    z = point_of(z, neuron.in_dim)
    return neuron.piece(piece_at(neuron, z)).image(z)


def piece_at(neuron: Neuron, z: Vector) -> int:
    """Return the number of the first piece whose cell has a point.

    >>> from polyrelax.networks.neurons.maximum import Maximum
    >>> piece_at(Maximum(2), (Fraction(1), Fraction(3)))
    1
    """
    require_neuron(neuron)
    z = point_of(z, neuron.in_dim)
    found = next((k for k in range(neuron.count) if z in neuron.piece(k)), None)
    if found is None:
        point = cut(", ".join(map(shown, z)))
        raise ShapeError(
            f"found no piece of {neuron.name} at ({point}), expected them to cover"
        )
    return found


def live(neuron: Neuron, box: Box) -> Iterator[int]:
    """Yield the numbers of the pieces that are live on a box.

    >>> from polyrelax.networks.neurons.maximum import Maximum
    >>> low, high = Interval(Fraction(0), Fraction(1)), Interval(Fraction(1), Fraction(2))
    >>> list(live(Maximum(2), [low, high]))
    [1]
    """
    require_neuron(neuron)
    box = box_of(box, neuron.in_dim)
    cells = [neuron.piece(k).where for k in range(neuron.count)]
    return (k for k, _ in parts(Part.all_of(as_polytope(box)), cells))


def is_affine_on(neuron: Neuron, box: Box) -> bool:
    """Whether one piece only is live on a box.

    >>> from polyrelax.networks.neurons.absolute import Absolute
    >>> is_affine_on(Absolute(), [Interval(Fraction(0), Fraction(1))])
    True
    """
    require_neuron(neuron)
    box = box_of(box, neuron.in_dim)
    return len(tuple(islice(neuron.live(box), 2))) == 1


def graph_points(neuron: Neuron, domain: Polytope) -> Iterator[Vector]:
    """Yield points ``(z, y)`` of the graph over a polytope whose hull has all of it.

    Raises :class:`TooLargeError` for more than ``MOST_PIECES`` live pieces.

    >>> from polyrelax.networks.neurons.absolute import Absolute
    >>> points = graph_points(Absolute(), Polytope.box([-1], [2]))
    >>> sorted(set(points)) == [(-1, 1), (0, 0), (2, 2)]
    True
    """
    require_neuron(neuron)
    require(domain, Polytope)
    if domain.is_empty:
        return
    pieces = [neuron.piece(k) for k in islice(neuron.live(domain.bounds), MOST_PIECES + 1)]
    if len(pieces) > MOST_PIECES:
        raise TooLargeError(
            f"found {neuron.name} with more than {MOST_PIECES} live pieces, expected at most "
            "so many"
        )
    for k, part in parts(Part.all_of(domain), [piece.where for piece in pieces]):
        yield from ((*v, *pieces[k].image(v)) for v in part.vertices)


def hull(neuron: Neuron, domain: Polytope) -> Polytope:
    """Return the hull of the graph over a polytope.

    >>> from polyrelax.networks.neurons.absolute import Absolute
    >>> len(hull(Absolute(), Polytope.box([-1], [2])).facets)
    3
    """
    require_neuron(neuron)
    require(domain, Polytope)
    points = dict.fromkeys(graph_points(neuron, domain))
    return Polytope.hull(points, neuron.in_dim + neuron.out_dim, engine=domain.engine)


def rows(neuron: Neuron, box: Box) -> tuple[Constraint, ...]:
    """Return the constraints of the graph's hull over a box that read a value, as halves.

    >>> from polyrelax.networks.neurons.absolute import Absolute
    >>> [str(row) for row in rows(Absolute(), [Interval(Fraction(-1), Fraction(1))])]
    ['-x0 - x1 <= 0', 'x1 <= 1', 'x0 - x1 <= 0']
    """
    require_neuron(neuron)
    box = box_of(box, neuron.in_dim)
    sides = (
        half for side in hull(neuron, as_polytope(box)).constraints for half in side.halves()
    )
    return tuple(half for half in sides if any(half.normal[neuron.in_dim :]))


def least(neuron: Neuron, form: Vector, box: Box) -> Fraction:
    """Return the least value of ``<form, (z, y)>`` on the graph over a box.

    >>> from polyrelax.networks.neurons.absolute import Absolute
    >>> box = [Interval(Fraction(-1), Fraction(1))]
    >>> str(least(Absolute(), (Fraction(2), Fraction(1)), box))
    '-1'
    """
    require_neuron(neuron)
    form = point_of(form, neuron.in_dim + neuron.out_dim)
    box = box_of(box, neuron.in_dim)
    return min(dot(form, point) for point in graph_points(neuron, as_polytope(box)))


def box_range(neuron: Neuron, box: Box) -> tuple[Interval, ...]:
    """Return the least box of the values on a box.

    >>> from polyrelax.networks.neurons.absolute import Absolute
    >>> print(*box_range(Absolute(), [Interval(Fraction(-1), Fraction(2))]))
    [0, 2]
    """
    require_neuron(neuron)
    box = box_of(box, neuron.in_dim)
    points = tuple(graph_points(neuron, as_polytope(box)))
    columns = list(zip(*points, strict=True))[neuron.in_dim :]
    return tuple(Interval(min(column), max(column)) for column in columns)


def as_polytope(box: Box) -> Polytope:
    """Return a box as a polytope.

    >>> as_polytope([Interval(Fraction(0), Fraction(1))])
    Polytope.box(['0'], ['1'])
    """
    box = all_of(box, Interval, "intervals")
    return Polytope.box([end.lower for end in box], [end.upper for end in box])
