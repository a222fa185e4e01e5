r"""The steps that take a function of one variable apart, as :mod:`.plans` explains them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias, assert_never, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.arithmetic.readable import readable
from polyrelax.expressivity.constructions.shapes import clamped, extremes, turns
from polyrelax.expressivity.piecewise import (
    Line,
    Piecewise,
    Range,
    ends_of,
    inner_points,
    joined,
)


@final
@readable
@dataclass(frozen=True)
class Clamp:
    """The same function on the part of the inputs between its flat ends."""

    f: Piecewise
    inside: Range
    ends: Range


@final
@readable
@dataclass(frozen=True)
class Mirror:
    """The function of the distance from a place, whose left side runs at another speed."""

    f: Piecewise
    end: Fraction | None
    place: Fraction
    speed: Fraction


@final
@readable
@dataclass(frozen=True)
class Fold:
    """The function whose absolute value, times a sign, lies on a level."""

    f: Piecewise
    level: Fraction
    sign: Fraction


@final
@readable
@dataclass(frozen=True)
class Split:
    """Functions that add up, with an offset, to the function."""

    functions: tuple[Piecewise, ...]
    offset: Fraction


Step: TypeAlias = Clamp | Mirror | Fold | Split


def steps(f: Piecewise, within: Range) -> list[Step]:
    """Return all first steps for a function with turns on an interval.

    >>> found = steps(Piecewise.of_slopes([-1, 1, -1, 1], [-1, 0, 1]), (None, None))
    >>> [type(step).__name__ for step in found]
    ['Mirror', 'Fold', 'Fold']
    """
    require(f, Piecewise)
    within = ends_of(within)
    return [
        *_without_flat_ends(f, within),
        *_mirrors(f, within),
        *_folds(f, within),
        *_splits(f, within),
    ]


def _without_flat_ends(f: Piecewise, within: Range) -> Iterator[Clamp]:
    lower = f.breaks[0] if not f.slopes[0] else None
    upper = f.breaks[-1] if not f.slopes[-1] else None
    if lower is not None or upper is not None:
        inside = (within[0] if lower is None else lower, within[1] if upper is None else upper)
        yield Clamp(f, inside, (lower, upper))


def _mirrors(f: Piecewise, within: Range) -> Iterator[Mirror]:
    for place in _middles(f):
        right = _seen_from(f, place, within[1], ONE)
        left = _seen_from(f, place, within[0], -ONE)
        speed = _speed(left[0], right[0])
        if speed is None:
            continue
        longer = _longer(_stretched(left, 1 / speed), right)
        if longer is not None:
            yield Mirror(*longer, place, speed)


def _middles(f: Piecewise) -> Iterator[Fraction]:
    """Yield where the function may be the same on both sides: turns, and places in flats."""
    triples = zip(f.slopes[:-1], f.slopes[1:], (*f.slopes[2:], ZERO), strict=True)
    for (before, slope, after), x, y in zip(
        triples, f.breaks, (*f.breaks[1:], f.breaks[-1]), strict=True
    ):
        if before * slope < 0:
            yield x
        if not slope and before * after < 0:
            yield (before * x - after * y) / (before - after)


_Side: TypeAlias = tuple[Piecewise, Fraction | None]
"""A function of the distance from a place, and how far it goes."""


def _seen_from(f: Piecewise, place: Fraction, end: Fraction | None, sign: Fraction) -> _Side:
    """Return ``t -> f(place + sign t)`` for the distances from 0 to the end."""
    breaks = [(x - place) * sign for x in f.breaks]
    lines = [Line(line.slope * sign, line(place)) for line in f.lines]
    turned = Piecewise(tuple(breaks), tuple(lines)) if sign > 0 else _turned(breaks, lines)
    return turned.on(ZERO, None), None if end is None else (end - place) * sign


def _turned(breaks: Sequence[Fraction], lines: Sequence[Line]) -> Piecewise:
    return Piecewise(tuple(reversed(breaks)), tuple(reversed(lines)))


def _speed(left: Piecewise, right: Piecewise) -> Fraction | None:
    """Return how much faster the left side runs, as its first slopes or first kinks say."""
    if left.slopes[0] * right.slopes[0] > 0:
        return left.slopes[0] / right.slopes[0]
    if not (left.slopes[0] or right.slopes[0]) and left.breaks and right.breaks:
        return right.breaks[0] / left.breaks[0]
    return None


def _stretched(side: _Side, factor: Fraction) -> _Side:
    """Return ``t -> f(factor t)``."""
    f, end = side
    breaks = tuple(x / factor for x in f.breaks)
    lines = tuple(Line(line.slope * factor, line.offset) for line in f.lines)
    return Piecewise(breaks, lines), None if end is None else end / factor


def _longer(one: _Side, two: _Side) -> _Side | None:
    """Return the one that goes farther, if the other agrees with it as far as it goes."""
    short, long = sorted((one, two), key=lambda side: (side[1] is None, side[1] or ZERO))
    f, end = short
    return long if f.on(ZERO, end) == long[0].on(ZERO, end) else None


def _folds(f: Piecewise, within: Range) -> Iterator[Fold]:
    least, greatest = extremes(f, within)
    for k, place in enumerate(f.breaks):
        before, after, value = f.slopes[k], f.slopes[k + 1 :], f(place)
        if before and any(after):  # else no turn starts here
            for extreme, sign in ((least, ONE), (greatest, -ONE)):
                if value == extreme:
                    yield Fold(_flipped(f, place), value, sign)


def _flipped(f: Piecewise, place: Fraction) -> Piecewise:
    """Return ``f - f(place)`` left of a place and its negative right of it."""
    level = f(place)
    before = sum(x < place for x in f.breaks)
    after = sum(x <= place for x in f.breaks)
    left = [Line(line.slope, line.offset - level) for line in f.lines[: before + 1]]
    right = [Line(-line.slope, level - line.offset) for line in f.lines[after:]]
    return joined((*f.breaks[:before], place, *f.breaks[after:]), [*left, *right])


def _splits(f: Piecewise, within: Range) -> Iterator[Split]:
    for sign in (ONE, -ONE):
        kinks = {x for x in f.breaks if _separates(f, x, within, sign)}
        cuts = {x for x in _cuts(f) if _separates(f, x, within, sign)}
        if kinks:
            yield _split(f, sorted(kinks))
        for cut in sorted(cuts):
            yield _split(f, sorted({*kinks, cut}))


def _cuts(f: Piecewise) -> Iterator[Fraction]:
    """Yield where the outermost lines reach the value of a kink."""
    outside = ((f.lines[0], f.breaks[0], -1), (f.lines[-1], f.breaks[-1], 1))
    for line, last, side in outside:
        for level in {f(x) for x in f.breaks} if line.slope else ():
            x = (level - line.offset) / line.slope
            if (x - last) * side > 0:
                yield x


def _separates(f: Piecewise, place: Fraction, within: Range, sign: Fraction) -> bool:
    """Whether ``sign f`` is at most its value here on the left, and at least that right."""
    lower, upper = within
    if not ((lower is None or lower < place) and (upper is None or place < upper)):
        return False
    left, right = extremes(f, (lower, place)), extremes(f, (place, upper))
    if any(end is not None and end == other for end, other in (left, right)):
        return False  # a side is constant: nothing is separated
    low, high = (left[1], right[0]) if sign > 0 else (left[0], right[1])
    return low == high == f(place)


def _split(f: Piecewise, places: Sequence[Fraction]) -> Split:
    """Return the parts between separators, the monotone ones as one."""
    pieces = [clamped(f, *window) for window in pairwise((None, *places, None))]
    monotone = [piece for piece in pieces if piece.is_monotone]
    others = [piece for piece in pieces if not piece.is_monotone]
    together = [_sum(monotone)] if monotone else []
    return Split((*together, *others), -sum((f(x) for x in places), ZERO))


def _sum(functions: Sequence[Piecewise]) -> Piecewise:
    breaks = sorted({x for f in functions for x in f.breaks})
    places = inner_points(breaks)
    lines = [[f.lines[sum(b < x for b in f.breaks)] for f in functions] for x in places]
    added = [
        Line(sum((a.slope for a in here), ZERO), sum((a.offset for a in here), ZERO))
        for here in lines
    ]
    return joined(breaks, added)


def look(step: Step) -> tuple[int, int]:
    """Return the greatest number of turns that a step leaves to one part, and a rank.

    >>> line = Piecewise.of_slopes([1], [])
    >>> look(Fold(line, ZERO, ONE)) < look(Clamp(line, (None, None), (None, None)))
    True
    """
    require(step, Step, "a step")
    match step:
        case Clamp(f):
            return turns(f), 2
        case Mirror(f):
            return turns(f), 0
        case Fold(f):
            return turns(f), 1
        case Split(functions):
            return max(map(turns, functions)), 1
        case _:
            assert_never(step)
