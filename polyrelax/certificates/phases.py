r"""Certificates of exact extremes: the tree of phases that a search left, with its multipliers.

The neurons that are stable on the trace's bounds are split first, and the wrong one of their
cases is excluded by a bound; so only unstable ones are left.  A leaf has multipliers
:math:`\mu` of what these read, and what is then left of the form has :math:`p` of what they
give.  If the phase of a neuron is not known, the three sides of its triangle bound
:math:`p h - \mu z`, with the weights

.. math:: a = \max(0, \mu / \lambda, (p - \mu) / (1 - \lambda)), \qquad
   a \lambda - \mu, \qquad a (1 - \lambda) + \mu - p

of :math:`h \le \lambda (z - l)`, :math:`h \ge z` and :math:`h \ge 0`; if it is off or on, its
side and the end of its interval do.  Where the interval has an end at 0, :math:`\lambda` is 0
or 1 and the neuron is affine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import final

import numpy as np

from polyrelax.arithmetic.arguments import all_of, require
from polyrelax.arithmetic.limbs import Integers
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.certificates.trace_ends import End, accepted, provers
from polyrelax.errors import ArgumentError
from polyrelax.networks.input_sets import require_read
from polyrelax.networks.layers import rectified
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.phases.duals import FREE, OFF, ON, Multipliers, remainder
from polyrelax.relaxations.phases.extremes import Bounded, Closed, Maximum
from polyrelax.relaxations.phases.programs import slope
from polyrelax.relaxations.phases.reduced import Reduced
from polyrelax.relaxations.trace import Trace
from polyrelax.systems.curves import curve_row
from polyrelax.systems.places import Coordinate, PlacedUnit, placed_units
from polyrelax.systems.rows import (
    Excluded,
    Leaf,
    Proved,
    Row,
    Split,
    Terms,
    TreeNode,
    input_rows,
    linear,
    piece_rows,
)


def certify_maxima(
    trace: Trace, domain: Polytope, maxima: Sequence[Maximum]
) -> StreamedCertificate:
    """Return the certificate of maxima of forms of the outputs, and of inputs that attain them.

    The checker has accepted it.  ``trace`` has the bounds that the maxima were found with.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.relaxations.names import relaxation
    >>> from polyrelax.relaxations.phases.extremes import maximum
    >>> from polyrelax.relaxations.trace import propagate
    >>> net, segment = absolute_value(), Polytope.box([-1], [2])
    >>> trace = propagate(net, segment, relaxation("crown", 8))
    >>> found = maximum(Reduced.of(net, segment, trace.bounds), (-ONE,))
    >>> print(certify_maxima(trace, segment, [found]))
    exact: -1 v(3, 0) <= 0; exact: -1 v(3, 0) reaches 0
    """
    maxima = all_of(maxima, Maximum, "maxima")
    points = [found.point for found in maxima]
    return _certified(trace, domain, [found.proof for found in maxima], points)


def certify_bounds(
    trace: Trace, domain: Polytope, bounds: Sequence[Bounded]
) -> StreamedCertificate:
    """Return the certificate of bounds of forms of the outputs, which the checker has accepted.

    ``trace`` has the bounds of neurons that these were found with.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.relaxations.names import relaxation
    >>> from polyrelax.relaxations.phases.extremes import maximum
    >>> from polyrelax.relaxations.trace import propagate
    >>> net, segment = absolute_value(), Polytope.box([-1], [2])
    >>> trace = propagate(net, segment, relaxation("crown", 8))
    >>> found = maximum(Reduced.of(net, segment, trace.bounds), (ONE,))
    >>> print(certify_bounds(trace, segment, [found.proof]))
    exact: 1 v(3, 0) <= 2
    """
    return _certified(trace, domain, all_of(bounds, Bounded, "bounds"), ())


def _certified(
    trace: Trace, domain: Polytope, bounds: Sequence[Bounded], points: Sequence[Vector]
) -> StreamedCertificate:
    require(trace, Trace)
    require_read(trace.network, domain)
    if not bounds:
        raise ArgumentError("found no bounds, expected at least one")
    problem = Problem(trace.network, domain)
    reduced = Reduced.of(trace.network, domain, trace.bounds)
    for end in provers(trace, domain):
        prover = _Prover(trace, reduced, domain, end)
        rows = tuple(map(prover.row, bounds))
        attained = tuple(zip(rows, points, strict=False))
        made = accepted(StreamedCertificate(problem, rows, attained))
        if made is not None:
            return made
    raise AssertionError("the bounds of a trace hold, and multipliers prove what they proved")


@final
@dataclass(frozen=True)
class _Prover:
    """Rows of bounds; mutable inside, it remembers the rows of neurons."""

    trace: Trace
    reduced: Reduced
    domain: Polytope
    end: End
    curves: dict[tuple[Coordinate, int], Row] = field(default_factory=dict)

    def row(self, found: Bounded) -> Row:
        """Return the row of a bound."""
        depth = len(self.trace.network.layers)
        form = linear(((depth, j), c) for j, c in enumerate(found.direction))
        nodes = list(self._stable())
        start = len(nodes)
        phases = {0: np.full(self.reduced.count, FREE)}
        for place, node in enumerate(found.nodes):
            if isinstance(node, Closed):
                nodes.append(self._leaf(found, node, phases.pop(place)))
                continue
            known = phases.pop(place)
            for phase, case in zip((OFF, ON), node.cases, strict=True):
                phases[case] = known.copy()
                phases[case][node.neuron] = phase
            unit = self._units[self.reduced.places[node.neuron]]
            nodes.append(Split(unit, tuple(start + case for case in node.cases)))
        return Row(form, found.value, Proved(tuple(nodes)))

    @cached_property
    def _units(self) -> dict[Coordinate, PlacedUnit]:
        """The rectifiers by the places of their outputs."""
        layers = enumerate(self.trace.network.layers, start=1)
        depths = [depth for depth, layer in layers if rectified(layer)]
        every = (unit for depth in depths for unit in placed_units(self.trace.network, depth))
        return {unit.outputs[0]: unit for unit in every if unit.count > 1}

    def _stable(self) -> Iterator[TreeNode]:
        """Yield the splits of stable neurons, and the cases that these exclude."""
        here = 0
        for place, unit in self._units.items():
            if place in self.reduced.places:
                continue
            ((depth, j),) = unit.inputs
            is_on = self.trace.bounds[depth][j].lower > 0
            here += 2
            yield Split(unit, (here - 1, here) if is_on else (here, here - 1))
            side, *_ = piece_rows(unit, OFF if is_on else ON)
            ends = self.end((depth, j), -1 if is_on else 1)
            yield Excluded(((side, ONE), (ends, ONE)))

    def _leaf(self, found: Bounded, node: Closed, phases: Integers) -> TreeNode:
        """Return a closed case."""
        direction = tuple(ZERO if node.is_empty else c for c in found.direction)
        row = self.reduced.row(self.reduced.combined(direction))
        left = remainder(self.reduced, row, node.multipliers)
        values = [Fraction(int(n), left.scale) for n in left.numbers[0]]
        dim, terms = len(self.reduced.box), list(self._sides(node.multipliers))
        for k, phase in enumerate(phases.tolist()):
            terms += self._neuron(k, phase, values[dim + k], node.multipliers[k])
        if not self.domain.is_box:
            terms += [
                (self.end((0, j), 1 if r > 0 else -1), abs(r))
                for j, r in enumerate(values[:dim])
            ]
        kept = tuple((row, weight) for row, weight in terms if weight)
        return Excluded(kept) if node.is_empty else Leaf(kept)

    def _sides(self, multipliers: Multipliers) -> Iterator[tuple[Row, Fraction]]:
        """Yield the constraints of the inputs, with weights."""
        if self.domain.is_box:
            return
        k = self.reduced.count
        for row in input_rows(self.domain):
            halves = 2 if row.is_equation else 1
            weights = (multipliers[k + n] for n in range(halves))
            yield row, sum((w * s for w, s in zip(weights, (1, -1), strict=False)), ZERO)
            k += halves

    def _neuron(self, k: int, phase: int, p: Fraction, mu: Fraction) -> Terms:
        """Return what bounds ``p h - mu z``."""
        place, steep = self.reduced.places[k], slope(self.reduced.ends[k])
        unit = self._units[place]
        if phase == FREE and 0 < steep < 1:
            a = max(ZERO, mu / steep, (p - mu) / (1 - steep))
            weights = (a, a * steep - mu, a * (1 - steep) + mu - p)
            return tuple((self._curve(k, side), w) for side, w in enumerate(weights))
        if phase == FREE:
            lifted = max(p, mu) if steep else p
            first = (self._curve(k, 0), max(lifted, ZERO))
            below = self._curve(k, 1 if steep else 2)
            zero = (self._curve(k, 2), lifted - p)
            rest = self._straight(unit, lifted * steep - mu, None)
            return (first, (below, max(-lifted, ZERO)), zero, *rest)
        return self._straight(unit, (p if phase == ON else ZERO) - mu, phase)

    def _straight(self, unit: PlacedUnit, c: Fraction, phase: int | None) -> Terms:
        """Return what bounds a multiple of what a neuron reads by more than 0."""
        ((depth, j),) = unit.inputs
        row = self.end((depth, j), 1 if c > 0 else -1)
        if phase == (OFF if c > 0 else ON):
            row = piece_rows(unit, phase)[0]
        return ((row, abs(c)),)

    def _curve(self, k: int, side: int) -> Row:
        """Return a side of a neuron's triangle: above, or below by its input, or by 0."""
        place, ends = self.reduced.places[k], self.reduced.ends[k]
        if (place, side) not in self.curves:
            unit, steep = self._units[place], slope(ends)
            form = ((-steep, ONE), (ONE, -ONE), (ZERO, -ONE))[side]
            known = [self.end(unit.inputs[0], sign) for sign in (-1, 1)]
            offset = ZERO if side else -steep * ends.lower
            self.curves[place, side] = curve_row(unit, known, form, offset)
        return self.curves[place, side]
