r"""All networks of a shape with parameters from a finite set, modulo symmetry.

A network of shape :math:`n_0\text{-}n_1\text{-}\cdots\text{-}n_L\text{-}1` has rows
:math:`(w, b) \in V^{n_{k-1}} \times V` with :math:`w \ne 0` in its hidden layers, for a finite
set :math:`V`, and output weights :math:`c \in C^{n_L}` without a bias,
:math:`0 \notin C`.  These act on networks without changing what relaxations find:

.. math:: G = H \times S_{n_1} \times \dots \times S_{n_L},

where a symmetric group permutes the neurons of a layer and :math:`H` consists of the signed
permutations of the inputs that keep the input box and :math:`V`; and so does scaling the
output by a positive factor.

What is *enumerated* is one first layer for each orbit under :math:`H \times S_{n_1}`, all
rows of the other layers in every order, and the output weights up to positive factors; these
in ascending order if there are two hidden layers or more.  A number of identity layers, the
same for all networks, may follow the first hidden layer.  Each orbit is met, some more than
once; the number of orbits met is :attr:`Space.distinct`.  Scaling a hidden row is no symmetry
of a finite set of parameters and is not used.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations_with_replacement, pairwise, permutations, product
from typing import Final, final

from polyrelax.arithmetic.arguments import (
    all_of,
    exact_vector,
    numbered,
    require,
    whole,
    wholes,
)
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, Vector, primitive
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import LayerIndexError, ShapeError, TooLargeError
from polyrelax.networks.layers import Identity
from polyrelax.networks.network import Network, network
from polyrelax.networks.symmetry import (
    Hidden,
    Rows,
    SignedPermutation,
    count_orbits,
    group,
    image,
    input_symmetries,
    moved,
    permuted,
    require_shape,
)
from polyrelax.polytopes.polytope import Polytope

MOST_FIRST_LAYERS: Final = 3_000_000
"""The orbits of first layers are listed, some 100,000 a second."""
MOST_LISTED: Final = 1_000_000
"""So are the rows of a layer, the output weights and the symmetries of the inputs."""
MOST_NEURONS: Final = 1000
"""The sum of the widths of a shape."""


@final
@readable
@dataclass(frozen=True)
class Candidate:
    """The rows of a network's hidden layers, its output weights, and its identity layers."""

    hidden: Hidden
    outputs: Vector
    identities: int = 0

    @property
    def network(self) -> Network:
        """The network itself.

        >>> one = Fraction(1)
        >>> Candidate((((one, ZERO),),), (one,)).network((Fraction(-2),))
        (Fraction(0, 1),)
        """
        hidden = [
            ([row[:-1] for row in rows], [row[-1] for row in rows]) for rows in self.hidden
        ]
        layers = network(*hidden, ([self.outputs], [ZERO])).layers
        between = (Identity(len(self.hidden[0])),) * self.identities
        return Network((*layers[:2], *between, *layers[2:]))


@final
@readable
@dataclass(frozen=True)
class Space:
    """The networks of a shape with hidden parameters in ``values``, inputs in ``box``.

    ``omitted`` leaves out the networks whose output weights all have that sign, 1 or -1;
    ``identities`` is the number of identity layers behind the first hidden layer.

    >>> unit = (Fraction(-1), Fraction(0), Fraction(1))
    >>> space = Space((1, 2, 2, 1), unit, (unit[0], unit[2]), (Interval(unit[0], unit[2]),))
    >>> len(space.first_layers), len(space.rows(1)), space.patterns_text, space.size
    (12, 24, '(-1,-1) (-1,1) (1,1)', 20736)
    """

    shape: tuple[int, ...]
    values: Vector
    outputs: Vector
    box: tuple[Interval, ...]
    omitted: int = 0
    identities: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", wholes(self.shape, "shape"))
        object.__setattr__(self, "values", exact_vector(self.values, "values"))
        object.__setattr__(self, "outputs", exact_vector(self.outputs, "outputs"))
        object.__setattr__(self, "box", all_of(self.box, Interval, "intervals"))
        object.__setattr__(self, "identities", whole(self.identities, "a whole number"))
        require_shape(self.shape, len(self.box))
        if not any(self.values) or not self.outputs or not all(self.outputs):
            raise ShapeError("found no network: expected weights and outputs other than zero")
        if self.identities < 0:
            raise ShapeError(f"found {self.identities} identity layers, expected at least 0")
        for name in ("values", "outputs"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        self._require_lists()

    def _require_lists(self) -> None:
        """Refuse a space whose parts are too many to be listed, before one is."""
        if sum(self.shape) + self.identities > MOST_NEURONS:
            raise TooLargeError(f"found more than {MOST_NEURONS} neurons and identity layers")
        inputs = self.shape[0]
        counts = {
            "rows of a layer": len(self.values) ** (1 + max(self.shape[:-2])),
            "lists of output weights": len(self.outputs) ** self.shape[-2],
            "symmetries of the inputs": 2**inputs * math.factorial(inputs),
        }
        for what, count in counts.items():
            if count > MOST_LISTED:
                raise TooLargeError(f"found a space with more than {MOST_LISTED} {what}")

    @property
    def hidden_layers(self) -> int:
        """The number of hidden layers."""
        return len(self.shape) - 2

    @cached_property
    def domain(self) -> Polytope:
        """The box of inputs, as a polytope."""
        return Polytope.box([z.lower for z in self.box], [z.upper for z in self.box])

    def rows(self, layer: int) -> Rows:
        """Return the rows that a neuron of a hidden layer may have, in order."""
        layer = numbered(layer, len(self.shape) - 2, "hidden layer")
        weights = product(self.values, repeat=self.shape[layer])
        return tuple((*w, b) for w in weights if any(w) for b in self.values)

    @cached_property
    def symmetries(self) -> tuple[SignedPermutation, ...]:
        """The signed permutations of the inputs that keep the box and the values."""
        return input_symmetries(self.box, self.values)

    @cached_property
    def first_layers(self) -> tuple[Rows, ...]:
        """The least first layer of each orbit under neuron and input permutations."""
        rows = self.rows(0)
        count = math.comb(len(rows) + self.shape[1] - 1, self.shape[1])
        if count > MOST_FIRST_LAYERS:
            raise TooLargeError(
                f"found {count} first layers, expected at most {MOST_FIRST_LAYERS}"
            )
        place = {row: i for i, row in enumerate(rows)}
        images = [[place[permuted(row, g)] for row in rows] for g in self.symmetries]
        return tuple(
            tuple(rows[i] for i in chosen)
            for chosen in combinations_with_replacement(range(len(rows)), self.shape[1])
            if all(tuple(sorted(image[i] for i in chosen)) >= chosen for image in images)
        )

    @cached_property
    def patterns(self) -> tuple[Vector, ...]:
        """The output weights: of those that differ by a positive factor, the least."""
        width, least = self.shape[-2], dict[tuple[int, ...], Vector]()
        for pattern in sorted(product(self.outputs, repeat=width), key=_size):
            if self.hidden_layers == 1 or all(a <= b for a, b in pairwise(pattern)):
                least.setdefault(primitive(pattern), pattern)
        return tuple(sorted(filter(self._is_kept, least.values())))

    @property
    def patterns_text(self) -> str:
        """The output weights, for people."""
        return " ".join(f"({','.join(map(str, pattern))})" for pattern in self.patterns)

    @cached_property
    def inner_radices(self) -> tuple[int, ...]:
        """The number of rows to choose from, for each neuron behind the first layer."""
        layers = range(1, self.hidden_layers)
        return tuple(len(self.rows(k)) for k in layers for _ in range(self.shape[k + 1]))

    @cached_property
    def size(self) -> int:
        """The number of networks that are enumerated."""
        return len(self.first_layers) * math.prod(self.inner_radices) * len(self.patterns)

    @cached_property
    def distinct(self) -> int:
        """The number of orbits that the enumeration meets.

        >>> unit = (Fraction(-1), Fraction(0), Fraction(1))
        >>> one = (Fraction(1),)
        >>> Space((1, 1, 1), unit, one, (Interval(unit[0], unit[2]),)).distinct
        3
        """
        widths = self.shape[1:-1]
        choices = [self.rows(k) for k in range(self.hidden_layers)]
        return count_orbits(self.symmetries, widths, choices, self._all_patterns())

    def canonical(self, candidate: Candidate) -> Candidate:
        """Return the least network of an orbit, by which two networks of it are known as one.

        >>> one, two = Fraction(1), Fraction(2)
        >>> space = Space((1, 2, 1), (one, two), (one, two), (Interval(-two, two),))
        >>> pair = Candidate((((two, one), (one, one)),), (one, two))
        >>> swapped = Candidate((((one, one), (two, one)),), (two, one))
        >>> space.canonical(pair) == space.canonical(swapped)
        True
        """
        require(candidate, Candidate)
        hidden, outputs = min(
            (image(candidate.hidden, g), primitive(moved(candidate.outputs, g[-1])))
            for g in group(self.symmetries, self.shape[1:-1])
        )
        return Candidate(hidden, tuple(map(Fraction, outputs)), candidate.identities)

    def __getitem__(self, index: int) -> Candidate:
        """Return the network with a number from 0 to ``size - 1``."""
        if not 0 <= index < self.size:
            raise LayerIndexError(f"found the number {index}, expected 0 to {self.size - 1}")
        rest, pattern = divmod(index, len(self.patterns))
        inner: list[int] = []
        for radix in reversed(self.inner_radices):
            rest, digit = divmod(rest, radix)
            inner.append(digit)
        digits = iter(reversed(inner))
        hidden = [self.first_layers[rest]]
        for k in range(1, self.hidden_layers):
            rows = self._row_table[k]
            hidden.append(tuple(rows[next(digits)] for _ in range(self.shape[k + 1])))
        return Candidate(tuple(hidden), self.patterns[pattern], self.identities)

    def slice(self, start: int, stop: int) -> Iterator[Candidate]:
        """Yield the networks numbered ``start`` to ``stop - 1``."""
        start, stop = whole(start, "a number"), whole(stop, "a number")
        return (self[index] for index in range(start, stop))

    @cached_property
    def _row_table(self) -> Hidden:
        return tuple(self.rows(k) for k in range(self.hidden_layers))

    def _is_kept(self, pattern: Vector) -> bool:
        return self.omitted == 0 or not all(c * self.omitted > 0 for c in pattern)

    def _all_patterns(self) -> frozenset[Vector]:
        """Return the patterns in every order of the neurons."""
        orders = permutations if self.hidden_layers > 1 else _as_given
        return frozenset(order for pattern in self.patterns for order in orders(pattern))


def _size(pattern: Vector) -> tuple[Fraction, Vector]:
    return sum(map(abs, pattern), ZERO), pattern


def _as_given(pattern: Vector) -> tuple[Vector]:
    return (pattern,)
