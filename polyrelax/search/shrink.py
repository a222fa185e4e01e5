r"""Smaller witnesses of the same kind: fewer neurons, fewer layers, smaller numbers.

A witness is a network and an input set on which the loose relaxation has a gap to the tight
one.  A *step* leaves out a ReLU layer or a neuron, or makes one parameter or one end of the
input box simpler; it is taken if the result is a witness again, which both relaxations
prove.  Each step makes

.. math:: (\text{ReLU neurons},\ \text{layers},\ \textstyle\sum (|p| + q))

smaller, the sum being over the numbers :math:`p/q \ne 0`, so that there are finitely many; the
last witness is one that no single step makes smaller, not the smallest there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import chain, combinations

from polyrelax.arithmetic.arguments import exact, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, Vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import ShapeError
from polyrelax.networks.layers import Affine, Layer, Neurons, ReLU, Unit
from polyrelax.networks.network import Network
from polyrelax.networks.rewrite import fold
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.search.question import Side, side_gap


@dataclass(frozen=True)
class Witness:
    """A network of one output, an input set, and two relaxations that may differ on them.

    >>> from polyrelax.networks.gallery import tent
    >>> domain = Polytope.box([-1], [1])
    >>> str(Witness(tent(), domain, "p:1", "exact", Side.LOWER).gap)
    '1'
    """

    network: Network
    domain: Polytope
    loose: str
    tight: str
    side: Side = Side.UPPER

    def __post_init__(self) -> None:
        require(self.network, Network)
        if self.network.out_dim != 1:
            raise ShapeError(f"found {amount(self.network.out_dim, 'output')}, expected one")

    @cached_property
    def tight_bounds(self) -> Interval:
        """The bounds of the tight relaxation."""
        return self._bounds(self.tight)

    @cached_property
    def loose_bounds(self) -> Interval:
        """The bounds of the loose relaxation."""
        return self._bounds(self.loose)

    @property
    def gap(self) -> Fraction:
        """How much looser the loose relaxation is; not positive if it is not."""
        return side_gap(self.side, self.tight_bounds, self.loose_bounds)

    @cached_property
    def cost(self) -> tuple[int, int, int]:
        """The number of neurons, of layers, and the size of all numbers."""
        layers = self.network.layers
        neurons = self.network.neuron_count
        entries = chain.from_iterable(map(_numbers, layers))
        ends = chain.from_iterable(self.domain.bounds) if self.domain.is_box else ()
        return neurons, len(layers), sum(map(_size, chain(entries, ends)))

    def _bounds(self, name: str) -> Interval:
        return propagate(self.network, self.domain, relaxation(name)).output[0]


def shrink(witness: Witness, *, min_gap: Fraction = ZERO) -> Iterator[Witness]:
    """Yield smaller and smaller witnesses, each with a gap of at least ``min_gap``.

    Parameters of the result are those of a local minimum: 0 and 1 in most places.

    >>> from polyrelax.networks.network import network
    >>> large = network(([[3], [3]], [0, 0]), ([[5, -7]], [2]))
    >>> given = Witness(large, Polytope.box([-2], [9]), "triangle", "exact")
    >>> *_, small = shrink(given)
    >>> small.network.layers[0].weight, small.network.layers[2].weight
    (((Fraction(1, 1),), (Fraction(1, 1),)), ((Fraction(1, 1), Fraction(-1, 1)),))
    """
    require(witness, Witness)
    min_gap = exact(min_gap)
    found = witness if witness.gap > 0 else None
    while found is not None:
        witness = found
        smaller = (w for w in _steps(witness) if w.cost < witness.cost)
        found = next((w for w in smaller if w.gap > 0 and w.gap >= min_gap), None)
        if found is not None:
            yield found


def _steps(witness: Witness) -> Iterator[Witness]:
    """Yield what one step makes of a witness, the larger steps first."""
    network = witness.network
    fewer = (_without_layer(network), _without_neuron(network), _without_unit(network))
    for layers in chain.from_iterable(fewer):
        yield replace(witness, network=fold(layers))
    for layers in _simpler(witness.network):
        yield replace(witness, network=Network(layers))
    if witness.domain.is_box:
        yield from (replace(witness, domain=box) for box in _simpler_boxes(witness.domain))


def _without_layer(network: Network) -> Iterator[tuple[Layer, ...]]:
    layers = network.layers
    for i, layer in enumerate(layers):
        is_kept = isinstance(layer, Affine) or layer.in_dim != layer.out_dim
        if not is_kept and len(layers) > 1:
            yield (*layers[:i], *layers[i + 1 :])


def _without_neuron(network: Network) -> Iterator[tuple[Layer, ...]]:
    """Yield the layers without one coordinate between two affine layers."""
    layers = network.layers
    for i in range(1, len(layers) - 1):
        before, here, after = layers[i - 1 : i + 2]
        if isinstance(before, Affine) and isinstance(here, ReLU) and isinstance(after, Affine):
            for j in range(here.width if here.width > 1 else 0):
                kept = [k for k in range(here.width) if k != j]
                above = Affine.select(kept, here.width).after(before)
                relu = ReLU(len(kept), tuple(kept.index(k) for k in here.active if k != j))
                relu = ReLU(relu.width) if len(relu.active) == relu.width else relu
                weight = [[row[k] for k in kept] for row in after.weight]
                below = Affine.dense(weight, after.bias)
                yield (*layers[: i - 1], above, relu, below, *layers[i + 2 :])


def _without_unit(network: Network) -> Iterator[tuple[Layer, ...]]:
    """Yield the layers without one neuron of a layer between two affine layers."""
    layers = network.layers
    for i in range(1, len(layers) - 1):
        match layers[i - 1 : i + 2]:
            case Affine() as before, Neurons() as here, Affine() as after:
                for units in combinations(here.units, max(len(here.units) - 1, 1)):
                    yield (*layers[: i - 1], *_kept(before, units, after), *layers[i + 2 :])


def _kept(before: Affine, units: Sequence[Unit], after: Affine) -> Iterator[Layer]:
    """Yield what is left of three layers with some of the neurons."""
    read = sorted({j for unit in units for j in unit.inputs})
    placed = ((unit.neuron, tuple(map(read.index, unit.inputs))) for unit in units)
    values = [j for unit in units for j in unit.outputs]
    yield Affine.select(read, before.out_dim).after(before)
    yield Neurons(len(read), tuple(placed))
    yield Affine.dense([[row[k] for k in values] for row in after.weight], after.bias)


def _simpler(network: Network) -> Iterator[tuple[Layer, ...]]:
    """Yield the layers with one parameter made simpler."""
    for i, layer in enumerate(network.layers):
        if isinstance(layer, Affine):
            entries = (*layer.weight, layer.bias)
            for changed in _one_simpler(tuple(chain.from_iterable(entries))):
                new = Affine.dense(
                    _rows(changed, layer.in_dim, layer.out_dim), changed[-layer.out_dim :]
                )
                yield (*network.layers[:i], new, *network.layers[i + 1 :])


def _rows(entries: Vector, columns: int, count: int) -> list[Vector]:
    return [entries[r * columns : (r + 1) * columns] for r in range(count)]


def _simpler_boxes(domain: Polytope) -> Iterator[Polytope]:
    ends = tuple(chain.from_iterable(domain.bounds))
    for changed in _one_simpler(ends):
        lower, upper = changed[::2], changed[1::2]
        if all(a < b for a, b in zip(lower, upper, strict=True)):
            yield Polytope.box(lower, upper)


def _one_simpler(entries: Vector) -> Iterator[Vector]:
    for i, value in enumerate(entries):
        for simpler in _simpler_numbers(value):
            yield (*entries[:i], simpler, *entries[i + 1 :])


def _simpler_numbers(value: Fraction) -> Iterator[Fraction]:
    """Yield numbers of smaller size, the smallest first."""
    sign = 1 if value > 0 else -1
    whole = abs(value.numerator) // value.denominator
    tries = (0, 1, whole // 2, whole - 1, whole, whole + 1)
    near = (abs(value).limit_denominator(max(1, value.denominator // 2)),)
    candidates = {sign * Fraction(size) for size in (*tries, *near) if size >= 0}
    yield from sorted((c for c in candidates if _size(c) < _size(value)), key=_size)


def _numbers(layer: Layer) -> Iterator[Fraction]:
    if isinstance(layer, Affine):
        yield from chain.from_iterable(layer.weight)
        yield from layer.bias


def _size(value: Fraction) -> int:
    return abs(value.numerator) + value.denominator if value else 0
