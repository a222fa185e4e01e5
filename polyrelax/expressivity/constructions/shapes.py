r"""Functions of one variable on an interval: their extremes, turns and clamps."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from polyrelax.arithmetic.arguments import exact, require
from polyrelax.arithmetic.rational import ZERO
from polyrelax.expressivity.piecewise import Line, Piecewise, Range, ends_of, joined


def clamped(f: Piecewise, lower: Fraction | None, upper: Fraction | None) -> Piecewise:
    """Return ``x -> f(min(max(x, lower), upper))``.

    >>> str(clamped(Piecewise.of_slopes([1], []), Fraction(0), Fraction(2)))
    'slopes 0, 1, 0; kinks 0, 2'
    """
    require(f, Piecewise)
    lower = None if lower is None else exact(lower)
    upper = None if upper is None else exact(upper)
    inside = f.on(lower, upper)
    breaks, lines = list(inside.breaks), list(inside.lines)
    if lower is not None:
        breaks, lines = [lower, *breaks], [Line(ZERO, f(lower)), *lines]
    if upper is not None:
        breaks, lines = [*breaks, upper], [*lines, Line(ZERO, f(upper))]
    return joined(breaks, lines)


def extremes(f: Piecewise, within: Range) -> tuple[Fraction | None, Fraction | None]:
    """Return the infimum and the supremum on an interval, ``None`` if they are infinite.

    >>> extremes(Piecewise.of_slopes([-1, 1], [0]), (Fraction(-2), None))
    (Fraction(0, 1), None)
    """
    require(f, Piecewise)
    within = ends_of(within)
    lower, upper = within
    g = f.on(lower, upper)
    values = [f(x) for x in (*g.breaks, lower, upper) if x is not None]
    values += [line.offset for line in (g.lines[0], g.lines[-1]) if not line.slope]
    speeds = [-g.slopes[0]] if lower is None else []
    speeds += [g.slopes[-1]] if upper is None else []
    least = None if any(v < 0 for v in speeds) else min(values)
    greatest = None if any(v > 0 for v in speeds) else max(values)
    return least, greatest


def negative(f: Piecewise) -> Piecewise:
    """Return ``-f``.

    >>> str(negative(Piecewise.of_slopes([-1, 1], [0])))
    'slopes 1, -1; kinks 0'
    """
    require(f, Piecewise)
    return Piecewise(f.breaks, tuple(Line(-line.slope, -line.offset) for line in f.lines))


def turns(f: Piecewise) -> int:
    """Return how often a function changes between rising and falling.

    >>> turns(Piecewise.of_slopes([1, 0, -1, 1], [0, 1, 2]))
    2
    """
    require(f, Piecewise)
    signs = [slope > 0 for slope in f.slopes if slope]
    return sum(a != b for a, b in pairwise(signs))
