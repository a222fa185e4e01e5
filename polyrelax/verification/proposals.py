"""Inputs that may violate a property, proposed by floats.

Projected gradient descent :cite:p:`madry2018` lowers the greatest :math:`v_i` of a case's rows
in the box around its inputs, from random starts; in boxes that a search has left open, random
steps do.  Nothing is claimed of what they find: the caller evaluates the points exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from polyrelax.arithmetic.arguments import numbered, require
from polyrelax.arithmetic.limbs import Doubles
from polyrelax.errors import ArgumentError, TooLargeError, UnsupportedNeuronError
from polyrelax.networks.network import Network
from polyrelax.networks.properties import Case
from polyrelax.relaxations.float_bounds import FloatNetwork
from polyrelax.verification.balls import nearest_double

_SEEDS: Final = 10**9
_STARTS, _OF_MANY = 1000, 100
"""Random starts, and so many where there are more than ``_FEW`` inputs."""
_FEW: Final = 64
_STEPS: Final = 30
_STRIDE: Final = 0.2
_SHRINKS: Final = 0.85
_DRAWN, _KEPT, _TRIALS, _CLIMBS = 64, 8, 10, 8
"""Random inputs of a box, those that climb, and how often they try how many steps."""
_REACH, _NARROWED, _MOVED = 0.25, 0.75, 0.5
"""Steps at first, of the box; how these shrink, and the share of inputs that move."""
_NEARLY: Final = 1e-9


@final
@dataclass(frozen=True)
class _Rows:
    """The rows of a case in floats, whose greatest value is to be at most 0."""

    floats: FloatNetwork
    forms: Doubles
    offsets: Doubles

    @classmethod
    def of(cls, network: Network, case: Case) -> _Rows | None:
        """Return the rows of outputs; ``None`` where floats know nothing of them."""
        rows = [row for row in case.rows if row.outputs]
        forms = np.zeros((len(rows), network.out_dim))
        try:
            for i, row in enumerate(rows):
                for j, c in row.outputs:
                    forms[i, j] = nearest_double(c)
            offsets = np.array([nearest_double(row.offset) for row in rows])
            return cls(FloatNetwork.of(network), forms, offsets)
        except (UnsupportedNeuronError, TooLargeError):
            return None

    def greatest(self, x: Doubles) -> Doubles:
        """Return the greatest value at each of some points."""
        values: Doubles = (self.floats.activations(x)[-1] @ self.forms.T - self.offsets).max(
            axis=1
        )
        return values

    def descended(self, x: Doubles) -> tuple[Doubles, Doubles]:
        """Return the greatest value at each of some points, and its gradient there."""
        values = self.floats.activations(x)
        rows = values[-1] @ self.forms.T - self.offsets
        gradient = self.floats.gradient(values, self.forms[rows.argmax(axis=1)])
        return rows.max(axis=1), gradient


def proposed(network: Network, case: Case, seed: int = 0) -> Iterator[Doubles]:
    """Yield inputs that look like violations to floats, the nearest one of each step.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.networks.properties import Row
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> case = Case(Polytope.box([-1], [1]), (Row((), ((0, 1),), 0),))
    >>> [all(abs(x) < 1e-8) for x in proposed(absolute_value(), case)] == []
    True
    """
    require(network, Network)
    require(case, Case)
    seed = numbered(seed, _SEEDS, "seed")
    rows = _Rows.of(network, case) if network.in_dim else None
    ends = None if rows is None else _ends(case)
    if rows is None or ends is None:
        return
    low, high = ends
    spread, generator = high - low, np.random.default_rng(seed)
    starts = _STARTS if len(low) <= _FEW else _OF_MANY
    x = low + spread * generator.uniform(size=(starts, len(low)))
    stride = _STRIDE * spread
    for _ in range(_STEPS):
        worst, gradient = rows.descended(x)
        best = int(worst.argmin())
        if worst[best] <= _NEARLY:
            yield x[best]
        x = np.clip(x - stride * np.sign(gradient), low, high)
        stride = stride * _SHRINKS


def proposed_within(
    network: Network, case: Case, boxes: Doubles, seed: int = 0
) -> Doubles | None:
    """Return the input in some boxes that looks most like a violation, if one does.

    ``boxes`` has the least and the greatest inputs of each.  Of random inputs of each box the
    best ones climb by random steps, each by itself: that finds what descents along gradients
    pass, which stop where rows change places.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> from polyrelax.networks.properties import Row
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> case = Case(Polytope.box([-1], [1]), (Row((), ((0, -2),), -1),))
    >>> boxes = np.array([[[-0.25], [0.25]], [[0.25], [1.0]]])
    >>> bool(proposed_within(absolute_value(), case, boxes)[0] > 0.49)
    True
    """
    require(network, Network)
    require(case, Case)
    require(boxes, np.ndarray)
    if boxes.dtype != np.float64 or boxes.shape[1:] != (2, network.in_dim):
        raise ArgumentError("found another array, expected the ends of boxes in doubles")
    generator = np.random.default_rng(numbered(seed, _SEEDS, "seed"))
    rows = _Rows.of(network, case)
    if rows is None or not boxes.size:
        return None
    low, spread = boxes[:, :1], boxes[:, 1:] - boxes[:, :1]
    x = low + spread * generator.uniform(size=(len(boxes), _DRAWN, boxes.shape[2]))
    values = _of_each(rows, x)
    best = np.argsort(values, axis=1)[:, :_KEPT]
    x, values = np.take_along_axis(x, best[:, :, None], 1), np.take_along_axis(values, best, 1)
    reach = _REACH * spread[:, :, None]
    for _ in range(_CLIMBS):
        shape = (*x.shape[:2], _TRIALS, x.shape[2])
        shift = generator.normal(size=shape) * (generator.uniform(size=shape) < _MOVED)
        ends = boxes[:, :1, None], boxes[:, 1:, None]
        tried = np.clip(x[:, :, None] + reach * shift, *ends)
        x, values = _better((x, values), (tried, _of_each(rows, tried)))
        reach = reach * _NARROWED
    least = np.unravel_index(values.argmin(), values.shape)
    return x[least] if values[least] <= _NEARLY else None


def _of_each(rows: _Rows, x: Doubles) -> Doubles:
    """Return the greatest values of rows at points along the last axis."""
    return rows.greatest(x.reshape(-1, x.shape[-1])).reshape(x.shape[:-1])


def _better(
    known: tuple[Doubles, Doubles], tried: tuple[Doubles, Doubles]
) -> tuple[Doubles, Doubles]:
    """Return for each point the best one that was tried if it is better, with its value."""
    x, values = tried
    best = values.argmin(axis=-1)[..., None]
    x = np.take_along_axis(x, best[..., None], -2)[..., 0, :]
    least = np.take_along_axis(values, best, -1)[..., 0]
    is_better = least < known[1]
    return np.where(is_better[..., None], x, known[0]), np.where(is_better, least, known[1])


def _ends(case: Case) -> tuple[Doubles, Doubles] | None:
    """Return the ends of the box around a case's inputs, if floats have room between them."""
    try:
        sides = zip(*case.inputs.bounds, strict=True)
        low, high = (np.array([nearest_double(end) for end in side]) for side in sides)
    except TooLargeError:
        return None
    with np.errstate(over="ignore"):
        return (low, high) if np.isfinite(high - low).all() else None
