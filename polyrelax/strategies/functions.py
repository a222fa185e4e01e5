"""Strategies of continuous piecewise linear functions."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate

from hypothesis import strategies as st

from polyrelax.arithmetic.arguments import dimension
from polyrelax.arithmetic.rational import Vector
from polyrelax.errors import DimensionError
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.networks.gallery.lattice import max_min
from polyrelax.networks.network import Network
from polyrelax.strategies.geometric import rationals
from polyrelax.strategies.neural import affine_layers

_MOST_GROUPS = 3
_MOST_IN_A_GROUP = 3


def breakpoints(
    *, max_pieces: int = 4, monotone: bool = False
) -> st.SearchStrategy[tuple[Vector, ...]]:
    """Return a strategy of the points (x, y) through which a function of one variable bends.

    They are sorted by x, two or more; with ``monotone`` no value is below the one before it.
    The shortest is the segment from (0, 0) to (1, 0).

    >>> from hypothesis import find
    >>> [[str(s) for s in point] for point in find(breakpoints(), lambda points: True)]
    [['0', '0'], ['1', '0']]
    """
    max_pieces = dimension(max_pieces, "a number of pieces")
    return _breakpoints(max_pieces=max_pieces, monotone=monotone)


@st.composite
def _breakpoints(draw: st.DrawFn, *, max_pieces: int, monotone: bool) -> tuple[Vector, ...]:
    pieces = draw(st.integers(1, max_pieces))
    steps = [Fraction(draw(st.integers(1, 3))) for _ in range(pieces)]
    rises = [draw(rationals()) for _ in range(pieces)]
    places = accumulate(steps, initial=draw(rationals()))
    values = accumulate(map(abs, rises) if monotone else rises, initial=draw(rationals()))
    return tuple(zip(places, values, strict=True))


def piecewise(
    *, max_kinks: int = 3, monotone: bool = False, convex: bool = False
) -> st.SearchStrategy[Piecewise]:
    """Return a strategy of functions of one variable on the whole line, which shrink to zero.

    >>> from hypothesis import find
    >>> print(find(piecewise(convex=True), lambda f: len(f.breaks) > 0))
    slopes 0, 1; kinks 0
    """
    max_kinks = dimension(max_kinks, "a number of kinks")
    return _piecewise(max_kinks=max_kinks, monotone=monotone, convex=convex)


@st.composite
def _piecewise(draw: st.DrawFn, *, max_kinks: int, monotone: bool, convex: bool) -> Piecewise:
    steps = draw(st.lists(st.integers(1, 3).map(Fraction), max_size=max_kinks))
    slopes = [draw(rationals()) for _ in range(len(steps) + 1)]
    if monotone:
        slopes = [abs(slope) for slope in slopes]
    if convex:
        slopes.sort()
    start = draw(rationals())
    kinks = list(accumulate(steps[1:], initial=start)) if steps else []
    return Piecewise.of_slopes(slopes, kinks, at_first_kink=draw(rationals()))


def cpwl(
    in_dim: int, *, max_groups: int = _MOST_GROUPS, max_in_group: int = _MOST_IN_A_GROUP
) -> st.SearchStrategy[Network]:
    """Return a strategy of networks max over i of min over j of affine functions.

    Every continuous piecewise linear function has that form, if there are enough of each.
    They shrink to the zero function.

    >>> from hypothesis import find
    >>> find(cpwl(2), lambda network: True)
    Network(Affine(2 -> 1))
    """
    in_dim = dimension(in_dim, "a dimension")
    max_groups = dimension(max_groups, "a number of groups")
    max_in_group = dimension(max_in_group, "a number of functions")
    if not max_groups or not max_in_group:
        raise DimensionError("found no functions, expected at least one in one group")
    group = st.integers(1, max_in_group).flatmap(lambda size: affine_layers(in_dim, size))
    return st.lists(group, min_size=1, max_size=max_groups).map(max_min)
