r"""Exact Lipschitz constants of networks, on sets of inputs with interior and everywhere.

On a convex set :math:`X` with interior the least :math:`L` with
:math:`\lVert f(x) - f(y) \rVert \le L \lVert x - y \rVert` is

.. math:: \max_C \lVert J_C \rVert ,

the greatest operator norm of the Jacobian on a cell :math:`C` of :math:`f` that has interior in
:math:`X`: for the maximum norm the greatest sum of absolute values of a row, for the 1-norm of
a column.  Cells without interior do not count, as the others cover :math:`X`: the constant of
:math:`\max(x, 0) - \max(-x, 0) = x` is 1.  It is found by branch and bound over pieces
(:mod:`polyrelax.verification.search`), and attained by two inputs of a cell.

No size is taken to be more than the product of the layers' norms
(:mod:`polyrelax.networks.contractions`), which intervals do not see where neurons sort.

The idea of best-first branching on interval Jacobians is that of LipBaB
:cite:p:`bhowmick2021`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Final, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, shown
from polyrelax.certificates.value_forms import output_form
from polyrelax.errors import ArgumentError, DimensionError, TooLargeError
from polyrelax.networks.contractions import column_norms, row_norms
from polyrelax.networks.input_sets import InputSet, input_set
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification.affine_forms import ChainForms, Forms
from polyrelax.verification.cells import Cut, Place, Room
from polyrelax.verification.chains import Chain, is_too_wide
from polyrelax.verification.gradients import Norm
from polyrelax.verification.search import Attained, Search
from polyrelax.verification.sizes import Sizes

_SHORTEST: Final = (0, 1, 2, 4, 8, 16, 32)
"""Binary places that are tried for the coordinates of an input."""


@final
@dataclass(frozen=True)
class Steepest:
    """Two inputs of one cell between which a network changes fastest, and a point between.

    The outputs' difference has ``value`` times the norm of the inputs'.  ``weights`` are those
    of the outputs that make it: one of them for the maximum norm, signs of all for the 1-norm.
    """

    value: Fraction
    point: Vector
    pair: tuple[Vector, Vector]
    weights: tuple[int, ...]


@final
@dataclass(frozen=True)
class LipschitzBounds:
    """What is proved of a Lipschitz constant: it is exact if both bounds are the same."""

    norm: Norm
    lower: Fraction
    upper: Fraction
    cases: int
    steepest: Steepest | None

    @property
    def is_exact(self) -> bool:
        """Whether the constant is known."""
        return self.lower == self.upper


def require_search(network: Network, domain: Polytope | None, norm: str) -> None:
    """Raise an error for what has no Lipschitz constant in a norm, or none that is sought.

    >>> from polyrelax.networks.gallery import tent
    >>> require_search(tent(), None, "2")
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found the norm '2', expected 'inf' or '1'
    """
    require(network, Network)
    if domain is not None:
        require(domain, Polytope)
    if not isinstance(norm, str) or norm not in ("inf", "1"):
        raise ArgumentError(f"found the norm {shown(norm)}, expected 'inf' or '1'")
    if not (network.in_dim and network.out_dim):
        raise DimensionError("found no inputs or no outputs, expected one at least")


@final
@dataclass(frozen=True)
class LipschitzSearch:
    """The search for a Lipschitz constant; mutable inside, it goes on from where it stopped.

    It is that of one ``output`` alone, if there is one named.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> search = LipschitzSearch(absolute_value(), None, "inf")
    >>> for bounds in search.run():
    ...     pass
    >>> str(search.bounds().lower), str(search.bounds().upper)
    ('1', '1')
    """

    network: Network
    domain: Polytope | None
    norm: Norm
    output: int | None = None

    def __post_init__(self) -> None:
        require_search(self.network, self.domain, self.norm)
        if self.output is not None:
            output_form(self.network, self.output)

    @cached_property
    def room(self) -> Room:
        """The set of inputs, which has an interior."""
        return Room.of(self.domain, self.network.in_dim)

    @cached_property
    def search(self) -> Search:
        """The tree of cases."""
        if is_too_wide(self.network):
            raise TooLargeError(
                "found sorts, maxima or minima of too large matrices, expected narrower ones"
            )
        chain = Chain.of(self.network)
        if self.output is not None:
            chain = chain.with_output(self.output)
        norms = row_norms if self.norm == "inf" else column_norms
        most = math.prod(norms(self.network), start=ONE)
        return Search(ChainForms.of(chain), self.room, Sizes.of(chain, self.norm, most))

    def prepare(self) -> None:
        """Raise what is wrong with the network or the set, before anything is sought.

        >>> from polyrelax.networks.gallery import tent
        >>> LipschitzSearch(tent(), Polytope.box([0], [0]), "inf").prepare()
        Traceback (most recent call last):
        polyrelax.errors.ShapeError: found inputs without interior, expected a set with one
        """
        _ = self.search

    def run(self) -> Iterator[LipschitzBounds]:
        """Yield what is proved after each case, until the constant is known."""
        for _ in self.search.run():
            yield self._bounds(None)

    def bounds(self) -> LipschitzBounds:
        """Return what is proved by now, with the inputs that attain the lower bound."""
        best = self.search.best
        return self._bounds(None if best is None else self._steepest(best))

    def _bounds(self, steepest: Steepest | None) -> LipschitzBounds:
        found = self.search
        return LipschitzBounds(
            self.norm, found.lower, found.upper, len(found.tree.nodes), steepest
        )

    def _steepest(self, best: Attained) -> Steepest:
        forms, cuts = _cell(self.search.chain, best.pieces)
        weights, direction = _fastest(forms.matrix, self.norm)
        start = _inside(self.search.room, cuts, best.point)
        step = _step(self.search.room, cuts, start, direction)
        end = tuple(x + step * d for x, d in zip(start.x, direction, strict=True))
        return Steepest(best.value, start.x, (start.x, end), weights)


def lipschitz_constant(
    network: Network, domain: InputSet | None = None, norm: Norm = "inf"
) -> LipschitzBounds:
    """Return the Lipschitz constant of a network on a set, or everywhere, and what attains it.

    ``norm`` measures inputs and outputs: ``inf`` or ``1``.  Raises :class:`ShapeError` for a
    set without interior.  The time may be exponential in the number of neurons;
    :class:`LipschitzSearch` can be stopped.

    >>> from polyrelax.networks.gallery import tent
    >>> found = lipschitz_constant(tent(), Polytope.box(["1/4"], [1]))
    >>> str(found.lower), found.is_exact
    ('2', True)
    """
    inputs = None if domain is None else input_set(network, domain)
    search = LipschitzSearch(network, inputs, norm)
    for _ in search.run():
        pass
    return search.bounds()


def _cell(chain: ChainForms, pieces: tuple[tuple[int, ...], ...]) -> tuple[Forms, list[Cut]]:
    """Return the forms of a network on the cell of some pieces, and the sides of the cell."""
    cuts: list[Cut] = []
    forms = chain.maps[0]
    for number, (stage, chosen) in enumerate(zip(chain.chain.stages, pieces, strict=True)):
        for unit, piece in zip(stage.units, chosen, strict=True):
            cuts += (forms.cut(unit, side) for side in unit.neuron.piece(piece).where)
        forms = chain.behind(number, chosen, forms)
    return forms, [cut for cut in cuts if not cut.is_trivial]


def _fastest(
    rows: tuple[Vector, ...], norm: Norm
) -> tuple[tuple[int, ...], tuple[Fraction, ...]]:
    """Return weights of outputs and a direction of inputs that make the operator norm."""
    if norm == "inf":
        best = max(range(len(rows)), key=lambda k: sum(map(abs, rows[k])))
        weights = tuple(int(k == best) for k in range(len(rows)))
        return weights, tuple(-ONE if a < 0 else ONE for a in rows[best])
    columns = list(zip(*rows, strict=True))
    best = max(range(len(columns)), key=lambda j: sum(map(abs, columns[j])))
    signs = tuple(-1 if a < 0 else 1 for a in columns[best])
    return signs, tuple(ONE if j == best else ZERO for j in range(len(columns)))


def _inside(room: Room, cuts: Sequence[Cut], point: Place) -> Place:
    """Return a short point of the interior of a set that is strictly within cuts."""
    inner = _moved(room, cuts, point)
    for bits in _SHORTEST:
        short = Place(tuple(Fraction(round(x * 2**bits), 2**bits) for x in inner.x))
        if room.has_inside(short) and all(cut.has_inside(short) for cut in cuts):
            return short
    return inner


def _moved(room: Room, cuts: Sequence[Cut], point: Place) -> Place:
    """Return a point strictly within cuts, near one of a set, in the interior of the set."""
    centre = room.centre
    if centre is None:
        return point
    share = Fraction(1, 2)
    while True:
        pairs = zip(point.x, centre, strict=True)
        moved = Place(tuple(x + share * (c - x) for x, c in pairs))
        if all(cut.has_inside(moved) for cut in cuts):
            return moved
        share /= 2


def _step(room: Room, cuts: Sequence[Cut], start: Place, direction: Vector) -> Fraction:
    """Return how far one can go in a direction within cuts and a set, at most 1."""
    steps = [ONE]
    for cut in (*cuts, *room.sides):
        speed = sum((a * direction[j] for j, a in cut.row), ZERO)
        steps += [cut.slack(start) / speed] if speed > 0 else []
    for end, x, d in zip(room.box or (), start.x, direction, strict=False):
        steps += [(end.upper - x if d > 0 else x - end.lower) / abs(d)] if d else []
    return min(steps)
