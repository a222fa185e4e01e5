r"""Which piecewise linear functions have an encoding that a relaxation bounds exactly.

All networks of some shapes with one input and parameters from a finite set are enumerated.
Their functions with at most a given number of pieces are sorted into classes under

.. math:: f \mapsto c\, f(a x + b) + d, \qquad a, c \ne 0,

which keep the existence of a precise encoding.  An encoding that is found is *certified*:
it is precise on all intervals by the decision of :mod:`polyrelax.expressivity.all_boxes`.  That
none is found says that none of the enumerated networks is precise, and nothing about others.

Monotone, convex and concave functions have precise encodings by theorems of
:cite:t:`baader2024`; for the others the question is open for DeepPoly and the triangle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import accumulate, combinations, pairwise
from typing import final

from polyrelax.arithmetic.arguments import all_of, numbered, require
from polyrelax.arithmetic.rational import ONE, ZERO, Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError
from polyrelax.expressivity.all_boxes import decide
from polyrelax.expressivity.end_bounds import Bounds, Ends, range_on
from polyrelax.expressivity.end_relaxations import bounds_by
from polyrelax.expressivity.piecewise import Piecewise, switches
from polyrelax.networks.network import Network
from polyrelax.search.candidates import Space


class Kind(StrEnum):
    """What theorems say of a function."""

    MONOTONE = "monotone"
    CONVEX = "convex or concave"
    NEITHER = "neither"


def kind_of(function: Piecewise) -> Kind:
    """Return the kind of a function, monotone if it is convex as well.

    >>> str(kind_of(Piecewise.of_slopes([0, 1, -1, 0], [0, 1, 2])))
    'neither'
    """
    require(function, Piecewise)
    if function.is_monotone:
        return Kind.MONOTONE
    falling = all(a > b for a, b in pairwise(function.slopes))
    return Kind.CONVEX if function.is_convex or falling else Kind.NEITHER


def canonical(function: Piecewise) -> Piecewise:
    """Return the representative of the class of a function that has a kink.

    Its first two kinks are 0 and 1, its value at 0 is 0, its greatest slope has size 1.

    >>> tent = Piecewise.of_slopes([0, 2, -2, 0], ["-1/2", 0, "1/2"], at_first_kink=1)
    >>> print(canonical(tent))
    slopes 0, -1, 1, 0; kinks 0, 1, 2
    """
    require(function, Piecewise)
    slopes, kinks = function.slopes, function.breaks
    mirrored = tuple(-s for s in reversed(slopes)), tuple(-x for x in reversed(kinks))
    forms = (
        _normalized(tuple(sign * s for s in these), those)
        for these, those in ((slopes, kinks), mirrored)
        for sign in (1, -1)
    )
    best = min(forms)
    return Piecewise.of_slopes(*best)


def _normalized(slopes: Vector, kinks: Vector) -> tuple[Vector, Vector]:
    greatest = max(map(abs, slopes))
    unit = kinks[1] - kinks[0] if len(kinks) > 1 else ONE
    return (
        tuple(s / greatest for s in slopes),
        tuple((x - kinks[0]) / unit for x in kinks),
    )


@final
@readable
@dataclass(frozen=True)
class Inquiry:
    """Shapes and weights to enumerate, relaxations to ask for, and the number of pieces."""

    spaces: tuple[Space, ...]
    relaxations: tuple[str, ...]
    most_pieces: int = 4

    def __post_init__(self) -> None:
        object.__setattr__(self, "spaces", all_of(self.spaces, Space, "spaces"))
        object.__setattr__(self, "relaxations", all_of(self.relaxations, str, "names"))
        for space in self.spaces:
            if space.shape[0] != 1:
                raise DimensionError(f"found {amount(space.shape[0], 'input')}, expected one")
        for name in self.relaxations:
            bounds_by(name)

    @property
    def size(self) -> int:
        """The number of networks."""
        return sum(space.size for space in self.spaces)

    def network(self, number: int) -> Network:
        """Return the network with a number, counted through all shapes."""
        numbered(number, self.size, "network")
        starts = accumulate((space.size for space in self.spaces), initial=0)
        pairs = zip(starts, self.spaces, strict=False)
        start, space = [pair for pair in pairs if pair[0] <= number][-1]
        return space[number - start].network


@final
@dataclass(frozen=True)
class Encoding:
    """A network that is precise on all intervals, and the size of the decision."""

    number: int
    runs: int
    polynomials: int


@final
@dataclass
class Survey:
    """What is known after the first networks of an inquiry.

    Mutable: a survey of millions of networks grows in place.  ``functions`` has, for each
    class of functions met, the first network found for each relaxation.
    """

    inquiry: Inquiry
    position: int
    functions: dict[Piecewise, dict[str, Encoding]]

    @classmethod
    def begin(cls, inquiry: Inquiry) -> Survey:
        """Return the survey before the first network."""
        require(inquiry, Inquiry)
        return cls(inquiry, 0, {})

    @property
    def is_complete(self) -> bool:
        """Whether every network was examined."""
        return self.position == self.inquiry.size

    def class_of(self, network: Network) -> Piecewise | None:
        """Return the class of a network's function, if the inquiry asks for it."""
        function = Piecewise.of_network(network)
        asked = function.breaks and len(function.lines) <= self.inquiry.most_pieces
        return canonical(function) if asked else None

    def advance(self) -> Piecewise | None:
        """Examine one more network, and return the class of its function, if it counts."""
        network = self.inquiry.network(self.position)
        function = self.class_of(network)
        if function is not None:
            found = self.functions.setdefault(function, {})
            for name in self.inquiry.relaxations:
                if name not in found:
                    encoding = certified(network, name, self.position)
                    if encoding is not None:
                        found[name] = encoding
        self.position += 1
        return function

    def sorted_functions(self) -> list[tuple[Piecewise, dict[str, Encoding]]]:
        """Return the classes and their encodings, in order."""
        return sorted(self.functions.items(), key=lambda entry: _order(entry[0]))

    def without(self, name: str) -> Iterator[Piecewise]:
        """Return the classes met for which no precise network was found, in order."""
        return (function for function, found in self.sorted_functions() if name not in found)


def certified(network: Network, relaxation: str, number: int) -> Encoding | None:
    """Return the decision that a network is precise on all intervals, or ``None``.

    >>> from polyrelax.networks.gallery import tent_merged
    >>> certified(tent_merged(), "dp0", 7) is not None, certified(tent_merged(), "ibp", 7)
    (True, None)
    """
    require(network, Network)
    require(relaxation, str)
    if _refuted(network, bounds_by(relaxation)):
        return None
    decision = decide(network, relaxation)
    if not decision.is_precise:
        return None
    return Encoding(number, decision.runs, decision.polynomials)


def _refuted(network: Network, bounds: Bounds) -> bool:
    """Whether the bounds are not exact on one of a few intervals, which refutes precision."""
    function = Piecewise.of_network(network)
    ends = _test_ends(switches(network))
    for lower, upper in combinations(ends, 2):
        interval = Ends(lower, upper)
        if bounds(network, interval) != range_on(function, interval):
            return True
    return False


def _test_ends(breaks: Vector) -> Vector:
    """Return points between the breaks and on either side of them, in order."""
    if not breaks:
        return (ZERO, ONE)
    inner = ((a + b) / 2 for a, b in pairwise(breaks))
    near, far = Fraction(1, 3), Fraction(2)
    outer = (breaks[0] - far, breaks[0] - near, breaks[-1] + near / 2, breaks[-1] + far)
    return tuple(sorted({*inner, *outer}))


def _order(function: Piecewise) -> tuple[int, Vector, Vector]:
    return len(function.breaks), function.slopes, function.breaks
