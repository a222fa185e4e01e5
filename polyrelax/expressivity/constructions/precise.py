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
from itertools import pairwise
from typing import TypeAlias, assert_never

from polyrelax.arithmetic.rational import ONE, ZERO, SparseVector
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
from polyrelax.expressivity.open_cells import Range
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network

_Maps: TypeAlias = tuple[Affine, ...]


def precise_encoding(function: Piecewise, within: Range = (None, None)) -> Network:
    """Return a network that triangles and DeepPoly-0 bound exactly on all intervals inside.

    >>> rising = Piecewise.of_slopes([1, -1, 1], [2, 3], at_first_kink=2)
    >>> found = precise_encoding(rising)
    >>> found.widths, Piecewise.of_network(found) == rising
    ((1, 2, 2, 3, 3, 3, 3, 1), True)
    """
    maps = _maps(plan(function, within))
    layers = [layer for each in maps for layer in (each, ReLU(each.out_dim))]
    return merge_parallel(Network(tuple(layers[:-1])))


def _maps(chosen: Plan) -> _Maps:
    match chosen:
        case Straight(line):
            maps: _Maps = (Affine.dense([[line.slope]], [line.offset]),)
        case Curved(function):
            maps = _curved(function)
        case Monotone(function):
            maps = _monotone(function)
        case Clamped(inner, ends):
            maps = _clamped(_maps(inner), ends)
        case Folded(inner, level, sign):
            maps = _after(_vee(ZERO, sign, sign, level), _maps(inner))
        case Mirrored(inner, place, left, right):
            maps = _after(_maps(inner), _vee(place, left, right))
        case Summed(parts, offset):
            maps = _summed(parts, offset)
        case _:
            assert_never(chosen)
    return maps


def _after(outer: _Maps, inner: _Maps) -> _Maps:
    """Return the maps of ``outer(inner(x))``."""
    return (*inner[:-1], outer[0].after(inner[-1]), *outer[1:])


def _monotone(function: Piecewise) -> _Maps:
    layers = monotone_encoding(function).layers
    return tuple(layer for layer in layers if isinstance(layer, Affine))


def _vee(place: Fraction, left: Fraction, right: Fraction, level: Fraction = ZERO) -> _Maps:
    """Return the maps of ``level + left max(place - x, 0) + right max(x - place, 0)``."""
    return Affine.dense([[-1], [1]], [place, -place]), Affine.dense([[left, right]], [level])


def _clamped(inner: _Maps, ends: Range) -> _Maps:
    """Return the maps of a function of the input clamped to an interval."""
    lower, upper = ends
    if upper is not None:
        inner = _after(inner, _hinge(upper, -ONE))
    return inner if lower is None else _after(inner, _hinge(lower, ONE))


def _hinge(place: Fraction, sign: Fraction) -> _Maps:
    """Return the maps of the greater (sign 1) or lesser (-1) of the input and a number."""
    return Affine.dense([[sign]], [-sign * place]), Affine.dense([[sign]], [place])


def _curved(function: Piecewise) -> _Maps:
    r"""Return the maps of a convex or concave function of one hidden layer.

    A convex one is a constant and hinges that rise to the right of where the slope is positive
    and to the left of where it is negative.  If it is positive everywhere, the line left of the
    first kink is a hinge that falls to the left; likewise if it is negative everywhere.
    """
    if not function.is_convex:
        return _after((Affine.dense([[-1]]),), _curved(negative(function)))
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
    hidden = Affine.dense([[sign] for sign, _, _ in used], [-sign * x for sign, x, _ in used])
    return hidden, Affine.dense([[w for _, _, w in used]], [function(kinks[0]) - start])


def _summed(parts: Sequence[Part], offset: Fraction) -> _Maps:
    """Return the maps of a sum, the shallower parts waiting for the deeper ones."""
    depth = max(part.plan.depth for part in parts)
    beside = zip(*(_waiting(_maps(part.plan), part, depth) for part in parts), strict=True)
    first, *rest = beside
    start = Affine(
        tuple(row for each in first for row in each.rows),
        tuple(b for each in first for b in each.bias),
        1,
    )
    *middle, last = [start, *(_diagonal(maps) for maps in rest)]
    total = Affine.dense([[1] * last.out_dim], [offset])
    return (*middle, total.after(last))


def _waiting(maps: _Maps, part: Part, depth: int) -> _Maps:
    """Return the maps with as many layers more as it takes, of stable neurons."""
    while len(maps) <= depth:
        maps = _after(_stable(part), maps)
    return maps


def _stable(part: Part) -> _Maps:
    """Return the maps of the identity, by neurons whose inputs are not negative."""
    if part.least is not None:
        return _hinge(part.least, ONE)
    return _hinge(part.greatest, -ONE) if part.greatest is not None else _vee(ZERO, -ONE, ONE)


def _diagonal(maps: Sequence[Affine]) -> Affine:
    """Return the map of maps side by side, each of inputs of its own."""
    rows: list[SparseVector] = []
    start = 0
    for each in maps:
        rows += (tuple((start + j, a) for j, a in row) for row in each.rows)
        start += each.in_dim
    return Affine(tuple(rows), tuple(b for each in maps for b in each.bias), start)
