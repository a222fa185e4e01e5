"""Sizes of cases: bounds of norms in floats, and in integers where these cannot decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.limbs import Doubles
from polyrelax.arithmetic.rational import ZERO, from_float
from polyrelax.networks.images import layer_box
from polyrelax.verification.chains import Chain
from polyrelax.verification.gradients import Live, Norm, Reader
from polyrelax.verification.matrices import Matrices, most_pieces

_ROUNDING: Final = 2.0**-53
_MOST: Final = 2.0**500
_UNDERFLOW: Final = 2.0**-400


@final
@dataclass(frozen=True, eq=False)
class Sizes:
    """The two readers of a chain; the bounds of ``floats`` are off by at most ``slack``.

    Without ``floats``, where numbers are too large for them, all is done in integers.  What is
    known to bound all norms, if anything is, is ``most``.
    """

    floats: Reader | None
    integers: Reader
    slack: Fraction
    most: Fraction | None = None

    @classmethod
    def of(cls, chain: Chain, norm: Norm, most: Fraction | None = None) -> Sizes:
        """Return the readers of a chain.

        >>> from polyrelax.networks.gallery import absolute_value
        >>> chain = Chain.of(absolute_value())
        >>> sizes = Sizes.of(chain, "inf")
        >>> sizes.exact(all_live(chain)), 1 <= sizes.bound(all_live(chain)) < 1.001
        (Fraction(1, 1), True)
        """
        whole = Reader.of(Matrices.in_integers(chain), norm)
        try:
            matrices = Matrices.in_floats(chain)
        except OverflowError:
            return cls(None, whole, ZERO, most)
        slack = _slack(matrices, norm)
        floats = Reader.of(matrices, norm) if slack is not None else None
        return cls(floats, whole, slack or ZERO, most)

    @property
    def fast(self) -> Reader:
        """The reader that is asked first."""
        return self.floats or self.integers

    def exact(self, live: Live) -> Fraction:
        """Return the bound that the passes have in rational numbers, if none less is known."""
        found = self.integers.passes(live).size
        return self._at_most(Fraction(found) / self.integers.matrices.factor)

    def bound(self, live: Live) -> Fraction:
        """Return a bound that is no smaller."""
        if self.floats is None:
            return self.exact(live)
        return self._at_most(from_float(self.floats.passes(live).size) + self.slack)

    def _at_most(self, bound: Fraction) -> Fraction:
        return bound if self.most is None else min(bound, self.most)


def all_live(chain: Chain) -> Live:
    """Return that all pieces of all units are live.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> [pieces.tolist() for pieces in all_live(Chain.of(absolute_value()))]
    [[[0, 1], [0, 1]]]
    """
    return tuple(
        np.array([slots(range(unit.neuron.count), most_pieces(stage)) for unit in stage.units])
        for stage in chain.stages
    )


def live_on(chain: Chain, box: Sequence[Interval]) -> Live:
    """Return which pieces are live on the bounds that a box of inputs has stage by stage.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> ends = [Interval(Fraction(1), Fraction(2))]
    >>> [pieces.tolist() for pieces in live_on(Chain.of(absolute_value()), ends)]
    [[[1, 1], [0, 0]]]
    """
    found, values = [], tuple(box)
    for stage in chain.stages:
        read = layer_box(stage.affine, values)
        ends = [(unit.neuron, unit.ends(read)) for unit in stage.units]
        rows = (tuple(neuron.live(z)) for neuron, z in ends)
        found.append(np.array([slots(row, most_pieces(stage)) for row in rows]))
        values = tuple(y for neuron, z in ends for y in neuron.range(z))
    return tuple(found)


def slots(pieces: Sequence[int], count: int) -> list[int]:
    """Return numbers of pieces as a row of ``count`` places, the first one repeated.

    >>> slots([2, 5], 3)
    [2, 5, 2]
    """
    return [*pieces, *([pieces[0]] * (count - len(pieces)))]


def _slack(matrices: Matrices, norm: Norm) -> Fraction | None:
    """Return what bounds in floats may be off by, or ``None`` if floats are too short.

    Twice what the rounding of so many sums and products can do, and what falls below the
    smallest numbers.  Sums of values in some order add up to at most twice what the product of
    the links does, as these have them in every order.
    """
    links = _links(matrices)
    sizes = [max(1.0, float(link.sum())) for link in links]
    if not np.prod(sizes) < _MOST:
        return None
    product: Doubles = links[0]
    for link in links[1:]:
        product = link @ product
    roundings = 8 * sum(link.shape[1] + 4 for link in links) + sum(product.shape)
    reach = float(product.sum(axis=1 if norm == "inf" else 0).max())
    return from_float(2 * roundings * _ROUNDING * reach + _UNDERFLOW)


def _links(matrices: Matrices) -> list[Doubles]:
    """Return the greatest absolute values of all matrices of the product, in order."""
    found = [abs(matrices.weights[0].whole)]
    for blocks, weight in zip(matrices.blocks, matrices.weights[1:], strict=True):
        found += [abs(blocks.stack.whole).max(axis=0), abs(weight.whole)]
    return [link.astype(float) for link in found]
