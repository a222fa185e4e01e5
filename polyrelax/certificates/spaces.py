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
from itertools import islice, pairwise, product
from math import factorial, prod
from typing import Final, final

from polyrelax.arithmetic.arguments import exact_vector, numbered, require, wholes
from polyrelax.arithmetic.rational import ZERO, Vector, primitive
from polyrelax.arithmetic.readable import readable
from polyrelax.errors import ShapeError, TooLargeError
from polyrelax.networks.symmetry import (
    Element,
    Hidden,
    SignedPermutation,
    group,
    image,
    input_symmetries,
    moved,
    require_shape,
)
from polyrelax.polytopes.polytope import Polytope

LARGEST: Final = 9
"""The greatest width, and the greatest number of layers, of which certificates speak."""


@final
@readable
@dataclass(frozen=True)
class Class:
    """Output weights behind hidden layers, and how many networks are equal up to symmetry."""

    outputs: Vector
    size: int


@final
@readable
@dataclass(frozen=True)
class FiniteSpace:
    """The networks of a shape with parameters from finite sets, inputs in a box.

    With ``symmetric=False`` every network is a class of its own.

    >>> from polyrelax.arithmetic.rational import vector
    >>> signs = vector([-1, 1])
    >>> space = FiniteSpace((1, 1, 1), signs, vector([0]), signs, Polytope.box([-1], [1]))
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
        object.__setattr__(self, "shape", wholes(self.shape, "shape"))
        object.__setattr__(self, "weights", exact_vector(self.weights, "weights"))
        object.__setattr__(self, "biases", exact_vector(self.biases, "biases"))
        object.__setattr__(self, "outputs", exact_vector(self.outputs, "outputs"))
        require(self.domain, Polytope)
        require_shape(self.shape, self.domain.dim)
        if max(*self.shape, len(self.shape)) > LARGEST:
            raise TooLargeError(
                f"found the shape {'-'.join(map(str, self.shape))}, "
                f"expected at most {LARGEST} layers of at most {LARGEST} values"
            )
        if not self.domain.is_box:
            raise ShapeError("found inputs in no box, expected a product of intervals")
        if not (any(self.weights) and self.biases and self.outputs and all(self.outputs)):
            raise ShapeError("found no network: expected weights and outputs other than zero")
        for name in ("weights", "biases", "outputs"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    @property
    def size(self) -> int:
        """The number of networks."""
        weights, zeros = len(self.weights), int(ZERO in self.weights)
        size: int = len(self.outputs) ** self.shape[-2]
        for inputs, neurons in pairwise(self.shape[:-1]):
            size *= ((weights**inputs - zeros) * len(self.biases)) ** neurons
        return size

    @property
    def most_symmetries(self) -> int:
        """The number of maps that may be symmetries: no space has more."""
        if not self.symmetric:
            return 1
        return int(2 ** self.shape[0] * prod(map(factorial, self.shape[:-1])))

    def rows(self, layer: int) -> list[Vector]:
        """Return the rows that a neuron of a hidden layer may have, in order."""
        layer = numbered(layer, len(self.shape) - 2, "hidden layer")
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
                images = [(image(hidden, element), element) for element in self._symmetries]
                orbit = {other for other, _ in images}
                met |= orbit
                kept = [element for other, element in images if other == hidden]
                yield hidden, tuple(self._classes(kept, len(orbit)))

    def _classes(self, kept: list[Element], size: int) -> Iterator[Class]:
        met = set[Vector]()
        for outputs, multiples in self._least_multiples:
            if outputs not in met:
                orbit = {moved(outputs, element[-1]) for element in kept}
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
    def _symmetries(self) -> tuple[Element, ...]:
        if self.symmetric:
            inputs = input_symmetries(self.domain.bounds, self.weights)
            return tuple(group(inputs, self.shape[1:-1]))
        return (tuple(SignedPermutation(tuple(range(n)), (1,) * n) for n in self.shape[:-1]),)
