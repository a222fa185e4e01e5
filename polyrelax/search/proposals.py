r"""Floats propose networks with a large gap, which exact relaxations bound or reject.

A *proposal* is a network of a shape with parameters :math:`p/q`, :math:`|p/q| \le B`, for one
denominator :math:`q`.  It is drawn at random, or climbed to: from a random start, one parameter
at a time is changed, and the change kept if an estimate of the gap of P_1 does not fall,

.. math:: \max t\bigl(\lambda a + (1 - \lambda) a'\bigr) - \max f,

or of that below, over sampled inputs, sampled pairs of values :math:`a, a'` behind each hidden
layer, and sampled :math:`\lambda`.  The result is rounded.  The estimate is in floats, and
wrong in both directions: it says where to look and nothing else.  Both bounds of every
proposal are found in rational arithmetic, by :class:`~polyrelax.search.shrink.Witness`.

The same region, seed and number give the same proposal.  What a search of this kind does not
find may still exist.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Final, TypeAlias, final

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from polyrelax.arithmetic.arguments import all_of, dimension, exact, require, whole, wholes
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import shown
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import ShapeError
from polyrelax.networks.symmetry import require_shape
from polyrelax.polytopes.polytope import Polytope
from polyrelax.search.candidates import Candidate
from polyrelax.search.question import Finding, Side
from polyrelax.search.shrink import Witness

Floats: TypeAlias = NDArray[np.float64]

STEPS: Final = 3000
"""Changes that are tried for one proposal, some 50 microseconds each."""
CHUNK: Final = 4
"""Proposals that a process of an executor takes at a time."""
_SAMPLES: Final = 48
_PAIRS: Final = 96


class Method(StrEnum):
    """How networks are proposed."""

    RANDOM = "random"
    ASCENT = "ascent"


@final
@readable
@dataclass(frozen=True)
class Proposals:
    """Networks of a shape with parameters of absolute value at most ``bound``, by number.

    >>> unit = Interval(Fraction(-1), Fraction(1))
    >>> drawn = Proposals((1, 2, 2, 1), (unit,), seed=7, bound=Fraction(2), denominator=2)
    >>> drawn[3] == drawn[3], drawn[3] == drawn[4]
    (True, False)
    >>> all(abs(c) <= 2 and c.denominator <= 2 for c in drawn[3].outputs)
    True
    """

    shape: tuple[int, ...]
    box: tuple[Interval, ...]
    seed: int
    bound: Fraction
    denominator: int = 1
    method: Method = Method.RANDOM
    side: Side = Side.UPPER  # whose gap is climbed

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", wholes(self.shape, "shape"))
        object.__setattr__(self, "box", all_of(self.box, Interval, "intervals"))
        object.__setattr__(self, "seed", whole(self.seed, "a whole number"))
        object.__setattr__(self, "bound", exact(self.bound))
        object.__setattr__(self, "denominator", whole(self.denominator, "a whole number"))
        require_shape(self.shape, len(self.box))
        if self.bound <= 0 or self.denominator < 1 or self.seed < 0:
            raise ShapeError(
                f"found the bound {shown(self.bound)}, the denominator {self.denominator} and "
                f"the seed {self.seed}, expected a positive bound and denominator and a seed "
                "of at least 0"
            )
        if self._most < 1:
            raise ShapeError(
                f"found the bound {shown(self.bound)} and the denominator {self.denominator}, "
                "which leave the parameter 0 alone, "
                f"expected a bound of 1/{self.denominator} or more"
            )

    @property
    def domain(self) -> Polytope:
        """The box of inputs, as a polytope."""
        return Polytope.box([z.lower for z in self.box], [z.upper for z in self.box])

    def __getitem__(self, number: int) -> Candidate:
        """Return the proposal with a number."""
        random = default_rng((self.seed, number))
        size = sum((above + 1) * below for above, below in pairwise(self.shape)) - 1
        start = random.uniform(-1, 1, size) * float(self.bound)
        climbed = self.method is Method.ASCENT
        found = self._climbed(start, random) if climbed else start
        return self._candidate([self._rounded(float(value)) for value in found])

    def _climbed(self, values: Floats, random: Generator) -> Floats:
        """Return parameters whose estimated gap no change that was tried makes larger."""
        bound, estimate = float(self.bound), _Estimate.drawn(self, random)
        best = estimate.gap(values)
        for _ in range(STEPS):
            changed, place = values.copy(), random.integers(values.size)
            near = changed[place] + random.normal() * bound / 4
            tries = (near, random.uniform(-bound, bound), round(near), 0.0)
            changed[place] = np.clip(tries[random.integers(len(tries))], -bound, bound)
            gap = estimate.gap(changed)
            if gap >= best:
                values, best = changed, gap
        return values

    def _rounded(self, value: float) -> Fraction:
        nearest = round(value * self.denominator)
        return Fraction(max(min(nearest, self._most), -self._most), self.denominator)

    @property
    def _most(self) -> int:
        """The greatest numerator of a parameter."""
        return floor(self.bound * self.denominator)

    def _candidate(self, entries: list[Fraction]) -> Candidate:
        """Return the network of parameters that are listed layer by layer, row by row."""
        hidden, place = [], 0
        for above, below in pairwise(self.shape[:-1]):
            ends = range(place, place + (above + 1) * below, above + 1)
            hidden.append(tuple(tuple(entries[i : i + above + 1]) for i in ends))
            place += (above + 1) * below
        return Candidate(tuple(hidden), tuple(entries[place:]))


@final
@readable
@dataclass(frozen=True)
class Trial:
    """Proposals, and the relaxations that are set beside each other on them.

    A single neuron is bounded exactly:

    >>> unit = Interval(Fraction(-1), Fraction(1))
    >>> trial = Trial(Proposals((1, 1, 1), (unit,), 0, Fraction(2)), "p:1", "exact")
    >>> [found.number for found in trial.findings(range(9)) if found.loose != found.tight]
    []
    """

    proposals: Proposals
    loose: str
    tight: str

    @property
    def side(self) -> Side:
        """The bounds that count."""
        return self.proposals.side

    def witness(self, number: int) -> Witness:
        """Return the proposal with a number; it may have no gap."""
        number = dimension(number, "a number")
        network = self.proposals[number].network
        return Witness(network, self.proposals.domain, self.loose, self.tight, self.side)

    def examine(self, number: int) -> Finding:
        """Return the bounds of a proposal by both relaxations, which are exact."""
        number = dimension(number, "a number")
        proposed = self.witness(number)
        return Finding(number, proposed.tight_bounds, proposed.loose_bounds)

    def findings(
        self, numbers: range, executor: Executor | None = None, *, timeout: float | None = None
    ) -> Iterator[Finding]:
        """Yield the bounds of the proposals with these numbers, in order.

        Raises :class:`TimeoutError` where an executor takes more seconds.
        """
        require(executor, Executor | None, "executor, or None")
        wholes(numbers, "numbers")
        if executor is None:
            return map(self.examine, numbers)
        end = None if timeout is None else time.monotonic() + timeout
        return self._answers(numbers, executor, end)

    def _answers(
        self, numbers: range, executor: Executor, end: float | None
    ) -> Iterator[Finding]:
        # Not executor.map, which cancels what was not listened to: a pool whose processes end
        # just then fails in a thread of its own.
        parts = (numbers[k : k + CHUNK] for k in range(0, len(numbers), CHUNK))
        for part in [executor.submit(_examined, self, part) for part in parts]:
            yield from part.result(None if end is None else max(end - time.monotonic(), 0))


def _examined(trial: Trial, numbers: range) -> list[Finding]:
    return [trial.examine(number) for number in numbers]


@dataclass(frozen=True)
class _Estimate:
    """Samples by which the gap of P_1 is estimated, on the sides that count."""

    shape: tuple[int, ...]
    side: Side
    inputs: Floats
    pairs: tuple[NDArray[np.int64], ...]
    mixing: tuple[Floats, ...]

    @classmethod
    def drawn(cls, region: Proposals, random: Generator) -> _Estimate:
        lower, upper = (np.array([float(z[end]) for z in region.box]) for end in (0, 1))
        inputs = lower + (upper - lower) * random.random((_SAMPLES, len(region.box)))
        inputs[:2] = lower, upper
        counts = range(_SAMPLES, _SAMPLES + _PAIRS * (len(region.shape) - 3), _PAIRS)
        pairs = tuple(random.integers(count, size=(2, _PAIRS)) for count in counts)
        mixing = tuple(random.random((_PAIRS, 1)) for _ in pairs)
        return cls(region.shape, region.side, inputs, pairs, mixing)

    def gap(self, values: Floats) -> float:
        """Return how far the outputs behind mixtures exceed those of the sampled inputs."""
        points, place = self.inputs, 0
        for layer, (above, below) in enumerate(pairwise(self.shape[:-1])):
            end = place + (above + 1) * below
            rows = values[place:end].reshape(below, above + 1)
            points, place = np.maximum(points @ rows[:, :-1].T + rows[:, -1], 0), end
            if layer < len(self.pairs):
                (one, other), share = self.pairs[layer], self.mixing[layer]
                mixed = share * points[one] + (1 - share) * points[other]
                points = np.concatenate((points, mixed))
        outputs = points @ values[place:]
        return self._excess(outputs, outputs[:_SAMPLES])

    def _excess(self, outputs: Floats, reached: Floats) -> float:
        above, below = outputs.max() - reached.max(), reached.min() - outputs.min()
        return float({Side.UPPER: above, Side.LOWER: below}.get(self.side, max(above, below)))
