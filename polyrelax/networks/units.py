"""Neurons at their places in a layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from polyrelax.arithmetic.arguments import all_of, numbered, sparse_vector
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ZERO, SparseVector
from polyrelax.networks.neurons.neuron import Neuron, is_affine_on, require_neuron


@final
@dataclass(frozen=True)
class Unit:
    """A neuron at its place in a layer: the values that it reads, and those that it gives."""

    neuron: Neuron
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]

    def __post_init__(self) -> None:
        require_neuron(self.neuron)

    @property
    def bends(self) -> bool:
        """Whether the neuron has more than one piece."""
        return self.neuron.count > 1

    def ends(self, box: Sequence[Interval]) -> tuple[Interval, ...]:
        """Return the intervals of what the neuron reads."""
        ends = all_of(box, Interval, "intervals")
        return tuple(ends[numbered(j, len(ends), "interval")] for j in self.inputs)

    def form(self, terms: Iterable[tuple[int, Fraction]]) -> SparseVector:
        """Return a linear form of what the neuron reads as one of the values before its layer.

        >>> from polyrelax.networks.neurons.passing import Pass
        >>> Unit(Pass(), (4,), (0,)).form(((0, Fraction(2)),))
        ((4, Fraction(2, 1)),)
        """
        total: dict[int, Fraction] = {}
        for k, a in sparse_vector(terms, len(self.inputs)):
            place = self.inputs[k]
            total[place] = total.get(place, ZERO) + a
        return tuple((j, a) for j, a in sorted(total.items()) if a)

    def is_affine_on(self, box: Sequence[Interval]) -> bool:
        """Whether the neuron is affine on a box of the values before its layer."""
        return is_affine_on(self.neuron, self.ends(box))
