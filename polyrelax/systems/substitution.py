r"""Bounds by back-substitution as rows: the lines below and above neurons, and what is rounded.

A form of the values after a layer of neurons is replaced by the lines of the layer: the upper
one where a coefficient is positive, the lower one where it is negative.  That is a
combination of the lines' rows.  A bound that was found with other coefficients of what the
neurons read, such as rounded ones, so that numbers do not grow from layer to layer, has them
here too: the difference is bounded by the ends of these values, multiples of rows again.  So
the same lines and the same coefficients as those of a bound give rows that prove it.

The first layer of neurons reads forms of the inputs, which bound any form exactly.  There the
difference is left to them; and of a rectifier with the upper line :math:`\lambda z + b`, a
positive multiple :math:`c y` has this line alone, and a negative one none of it.  Both are at
least as good as what leaves a coefficient :math:`\mu`: a weight :math:`a` of the line has
:math:`a b \ge c b + (c \lambda - \mu) z` wherever the line is above the rectifier.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Final, Literal, TypeAlias, assert_never, final

from polyrelax.arithmetic.arguments import whole
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.polytopes.polytope import Polytope
from polyrelax.systems.cases import proved
from polyrelax.systems.curves import curve_row
from polyrelax.systems.layer_lines import LayerLines
from polyrelax.systems.places import Coordinate, PlacedUnit, as_place, interval_at, placed_units
from polyrelax.systems.rows import (
    Form,
    Input,
    Leaf,
    Proved,
    Row,
    Terms,
    linear,
    piece_rows,
)
from polyrelax.systems.system import System
from polyrelax.systems.whole_rows import WholeRows

Coefficients: TypeAlias = dict[int, Fraction]
_RECTIFIER = Rectifier()
Side: TypeAlias = Literal["lower", "upper", "input", "zero"]
"""A line of a value: those of the layer, and the two below a rectifier."""
_SIDES: Final[tuple[Side, ...]] = ("upper", "input", "zero")


Multipliers: TypeAlias = Mapping[int, Mapping[int, Fraction]]
"""The coefficients of what each layer of neurons reads, by the number of layers up to it."""


def no_multipliers(_place: Coordinate, _sign: int) -> Multipliers:
    """Return nothing: the lines alone give the coefficients.

    >>> no_multipliers((3, 0), 1)
    {}
    """
    return {}


Joint: TypeAlias = Mapping[int, Terms]
"""Rows of several neurons, with weights, by the number of layers up to the neurons."""


def no_joint_rows(_place: Coordinate, _sign: int) -> Joint:
    """Return nothing: neurons are bounded one by one.

    >>> no_joint_rows((3, 0), 1)
    {}
    """
    return {}


@final
@dataclass(frozen=True)
class Substitution:
    """Bounds by lines over boxes, on a box of inputs.

    ``lines`` are those of each layer of neurons, by the number of layers up to it;
    ``multipliers`` gives for a coordinate and a sign the coefficients that its bound had, and
    ``joint`` the rows of several neurons that it used.
    Mutable inside, it remembers the rows that it has made.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> segment, unit = Interval(-ONE, ONE), Interval(ZERO, ONE)
    >>> from polyrelax.systems.layer_lines import Flat
    >>> lines = {2: Flat.of((unit, unit))}
    >>> boxes = ((segment,), (segment,) * 2, (unit,) * 2, (Interval(ZERO, Fraction(2)),))
    >>> found = Substitution(absolute_value(), Polytope.box([-1], [1]), boxes, lines)
    >>> found.end((3, 0), 1).offset
    Fraction(2, 1)
    """

    network: Network
    domain: Polytope
    boxes: Sequence[Sequence[Interval]]
    lines: Mapping[int, LayerLines]
    multipliers: Callable[[Coordinate, int], Multipliers] = no_multipliers
    joint: Callable[[Coordinate, int], Joint] = no_joint_rows
    ends: dict[tuple[Coordinate, int], Row] = field(default_factory=dict)
    rows: dict[tuple[Form, Fraction], Row] = field(default_factory=dict)
    affine: dict[int, WholeRows] = field(default_factory=dict)
    sides: dict[tuple[int, int, Side], Row] = field(default_factory=dict)
    placed: dict[int, tuple[Sequence[PlacedUnit], dict[int, int]]] = field(default_factory=dict)

    def end(self, place: Coordinate, sign: int) -> Row:
        """Return the row of the upper (sign 1) or lower (-1) end of a coordinate's interval."""
        place, sign = as_place(place), whole(sign, "a whole number")
        if (place, sign) not in self.ends:
            interval = interval_at(self.boxes, place)
            value = interval.upper if sign > 0 else -interval.lower
            self.ends[place, sign] = Row(
                ((place, Fraction(sign)),), value, self._reason(place, sign)
            )
        return self.ends[place, sign]

    def bound(self, form: Form, value: Fraction, given: Multipliers, joint: Joint) -> Row:
        """Return the row of an upper bound of a form of the values after some layers.

        ``given`` are the coefficients that the bound had on the way to the inputs, and
        ``joint`` the rows of several neurons that it used.
        """
        depth = max(i for (i, _), _ in form)
        terms = self._terms({j: c for (_, j), c in form}, depth, given, joint)
        return Row(form, value, Proved((Leaf(terms),)))

    def _reason(self, place: Coordinate, sign: int) -> Input | Proved:
        depth, j = place
        if depth == 0:
            return Input(2 * j + (sign > 0))
        given, joint = self.multipliers(place, sign), self.joint(place, sign)
        if depth in self.lines and self._is_diagonal(depth):
            given = {**given, depth: {}}  # its ends come from those of what it reads
        return Proved((Leaf(self._terms({j: Fraction(sign)}, depth, given, joint)),))

    def _terms(self, form: Coefficients, depth: int, given: Multipliers, joint: Joint) -> Terms:
        """Return the multiples of rows that bound a form of the values after some layers."""
        found: list[tuple[Row, Fraction]] = []
        for i in range(depth, min(depth, self._first) - 1, -1):
            layer = self.network.layers[i - 1]
            if not form:
                break
            if isinstance(layer, Affine):
                form = self._rows_of(i).before(form)
            elif i in self.lines:
                before, form = _used(i, form, joint.get(i, ()))
                found += joint.get(i, ())
                form = self._through(i, form, given.get(i), before, found)
        return tuple(found)

    @cached_property
    def _first(self) -> int:
        """The number of layers up to the first of neurons; without one, more than there are."""
        return min(self.lines, default=len(self.network.layers) + 1)

    def _rows_of(self, depth: int) -> WholeRows:
        """Return the rows of an affine layer, by the number of layers up to it."""
        if depth not in self.affine:
            layer = self.network.layers[depth - 1]
            assert isinstance(layer, Affine), "it is asked of affine layers alone"
            self.affine[depth] = WholeRows.of(layer)
        return self.affine[depth]

    def _is_diagonal(self, depth: int) -> bool:
        """Whether each line of a layer reads one value at most: its ends then bound it."""
        lines = self.lines[depth]
        return all(len(row) <= 1 for row in (*lines.lower.rows, *lines.upper.rows))

    def _through(
        self,
        depth: int,
        form: Coefficients,
        target: Mapping[int, Fraction] | None,
        before: Coefficients,
        found: list[tuple[Row, Fraction]],
    ) -> Coefficients:
        """Add the terms of one layer of neurons; return the form of what they read.

        With a target that is the form, as the ends of what the neurons read bound the rest;
        but at the first layer the form itself is bounded as well.
        ``before`` is what there is of it already.
        """
        aims = None if target is None else _difference(target, before)
        for unit in self._units(depth, form):
            for j, c in ((j, form[j]) for _, j in unit.outputs if form.get(j)):
                for row, weight in self._line(unit, j, c, aims):
                    found += [(row, weight)] if unit.count > 1 else []
                    for (i, k), a in row.form:
                        if i < depth:
                            before[k] = before.get(k, ZERO) - weight * a
        if target is None or depth == self._first:
            return {k: c for k, c in before.items() if c}
        for k in sorted({*before, *target}):
            rest = before.get(k, ZERO) - target.get(k, ZERO)
            if rest:
                found.append((self.end((depth - 1, k), 1 if rest > 0 else -1), abs(rest)))
        return {k: c for k, c in target.items() if c}

    def _units(self, depth: int, form: Coefficients) -> list[PlacedUnit]:
        """Return the units of a layer that have an output in a form, in their order."""
        if depth not in self.placed:
            units: Sequence[PlacedUnit] = placed_units(self.network, depth)
            places = {j: k for k, unit in enumerate(units) for _, j in unit.outputs}
            self.placed[depth] = (units, places)
        units, places = self.placed[depth]
        return [units[k] for k in sorted({places[j] for j in form})]

    def _line(
        self, unit: PlacedUnit, j: int, c: Fraction, target: Mapping[int, Fraction] | None
    ) -> Terms:
        """Return the rows of a value, with weights, that bound its multiple by ``c``."""
        if unit.count == 1:
            return tuple((row, c) for row in piece_rows(unit, 0))
        if target and unit.neuron == _RECTIFIER:
            aimed = self._aimed(unit, j, c, target.get(unit.inputs[0][1], ZERO))
            if aimed is not None:
                return aimed
        return ((self._row(unit, j, "upper" if c > 0 else "lower"), abs(c)),)

    def _aimed(self, unit: PlacedUnit, j: int, c: Fraction, aim: Fraction) -> Terms | None:
        r"""Return the rows of a rectifier that leave a coefficient of its input, if some do.

        With :math:`y \le \lambda z + b`, :math:`y \ge z` and :math:`y \ge 0`, the multiple
        :math:`c y` is at most :math:`\mu z + a b` for weights :math:`a`,
        :math:`a \lambda - \mu` and :math:`a (1 - \lambda) + \mu - c` that are not negative.
        """
        slope = dict(self.lines[unit.depth].upper.rows[j]).get(unit.inputs[0][1], ZERO)
        if not 0 < slope < 1:
            return None
        if unit.depth == self._first:
            if c > 0:
                return None
            aim = min(max(aim, c), ZERO)
        a = max(ZERO, aim / slope, (c - aim) / (1 - slope))
        weights = (a, a * slope - aim, a * (1 - slope) + aim - c)
        parts = zip(_SIDES, weights, strict=True)
        return tuple((self._row(unit, j, side), weight) for side, weight in parts if weight)

    def _row(self, unit: PlacedUnit, j: int, side: Side) -> Row:
        """Return the row of a line above or below a value."""
        if (unit.depth, j, side) not in self.sides:
            self.sides[unit.depth, j, side] = self._row_of(unit, j, *self._side(unit, j, side))
        return self.sides[unit.depth, j, side]

    def _side(
        self, unit: PlacedUnit, j: int, side: Side
    ) -> tuple[SparseVector, Fraction, Fraction]:
        """Return a line, its sign, 1 above and -1 below the value, and its shift."""
        lines = self.lines[unit.depth]
        match side:
            case "upper":
                return lines.upper.rows[j], ONE, lines.upper.bias[j]
            case "lower":
                return lines.lower.rows[j], -ONE, lines.lower.bias[j]
            case "input":
                return ((unit.inputs[0][1], ONE),), -ONE, ZERO
            case "zero":
                return (), -ONE, ZERO
            case _:
                assert_never(side)

    def _row_of(
        self, unit: PlacedUnit, j: int, line: SparseVector, sign: Fraction, shift: Fraction
    ) -> Row:
        """Return the row of a line by cases; that of the same line is the same."""
        terms = [((unit.depth - 1, k), -sign * slope) for k, slope in line]
        form = linear([*terms, ((unit.depth, j), sign)])
        if (form, shift) not in self.rows:
            known = [self.end(place, s) for place in unit.inputs for s in (-1, 1)]
            if len(unit.inputs) == len(unit.outputs) == 1:
                sides = tuple(dict(form).get(p, ZERO) for p in (*unit.inputs, *unit.outputs))
                row = curve_row(unit, known, sides, sign * shift)
            else:
                row = proved(System(tuple(known)), form, sign * shift, [unit])
            self.rows[form, shift] = row
        return self.rows[form, shift]


def _used(depth: int, form: Coefficients, terms: Terms) -> tuple[Coefficients, Coefficients]:
    """Return what rows of several neurons leave of a form, before and behind the neurons."""
    before: Coefficients = {}
    behind = dict(form)
    for row, weight in terms:
        for (i, k), a in row.form:
            side = behind if i == depth else before
            side[k] = side.get(k, ZERO) - weight * a
    return before, behind


def _difference(a: Mapping[int, Fraction], b: Mapping[int, Fraction]) -> Coefficients:
    """Return a form without another."""
    return {k: a.get(k, ZERO) - b.get(k, ZERO) for k in {*a, *b}}
