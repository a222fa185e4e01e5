r"""Networks of functions of one variable that triangles and DeepPoly-0 bound exactly.

Every continuous piecewise linear function of one variable has such a network
(:mod:`.plans` says why).  Here the plans made there become
networks: a sequence of affine maps with a ReLU between neighbours, each applied to all
coordinates.  What waits for a deeper summand passes as a neuron whose input is provably not
negative: its distance to a bound of the summand where it has one, else its positive and its
negative part.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from typing import assert_never

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.expressivity.constructions.encodings import merge_parallel, monotone_encoding
from polyrelax.expressivity.constructions.plans import (
    Clamped,
    Curved,
    Folded,
    Mirrored,
    Monotone,
    Part,
    Plan,
    Straight,
    Summed,
    plan,
)
from polyrelax.expressivity.constructions.shapes import negative
from polyrelax.expressivity.piecewise import Piecewise, Range, ends_of
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network, concatenate, network
from polyrelax.networks.rewrite import fold, negate


def precise_encoding(function: Piecewise, within: Range = (None, None)) -> Network:
    """Return a network that triangles and DeepPoly-0 bound exactly on all intervals inside.

    >>> rising = Piecewise.of_slopes([1, -1, 1], [2, 3], at_first_kink=2)
    >>> found = precise_encoding(rising)
    >>> found.widths, Piecewise.of_network(found) == rising
    ((1, 2, 2, 3, 3, 3, 3, 1), True)
    """
    require(function, Piecewise)
    within = ends_of(within)
    return merge_parallel(_realised(plan(function, within)))


def _realised(chosen: Plan) -> Network:
    match chosen:
        case Straight(line):
            found = network(([[line.slope]], [line.offset]))
        case Curved(function):
            found = _curved(function)
        case Monotone(function):
            found = monotone_encoding(function)
        case Clamped(inner, ends):
            found = _clamped(_realised(inner), ends)
        case Folded(inner, level, sign):
            found = _after(_vee(ZERO, sign, sign, level), _realised(inner))
        case Mirrored(inner, place, left, right):
            found = _after(_realised(inner), _vee(place, left, right))
        case Summed(parts, offset):
            found = _summed(parts, offset)
        case _:
            assert_never(chosen)
    return found


def _after(outer: Network, inner: Network) -> Network:
    """Return the network of ``outer(inner(x))``, the affine maps where they meet made one."""
    return fold((outer @ inner).layers)


def _vee(place: Fraction, left: Fraction, right: Fraction, level: Fraction = ZERO) -> Network:
    """Return the network of ``level + left max(place - x, 0) + right max(x - place, 0)``."""
    return network(([[-1], [1]], [place, -place]), ([[left, right]], [level]))


def _clamped(inner: Network, ends: Range) -> Network:
    """Return the network of a function of the input clamped to an interval."""
    lower, upper = ends
    if upper is not None:
        inner = _after(inner, _hinge(upper, -ONE))
    return inner if lower is None else _after(inner, _hinge(lower, ONE))


def _hinge(place: Fraction, sign: Fraction) -> Network:
    """Return the network of the greater (sign 1) or lesser (-1) of the input and a number."""
    return network(([[sign]], [-sign * place]), ([[sign]], [place]))


def _curved(function: Piecewise) -> Network:
    r"""Return the network of a convex or concave function of one hidden layer.

    A convex one is a constant and hinges that rise to the right of where the slope is positive
    and to the left of where it is negative.  If it is positive everywhere, the line left of the
    first kink is a hinge that falls to the left; likewise if it is negative everywhere.
    """
    if not function.is_convex:
        return negate(_curved(negative(function)))
    first, *inner, last = function.slopes
    kinks = function.breaks
    rising = [ZERO, *(max(s, ZERO) for s in (*inner, last))]
    falling = [*(min(s, ZERO) for s in (first, *inner)), ZERO]
    hinges = [
        *((ONE, x, b - a) for x, (a, b) in zip(kinks, pairwise(rising), strict=True)),
        *((-ONE, x, b - a) for x, (a, b) in zip(kinks, pairwise(falling), strict=True)),
        (-ONE, kinks[0], -max(first, ZERO)),
        (ONE, kinks[-1], min(last, ZERO)),
    ]
    used = [hinge for hinge in hinges if hinge[2]]
    start = sum((w * max(sign * (kinks[0] - x), ZERO) for sign, x, w in used), ZERO)
    return network(
        ([[sign] for sign, _, _ in used], [-sign * x for sign, x, _ in used]),
        ([[w for _, _, w in used]], [function(kinks[0]) - start]),
    )


def _summed(parts: Sequence[Part], offset: Fraction) -> Network:
    """Return the network of a sum, the shallower parts waiting for the deeper ones."""
    depth = max(part.plan.depth for part in parts)
    beside = reduce(concatenate, (_waiting(part, depth) for part in parts))
    total = Affine.dense([[1] * beside.out_dim], [offset])
    return fold([*beside.layers, total])


def _waiting(part: Part, depth: int) -> Network:
    """Return the network with as many layers more as it takes, of stable neurons."""
    found = _realised(part.plan)
    for _ in range(depth - part.plan.depth):
        found = _after(_stable(part), found)
    return found


def _stable(part: Part) -> Network:
    """Return the network of the identity, by neurons whose inputs are not negative."""
    if part.least is not None:
        return _hinge(part.least, ONE)
    return _hinge(part.greatest, -ONE) if part.greatest is not None else _vee(ZERO, -ONE, ONE)
