"""Inputs that may violate a property, proposed by floats.

Projected gradient descent :cite:p:`madry2018` lowers the greatest :math:`v_i` of a case's rows
in the box around its inputs, from random starts.  Nothing is claimed of what it finds: the
caller evaluates the points exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from polyrelax.arithmetic.arguments import numbered, require
from polyrelax.arithmetic.limbs import Doubles
from polyrelax.errors import TooLargeError, UnsupportedNeuronError
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
_NEARLY: Final = 1e-9


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
    if not network.in_dim:
        return
    seed = numbered(seed, _SEEDS, "seed")
    try:
        sides = zip(*case.inputs.bounds, strict=True)
        low, high = (np.array([nearest_double(end) for end in side]) for side in sides)
        floats = FloatNetwork.of(network)
        forms, offsets = _rows(case, network.out_dim)
    except (UnsupportedNeuronError, TooLargeError):
        return
    with np.errstate(over="ignore"):
        spread = high - low
    if not np.isfinite(spread).all():
        return
    generator = np.random.default_rng(seed)
    starts = _STARTS if len(low) <= _FEW else _OF_MANY
    x = low + spread * generator.uniform(size=(starts, len(low)))
    stride = _STRIDE * spread
    for _ in range(_STEPS):
        values = floats.activations(x)
        rows = values[-1] @ forms.T - offsets
        worst = rows.max(axis=1)
        best = int(worst.argmin())
        if worst[best] <= _NEARLY:
            yield x[best]
        gradient = floats.gradient(values, forms[rows.argmax(axis=1)])
        x = np.clip(x - stride * np.sign(gradient), low, high)
        stride = stride * _SHRINKS


def _rows(case: Case, out_dim: int) -> tuple[Doubles, Doubles]:
    """Return the rows of outputs in floats."""
    rows = [row for row in case.rows if row.outputs]
    forms = np.zeros((len(rows), out_dim))
    for i, row in enumerate(rows):
        for j, c in row.outputs:
            forms[i, j] = nearest_double(c)
    return forms, np.array([nearest_double(row.offset) for row in rows])
