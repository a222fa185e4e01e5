r"""Networks of one variable, and encodings of monotone and of convex functions.

A convex piecewise linear function with slopes :math:`s_0 < \dots < s_n` and kinks
:math:`x_1 < \dots < x_n` is, for any signs,

.. math:: f(x) = b + c x + \sum_i (s_i - s_{i-1}) \max(\pm_i (x - x_i), 0),

with :math:`c` depending on the signs; :cite:t:`baader2024` asks which of these encodings
a relaxation bounds exactly on every interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from polyrelax.arithmetic.arguments import exactly, listed, require
from polyrelax.arithmetic.rational import (
    ONE,
    ZERO,
    Scalar,
    SparseVector,
    Vector,
    rational,
    shown,
    vector,
)
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network, network

Hinge = tuple[int, Fraction, Fraction]
"""The function gamma max(sign (x - kink), 0), as (sign, kink, gamma)."""


def absolute_value() -> Network:
    """Return ``|x|`` as max(x, 0) + max(-x, 0) (:cite:t:`baader2024`).

    >>> absolute_value()((rational(-3),))
    (Fraction(3, 1),)
    """
    return network(([[1], [-1]], [0, 0]), ([[1, 1]], [0]))


def cancelling() -> Network:
    """Return the zero function max(x, 0) - max(x, 0): on [-1, 1] triangles find [-1/2, 1/2].

    It is the smallest network that single-neuron relaxations bound inexactly (derived).

    >>> cancelling()((rational(5),))
    (Fraction(0, 1),)
    """
    return network(([[1], [1]], [0, 0]), ([[1, -1]], [0]))


def clipped_ramp() -> Network:
    """Return max(x, 0) - max(x - 1/2, 0): on [-1, 1] triangles find [-1/4, 3/4] (derived).

    >>> [str(clipped_ramp()((rational(x),))[0]) for x in (-1, "1/4", 1)]
    ['0', '1/4', '1/2']
    """
    return network(([[1], [1]], [0, "-1/2"]), ([[1, -1]], [0]))


def hat() -> Network:
    """Return max(1 - 2|x|, 0) with three neurons: P_1, M_2 and M_1 differ on it (derived).

    >>> [str(hat()((rational(x),))[0]) for x in (-1, "-1/4", 0, 1)]
    ['0', '1/2', '1', '0']
    """
    return network(([[1], [1], [1]], ["1/2", 0, "-1/2"]), ([[2, -4, 2]], [0]))


def ramp_reflected() -> Network:
    """Return max(1 - max(2 - x, 0), 0), the ramp from 0 to 1 over [1, 2].

    This is h1 of the figure "Definitions" of :cite:t:`baader2024`; its weights are read off.

    >>> [str(ramp_reflected()((rational(x),))[0]) for x in (0, "3/2", 3)]
    ['0', '1/2', '1']
    """
    return network(([[-1]], [2]), ([[-1]], [1]), ([[1]], [0]))


def ramp_difference() -> Network:
    """Return max(x - 1, 0) - max(x - 2, 0), the same ramp as h2 of that figure.

    >>> [str(ramp_difference()((rational(x),))[0]) for x in (0, "3/2", 3)]
    ['0', '1/2', '1']
    """
    return network(([[1], [1]], [-1, -2]), ([[1, -1]], [0]))


def monotone_ramps(points: Iterable[tuple[Scalar, Scalar]]) -> Network:
    """Return the increasing function through ``points``, constant outside, as a sum of ramps.

    With steps b_i and slopes s_i, two hidden layers compute
    f(x_0) + sum of b_i - max(b_i - s_i max(x - x_{i-1}, 0), 0); interval arithmetic is exact on
    every interval.  The construction realises a theorem of :cite:t:`baader2024` (derived).

    >>> ramps = monotone_ramps([(0, 0), (1, 2), (3, 3)])
    >>> [str(ramps((rational(x),))[0]) for x in (-1, "1/2", 2, 4)]
    ['0', '1', '5/2', '3']
    """
    nodes = _sorted_points(points)
    steps = [after[1] - before[1] for before, after in pairwise(nodes)]
    if any(step < 0 for step in steps):
        raise ShapeError("found a value below the one before it, expected increasing values")
    slopes = _slopes(nodes)
    diagonal = [
        [-s if i == j else ZERO for j in range(len(slopes))] for i, s in enumerate(slopes)
    ]
    return network(
        ([[1] for _ in slopes], [-x for x, _ in nodes[:-1]]),
        (diagonal, steps),
        ([[-1 for _ in slopes]], [nodes[-1][1]]),
    )


def monotone_sum(points: Iterable[tuple[Scalar, Scalar]]) -> Network:
    """Return the function through ``points`` with one hidden layer, last slope continued.

    It is f(x_0) plus the sum of (s_i - s_{i-1}) max(x - x_i, 0), constant before x_0, and equal
    to :func:`monotone_ramps` up to the last point.

    >>> [str(monotone_sum([(0, 0), (1, 2), (3, 3)])((rational(x),))[0]) for x in (-1, 2, 3)]
    ['0', '5/2', '3']
    """
    nodes = _sorted_points(points)
    slopes = [ZERO, *_slopes(nodes)]
    changes = [after - before for before, after in pairwise(slopes)]
    return network(
        ([[1] for _ in changes], [-x for x, _ in nodes[:-1]]), ([changes], [nodes[0][1]])
    )


def convex_encoding(
    slopes: Sequence[Scalar], kinks: Sequence[Scalar], signs: str, *, at_first_kink: Scalar = 0
) -> Network:
    """Return the encoding of a convex function with the given signs, such as ``"--+"``.

    The linear term, if there is one, passes the ReLU layer as a coordinate of its own.  For
    every choice of signs triangles are exact on every interval (:cite:t:`baader2024`).

    >>> magnitude = convex_encoding([-1, 1], [0], "+")
    >>> magnitude.widths, magnitude((rational(-3),))
    ((1, 2, 2, 1), (Fraction(3, 1),))
    """
    require(signs, str)
    s, x = _convex_data(slopes, kinks)
    if len(signs) != len(x) or set(signs) - {"+", "-"}:
        raise DimensionError(
            f"found signs {shown(signs)}, expected one of + and - for each of {len(x)}"
        )
    hinges = [
        (1 if sign == "+" else -1, kink, after - before)
        for sign, kink, (before, after) in zip(signs, x, pairwise(s), strict=True)
    ]
    return _hinge_network(s[0], hinges, (x[0], rational(at_first_kink)))


def convex_split_encoding(
    slopes: Sequence[Scalar], kinks: Sequence[Scalar], *, at_first_kink: Scalar = 0
) -> Network:
    """Return the encoding that DeepPoly with lower slope 0 bounds exactly on every interval.

    Signs are + right of the minimiser and - left of it; a kink where the slope changes sign
    has a neuron for either side (:cite:t:`baader2024`, the sign rule derived).

    >>> convex_split_encoding([-1, 1], [0])((rational(-3),))
    (Fraction(3, 1),)
    """
    s, x = _convex_data(slopes, kinks)
    hinges: list[Hinge] = []
    for kink, (before, after) in zip(x, pairwise(s), strict=True):
        falling = min(after, ZERO) - min(before, ZERO)
        rising = max(after, ZERO) - max(before, ZERO)
        hinges += [(-1, kink, falling)] if falling else []
        hinges += [(1, kink, rising)] if rising else []
    return _hinge_network(s[0], hinges, (x[0], rational(at_first_kink)))


def _hinge_network(first_slope: Fraction, hinges: Sequence[Hinge], anchor: Vector) -> Network:
    """Return the sum of the hinges and the linear term that makes slope and anchor right."""
    slope = first_slope + sum((gamma for sign, _, gamma in hinges if sign < 0), ZERO)
    x, value = anchor
    at_anchor = sum((gamma * max(sign * (x - k), ZERO) for sign, k, gamma in hinges), slope * x)
    n = len(hinges)
    carried: tuple[SparseVector, ...] = (((0, ONE),),) if slope else ()
    rows: tuple[SparseVector, ...] = tuple(((0, Fraction(sign)),) for sign, _, _ in hinges)
    bias = (*(-sign * kink for sign, kink, _ in hinges), *(ZERO for _ in carried))
    width = n + len(carried)
    out = (
        *((i, gamma) for i, (_, _, gamma) in enumerate(hinges)),
        *((n, slope) for _ in carried),
    )
    relu = ReLU(width, tuple(range(n)) if carried else None)
    return Network(
        (Affine(rows + carried, bias, 1), relu, Affine((out,), (value - at_anchor,), width))
    )


def _convex_data(slopes: Sequence[Scalar], kinks: Sequence[Scalar]) -> tuple[Vector, Vector]:
    s, x = vector(slopes), vector(kinks)
    if len(s) != len(x) + 1 or not x:
        raise DimensionError(
            f"found {amount(len(s), 'slope')} and {amount(len(x), 'kink')}, "
            "expected one more slope"
        )
    if any(a >= b for values in (s, x) for a, b in pairwise(values)):
        raise ShapeError(
            "found slopes or kinks that do not increase, expected a convex function"
        )
    return s, x


def _sorted_points(points: Iterable[tuple[Scalar, Scalar]]) -> list[tuple[Fraction, Fraction]]:
    pairs = [exactly(point, 2, "two numbers") for point in listed(points, "points")]
    nodes = [(rational(x), rational(y)) for x, y in pairs]
    if len(nodes) < 2 or any(a[0] >= b[0] for a, b in pairwise(nodes)):
        raise ShapeError("expected two points or more, from left to right")
    return nodes


def _slopes(nodes: Sequence[tuple[Fraction, Fraction]]) -> list[Fraction]:
    return [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(nodes)]
