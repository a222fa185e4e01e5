r"""Affine maps below and above a layer, on a box of its inputs.

A neuron :math:`y = \max(z, 0)` with :math:`l \le z \le u` and :math:`l < 0 < u` lies between

.. math:: \alpha z \;\le\; y \;\le\; \lambda z + \max(-\lambda l,\, u - \lambda u),
          \qquad \alpha, \lambda \in [0, 1],

where :math:`\lambda = u / (u - l)` gives the least upper line.  A layer of neurons, of one or
several inputs each, lies between two affine maps :math:`\underline S z + \underline c` and
:math:`\overline S z + \overline c`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from polyrelax.arithmetic.arguments import all_of, exact, exactly, listed, require
from polyrelax.arithmetic.interval import Interval, round_down
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.working_form import working_form
from polyrelax.networks.affine import Affine
from polyrelax.networks.dimensions import box_of
from polyrelax.networks.rows import Pick, RationalRows
from polyrelax.polytopes.triangle import upper_slope


@readable
@dataclass(frozen=True)
class Line:
    """The affine function ``slope * z + intercept``.

    >>> Line(Fraction(1, 2), ONE).at(Fraction(4))
    Fraction(3, 1)
    """

    slope: Fraction
    intercept: Fraction

    def at(self, z: Fraction) -> Fraction:
        """Return the value at ``z``."""
        z = exact(z)
        return self.slope * z + self.intercept


PASS = Line(ONE, ZERO)
BLOCK = Line(ZERO, ZERO)


def upper_line(z: Interval, bits: int | None) -> Line:
    """Return the least line above the ReLU on ``z``, its slope rounded to ``bits``.

    >>> upper_line(Interval(Fraction(-1), Fraction(1)), None)
    Line(slope=Fraction(1, 2), intercept=Fraction(1, 2))
    """
    require(z, Interval)
    slope = upper_slope(*z)
    return line_above(slope if bits is None else round_down(slope, bits), z)


def line_above(slope: Fraction, z: Interval) -> Line:
    """Return the lowest line of a slope above the ReLU on ``z``, which has 0 inside.

    >>> line_above(Fraction(1, 4), Interval(Fraction(-1), Fraction(1)))
    Line(slope=Fraction(1, 4), intercept=Fraction(3, 4))
    """
    slope = exact(slope)
    require(z, Interval)
    return Line(slope, max(-slope * z.lower, z.upper - slope * z.upper))


@readable
@dataclass(frozen=True)
class Lines:
    """Maps below and above a layer, where its inputs lie in ``box``."""

    lower: Affine
    upper: Affine
    box: tuple[Interval, ...]

    @classmethod
    def of_pairs(cls, pairs: Sequence[tuple[Line, Line]], box: tuple[Interval, ...]) -> Lines:
        """Return a line below and a line above each neuron of one input.

        >>> lines = Lines.of_pairs([(BLOCK, PASS)], (Interval(ZERO, ONE),))
        >>> lines.lower.rows, lines.upper.rows
        (((),), (((0, Fraction(1, 1)),),))
        """
        known = [
            all_of(exactly(pair, 2, "two lines"), Line, "lines")
            for pair in listed(pairs, "lines")
        ]
        lower, upper = (_diagonal([pair[side] for pair in known]) for side in (0, 1))
        return cls(lower, upper, box)

    @property
    def out_dim(self) -> int:
        """The number of values of the layer."""
        return self.lower.out_dim

    @working_form
    def reach(self) -> tuple[float, ...]:
        """The greatest absolute values of the inputs, to the nearest float."""
        return reach(self.box)

    def bounds(self, z: Sequence[Interval]) -> tuple[Interval, ...] | None:
        """Return the ranges of the maps for inputs in ``z``; ``None`` if these interact.

        >>> lines = Lines.of_pairs([(PASS, Line(ONE, ONE))], (Interval(ZERO, ONE),))
        >>> print(*lines.bounds([Interval(ZERO, ONE)]))
        [0, 2]
        """
        z = box_of(z, self.lower.in_dim)
        lower, upper = self.lower.stored.picks, self.upper.stored.picks
        if lower is None or upper is None:
            return None
        return tuple(
            Interval(_picked(below, z).lower + b, _picked(above, z).upper + c)
            for below, b, above, c in zip(
                lower, self.lower.bias, upper, self.upper.bias, strict=True
            )
        )


Step: TypeAlias = Affine | Lines


def reach(box: Sequence[Interval]) -> tuple[float, ...]:
    """Return the greatest absolute values in a box, to the nearest float.

    >>> reach([Interval(Fraction(-3), ONE)])
    (3.0,)
    """
    box = all_of(box, Interval, "intervals")
    return tuple(max(-float(x.lower), float(x.upper)) for x in box)  # rounding is monotone


def _diagonal(lines: Sequence[Line]) -> Affine:
    rows = tuple(((j, line.slope),) if line.slope else () for j, line in enumerate(lines))
    bias = tuple(line.intercept for line in lines)
    return Affine.of_rows(RationalRows(rows, len(lines)), bias)


def _picked(pick: Pick, z: Sequence[Interval]) -> Interval:
    """Return the range of one coordinate times a factor."""
    if pick is None:
        return Interval(ZERO, ZERO)
    j, factor = pick
    if factor == 1:
        return z[j]
    ends = (factor * z[j].lower, factor * z[j].upper)
    return Interval(min(ends), max(ends))
