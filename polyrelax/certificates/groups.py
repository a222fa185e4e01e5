"""Facets of groups of neurons as rows that are proved: octahedra by lines, facets by cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias, final

from polyrelax.certificates.multipliers import (
    Found,
    Recorded,
    Weights,
    found_of,
    recorded,
    substituted,
)
from polyrelax.certificates.trace_ends import layer_lines
from polyrelax.networks.layers import Identity
from polyrelax.relaxations.barrier import ProvedForms, ProvedOctahedra
from polyrelax.relaxations.group_facets import Facet
from polyrelax.relaxations.octahedra import directions
from polyrelax.systems.cases import proved
from polyrelax.systems.places import Coordinate, PlacedUnit, placed_units
from polyrelax.systems.rows import Row, linear
from polyrelax.systems.substitution import Joint, Substitution
from polyrelax.systems.system import System

Group: TypeAlias = tuple[int, ...]


@final
@dataclass(frozen=True, eq=False)
class GroupProver:
    """What proves bounds that use facets of groups; mutable inside, it remembers its rows."""

    given: ProvedForms
    batches: dict[tuple[int, int, int], list[Found]] = field(default_factory=dict)
    rows: dict[tuple[int, Facet], Row] = field(default_factory=dict)
    sums: dict[tuple[int, Group], list[Row]] = field(default_factory=dict)

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
    def _octahedra(self) -> Mapping[tuple[int, int], ProvedOctahedra]:
        """The octahedra by the number of layers up to their neurons, and by size."""
        layers = enumerate(self.given.trace.network.layers, start=1)
        depths = [i for i, layer in layers if not isinstance(layer, Identity)]
        return {
            (depths[k], found.octahedra.size): found
            for k, sizes in self.given.octahedra.items()
            for found in sizes
        }

    @cached_property
    def _places(self) -> Mapping[tuple[int, int], Mapping[Group, int]]:
        """The number of each group of a size in a layer."""
        return {
            key: {tuple(group): q for q, group in enumerate(found.octahedra.groups.tolist())}
            for key, found in self._octahedra.items()
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
        """Return the row of a facet of some neurons, by the cases of their pieces."""
        if (depth, facet) not in self.rows:
            units = [self._unit(depth, j) for j in facet.group]
            places = [(depth - 1, j) for j in facet.group]
            known = [self.substitution.end(place, s) for place in places for s in (-1, 1)]
            known += self._sums_of(depth, facet.group)
            sides = [*places, *((depth, j) for j in facet.group)]
            form = linear(zip(sides, facet.coefficients, strict=True))
            self.rows[depth, facet] = proved(System(tuple(known)), form, facet.offset, units)
        return self.rows[depth, facet]

    def _unit(self, depth: int, j: int) -> PlacedUnit:
        units = placed_units(self.given.trace.network, depth)
        return next(unit for unit in units if unit.outputs == ((depth, j),))

    def _sums_of(self, depth: int, group: Group) -> list[Row]:
        """Return the rows of the sums and differences of a group."""
        if (depth, group) not in self.sums:
            known = self._octahedra[depth, len(group)].octahedra
            number, unit = self._places[depth, len(group)][group], 1 << known.bits
            box = 2 * len(group)
            sides = directions(len(group))[box:].tolist()
            values = known.offsets[number, box:].tolist()
            found = self._bounds(depth, len(group), number)
            self.sums[depth, group] = [
                self.substitution.bound(
                    linear(
                        ((depth - 1, j), Fraction(s)) for j, s in zip(group, d, strict=True)
                    ),
                    Fraction(value, unit),
                    given,
                    self.joint(weights),
                )
                for d, value, (_, given, weights) in zip(sides, values, found, strict=True)
            ]
        return self.sums[depth, group]

    def _bounds(self, depth: int, size: int, number: int) -> list[Found]:
        """Return how each sum of a group was bounded."""
        found, sums = self._octahedra[depth, size], len(directions(size)) - 2 * size
        batch, place = divmod(number, len(found.batches[0][0].numbers) // sums)
        if (depth, size, batch) not in self.batches:
            lines = substituted(self.given.trace.sets[depth - 1])
            substitution = None if lines is None else lines.integers()
            assert substitution is not None, "it gave the bounds"
            made = found_of(self.given.trace, substitution, *found.batches[batch])
            self.batches[depth, size, batch] = made
        return self.batches[depth, size, batch][sums * place : sums * (place + 1)]
