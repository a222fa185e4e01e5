r"""The shapes of networks with one output, the groups that act on these, and their orbits.

An element of :math:`G = H \times S_{n_1} \times \dots \times S_{n_L}` fixes a network iff, in
each layer, permuting the rows undoes the permutation of the columns by the layer before.  By
the lemma of Cauchy, Frobenius and Burnside the number of orbits is

.. math:: \frac{1}{|G|} \sum_{g \in G} \prod_{k=1}^{L}
          \prod_{\text{cycles } z \text{ of } \pi_k} |\text{Fix}(\pi_{k-1}^{|z|})|
          \cdot |\text{Fix}_{\text{outputs}}(\pi_L)| .
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, reduce
from itertools import pairwise, permutations, product
from math import factorial, prod
from typing import NamedTuple, TypeAlias

from polyrelax.arithmetic.arguments import (
    all_of,
    dimension,
    exact_vector,
    exact_vectors,
    listed,
    require,
    wholes,
)
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, ShapeError

Permutation = tuple[int, ...]
Rows: TypeAlias = tuple[Vector, ...]
"""The rows of a hidden layer, each with its bias last."""
Hidden: TypeAlias = tuple[Rows, ...]
"""The rows of all hidden layers."""


def require_shape(shape: Sequence[int], dim: int) -> None:
    """Refuse what is no shape of a network of ``dim`` inputs with one output.

    >>> require_shape((1, 2, 2, 1), 1)
    """
    shape = wholes(shape, "shape")
    dim = dimension(dim, "a dimension")
    if len(shape) < 3 or min(shape) < 1 or shape[-1] != 1:
        raise ShapeError(
            f"found the shape {'-'.join(map(str, shape))}, "
            "expected a hidden layer, no empty layer and one output, such as 1-2-2-1"
        )
    if dim != shape[0]:
        raise DimensionError(f"found a box of dimension {dim}, expected {shape[0]}")


class SignedPermutation(NamedTuple):
    """The map that puts ``signs[i] * x[order[i]]`` in place ``i``."""

    order: Permutation
    signs: Permutation

    def then(self, other: SignedPermutation) -> SignedPermutation:
        """Return this map followed by another one."""
        require(other, SignedPermutation)
        order = tuple(self.order[j] for j in other.order)
        signs = tuple(self.signs[j] * s for j, s in zip(other.order, other.signs, strict=True))
        return SignedPermutation(order, signs)


Element: TypeAlias = tuple[SignedPermutation, ...]
"""An element of G: what it does to the inputs, then to the neurons of each hidden layer."""


def group(inputs: Sequence[SignedPermutation], widths: Sequence[int]) -> Iterator[Element]:
    """Yield the elements of G, for the symmetries of the inputs and the hidden widths.

    >>> len(list(group([SignedPermutation((0,), (1,))], (2, 3))))
    12
    """
    inputs = all_of(inputs, SignedPermutation, "symmetries")
    widths = wholes(widths, "widths")
    return product(inputs, *map(_permutations, widths))


def image(hidden: Hidden, element: Element) -> Hidden:
    """Return the hidden layers that an element of G makes of some.

    >>> from polyrelax.arithmetic.rational import vector
    >>> swap, flip = SignedPermutation((1, 0), (1, 1)), SignedPermutation((0,), (-1,))
    >>> found = image(((vector([1, 2]), vector([3, 4])),), (flip, swap))
    >>> [list(map(str, row)) for row in found[0]]
    [['-3', '4'], ['-1', '2']]
    """
    return tuple(
        tuple(permuted(rows[i], columns) for i in order.order)
        for rows, (columns, order) in zip(hidden, pairwise(element), strict=True)
    )


def moved(entries: Vector, symmetry: SignedPermutation) -> Vector:
    """Return entries, one for each neuron, in another order.

    >>> from polyrelax.arithmetic.rational import vector
    >>> [str(c) for c in moved(vector([5, 7]), SignedPermutation((1, 0), (1, 1)))]
    ['7', '5']
    """
    return tuple(entries[j] for j in symmetry.order)


def permuted(row: Vector, symmetry: SignedPermutation) -> Vector:
    """Return a row with its weights moved, and its bias, the last entry, kept.

    >>> from polyrelax.arithmetic.rational import vector
    >>> [str(a) for a in permuted(vector([1, 2, 3]), SignedPermutation((1, 0), (1, -1)))]
    ['2', '-1', '3']
    """
    order, signs = symmetry
    return (*(s * row[j] for j, s in zip(order, signs, strict=True)), row[-1])


def input_symmetries(box: Sequence[Interval], values: Vector) -> tuple[SignedPermutation, ...]:
    """Return the signed permutations that keep a box, and ``values`` if they change signs.

    >>> from fractions import Fraction
    >>> unit = Interval(Fraction(-1), Fraction(1))
    >>> len(input_symmetries([unit, unit], (Fraction(-1), Fraction(1))))
    8
    """
    box = all_of(box, Interval, "intervals")
    values = exact_vector(values, "values")
    if not box:
        raise DimensionError("found a box of dimension 0, expected at least 1")
    even = {-value for value in values} == set(values)
    found = (
        SignedPermutation(order, signs)
        for order in permutations(range(len(box)))
        for signs in product((1, -1), repeat=len(box))
    )
    return tuple(
        g for g in found if (even or min(g.signs) > 0) and _image(box, g) == tuple(box)
    )


def count_orbits(
    symmetries: Sequence[SignedPermutation],
    widths: Sequence[int],
    choices: Sequence[Sequence[Vector]],
    outputs: frozenset[Vector],
) -> int:
    """Return the number of orbits of networks with rows in ``choices``, layer by layer.

    The widths are those of the hidden layers; ``outputs`` holds the output weights, closed
    under permutations.

    Two neurons with two rows to choose from are one of three unordered pairs:

    >>> from polyrelax.arithmetic.rational import vector
    >>> rows, outputs = [vector([1, 0]), vector([1, 1])], frozenset([vector([1, 1])])
    >>> count_orbits([SignedPermutation((0,), (1,))], (2,), [rows], outputs)
    3
    """
    symmetries = all_of(symmetries, SignedPermutation, "symmetries")
    widths = wholes(widths, "widths")
    rows = [exact_vectors(each, "rows") for each in listed(choices, "choices of rows")]
    patterns = exact_vectors(outputs, "output weights")
    if any(len(pattern) != widths[-1] for pattern in patterns) if widths else patterns:
        raise DimensionError("found output weights of another number than neurons")
    if not symmetries or len(rows) != len(widths):
        found = (
            f"found {amount(len(symmetries), 'symmetry', 'symmetries')}, "
            f"{amount(len(widths), 'width')} and {amount(len(rows), 'choice')}"
        )
        raise DimensionError(
            f"{found}, expected a symmetry or more and a choice for each width"
        )

    @cache
    def fixed_rows(layer: int, columns: SignedPermutation) -> int:
        return sum(permuted(row, columns) == row for row in rows[layer])

    total = 0
    for element in group(symmetries, widths):
        fixed = sum(moved(pattern, element[-1]) == pattern for pattern in patterns)
        for layer, (columns, order) in enumerate(pairwise(element)):
            for length in _cycle_lengths(order.order):
                fixed *= fixed_rows(layer, _power(columns, length))
        total += fixed
    return total // (len(symmetries) * prod(map(factorial, widths)))


def _permutations(size: int) -> Iterator[SignedPermutation]:
    ones = (1,) * size
    return (SignedPermutation(order, ones) for order in permutations(range(size)))


def _cycle_lengths(order: Permutation) -> Iterator[int]:
    left = set(range(len(order)))
    while left:
        start = left.pop()
        length, place = 1, order[start]
        while place != start:
            left.remove(place)
            length, place = length + 1, order[place]
        yield length


def _power(symmetry: SignedPermutation, exponent: int) -> SignedPermutation:
    return reduce(lambda g, _: g.then(symmetry), range(exponent - 1), symmetry)


def _image(box: Sequence[Interval], symmetry: SignedPermutation) -> tuple[Interval, ...]:
    """Return the intervals of the coordinates of the image of a box."""
    moved = (box[j] for j in symmetry.order)
    return tuple(
        z if sign > 0 else Interval(-z.upper, -z.lower)
        for z, sign in zip(moved, symmetry.signs, strict=True)
    )
