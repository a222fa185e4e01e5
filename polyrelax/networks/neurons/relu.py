r"""The rectifier :math:`y = \max(z, 0)`.

Over :math:`[l, u]` with :math:`l < 0 < u` the hull of its graph is the triangle

.. math:: y \ge 0, \qquad y \ge z, \qquad (u - l)\, y \le u\, (z - l),

and the graph itself where :math:`l \ge 0` or :math:`u \le 0` :cite:p:`ehlers2017`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

from polyrelax.arithmetic.arguments import numbered
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.networks.dimensions import box_of, point_of
from polyrelax.networks.neurons.curve import Curve
from polyrelax.networks.neurons.curved import Curved
from polyrelax.networks.neurons.neuron import Box, Piece
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.relu_hull import triangle_constraints

_CURVE = Curve(((ZERO, ZERO),), ZERO, ONE)
_PIECES = (_CURVE.piece(0), _CURVE.piece(1))


@final
@dataclass(frozen=True)
class Rectifier(Curved):
    """The map ``max(z, 0)``.

    >>> [str(row) for row in Rectifier().rows((Interval(-ONE, ONE),))]
    ['-x1 <= 0', 'x0 - x1 <= 0', '-x0 + 2 x1 <= 1']
    """

    @property
    def name(self) -> str:
        """The name."""
        return "relu"

    @property
    def curve(self) -> Curve:
        """The curve."""
        return _CURVE

    def piece(self, index: int) -> Piece:
        """Return the piece that blocks, or the one that passes."""
        index = numbered(index, self.count, "piece")
        return _PIECES[index]

    def live(self, box: Box) -> Iterator[int]:
        """Yield the numbers of the pieces that are live on an interval."""
        box = box_of(box, self.in_dim)
        lower, upper = box[0]
        return iter(range(int(lower >= 0 and upper > 0), 1 + int(upper > 0)))

    def __call__(self, z: Vector) -> Vector:
        """Return the value at ``z``."""
        z = point_of(z, self.in_dim)
        return (max(z[0], ZERO),)

    def range(self, box: Box) -> tuple[Interval, ...]:
        """Return the range on an interval."""
        box = box_of(box, self.in_dim)
        return (box[0].rectified(),)

    def rows(self, box: Box) -> tuple[Constraint, ...]:
        """Return the sides of the hull of the graph, those below first."""
        box = box_of(box, self.in_dim)
        lower, upper = box[0]
        return (
            tuple(triangle_constraints(box[0]))
            if lower < 0 < upper
            else self.curve.rows(box[0])
        )
