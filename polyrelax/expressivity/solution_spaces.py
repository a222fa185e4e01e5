r"""How many encodings of a convex function a relaxation bounds exactly on all intervals.

A convex function with kinks :math:`x_1 < \dots < x_n` has the :math:`2^n` encodings

.. math:: f(x) = b + c x + \sum_i \gamma_i \max(\pm_i (x - x_i), 0),

one for each sign vector.  :cite:t:`baader2024` show that the triangle is precise for all of
them and DeepPoly-0 for at most one; here each is decided on *all* intervals.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import final

from polyrelax.arithmetic.arguments import require
from polyrelax.errors import ShapeError
from polyrelax.expressivity.all_boxes import decide
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.networks.gallery import convex_encoding
from polyrelax.networks.network import Network


@final
@dataclass(frozen=True)
class SolutionSpace:
    """The sign vectors of a function, and those that are precise for a relaxation."""

    relaxation: str
    signs: tuple[str, ...]
    precise: tuple[str, ...]

    def __str__(self) -> str:
        count = f"{len(self.precise)} of {len(self.signs)}"
        return f"{count}: {self.precise[0]}" if len(self.precise) == 1 else count


def encodings(function: Piecewise) -> dict[str, Network]:
    """Return the encodings of a convex function by their signs.

    >>> list(encodings(Piecewise.of_slopes([-1, 0, 1], [0, 1])))
    ['--', '-+', '+-', '++']
    """
    require(function, Piecewise)
    if not function.is_convex or not function.breaks:
        raise ShapeError(f"found {function}, expected a convex function with a kink")
    start = function(function.breaks[0])
    choices = map("".join, product("-+", repeat=len(function.breaks)))
    return {
        signs: convex_encoding(function.slopes, function.breaks, signs, at_first_kink=start)
        for signs in choices
    }


def solution_space(function: Piecewise, relaxation: str) -> SolutionSpace:
    """Return which sign vectors the relaxation bounds exactly on all intervals.

    >>> print(solution_space(Piecewise.of_slopes([-1, 0, 1], [0, 1]), "dp0"))
    1 of 4: -+
    """
    require(function, Piecewise)
    require(relaxation, str)
    networks = encodings(function)
    precise = (signs for signs, net in networks.items() if decide(net, relaxation).is_precise)
    return SolutionSpace(relaxation, tuple(networks), tuple(precise))
