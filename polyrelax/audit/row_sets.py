r"""How near the rows that others claim come to the hull of a layer's graph.

Let :math:`H` be the hull and :math:`C` the points that satisfy valid rows, so that
:math:`H \subseteq C`.  The *gap* at a half-space :math:`\langle a, z\rangle \le b` of
:math:`H` is

.. math:: \frac{\max_{z \in C} \langle a, z\rangle - b}{\max_j |a_j|},

by exact linear programs; where it is not 0 the rows *miss* the facet.  How many times greater
the volume of :math:`C` is than that of :math:`H` is a rational number too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.arithmetic.rational import ZERO, sparse
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import FalseBoundError, ShapeError
from polyrelax.lp import Infeasible, Optimizer, Unbounded
from polyrelax.networks.hulls import graph_hull
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Layer, units
from polyrelax.networks.network import Network
from polyrelax.polytopes.checks import require_dimensions
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.subdivision import volume
from polyrelax.polytopes.support import linear_program


@final
@readable
@dataclass(frozen=True)
class Approached:
    """A half-space of the hull, and the gap that rows leave there: ``None`` without an end.

    >>> Approached(Constraint.at_most([1], 0), Fraction(0)).is_missing
    False
    """

    side: Constraint
    gap: Fraction | None

    @property
    def is_missing(self) -> bool:
        """Whether the rows leave points beyond the half-space."""
        return self.gap != 0


def layer_hull(layer: Layer, domain: Polytope) -> Polytope:
    """Return the hull of ``(x, layer(x))`` over a polytope.

    >>> from polyrelax.networks.layers import ReLU
    >>> len(layer_hull(ReLU(1), Polytope.box([-1], [1])).facets)
    3
    """
    require(layer, Layer, "a layer")
    return graph_hull(domain, units(layer))


def rows_of_inputs(domain: Polytope, dim: int) -> tuple[Constraint, ...]:
    """Return what a polytope says of the first of ``dim`` coordinates, as inequalities.

    >>> [str(row) for row in rows_of_inputs(Polytope.box([0], [1]), 2)]
    ['-x0 <= 0', 'x0 <= 1']
    """
    require(domain, Polytope)
    rows = (row.embed(range(domain.dim), dim) for row in domain.description)
    return tuple(half for row in rows for half in row.halves())


def rows_of_neurons(layer: Layer, domain: Polytope) -> tuple[Constraint, ...]:
    """Return what each neuron says alone over the bounds of a polytope, of ``(x, y)``.

    >>> from polyrelax.networks.layers import ReLU
    >>> [str(row) for row in rows_of_neurons(ReLU(1), Polytope.box([-1], [1]))]
    ['-x1 <= 0', 'x0 - x1 <= 0', '-x0 + 2 x1 <= 1']
    """
    require(layer, Layer, "a layer")
    require_read(Network((layer,)), domain)
    ends, dim = domain.bounds, layer.in_dim + layer.out_dim
    return tuple(
        row.embed((*unit.inputs, *(layer.in_dim + j for j in unit.outputs)), dim)
        for unit in units(layer)
        for row in unit.neuron.rows([ends[j] for j in unit.inputs])
    )


def approached(hull: Polytope, rows: Iterable[Constraint]) -> Iterator[Approached]:
    """Yield each half-space of a hull with the gap that valid rows leave there.

    Raises :class:`FalseBoundError` at a half-space where the rows cut something off.

    >>> triangle = Polytope.hull([[-1, 0], [0, 0], [1, 1]], 2)
    >>> rows = [Constraint.at_most([-1, 2], 1), Constraint.at_most([1, -1], 0)]
    >>> for side in approached(triangle, rows):
    ...     print(side.side, side.gap)
    -x0 + 2 x1 <= 1 0
    -x1 <= 0 None
    x0 - x1 <= 0 0
    """
    require(hull, Polytope)
    given = all_of(rows, Constraint, "rows")
    require_dimensions((row.dim for row in given), hull.dim)
    known = {row.primitive() for row in given}
    optimizer = Optimizer(linear_program(given, hull.dim))
    for side in (half for whole in hull.constraints for half in whole.halves()):
        gap = ZERO if side.primitive() in known else _gap(optimizer, side)
        yield Approached(side, gap)


def _gap(optimizer: Optimizer, side: Constraint) -> Fraction | None:
    outcome = optimizer.maximize(sparse(side.normal))
    if isinstance(outcome, Unbounded):
        return None
    if isinstance(outcome, Infeasible) or outcome.value < side.offset:
        raise FalseBoundError(
            f"found rows that cut off points with {side}, expected valid ones"
        )
    return (outcome.value - side.offset) / max(map(abs, side.normal))


def volume_ratio(hull: Polytope, rows: Iterable[Constraint]) -> Fraction:
    """Return how many times greater what valid rows leave is than a hull, by volume.

    Raises :class:`ShapeError` for a flat hull and :class:`UnboundedError` where the rows leave
    a ray.

    >>> triangle = Polytope.hull([[-1, 0], [0, 0], [1, 1]], 2)
    >>> rows = [Constraint.at_most(*row) for row in (([-1, 2], 1), ([1, -1], 0), ([0, -1], 1))]
    >>> volume_ratio(triangle, rows)
    Fraction(4, 1)
    """
    require(hull, Polytope)
    inner = volume(hull)
    if not inner:
        raise ShapeError(f"found a flat hull in dimension {hull.dim}, expected one with volume")
    return volume(Polytope.intersection(rows, hull.dim)) / inner
