r"""Roughly how long relaxations take, from sizes and numbers of unstable neurons.

Nothing here is proved: these are the counts of what a relaxation does, such as linear programs
and hulls, each with the seconds that its size took on a machine of 2024.  They tell seconds
from hours, and are meant for that alone: an estimate is often wrong by a factor of three, and
for hulls by ten.

The number of cells of :math:`k` hyperplanes in dimension :math:`n` is at most
:math:`\sum_{i \le n} \binom{k}{i}`, whence the number of linear regions.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, final

from polyrelax.arithmetic.arguments import dimension, require, wholes
from polyrelax.networks.layers import Affine, Layer, bending
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.counts import HIGHEST, MOST, cells, free_inputs, power
from polyrelax.relaxations.cross_layer import CrossLayer
from polyrelax.relaxations.deeppoly import BackSubstitution
from polyrelax.relaxations.exact import Exact
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.relaxations.multi_neuron import KReLU, LayerNeurons
from polyrelax.relaxations.phases.estimates import (
    CORNER,
    corners,
    is_by_phases,
    program_seconds,
    programs,
)
from polyrelax.relaxations.progress import Kind
from polyrelax.relaxations.trace import Relaxation
from polyrelax.relaxations.triangle import Triangle

_MULTIPLICATION: Final = 1e-9
_ENTRY: Final = 1e-7
"""Seconds per multiplication and per entry of a product of matrices."""
_PROGRAM: Final = 3e-4
_COEFFICIENT: Final = 1e-6
_EXACT: Final = 8.0
"""Seconds per linear program and per coefficient of its rows, and the factor of exact ones."""
_PAIR: Final = 3e-7
"""Seconds per pair of unstable neurons in a program of floats."""
_HULL: Final = 2e-3
_HULL_GROWTH: Final = 6.0
"""Seconds for a hull in the plane, and the factor for each dimension more."""
_PIECE: Final = 2e-3
_MANY: Final = 1000
"""Seconds per piece of a neuron, and how many pieces are worth to be counted."""


@final
@dataclass(frozen=True)
class Effort:
    """Pieces of one kind of work, and the seconds that each may take."""

    kind: Kind
    count: float
    each: float

    @property
    def seconds(self) -> float:
        """The seconds that all of them may take."""
        return min(self.count * self.each, MOST)


@final
@dataclass(frozen=True)
class Cost:
    """The efforts before the bounds after 0, 1, 2, ... layers are known.

    >>> cost = Cost(((), (Effort(Kind.PROGRAM, 10, 0.5),), (Effort(Kind.HULL, 1, 5.0),)))
    >>> cost.seconds, cost.share(1, {Kind.PROGRAM: 4}), cost.share(2, {})
    (10.0, 0.2, 0.5)
    """

    layers: tuple[tuple[Effort, ...], ...]

    @cached_property
    def seconds(self) -> float:
        """The seconds that all layers may take."""
        return sum(map(_seconds, self.layers))

    def expected(self, layer: int, kind: Kind) -> int:
        """Return how many pieces of a kind one layer may take."""
        layer = dimension(layer, "a layer")
        efforts = self.layers[layer] if layer < len(self.layers) else ()
        return round(min(sum(e.count for e in efforts if e.kind is kind), MOST))

    def total(self, kind: Kind) -> int:
        """Return how many pieces of a kind all layers may take."""
        return sum(self.expected(layer, kind) for layer in range(len(self.layers)))

    def rests_on_hulls(self, layer: int = 0) -> bool:
        """Whether most of the work from a layer on is hulls, of which less is known before.

        >>> Cost(((Effort(Kind.HULL, 2, 5.0), Effort(Kind.PROGRAM, 1, 1.0)),)).rests_on_hulls()
        True
        """
        layer = dimension(layer, "a layer")
        rest = [effort for efforts in self.layers[layer:] for effort in efforts]
        hulls = [effort for effort in rest if effort.kind is Kind.HULL]
        return 2 * _seconds(hulls) > _seconds(rest)

    def share(self, layer: int, done: Mapping[Kind, int]) -> float:
        """Return which part of the work is done before a layer and by its pieces so far."""
        layer = dimension(layer, "a layer")
        require(done, Mapping, "numbers of pieces by their kinds")
        before = sum(map(_seconds, self.layers[:layer]))
        efforts = self.layers[layer] if layer < len(self.layers) else ()
        here = sum(min(done.get(e.kind, 0), e.count) * e.each for e in efforts)
        return (before + here) / self.seconds if self.seconds else 0.0


def cost(
    relaxation: Relaxation, network: Network, domain: Polytope, unstable: Sequence[int]
) -> Cost:
    """Return what a relaxation may take, given each layer's number of unstable neurons.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.relaxations.names import relaxation
    >>> found = cost(relaxation("triangle"), tent(), Polytope.box([-1], [1]), (0, 2, 0, 2, 0))
    >>> found.total(Kind.PROGRAM)
    6
    """
    require(network, Network)
    require(domain, Polytope)
    unstable = wholes(unstable, "unstable")
    plan = _Plan(network, free_inputs(domain), tuple(unstable))
    rest = (tuple(plan.efforts(relaxation, i)) for i in range(len(plan.layers)))
    return Cost((tuple(plan.at_once(relaxation)), *rest))


def _seconds(efforts: Sequence[Effort]) -> float:
    return sum(effort.seconds for effort in efforts)


@dataclass(frozen=True)
class _Plan:
    """A network by its sizes; layer ``i`` reads the value after ``i`` layers."""

    network: Network
    free: int
    unstable: tuple[int, ...]

    @property
    def layers(self) -> tuple[Layer, ...]:
        return self.network.layers

    def at_once(self, relaxation: Relaxation) -> Iterator[Effort]:
        """Yield what it takes before even the bounds of the inputs are told."""
        match relaxation:
            case CrossLayer(radius=radius):
                yield from self._windows(radius)
            case Exact() if not is_by_phases(self.network, self.unstable, self.free):
                yield from self._regions(0, len(self.layers), self.free)

    def efforts(self, relaxation: Relaxation, i: int) -> Iterator[Effort]:
        """Yield what the bounds after layer ``i`` take."""
        yield from self._pieces(relaxation, i)
        match relaxation:
            case BackSubstitution():
                yield from self._substitution(i)
            case Triangle() if relaxation.is_for_arrays(self.network, is_box=True):
                yield from self._float_programs(i)
            case Triangle(bits=bits):
                yield from self._programs(i, (), bits)
            case KReLU(size=size, bits=bits):
                yield from self._groups(i, size, bits)
            case LayerNeurons(size=size):
                yield from self._wholes(i, size)
            case LayerHull():
                yield from self._hull(i)
            case Exact() if is_by_phases(self.network, self.unstable, self.free):
                yield from self._phases(i)

    def _pieces(self, relaxation: Relaxation, i: int) -> Iterator[Effort]:
        """Yield a walk over the pieces of neurons that have very many, such as sorts."""
        counts = (unit.neuron.count for unit in bending(self.layers[i]))
        many = sum(count for count in counts if count > _MANY)
        if many and isinstance(relaxation, BackSubstitution):
            yield Effort(Kind.SUBSTITUTION, 1, _PIECE * many)
        elif many and isinstance(relaxation, Triangle | KReLU | LayerNeurons):
            yield Effort(Kind.PROGRAM, 1, _PIECE * many)

    def _substitution(self, i: int) -> Iterator[Effort]:
        """Yield the way back from a layer, with as many forms as it has values."""
        layer, before = self.layers[i], self.layers[: i + 1]
        entries = sum(each.in_dim for each in before)
        products = sum(x.stored.entry_count for x in before if isinstance(x, Affine))
        each = 2 * layer.out_dim * (_ENTRY * entries + _MULTIPLICATION * products)
        yield Effort(Kind.SUBSTITUTION, 1, each * _density(layer))

    def _programs(self, i: int, hulls: Sequence[float], bits: int | None) -> Iterator[Effort]:
        """Yield two linear programs for each coordinate, once there are rows."""
        layer = self.layers[i]
        size = self._coefficients(i) + sum(hulls)
        is_known = bits is None and not isinstance(layer, Affine)
        if size and not is_known:
            yield Effort(Kind.PROGRAM, 2 * layer.out_dim, _program(size, bits))

    def _float_programs(self, i: int) -> Iterator[Effort]:
        """Yield two programs in floats for each value of an affine layer, at most."""
        layer, unstable = self.layers[i], sum(self.unstable[:i])
        if unstable and isinstance(layer, Affine):
            yield from self._substitution(i)
            each = _PROGRAM + _PAIR * (unstable * _density(layer)) ** 2
            yield Effort(Kind.PROGRAM, 2 * layer.out_dim, each)

    def _coefficients(self, i: int) -> float:
        """Return the number of coefficients in the rows of all triangles up to layer ``i``."""
        layers = zip(self.layers[: i + 1], self.unstable, strict=False)
        counts = [2 * u * self._form(j) for j, (_, u) in enumerate(layers)]
        return float(sum(counts))

    def _form(self, i: int) -> int:
        """Return the length of a form that layer ``i`` reads."""
        return self.layers[i - 1].in_dim if i else 1

    def _groups(self, i: int, size: int, bits: int | None) -> Iterator[Effort]:
        """Yield supports and the hull of each group, and the programs with all their rows."""
        facets = [self._group_rows(j, size) for j in range(i + 1)]
        size = min(size, max(self.unstable[i], 2))
        count = _choices(self.unstable[i], size) if size > 1 else 0
        if count:
            before = self._coefficients(i - 1) + sum(facets[:-1]) + size * self._form(i)
            supports = 2 * (power(3, size + (bits is None)) - 1)
            yield Effort(Kind.PROGRAM, count * supports, _program(before, bits))
            yield Effort(Kind.HULL, count, _HULL * power(_HULL_GROWTH, 2 * size - 3))
        yield from self._programs(i, facets, bits)

    def _group_rows(self, i: int, size: int) -> float:
        """Return the number of coefficients in the rows of all groups of layer ``i``."""
        if size < 2:
            return 0.0
        few = min(size, max(self.unstable[i], 2))
        return _choices(self.unstable[i], few) * power(3, few) * few * self._form(i)

    def _wholes(self, i: int, size: int) -> Iterator[Effort]:
        """Yield the supports of the explicit set before a layer, and hulls over all of it."""
        width = self.layers[i].out_dim
        hulls = [_choices(u, size) * power(3, width) for u in self.unstable[: i + 1]]
        if self.unstable[i]:
            explicit = 2 * power(3, min(width, self.free))
            before = self._coefficients(i - 1) + width * sum(hulls[:-1])
            yield Effort(Kind.PROGRAM, explicit, _program(before, None))
            few = min(size, self.unstable[i])
            each = _HULL * power(_HULL_GROWTH, min(width, self.free) + few - 2)
            yield Effort(Kind.HULL, _choices(self.unstable[i], size), each)
        yield from self._programs(i, [rows * width for rows in hulls], None)

    def _hull(self, i: int) -> Iterator[Effort]:
        """Yield the facets of the set before a layer, by which its signs are told apart."""
        if self.unstable[i]:
            points, dim = self._points[i]
            parts = CORNER * cells(self.unstable[i], dim)
            yield Effort(Kind.HULL, 1, _hull_seconds(points, dim) + parts)

    @cached_property
    def _points(self) -> tuple[tuple[float, int], ...]:
        """The points whose hull each layer reads, at most, and the dimension that they span."""
        points, dim, found = power(2, self.free), self.free, []
        for layer, count in zip(self.layers, self.unstable, strict=True):
            found.append((points, dim))
            points = min(points + (cells(count, dim) if count else 0.0), MOST)
            dim = min(dim + count, layer.out_dim)
        return tuple(found)

    def _windows(self, radius: int) -> Iterator[Effort]:
        """Yield hulls before all windows, and the regions of the layers in each."""
        for j in range(max(len(self.layers) - radius, 0) + 1):
            yield from self._hull(j)
            yield from self._regions(j, j + radius, self._points[j][1])

    def _regions(self, start: int, stop: int, dim: int) -> Iterator[Effort]:
        """Yield the linear regions of some layers, each with as many corners as a box."""
        count = corners(sum(self.unstable[start:stop]), dim)
        yield Effort(Kind.REGION, count, CORNER)

    def _phases(self, i: int) -> Iterator[Effort]:
        """Yield the programs of the branch and bound for each end of an affine layer."""
        layer, count = self.layers[i], sum(self.unstable[:i])
        if isinstance(layer, Affine) and count:
            each = program_seconds(count, self.free)
            yield Effort(Kind.PROGRAM, 2 * layer.out_dim * programs(count), each)


def _density(layer: Layer) -> float:
    """Return which part of the values before a layer one value behind it reads."""
    if not isinstance(layer, Affine):
        return 1 / layer.in_dim
    return layer.stored.entry_count / max(layer.in_dim * layer.out_dim, 1)


def _hull_seconds(points: float, dim: int) -> float:
    """Return the seconds for a hull, as the default engines take them for random points."""
    steepness = min(max(dim - 2, 0), 20) / 2
    return float(min(1e-4 * points * max(points / 5, 1.0) ** steepness, MOST))


def _program(size: float, bits: int | None) -> float:
    """Return the seconds for a program with so many coefficients in its rows."""
    return (_PROGRAM + _COEFFICIENT * size) * (_EXACT if bits is None else 1)


def _choices(number: int, size: int) -> float:
    """Return the number of groups, one if there are fewer neurons than that."""
    if not number:
        return 0.0
    few = min(size, number - size)
    if few <= 0:
        return 1.0
    return MOST if few > HIGHEST else min(float(math.comb(number, few)), MOST)
