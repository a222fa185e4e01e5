"""The hulls of the values that a network of rectifiers takes, asked for maxima one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import final

from polyrelax.arithmetic.arguments import numbered, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.dimensions import point_of
from polyrelax.networks.images import layer_box
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import Affine
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.support import Support
from polyrelax.relaxations.phases.extremes import Maximum, maximum
from polyrelax.relaxations.phases.reduced import Reduced
from polyrelax.relaxations.progress import NOBODY, Listener
from polyrelax.relaxations.trace import Trace


@final
@dataclass(frozen=True)
class BranchedSet:
    """The hull of the values behind the last layer of a network, on a domain.

    ``trace`` has bounds of all values; ``before`` is the set before the last layer.  Each
    question is a branch and bound, whose answer is remembered.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.names import relaxation
    >>> from polyrelax.relaxations.trace import propagate
    >>> segment = Polytope.box([-1], [1])
    >>> *_, last = branched_sets(propagate(tent(), segment, relaxation("crown", 8)), segment)
    >>> str(last.bounds[0])
    '[1, 2]'
    """

    trace: Trace
    domain: Polytope
    before: Polytope | BranchedSet
    work: Listener = field(default=NOBODY, compare=False, repr=False)
    maxima: dict[Vector, Maximum] = field(default_factory=dict, compare=False, repr=False)

    @property
    def dim(self) -> int:
        """The dimension of the space."""
        return self.trace.network.out_dim

    @cached_property
    def bounds(self) -> tuple[Interval, ...]:
        """The least and the greatest value of each coordinate."""
        last = self.trace.network.layers[-1]
        if not isinstance(last, Affine):
            return layer_box(last, self.before.bounds)
        every = range(self.dim)
        return tuple(Interval(-self.end(j, -1).value, self.end(j, 1).value) for j in every)

    @cached_property
    def _reduced(self) -> Reduced:
        return Reduced.of(self.trace.network, self.domain, self.trace.bounds)

    def end(self, j: int, sign: int) -> Maximum:
        """Return the maximum of a coordinate, or of its opposite for the sign -1."""
        numbered(j, self.dim, "value")
        return self.maximum(tuple(Fraction(sign if k == j else 0) for k in range(self.dim)))

    def maximum(self, direction: Vector) -> Maximum:
        """Return the maximum of a linear form, with the tree that proves it."""
        direction = point_of(direction, self.dim)
        if direction not in self.maxima:
            self.maxima[direction] = maximum(self._reduced, direction, work=self.work)
        return self.maxima[direction]

    def support(self, direction: Vector) -> Support:
        """Return the greatest value of ``<direction, s>`` and a point that attains it."""
        found = self.maximum(direction)
        return Support(found.value, self.trace.network(found.point))


def branched_sets(
    trace: Trace, domain: Polytope, work: Listener = NOBODY
) -> Iterator[Polytope | BranchedSet]:
    """Yield the domain and the set behind each layer, given bounds of all values.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.relaxations.interval import IBP
    >>> from polyrelax.relaxations.trace import propagate
    >>> segment = Polytope.box([-1], [2])
    >>> sets = branched_sets(propagate(absolute_value(), segment, IBP()), segment)
    >>> [str(relaxed.bounds[-1]) for relaxed in sets]
    ['[-1, 2]', '[-2, 1]', '[0, 1]', '[0, 2]']
    """
    require(trace, Trace)
    require_read(trace.network, domain)
    require(work, Listener)
    before: Polytope | BranchedSet = domain
    yield before
    for depth in range(1, len(trace.network.layers) + 1):
        prefix, sets = trace.network.prefix(depth), trace.sets[: depth + 1]
        part = Trace(trace.relaxation, prefix, sets, trace.bits)
        before = BranchedSet(part, domain, before, work)
        yield before
