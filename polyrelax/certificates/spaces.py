r"""Finite spaces of networks, and the classes of networks that no relaxation tells apart.

The networks of a shape :math:`n_0\text{-}n_1\text{-}\cdots\text{-}n_L\text{-}1` have hidden
neurons with weights in :math:`V`, not all zero, and biases in :math:`B`, and one output with
weights in :math:`C \not\ni 0` and no bias; their inputs are in a box.  Two networks are *equal
up to symmetry* if exchanges of the neurons of a layer, signed permutations of the inputs that
keep the box and :math:`V`, and a positive factor of the output weights make one of the other.
Each class is represented by its least network: first the hidden rows count, layer by layer,
then the output weights, of which the smallest multiple stands for all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise, permutations, product
from math import prod
from typing import TypeAlias, final

from polyrelax.arithmetic.rational import ONE, Vector, primitive
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.polytopes.polytope import Polytope

Hidden: TypeAlias = tuple[tuple[Vector, ...], ...]
"""The rows of the hidden layers, each with its bias last."""


@dataclass(frozen=True)
class _Symmetry:
    """Signs of the inputs, and orders of the inputs and of the neurons of each layer."""

    signs: Vector
    orders: tuple[tuple[int, ...], ...]

    def of(self, hidden: Hidden) -> Hidden:
        """Return the hidden layers whose neuron i is neuron ``order[i]`` of the given ones."""
        result, signs = [], self.signs
        for rows, (columns, order) in zip(hidden, pairwise(self.orders), strict=True):
            moved = [
                (*(s * row[j] for s, j in zip(signs, columns, strict=True)), row[-1])
                for row in rows
            ]
            result.append(tuple(moved[i] for i in order))
            signs = (ONE,) * len(order)
        return tuple(result)

    def of_outputs(self, outputs: Vector) -> Vector:
        return tuple(outputs[i] for i in self.orders[-1])


@final
@dataclass(frozen=True)
class Class:
    """Output weights behind hidden layers, and how many networks are equal up to symmetry."""

    outputs: Vector
    size: int


@final
@dataclass(frozen=True)
class FiniteSpace:
    """The networks of a shape with parameters from finite sets, inputs in a box.

    With ``symmetric=False`` every network is a class of its own.

    >>> from polyrelax.arithmetic.rational import vector
    >>> signs = vector([-1, 1])
    >>> space = FiniteSpace((1, 1, 1), signs, (0 * ONE,), signs, Polytope.box([-1], [1]))
    >>> space.size, len(list(space.classes()))  # relu(-x) and relu(x) are one class
    (4, 1)
    """

    shape: tuple[int, ...]
    weights: Vector
    biases: Vector
    outputs: Vector
    domain: Polytope
    symmetric: bool = True

    def __post_init__(self) -> None:
        if len(self.shape) < 3 or min(self.shape) < 1 or self.shape[-1] != 1:
            raise ShapeError(f"found the shape {self.shape}, expected one such as (1, 2, 2, 1)")
        if not self.domain.is_box or self.domain.dim != self.shape[0]:
            raise DimensionError(f"expected a box of dimension {self.shape[0]}")
        if not self.outputs or not all(self.outputs):
            raise ShapeError("found no output weights or one that is zero, expected others")
        for name in ("weights", "biases", "outputs"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    @property
    def size(self) -> int:
        """The number of networks."""
        hidden = prod(len(self.rows(k)) ** n for k, n in enumerate(self.shape[1:-1]))
        return int(hidden * len(self.outputs) ** self.shape[-2])

    def rows(self, layer: int) -> list[Vector]:
        """Return the rows that a neuron of a hidden layer may have, in order."""
        weights = product(self.weights, repeat=self.shape[layer])
        return [(*w, b) for w in weights if any(w) for b in self.biases]

    def classes(self) -> Iterator[tuple[Hidden, tuple[Class, ...]]]:
        """Yield the least hidden layers in increasing order, and the classes of each.

        What has been met as an image of something smaller is passed over.
        """
        widths = self.shape[1:-1]
        rows = [self.rows(k) for k, n in enumerate(widths) for _ in range(n)]
        met = set[Hidden]()
        for chosen in product(*rows):
            rest = iter(chosen)
            hidden = tuple(tuple(islice(rest, n)) for n in widths)
            if hidden not in met:
                images = [(symmetry.of(hidden), symmetry) for symmetry in self._symmetries]
                orbit = {image for image, _ in images}
                met |= orbit
                kept = [symmetry for image, symmetry in images if image == hidden]
                yield hidden, tuple(self._classes(kept, len(orbit)))

    def _classes(self, kept: list[_Symmetry], size: int) -> Iterator[Class]:
        met = set[Vector]()
        for outputs, multiples in self._least_multiples:
            if outputs not in met:
                orbit = {symmetry.of_outputs(outputs) for symmetry in kept}
                met |= orbit
                yield Class(outputs, size * len(orbit) * multiples)

    @cached_property
    def _least_multiples(self) -> tuple[tuple[Vector, int], ...]:
        """The output weights in order, each with its number of positive multiples."""
        rays: dict[object, list[Vector]] = {}
        for outputs in product(self.outputs, repeat=self.shape[-2]):
            ray = primitive(outputs) if self.symmetric else outputs
            rays.setdefault(ray, []).append(outputs)
        least = [(min(ray, key=lambda c: sum(map(abs, c))), len(ray)) for ray in rays.values()]
        return tuple(sorted(least))

    @cached_property
    def _symmetries(self) -> list[_Symmetry]:
        widths = self.shape[:-1]
        identity = tuple(tuple(range(n)) for n in widths)
        if not self.symmetric:
            return [_Symmetry((ONE,) * widths[0], identity)]
        even = {-w for w in self.weights} == set(self.weights)
        signs = product((ONE, -ONE) if even else (ONE,), repeat=widths[0])
        every = product(signs, product(*(permutations(order) for order in identity)))
        return [_Symmetry(s, orders) for s, orders in every if self._keeps_box(s, orders[0])]

    def _keeps_box(self, signs: Vector, order: tuple[int, ...]) -> bool:
        ends = self.domain.bounds
        moved = [
            sorted((s * ends[j].lower, s * ends[j].upper))
            for s, j in zip(signs, order, strict=True)
        ]
        return moved == [[end.lower, end.upper] for end in ends]
