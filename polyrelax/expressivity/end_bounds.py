r"""Bounds of a network on an interval, as functions of the ends of the interval.

On :math:`[l, u]` the relaxations compute with :math:`l` and :math:`u` by field operations and
comparisons alone.  So the same steps work on numbers and, near a site, on rational functions
of the ends (:mod:`polyrelax.expressivity.germs`), where the results are the bounds of all
intervals near :math:`[l, u]` at once.  The relaxations are those of
:mod:`polyrelax.relaxations`; this is a second implementation of each, for one input.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.arithmetic.readable import readable
from polyrelax.expressivity.germs import Number, is_zero, largest, sign, smallest
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.networks.layers import Affine, rectified
from polyrelax.networks.network import Network
from polyrelax.networks.walk import Bending, last_state
from polyrelax.polytopes.triangle import upper_slope


@final
@readable
@dataclass(frozen=True)
class Ends:
    """The ends of an interval."""

    lower: Number
    upper: Number

    @property
    def is_unstable(self) -> bool:
        """Whether 0 is inside."""
        return sign(self.lower) < 0 < sign(self.upper)


Bounds: TypeAlias = Callable[[Network, Ends], Ends]
"""The bounds of the output of a network with one input and one output."""


def range_on(function: Piecewise, ends: Ends) -> Ends:
    """Return the least and the greatest value of a function on an interval.

    >>> square = Ends(Fraction(-1), Fraction(2))
    >>> range_on(Piecewise.of_slopes([-1, 1], [0]), square)
    Ends(lower=Fraction(0, 1), upper=Fraction(2, 1))
    """
    require(function, Piecewise)
    require(ends, Ends)
    inner = [b for b in function.breaks if sign(ends.lower - b) < 0 < sign(ends.upper - b)]
    values: list[Number] = [function(b) for b in inner]
    for x in (ends.lower, ends.upper):
        line = function.lines[sum(sign(x - b) > 0 for b in function.breaks)]
        values.append(x * line.slope + line.offset)
    return Ends(smallest(values), largest(values))


def interval_bounds(network: Network, ends: Ends) -> Ends:
    """Return the bounds of interval arithmetic.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> interval_bounds(absolute_value(), Ends(Fraction(-1), Fraction(2)))
    Ends(lower=Fraction(0, 1), upper=Fraction(3, 1))
    """
    require(network, Network)
    require(ends, Ends)
    return last_state(network, [ends], _image, _rectified)[0]


def _image(box: list[Ends], layer: Affine, _index: int) -> list[Ends]:
    rows = zip(layer.rows, layer.bias, strict=True)
    return [Ends(_least(row, c, box), -_least(_opposite(row), -c, box)) for row, c in rows]


def _rectified(box: list[Ends], layer: Bending, _index: int) -> list[Ends]:
    active = rectified(layer)
    return [
        Ends(largest([z.lower, ZERO]), largest([z.upper, ZERO])) if j in active else z
        for j, z in enumerate(box)
    ]


Row: TypeAlias = Sequence[tuple[int, Fraction]]


def _opposite(row: Row) -> Row:
    return [(j, -a) for j, a in row]


def _least(row: Row, shift: Fraction, box: Sequence[Ends]) -> Number:
    total: Number = shift
    for j, a in row:
        total = total + (box[j].lower if a > 0 else box[j].upper) * a
    return total


@final
@readable
@dataclass(frozen=True)
class Chord:
    """The function ``slope z + offset`` of a neuron's input."""

    slope: Number
    offset: Number


_PASS: Final = Chord(ONE, ZERO)
_BLOCK: Final = Chord(ZERO, ZERO)
_Pair: TypeAlias = tuple[Chord, Chord]
_Step: TypeAlias = Affine | tuple[_Pair, ...]
_Steps: TypeAlias = tuple[_Step, ...]


@readable
@dataclass(frozen=True)
class Substitution:
    """DeepPoly with a fixed slope of the line below an unstable neuron.

    >>> from polyrelax.networks.gallery import tent
    >>> Substitution(ONE)(tent(), Ends(Fraction(-1), Fraction(1)))
    Ends(lower=Fraction(0, 1), upper=Fraction(3, 1))
    """

    slope: Fraction

    def __call__(self, network: Network, ends: Ends) -> Ends:
        """Return the bounds of the output."""
        require(network, Network)
        require(ends, Ends)

        def bent(steps: _Steps, layer: Bending, _index: int) -> _Steps:
            return (*steps, self._lines(layer, steps, ends))

        nothing: _Steps = ()
        steps = last_state(network, nothing, _with_map, bent)
        return _ends_of(0, network.out_dim, steps, ends)

    def _lines(self, layer: Bending, steps: _Steps, ends: Ends) -> tuple[_Pair, ...]:
        pairs = [(_PASS, _PASS)] * layer.in_dim
        for j in rectified(layer):
            z = _ends_of(j, layer.in_dim, steps, ends)
            if z.is_unstable:
                pairs[j] = (Chord(self.slope, ZERO), chord(z))
            elif sign(z.lower) < 0:
                pairs[j] = (_BLOCK, _BLOCK)
        return tuple(pairs)


def _with_map(steps: _Steps, layer: Affine, _index: int) -> _Steps:
    return (*steps, layer)


def chord(z: Ends) -> Chord:
    """Return the least line above an unstable neuron.

    >>> chord(Ends(Fraction(-1), Fraction(1)))
    Chord(slope=Fraction(1, 2), offset=Fraction(1, 2))
    """
    require(z, Ends)
    slope = upper_slope(z.lower, z.upper)
    return Chord(slope, -(slope * z.lower))


def _ends_of(neuron: int, width: int, steps: Sequence[_Step], ends: Ends) -> Ends:
    form = [ZERO] * width
    form[neuron] = ONE
    upper = _greatest(form, steps, ends)
    form[neuron] = -ONE
    return Ends(-_greatest(form, steps, ends), upper)


def _greatest(form: Sequence[Number], steps: Sequence[_Step], ends: Ends) -> Number:
    """Return the bound that back-substitution gives of a linear form of the values."""
    total: Number = ZERO
    for step in reversed(steps):
        if isinstance(step, Affine):
            form, total = _through(form, step, total)
        else:
            chosen = [pair[sign(a) > 0] for a, pair in zip(form, step, strict=True)]
            for a, line in zip(form, chosen, strict=True):
                total = total + line.offset * a
            form = [line.slope * a for a, line in zip(form, chosen, strict=True)]
    (slope,) = form
    return total + slope * (ends.upper if sign(slope) > 0 else ends.lower)


def _through(
    form: Sequence[Number], layer: Affine, total: Number
) -> tuple[Sequence[Number], Number]:
    before: list[Number] = [ZERO] * layer.in_dim
    for a, row, shift in zip(form, layer.rows, layer.bias, strict=True):
        if is_zero(a):
            continue
        total = total + a * shift
        for j, weight in row:
            before[j] = before[j] + a * weight
    return before, total
