r"""The bounds of a trace as rows that are proved.

Layer by layer the bounds of what neurons read are claimed, in the numbers of the trace; over
them each neuron that bends has the rows of its graph's hull, each proved piece by piece, and
where the relaxation has coupled neurons, so have these together, over what the coupling says
of their inputs.  A claim is first tried as a combination of the rows so far.  Where these do
not imply it, as for relaxations that see several layers together, units are split until it is
proved, or until a point of the network refutes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.arguments import exact, numbered, whole
from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.neuron import Neuron, is_affine_on
from polyrelax.polytopes.polytope import Polytope
from polyrelax.systems.cases import maximum, proved
from polyrelax.systems.couplings import Coupling
from polyrelax.systems.curves import curve_row
from polyrelax.systems.places import (
    Coordinate,
    PlacedUnit,
    Point,
    as_place,
    bending_units,
    interval_at,
    placed_units,
)
from polyrelax.systems.rows import (
    Form,
    Leaf,
    Proved,
    Row,
    as_form,
    input_rows,
    linear,
    piece_rows,
)
from polyrelax.systems.system import Bound, System

Boxes = Sequence[Sequence[Interval]]
"""The bounds of all values after 0, 1, ... layers."""


@final
@dataclass(frozen=True)
class Claims:
    """Rows about a network on a set of inputs, in boxes that are proved where they are used.

    Mutable inside, it remembers what it has proved.

    >>> from polyrelax.arithmetic.rational import ONE
    >>> from polyrelax.networks.gallery import absolute_value
    >>> unit = Polytope.box([-1], [1])
    >>> boxes = [[Interval(-ONE, ONE)] * 2] * 4
    >>> claims = Claims(absolute_value(), unit, boxes)
    >>> claims.prove((((3, 0), ONE),), ONE).offset
    Fraction(1, 1)
    """

    network: Network
    domain: Polytope
    boxes: Boxes
    couplings: Sequence[Sequence[Coupling]] = ()
    systems: list[System] = field(default_factory=list)
    ends: dict[tuple[Coordinate, int], Row] = field(default_factory=dict)

    def prove(self, form: Form, value: Fraction) -> Row:
        """Return the row ``form <= value``.

        Raises :class:`polyrelax.systems.cases.RefutedError`, with its point, if it is false.
        """
        form, value = as_form(form), exact(value)
        depth = self._depth(form)
        system = self._system(depth)
        found = system.bound(form)
        if isinstance(found, Bound) and found.value <= value:
            return Row(form, value, Proved((Leaf(found.terms),)))
        return proved(system, form, value, tuple(bending_units(self.network, depth)))

    def maximum(self, form: Form) -> tuple[Row, Point]:
        """Return the maximum of a form as a proved row, and where the network attains it.

        >>> from polyrelax.networks.gallery import tent
        >>> unit = Polytope.box([-1], [1])
        >>> boxes = [[Interval(-3, 3)] * 2] * 6
        >>> Claims(tent(), unit, boxes).maximum([((5, 0), 1)])[0].offset
        Fraction(2, 1)
        """
        form = as_form(form)
        depth = self._depth(form)
        return maximum(self._system(depth), form, tuple(bending_units(self.network, depth)))

    def _depth(self, form: Form) -> int:
        """Return the number of layers after which the last value of a form stands."""
        depth = max((i for (i, _), _ in form), default=0)
        return numbered(depth, len(self.network.layers) + 1, "layer")

    def end(self, place: Coordinate, sign: int) -> Row:
        """Return the row of the upper (sign 1) or lower (-1) end of a coordinate's interval."""
        place, sign = as_place(place), whole(sign, "a whole number")
        if (place, sign) not in self.ends:
            interval = interval_at(self.boxes, place)
            value = interval.upper if sign > 0 else -interval.lower
            self.ends[place, sign] = self.prove(((place, Fraction(sign)),), value)
        return self.ends[place, sign]

    def _system(self, depth: int) -> System:
        """Return the rows between the values after 0 to ``depth`` layers."""
        if not self.systems:
            self.systems.append(System(input_rows(self.domain)))
        while len(self.systems) <= depth:
            before = self.systems[-1]
            rows = list(self._layer_rows(len(self.systems)))
            self.systems.append(before.with_rows(rows))
        return self.systems[depth]

    def _layer_rows(self, depth: int) -> Iterator[Row]:
        for unit in placed_units(self.network, depth):
            if unit.count == 1:
                yield from piece_rows(unit, 0)
            elif not isinstance(unit.neuron, Affine):
                yield from self._graph_rows(unit, unit.neuron)
        for coupling in self.couplings[depth] if self.couplings else ():
            yield from self._coupled_rows(depth, coupling)

    def _coupled_rows(self, depth: int, coupling: Coupling) -> Iterator[Row]:
        """Yield the facets of a coupling that are about its units together.

        They are proved over its domain, whose single coordinates have the bounds of the boxes.
        """
        inputs = tuple((depth - 1, j) for j in coupling.inputs)
        outputs = tuple((depth, j) for j in coupling.outputs)
        ends = (self.end(place, sign) for place in inputs for sign in (-1, 1))
        sides = (side for side in _halves(coupling.domain, inputs) if len(side[0]) > 1)
        within = System((*ends, *(self.prove(*side) for side in sides)))
        every = placed_units(self.network, depth)
        units = [u for u in every if u.count > 1 and not set(outputs).isdisjoint(u.outputs)]
        alone = [{*unit.inputs, *unit.outputs} for unit in units] + [set(inputs)]
        for form, offset in _halves(coupling.hull, (*inputs, *outputs)):
            if not any(here.issuperset(place for place, _ in form) for here in alone):
                yield proved(within, form, offset, units)

    def _graph_rows(self, unit: PlacedUnit, neuron: Neuron) -> Iterator[Row]:
        """Yield the ends of what a unit reads, and the rows of its graph over them."""
        known = tuple(self.end(place, sign) for place in unit.inputs for sign in (-1, 1))
        yield from known
        box = [self.boxes[i][j] for i, j in unit.inputs]
        places = (*unit.inputs, *unit.outputs)
        for form, offset in _sides(neuron, box):
            if len(form) == 2:
                yield curve_row(unit, known, form, offset)
            else:
                row = linear(zip(places, form, strict=True))
                yield proved(System(known), row, offset, [unit])


def _halves(
    polytope: Polytope, places: Sequence[Coordinate]
) -> Iterator[tuple[Form, Fraction]]:
    """Yield the constraints of a polytope as inequalities between coordinates."""
    for half in (half for side in polytope.constraints for half in side.halves()):
        yield linear(zip(places, half.normal, strict=True)), half.offset


def _sides(
    neuron: Neuron, box: Sequence[Interval]
) -> Iterator[tuple[Sequence[Fraction], Fraction]]:
    """Yield the rows of a neuron's graph over a box; of an affine one, both halves of each."""
    if not is_affine_on(neuron, box):
        yield from ((side.normal, side.offset) for side in neuron.rows(box))
        return
    image = neuron.piece(next(neuron.live(box))).image
    for j, (row, shift) in enumerate(zip(image.weight, image.bias, strict=True)):
        out = [Fraction(int(j == k)) for k in range(neuron.out_dim)]
        yield [*(-a for a in row), *out], shift
        yield [*row, *(-c for c in out)], -shift
