r"""The maximum :math:`y = \max(z_0, \dots, z_{k-1})`, as in max-pooling.

Piece :math:`i` is where :math:`z_i` is greatest.  Over a box :math:`[l, u]` let
:math:`m = \max_i l_i`.  The hull of the graph is cut out by :math:`y \ge z_i` and, for
:math:`t = m` and every :math:`t = u_i > m`,

.. math:: y \le t + \sum_{i : u_i > t} \frac{u_i - t}{u_i - l_i} (z_i - l_i).

Proof: :math:`\max_i z_i \le t + \sum_i (z_i - t)^+` for every :math:`t`, and the chord of
:math:`(z - t)^+` over an interval is above it, so the rows hold.  Given :math:`z`, the right
side is convex in :math:`t` with kinks at the ends, and falls up to :math:`m`; let it be least
at :math:`t`, and :math:`\lambda_i = (z_i - l_i) / (u_i - l_i)`.  Let the inputs take their ends
at random with mean :math:`z`: as :math:`\sum_{u_i > t} \lambda_i \le 1`, those with
:math:`u_i > t` can be at their upper ends one at a time, and in all other cases one with
:math:`u_i = t` or :math:`l_i = m = t` has the value :math:`t`.  Then the maximum is
:math:`t + \sum_i (Z_i - t)^+` always, and its mean is that of the row.  A level :math:`u_i`
that only one input reaches is not needed, as the right side does not fall before it.

Written with rectifiers, :math:`\max(z_0, z_1) = z_1 + \max(z_0 - z_1, 0)`, the triangle over a
box loses: on :math:`[0, 1]^2` it bounds the maximum by :math:`3/2`, the rows above by 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.arguments import all_of, dimension, numbered, whole
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import ShapeError
from polyrelax.networks.affine import Affine
from polyrelax.networks.dimensions import box_of, point_of
from polyrelax.networks.neurons.neuron import Box, Neuron, Piece
from polyrelax.polytopes.constraint import Constraint


@final
@dataclass(frozen=True)
class Maximum:
    """The maximum of ``size`` numbers.

    >>> unit = Interval(ZERO, ONE)
    >>> [str(row) for row in Maximum(2).rows((unit, unit))]
    ['x0 - x2 <= 0', 'x1 - x2 <= 0', '-x0 - x1 + x2 <= 0', 'x2 <= 1']
    """

    size: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", whole(self.size, "a number of inputs"))
        if self.size < 1:
            raise ShapeError(
                f"found a maximum of {amount(self.size, 'number')}, expected at least 1"
            )

    @property
    def name(self) -> str:
        """The name, with the number of inputs."""
        return f"maximum of {self.size}"

    @property
    def in_dim(self) -> int:
        """The number of values that it reads."""
        return self.size

    @property
    def out_dim(self) -> int:
        """1."""
        return 1

    @property
    def count(self) -> int:
        """One piece for each input."""
        return self.size

    def piece(self, index: int) -> Piece:
        """Return the piece where input ``index`` is greatest."""
        index = numbered(index, self.count, "piece")
        others = (j for j in range(self.size) if j != index)
        where = tuple(at_most(j, index, self.size) for j in others)
        return Piece(where, Affine.select([index], self.size))

    def live(self, box: Box) -> Iterator[int]:
        """Yield the inputs that may be greatest on a box."""
        box = box_of(box, self.in_dim)
        return (
            i for i in range(self.size) if all(can_exceed(box, i, j) for j in range(self.size))
        )

    def __call__(self, z: Vector) -> Vector:
        """Return the value at ``z``."""
        z = point_of(z, self.in_dim)
        return (max(z),)

    def range(self, box: Box) -> tuple[Interval, ...]:
        """Return the range on a box: the map is monotone."""
        box = box_of(box, self.in_dim)
        return (Interval(max(end.lower for end in box), max(end.upper for end in box)),)

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        """Return the rows below, one for each live input, then those above."""
        box = box_of(box, self.in_dim)
        below = tuple(at_most(i, self.size, self.size + 1) for i in self.live(box))
        return (*below, *(_above(box, t) for t in _thresholds(box)))

    def least(self, form: Vector, box: Box) -> Fraction:
        """Return the least value of ``<form, (z, y)>`` on the graph over a box.

        With a positive factor of the maximum, inputs rise to a common level or their ends, and
        the value is convex in the level; else the maximum is at least each of the inputs.
        """
        form = point_of(form, self.in_dim + self.out_dim)
        box = box_of(box, self.in_dim)
        inputs, factor = form[:-1], form[-1]
        if factor > 0:
            return min(_at_level(inputs, factor, box, level) for level in _levels(box))
        return min(
            sum(
                (
                    min((a + factor * (i == j)) * end for end in box[j])
                    for j, a in enumerate(inputs)
                ),
                ZERO,
            )
            for i in range(self.size)
        )

    def component(self, output: int) -> Neuron:
        """Return the neuron itself."""
        return self


def can_exceed(box: Box, i: int, j: int) -> bool:
    """Whether input ``i`` is at least ``j`` on more than a face of a box.

    Where both are the same number, the first of them is.

    >>> unit = Interval(ZERO, ONE)
    >>> can_exceed((unit, Interval(ONE, ONE)), 0, 1)
    False
    """
    box, both = all_of(box, Interval, "intervals"), (i, j)
    i, j = (numbered(k, len(box), "input") for k in both)
    if box[i].upper != box[j].lower:
        return box[i].upper > box[j].lower
    return box[i] == box[j] and i <= j and box[i].width == 0


def at_most(low: int, high: int, dim: int) -> Constraint:
    """Return ``x[low] <= x[high]``.

    >>> print(at_most(1, 0, 2))
    -x0 + x1 <= 0
    """
    dim = dimension(dim, "a dimension")
    low, high = (numbered(j, dim, "coordinate") for j in (low, high))
    signs = {low: ONE, high: -ONE}
    return Constraint(tuple(signs.get(j, ZERO) for j in range(dim)), ZERO)


def _levels(box: Box) -> list[Fraction]:
    """Return the greatest lower end, and the upper ends beyond it."""
    least = max(end.lower for end in box)
    return sorted({least, *(end.upper for end in box if end.upper > least)})


def _thresholds(box: Box) -> list[Fraction]:
    """Return the levels whose rows are needed."""
    first, *others = _levels(box)
    return [first, *(t for t in others if sum(end.upper >= t for end in box) > 1)]


def _above(box: Box, level: Fraction) -> Constraint:
    slopes = [(end.upper - level) / end.width if end.upper > level else ZERO for end in box]
    shift = sum((s * end.lower for s, end in zip(slopes, box, strict=True)), ZERO)
    return Constraint((*(-s for s in slopes), ONE), level - shift).primitive()


def _at_level(inputs: Vector, factor: Fraction, box: Box, level: Fraction) -> Fraction:
    places = (
        a * (end.lower if a > 0 else min(end.upper, level))
        for a, end in zip(inputs, box, strict=True)
    )
    return sum(places, factor * level)
