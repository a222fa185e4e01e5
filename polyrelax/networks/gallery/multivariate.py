"""Networks of several variables: gaps of P_1, convex networks, the convex barrier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from polyrelax.arithmetic.arguments import exact_vectors, exactly, listed
from polyrelax.arithmetic.rational import ONE, ZERO, Scalar, SparseVector, rational, shown
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.layers import Affine, Layer, ReLU
from polyrelax.networks.network import Network, network

ConvexLayer = tuple[Iterable[Iterable[Scalar]], Iterable[Iterable[Scalar]], Iterable[Scalar]]
"""A hidden-to-hidden weight, not negative, an input-to-hidden weight, and a bias."""


def unbounded_gap(
    interval: tuple[Scalar, Scalar], height: Scalar, *, in_dim: int = 1
) -> Network:
    """Return a network whose least value P_1 underestimates by ``height`` or more.

    ``interval`` is the range of coordinate 0 over the input polytope.  It is mapped to the
    broken line {(s, 0): s <= 1} and {(s, s - 1): s >= 1}, 0 <= s <= 2, and the output is
    ``2 height (|y_0 - 1| + |y_1 - 1/2|)``: the hull of the line contains (1, 1/2), where
    that is 0.
    Weights as in the Lean file `theorem33Polytope` of the authors of [mao2024, v4],
    Theorem 3.3.  Negate it for the greatest value.

    >>> [str(unbounded_gap((-1, 1), 1)((rational(x),))[0]) for x in (-1, 0, 1)]
    ['3', '1', '3']
    """
    a, b = map(rational, exactly(interval, 2, "two ends of an interval"))
    factor = 2 * rational(height)
    if a >= b:
        raise ShapeError(
            f"found the interval [{shown(a)}, {shown(b)}], expected one of positive length"
        )
    slope = 2 / (b - a)
    shift = -(a + b) / (b - a)
    first = Affine((((0, slope),),) * 2, (shift + 1, shift), in_dim)
    distances = Affine.dense([[1, 0], [-1, 0], [0, 1], [0, -1]], [-1, 1, "-1/2", "1/2"])
    return Network((first, ReLU(2), distances, ReLU(4), Affine.dense([[factor] * 4])))


def section_three_example() -> Network:
    """Return the network of Section 3 of [mao2024, v4], with a suffix of our own.

    The first layer takes [-1, 1]^2 to a rectangle (weights read off the figure); its ReLU
    image U lies below u_1 + u_2 = 1 and on the axes, and the hull of U contains (1, 1).  The
    suffix max(1 - u_1, 0) + max(1 - u_2, 0) is at least 1 on U and 0 there (derived).

    >>> example = section_three_example()
    >>> example((ZERO, ZERO)), example((ONE, ONE))
    ((Fraction(2, 1),), (Fraction(1, 1),))
    """
    return network(
        ([[1, "-3/2"], [1, "3/2"]], ["-1/2", "-1/2"]),
        ([[-1, 0], [0, -1]], [1, 1]),
        ([[1, 1]], [0]),
    )


def salman_example() -> Network:
    """Return a 2-2-2-1 network on which six methods find six different lower bounds.

    On [-1, 1]^2 they run from -2 (intervals) through -2/3 (triangles) to the minimum 0.
    The methods are those of :cite:t:`salman2019`, the network is derived.

    >>> salman_example()((-ONE, ONE))
    (Fraction(0, 1),)
    """
    return network(
        ([[-2, -1], [-1, -2]], [1, 1]), ([[-1, 0], [1, -1]], [0, -1]), ([[-1, -1]], [1])
    )


def input_convex(hidden: Sequence[ConvexLayer], output: ConvexLayer) -> Network:
    r"""Return an input-convex network, whose output is a convex function of its input.

    Layer i computes z' = max(H z + W x + b, 0) with H >= 0, the output is H z + W x + b, and
    the first H has no columns.  The input passes each ReLU as coordinates of its own.  P_1 is
    exact on every polytope (derived).

    >>> absolute = input_convex([([[], []], [[1], [-1]], [0, 0])], ([[1, 1]], [[0]], [0]))
    >>> absolute((rational(-3),))
    (Fraction(3, 1),)
    """
    layers: list[Layer] = []
    width = 0
    for data in listed(hidden, "layers"):
        affine = _joint(data, width)
        inputs, width = affine.in_dim - width, affine.out_dim
        layers += [_with_inputs(affine, inputs, first=not layers)]
        layers += [ReLU(width + inputs, tuple(range(width)))]
    return Network((*layers, _joint(output, width)))


def _joint(data: ConvexLayer, width: int) -> Affine:
    """Return the map ``(z, x) -> H z + W x + b``, having checked H."""
    first, second, bias = exactly(data, 3, "two matrices and a bias")
    above, beside = (exact_vectors(rows, "rows") for rows in (first, second))
    if len(above) != len(beside):
        found = f"found {amount(len(above), 'row')} and {len(beside)}"
        raise DimensionError(f"{found}, expected the same number")
    if any(entry < 0 for row in above for entry in row):
        raise ShapeError("found a negative hidden weight, expected a convex network")
    if any(len(row) != width for row in above):
        raise DimensionError(
            f"found a hidden weight that does not have {amount(width, 'column')}"
        )
    return Affine.dense([z + x for z, x in zip(above, beside, strict=True)], bias)


def _with_inputs(affine: Affine, inputs: int, *, first: bool) -> Affine:
    """Return the map ``(z, x) -> (affine(z, x), x)``."""
    start = 0 if first else affine.in_dim - inputs
    carried: tuple[SparseVector, ...] = tuple(((start + j, ONE),) for j in range(inputs))
    return Affine(affine.rows + carried, affine.bias + (ZERO,) * inputs, affine.in_dim)
