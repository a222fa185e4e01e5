r"""Lines below and above the values of a neuron of any kind, over a box.

For one value :math:`y` of a neuron that reads :math:`z` in a box, the *sides* below and above
are the facets of the hull of :math:`\{(z, y)\}` that read :math:`y`, in the order of the
neuron's rows.  The line above is the side that is least at the centre of the box, of several
the one of least greatest value.  The line below is, by the relaxation,

============ ====================================================================
``dp0``      the first side below: :math:`y \ge 0` of a rectifier
``dp1``      the last side below: :math:`y \ge z` of a rectifier
``crown``    the side below that is greatest at the centre of the box
``fastlin``  parallel to the line above, as high as the values allow
============ ====================================================================

Slopes may be rounded: then intercepts are found anew, as the least and the greatest values of
:math:`y - \langle s, z \rangle`, so that each line still touches the graph.  A neuron that is
affine on the box is its own lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from polyrelax.arithmetic.interval import round_down
from polyrelax.arithmetic.rational import ONE, SparseVector, Vector, dot
from polyrelax.arithmetic.readable import readable
from polyrelax.networks.affine import Affine
from polyrelax.networks.layers import Identity, Neurons, ReLU, Unit
from polyrelax.networks.neurons.neuron import Box, Neuron, is_affine_on
from polyrelax.polytopes.constraint import Constraint


@final
@readable
@dataclass(frozen=True)
class Side:
    """The affine form ``<slopes, z> + intercept``.

    >>> Side((ONE, ONE), Fraction(1)).at((Fraction(2), Fraction(3)))
    Fraction(6, 1)
    """

    slopes: Vector
    intercept: Fraction

    def at(self, z: Vector) -> Fraction:
        """Return the value at ``z``."""
        return dot(self.slopes, z) + self.intercept

    def greatest(self, box: Box) -> Fraction:
        """Return the greatest value on a box."""
        return self.at(tuple(end[s > 0] for end, s in zip(box, self.slopes, strict=True)))


Choice: TypeAlias = Callable[[Sequence[Side], Side, Vector], Vector]
"""The slopes of the line below, given the sides below, the line above, and the centre."""


def first_slopes(below: Sequence[Side], _above: Side, _centre: Vector) -> Vector:
    """Return the slopes of the first side below.

    >>> first_slopes([Side((ONE,), ONE), Side((-ONE,), ONE)], Side((ONE,), ONE), (ONE,))
    (Fraction(1, 1),)
    """
    return below[0].slopes


def last_slopes(below: Sequence[Side], _above: Side, _centre: Vector) -> Vector:
    """Return the slopes of the last side below.

    >>> last_slopes([Side((ONE,), ONE), Side((-ONE,), ONE)], Side((ONE,), ONE), (ONE,))
    (Fraction(-1, 1),)
    """
    return below[-1].slopes


def tightest_slopes(below: Sequence[Side], _above: Side, centre: Vector) -> Vector:
    """Return the slopes of the side below that is greatest at the centre, the first of equals.

    >>> tightest_slopes([Side((ONE,), ONE), Side((-ONE,), ONE)], Side((ONE,), ONE), (ONE,))
    (Fraction(1, 1),)
    """
    return max(below, key=lambda side: side.at(centre)).slopes


def parallel_slopes(_below: Sequence[Side], above: Side, _centre: Vector) -> Vector:
    """Return the slopes of the line above.

    >>> parallel_slopes([], Side((ONE,), ONE), (ONE,))
    (Fraction(1, 1),)
    """
    return above.slopes


def layer_lines(
    layer: ReLU | Identity | Neurons, box: Box, choice: Choice, bits: int | None
) -> tuple[Affine, Affine]:
    """Return affine maps below and above all values of a layer on a box.

    >>> from polyrelax.arithmetic.interval import Interval
    >>> from polyrelax.networks.neurons.maximum import Maximum
    >>> pool, unit = Neurons(2, ((Maximum(2), (0, 1)),)), Interval(Fraction(0), Fraction(1))
    >>> below, above = layer_lines(pool, (unit, unit), first_slopes, None)
    >>> [str(a) for a in below.weight[0]], [str(a) for a in above.weight[0]]
    (['1', '0'], ['0', '0'])
    """
    pairs = [pair for unit in layer.units for pair in _pairs(unit, box, choice, bits)]
    lower, upper = (
        Affine(tuple(row for row, _ in side), tuple(shift for _, shift in side), layer.in_dim)
        for side in zip(*pairs, strict=True)
    )
    return lower, upper


_Row: TypeAlias = tuple[SparseVector, Fraction]


def _pairs(
    unit: Unit, box: Box, choice: Choice, bits: int | None
) -> Iterator[tuple[_Row, _Row]]:
    """Yield, for each value of a neuron, the rows of the lines below and above it."""
    ends = unit.ends(box)
    if is_affine_on(unit.neuron, ends):
        image = unit.neuron.piece(next(unit.neuron.live(ends))).image
        for terms, shift in zip(image.rows, image.bias, strict=True):
            row = unit.form(terms), shift
            yield row, row
        return
    for output in range(unit.neuron.out_dim):
        below, above = lines(unit.neuron.component(output), ends, choice, bits)
        yield (
            (unit.form(enumerate(below.slopes)), below.intercept),
            (unit.form(enumerate(above.slopes)), above.intercept),
        )


def lines(neuron: Neuron, box: Box, choice: Choice, bits: int | None) -> tuple[Side, Side]:
    """Return the lines below and above a neuron of one value that bends on a box.

    >>> from polyrelax.networks.neurons.absolute import Absolute
    >>> from polyrelax.arithmetic.interval import Interval
    >>> box = [Interval(Fraction(-1), Fraction(3))]
    >>> below, above = lines(Absolute(), box, last_slopes, None)
    >>> str(below.slopes[0]), str(above.slopes[0]), str(above.intercept)
    ('1', '1/2', '3/2')
    """
    centre = tuple((end.lower + end.upper) / 2 for end in box)
    rows = neuron.rows(box)
    above = [_side(row) for row in rows if row.normal[-1] > 0]
    highest = min(above, key=lambda side: (side.at(centre), side.greatest(box)))
    below = [_side(row) for row in rows if row.normal[-1] < 0]
    top, bottom = highest.slopes, choice(below, highest, centre)
    if bits is not None:
        top, bottom = (tuple(round_down(s, bits) for s in slopes) for slopes in (top, bottom))
    least = neuron.least((*(-s for s in bottom), ONE), box)
    greatest = -neuron.least((*top, -ONE), box)
    return Side(bottom, least), Side(top, greatest)


def _side(row: Constraint) -> Side:
    """Return what a row says of the last coordinate."""
    *normal, factor = row.normal
    return Side(tuple(-a / factor for a in normal), row.offset / factor)
