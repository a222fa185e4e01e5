r"""Why no network lets a single-neuron relaxation bound max(x_1, x_2) on all boxes.

The argument of :cite:t:`baader2024` as a computation on a given network.  Let it compute
:math:`\max(x_1, x_2)` and put :math:`z = x_1 - x_2`.

1. *Locality.*  Near all but finitely many points :math:`(c, c)`, on a box :math:`U` of some
   radius :math:`\varepsilon`, each ReLU is stable or switches on :math:`z = 0`.
2. *Replacement.*  There the values behind a ReLU layer are
   :math:`A x + b + d \max(z, 0)`.  This one neuron replaces the layers up to there: for
   :math:`g z + a \max(z, 0)` the rule is

   .. math:: \max(g z + a \max(z, 0), 0) = g' z + a' \max(z, 0), \qquad
             g' = \min(g, 0), \quad a' = \max(g + a, 0) - g' .

   The function stays, and the set of the :math:`(x_1, x_2, y)` that the triangle relaxation
   admits over :math:`U` does not grow.
3. *The end* is :math:`x_2 + \max(z, 0)`, for which the triangle finds :math:`c + 2\varepsilon`
   where :math:`c + \varepsilon` is the maximum.

So the triangle's bound for the network is at least :math:`c + 2\varepsilon`, and the triangle
is the tightest relaxation that looks at one neuron at a time.  Every inclusion of step 2 is
checked between polytopes, exactly.  A chain proves the statement for *its* network; for all
networks at once it is a theorem of :cite:t:`baader2024`, whose proof this follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import Final, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector, Vector, shown
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.expressivity.piecewise import switches
from polyrelax.networks.layers import Affine, Identity, Layer, ReLU, rectified
from polyrelax.networks.network import Network, concatenate
from polyrelax.networks.rewrite import fold
from polyrelax.networks.walk import Bending, states
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layerwise import is_unstable
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.triangle import Triangle

_DIAGONAL: Final = Affine.dense([[1], [1]])
_ONE_NEURON: Final = (Affine.dense([[1, 0], [0, 1], [1, -1]]), ReLU(3, (2,)))
_MAXIMUM: Final = Affine.dense([[0, 1, 1]])


@final
@dataclass(frozen=True)
class Step:
    """A network and the set of the (x_1, x_2, y) that the triangle admits for it."""

    network: Network
    relaxed: Polytope

    @property
    def upper(self) -> Fraction:
        """The greatest output in the set."""
        return self.relaxed.bounds[2].upper


@final
@readable
@dataclass(frozen=True)
class Chain:
    """The networks from the given one to ``x_2 + max(x_1 - x_2, 0)``, on a box."""

    center: Fraction
    radius: Fraction
    steps: tuple[Step, ...]

    @property
    def box(self) -> Polytope:
        """The box, whose center is on the diagonal."""
        return _box(self.center, self.radius)

    @property
    def is_decreasing(self) -> bool:
        """Whether each set is contained in the one before it."""
        return all(after.relaxed <= before.relaxed for before, after in pairwise(self.steps))

    @property
    def gap(self) -> Fraction:
        """By how much the triangle's bound for the first network exceeds the maximum."""
        return self.steps[0].upper - (self.center + self.radius)


def replacement_chain(network: Network) -> Chain:
    """Return the chain of a network that computes max(x_1, x_2) on the unit square.

    >>> from polyrelax.networks.gallery import maximum
    >>> chain = replacement_chain(maximum(2))
    >>> chain.box, len(chain.steps), chain.is_decreasing, chain.gap
    (Polytope.box(['0', '0'], ['1', '1']), 2, True, Fraction(1, 2))
    """
    require(network, Network)
    if (network.in_dim, network.out_dim) != (2, 1):
        raise DimensionError(
            f"found {amount(network.in_dim, 'input')} and "
            f"{amount(network.out_dim, 'output')}, expected 2 and 1"
        )
    center, radius, folded = _local(network)
    if folded[-1][1] != _MAXIMUM:
        raise ShapeError(
            f"found a network that is not max(x_1, x_2) near ({shown(center)}, {shown(center)})"
        )
    box = _box(center, radius)
    rest = (_rest(network, done, state) for done, state in folded)
    chain = dict.fromkeys([network, *rest])  # the last layer, if affine, changes nothing
    return Chain(center, radius, tuple(Step(each, _relaxed(each, box)) for each in chain))


_Folded = tuple[int, Affine]
"""A number of layers, and what they compute as a function of (x_1, x_2, max(z, 0))."""


def _local(network: Network) -> tuple[Fraction, Fraction, list[_Folded]]:
    """Return a box on which every neuron is stable or switches on the diagonal."""
    crossings = switches(fold([_DIAGONAL, *network.layers]))
    inner = sorted({ZERO, ONE, *(x for x in crossings if 0 < x < 1)})
    start, end = max(pairwise(inner), key=lambda ends: ends[1] - ends[0])
    center, radius = (start + end) / 2, (end - start) / 2
    while True:  # ends: near the center all other neurons are stable
        if _is_local(network, center, radius):
            return center, radius, list(_fold(network, center, radius))
        radius /= 2


def _is_local(network: Network, center: Fraction, radius: Fraction) -> bool:
    """Whether the triangle finds every neuron stable whose input at the center is not 0."""
    values = network.activations((center, center))
    trace = propagate(network, _box(center, radius), Triangle())
    return not any(values[i][j] and is_unstable(z) for i, j, z in trace.neurons())


def _fold(network: Network, center: Fraction, radius: Fraction) -> Iterator[_Folded]:
    """Yield what the layers up to each ReLU, and at the end all, compute on a local box."""

    def bent(state: Affine, layer: Bending, _index: int) -> Affine:
        return _rectified(state, rectified(layer), center, radius)

    walk = states(network, Affine.select(range(2), 3), _image, bent)
    ends = {done for done, layer in enumerate(network.layers, start=1) if rectified(layer)}
    for done, state in enumerate(walk):
        if done in ends or done == len(network.layers):
            yield done, state


def _image(state: Affine, layer: Affine, _index: int) -> Affine:
    return layer.after(state)


def _rectified(
    state: Affine, active: Sequence[int], center: Fraction, radius: Fraction
) -> Affine:
    rows, bias = list(state.rows), list(state.bias)
    for j in active:
        values = [state(corner)[j] for corner in _corners(center, radius)]
        if max(values) <= 0:
            rows[j], bias[j] = (), ZERO
        elif min(values) < 0:
            slope, _, bend = state.weight[j]  # a function of z: it is 0 on the diagonal
            rows[j] = _bent(slope, bend)
    return Affine(tuple(rows), tuple(bias), 3)


def _bent(g: Fraction, a: Fraction) -> SparseVector:
    """Return max(g z + a max(z, 0), 0) as a form of (x_1, x_2, max(z, 0))."""
    slope = min(g, ZERO)
    entries = enumerate((slope, -slope, max(g + a, ZERO) - slope))
    return tuple((j, value) for j, value in entries if value)


def _corners(center: Fraction, radius: Fraction) -> list[Vector]:
    """Return (x_1, x_2, max(z, 0)) at the corners, between which all is affine on each side."""
    ends = (center - radius, center + radius)
    return [(x, y, max(x - y, ZERO)) for x, y in product(ends, repeat=2)]


def _rest(network: Network, done: int, state: Affine) -> Network:
    """Return the network whose first layers are replaced by one neuron."""
    layers: list[Layer] = [*_ONE_NEURON, state, *network.layers[done:]]
    return fold(layers)


def _relaxed(network: Network, box: Polytope) -> Polytope:
    graph = concatenate(Network((Identity(2),)), network)
    return propagate(graph, box, Triangle()).polytope(-1)


def _box(center: Fraction, radius: Fraction) -> Polytope:
    return Polytope.box([center - radius] * 2, [center + radius] * 2)
