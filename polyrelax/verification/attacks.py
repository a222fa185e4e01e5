r"""Counterexamples near a point: floats look for them, exact numbers decide.

Projected gradient descent :cite:p:`madry2018` lowers :math:`y_c - y_j` within a ball, for
several classes :math:`j` and random starts at once.  The radius is halved between the largest
that was resisted and the nearest counterexample; each search starts, too, from the nearest one,
pulled towards the center.  What is returned is an input in exact numbers whose outputs are
evaluated exactly, and its exact distance.  That there is none nearer is not claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.arguments import exact, numbered, require
from polyrelax.arithmetic.limbs import Doubles, Integers
from polyrelax.arithmetic.rational import ZERO, Vector, from_float
from polyrelax.arithmetic.readable import readable
from polyrelax.relaxations.float_bounds import FloatNetwork
from polyrelax.verification.balls import Labelled, nearest_double

_SEEDS: Final = 10**9
_STEPS: Final = 60
_STARTS: Final = 3
_HALVINGS: Final = 8
_TARGETS: Final = 3
_GROWTH: Final = 2.0
_LARGEST: Final = 2.0**60
_FIRST: Final = 2.0**-5
_INNER: Final = 1 - 2.0**-40
"""So much of a radius that what rounding adds does not lead out of the ball."""
_STRIDE, _SHORTEST = 0.25, 0.02


@final
@readable
@dataclass(frozen=True)
class Attack:
    """A counterexample, and its distance from the center in the maximum norm."""

    point: Vector
    radius: Fraction


def attacked(point: Labelled, seed: int = 0) -> Attack | None:
    """Return a counterexample near a point, if one is found.

    ``seed`` is of random starts.  Raises :class:`TooLargeError` for numbers beyond all floats.

    Around (1, 0), ``x > y`` fails first at (1/2, 1/2):

    >>> from polyrelax.networks.network import network
    >>> plane = network(([[1, 0], [0, 1]], [0, 0]))
    >>> found = attacked(Labelled.of(plane, (Fraction(1), ZERO)))
    >>> Fraction(1, 2) <= found.radius < Fraction(51, 100)
    True
    """
    require(point, Labelled)
    seed = numbered(seed, _SEEDS, "seed")
    if point.is_counterexample(point.center):
        return Attack(point.center, ZERO)
    search = _Search(point, FloatNetwork.of(point.network), np.random.default_rng(seed))
    radius = _FIRST
    while (found := search.within(radius)) is None and radius < search.farthest():
        radius *= _GROWTH
    if found is None:
        return None
    low = radius / _GROWTH if radius > _FIRST else 0.0
    for _ in range(_HALVINGS):
        middle = (low + float(found.radius)) / 2
        nearer = search.within(middle)
        low, found = (middle, found) if nearer is None else (low, nearer)
    return found


def attacked_within(point: Labelled, radius: Fraction, seed: int = 0) -> Attack | None:
    """Return a counterexample of at most a distance, if one is found.

    >>> from polyrelax.networks.network import network
    >>> plane = network(([[1, 0], [0, 1]], [0, 0]))
    >>> point = Labelled.of(plane, (Fraction(1), ZERO))
    >>> [attacked_within(point, Fraction(k, 5)) is None for k in (2, 3)]
    [True, False]
    """
    require(point, Labelled)
    radius, seed = exact(radius), numbered(seed, _SEEDS, "seed")
    if point.is_counterexample(point.center):
        return Attack(point.center, ZERO)
    search = _Search(point, FloatNetwork.of(point.network), np.random.default_rng(seed))
    found = search.within(nearest_double(radius) * _INNER)
    return found if found is not None and found.radius <= radius else None


@final
@dataclass
class _Search:
    """Descents in balls around a point; mutable, it remembers the nearest counterexample."""

    point: Labelled
    floats: FloatNetwork
    generator: np.random.Generator
    nearest: Doubles | None = None
    targets: Integers | None = None

    def farthest(self) -> float:
        """Return a radius beyond which no ball grows."""
        clip = self.point.clip
        return _LARGEST if clip is None else 2 * nearest_double(clip.width)

    def within(self, radius: float) -> Attack | None:
        """Return a counterexample of about at most the radius, if one is found."""
        forms = self.point.rivals.doubles()
        every = np.arange(len(forms)) if self.targets is None else self.targets
        targets = np.repeat(every, _STARTS)
        low, high = self.point.ball_in_floats(radius)
        x = np.clip(self._starts(radius, len(targets)), low, high)
        for k in range(_STEPS):
            values, gradient = _descent(self.floats, x, forms, forms[targets])
            attack = self._decided(x, values)
            if attack is not None:
                return attack
            stride = radius * max(_STRIDE * (1 - k / _STEPS), _SHORTEST)
            x = np.clip(x + stride * np.sign(gradient), low, high)
        return None

    def _starts(self, radius: float, count: int) -> Doubles:
        """Return random points of a ball, and one on the way to the nearest counterexample."""
        center = self.point.center_in_floats
        shifts = radius * self.generator.uniform(-1, 1, (count, len(center)))
        if self.nearest is not None:
            away = self.nearest - center
            shifts[::_STARTS] = away * radius / max(np.abs(away).max(), radius)
        return center + shifts

    def _decided(self, x: Doubles, values: Doubles) -> Attack | None:
        """Return a counterexample among some points, if floats see one and it is one."""
        k = int(values.max(axis=1).argmax())
        if not values[k].max() >= 0:
            return None
        exact = tuple(map(from_float, x[k].tolist()))
        if not self.point.is_counterexample(exact):
            return None
        self.nearest = x[k]
        self.targets = np.argsort(-values.max(axis=0))[:_TARGETS]
        return Attack(exact, self.point.distance(exact))


def _descent(
    floats: FloatNetwork, x: Doubles, forms: Doubles, chosen: Doubles
) -> tuple[Doubles, Doubles]:
    """Return the values of all forms of the outputs at points, and gradients of chosen ones."""
    values = floats.activations(x)
    return values[-1] @ forms.T, floats.gradient(values, chosen)
