"""Facets of pairs of neurons as rows that are proved: octagons by lines, facets by cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import final

from polyrelax.certificates.multipliers import (
    Found,
    Recorded,
    Weights,
    found_of,
    recorded,
    substituted,
)
from polyrelax.certificates.traces import layer_lines
from polyrelax.networks.layers import Identity
from polyrelax.relaxations.barrier import ProvedForms, ProvedOctagons
from polyrelax.relaxations.pair_facets import DIRECTIONS, Facet
from polyrelax.systems.cases import proved
from polyrelax.systems.places import Coordinate, PlacedUnit, placed_units
from polyrelax.systems.rows import Row, linear
from polyrelax.systems.substitution import Joint, Substitution
from polyrelax.systems.system import System

_SUMS = 4
"""The directions of an octagon beyond those of a box."""


@final
@dataclass(frozen=True, eq=False)
class PairProver:
    """What proves bounds that use facets of pairs; mutable inside, it remembers its rows."""

    given: ProvedForms
    batches: dict[tuple[int, int], list[Found]] = field(default_factory=dict)
    rows: dict[tuple[int, Facet], Row] = field(default_factory=dict)
    sums: dict[tuple[int, int], list[Row]] = field(default_factory=dict)

    @cached_property
    def _recorded(self) -> Recorded:
        return recorded(self.given.trace)

    @cached_property
    def substitution(self) -> Substitution:
        """What proves the bounds of values."""
        trace, lines = self.given.trace, layer_lines(self.given.trace)
        assert lines is not None, "the methods are back-substitution"
        known, joint = self._recorded.multipliers, self._joint_of
        return Substitution(trace.network, self.given.domain, trace.bounds, lines, known, joint)

    @cached_property
    def _octagons(self) -> Mapping[int, ProvedOctagons]:
        """The octagons by the number of layers up to their neurons."""
        layers = enumerate(self.given.trace.network.layers, start=1)
        depths = [i for i, layer in layers if not isinstance(layer, Identity)]
        return {depths[k]: found for k, found in self.given.octagons.items()}

    @cached_property
    def _places(self) -> Mapping[int, Mapping[tuple[int, ...], int]]:
        """The number of each pair of a layer."""
        return {
            depth: {tuple(pair): q for q, pair in enumerate(found.octagons.pairs.tolist())}
            for depth, found in self._octagons.items()
        }

    def _joint_of(self, place: Coordinate, sign: int) -> Joint:
        return self.joint(self._recorded.weights(place, sign))

    def joint(self, weights: Weights) -> Joint:
        """Return the rows of facets, with their weights."""
        return {
            depth: tuple((self._facet(depth, facet), weight) for facet, weight in used)
            for depth, used in weights.items()
        }

    def _facet(self, depth: int, facet: Facet) -> Row:
        """Return the row of a facet of two neurons, by the four cases of their pieces."""
        if (depth, facet) not in self.rows:
            units = [self._unit(depth, j) for j in facet.pair]
            places = [(depth - 1, j) for j in facet.pair]
            known = [self.substitution.end(place, s) for place in places for s in (-1, 1)]
            known += self._sums_of(depth, self._places[depth][facet.pair])
            sides = [*places, *((depth, j) for j in facet.pair)]
            form = linear(zip(sides, facet.coefficients, strict=True))
            self.rows[depth, facet] = proved(System(tuple(known)), form, facet.offset, units)
        return self.rows[depth, facet]

    def _unit(self, depth: int, j: int) -> PlacedUnit:
        units = placed_units(self.given.trace.network, depth)
        return next(unit for unit in units if unit.outputs == ((depth, j),))

    def _sums_of(self, depth: int, number: int) -> list[Row]:
        """Return the rows of the sums and differences of a pair."""
        if (depth, number) not in self.sums:
            found = self._octagons[depth]
            pair, unit = found.octagons.pairs[number].tolist(), 1 << found.octagons.bits
            values = found.octagons.offsets[number].tolist()
            bounds = zip(DIRECTIONS.tolist(), values, self._bounds(depth, number), strict=True)
            self.sums[depth, number] = [
                self.substitution.bound(
                    linear(((depth - 1, j), Fraction(s)) for j, s in zip(pair, d, strict=True)),
                    Fraction(value, unit),
                    given,
                    self.joint(weights),
                )
                for d, value, (_, given, weights) in list(bounds)[_SUMS:]
            ]
        return self.sums[depth, number]

    def _bounds(self, depth: int, number: int) -> list[Found]:
        """Return how each direction of a pair was bounded; those of the box are left empty."""
        found = self._octagons[depth]
        size = len(found.batches[0][0].numbers) // _SUMS
        batch, place = divmod(number, size)
        if (depth, batch) not in self.batches:
            lines = substituted(self.given.trace.sets[depth - 1])
            substitution = None if lines is None else lines.integers()
            assert substitution is not None, "it gave the bounds"
            made = found_of(self.given.trace, substitution, *found.batches[batch])
            self.batches[depth, batch] = made
        rows = self.batches[depth, batch][_SUMS * place : _SUMS * (place + 1)]
        none: Found = (Fraction(0), {}, {})
        return [none] * _SUMS + rows
