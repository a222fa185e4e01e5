r"""Continuous piecewise linear functions of one variable.

With breaks :math:`b_1 < \dots < b_n` and slopes :math:`s_0, \dots, s_n`,

.. math::

   f(x) = c_i + s_i x \quad\text{for } b_i \le x \le b_{i+1}, \qquad
   b_0 = -\infty,\; b_{n+1} = \infty,

where :math:`c_i` is such that :math:`f` is continuous.  A value of :class:`Piecewise` has
:math:`s_{i-1} \ne s_i`, so equal functions are equal values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import all_of, exact, exact_vector, exactly, require
from polyrelax.arithmetic.rational import (
    ONE,
    ZERO,
    Scalar,
    Vector,
    rational,
    shown,
    text,
    vector,
)
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.layers import Affine, rectified
from polyrelax.networks.network import Network
from polyrelax.networks.walk import Bending, last_state

End: TypeAlias = Fraction | None
"""An end of an interval; ``None`` is infinite."""
Range: TypeAlias = tuple[End, End]


def ends_of(within: Range) -> Range:
    """Return the two ends of an interval as fractions; ``None`` is infinite.

    >>> ends_of(3)
    Traceback (most recent call last):
    polyrelax.errors.ArgumentError: found 3, expected two ends of an interval
    """
    ends = exactly(within, 2, "two ends of an interval")
    lower, upper = (None if end is None else exact(end) for end in ends)
    return lower, upper


@final
@readable
@dataclass(frozen=True)
class Line:
    """The function ``slope x + offset``."""

    slope: Fraction
    offset: Fraction

    def __call__(self, x: Fraction) -> Fraction:
        """Return the value at ``x``."""
        x = exact(x)
        return self.slope * x + self.offset


@final
@readable
@dataclass(frozen=True)
class Piecewise:
    """A function by its breaks, from left to right, and its lines.

    >>> absolute = Piecewise.of_slopes([-1, 1], [0])
    >>> absolute(Fraction(-3)), absolute.is_convex, absolute.is_monotone
    (Fraction(3, 1), True, False)
    """

    breaks: Vector
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "breaks", exact_vector(self.breaks, "breaks"))
        object.__setattr__(self, "lines", all_of(self.lines, Line, "lines"))
        if len(self.lines) != len(self.breaks) + 1:
            raise DimensionError(
                f"found {amount(len(self.lines), 'line')} and "
                f"{amount(len(self.breaks), 'break')}, "
                "expected one more line"
            )
        for x, (left, right) in zip(self.breaks, pairwise(self.lines), strict=True):
            if left(x) != right(x) or left == right:
                raise ShapeError(
                    f"found no kink at {shown(x)}, expected a continuous change of slope"
                )

    @classmethod
    def of_slopes(
        cls, slopes: Iterable[Scalar], kinks: Iterable[Scalar], *, at_first_kink: Scalar = 0
    ) -> Piecewise:
        """Return the function with these slopes; without kinks, with this value at 0."""
        s, x = vector(slopes), vector(kinks)
        if len(s) != len(x) + 1:
            raise DimensionError(
                f"found {amount(len(s), 'slope')} and {amount(len(x), 'kink')}, "
                "expected one more slope"
            )
        if any(a >= b for a, b in pairwise(x)):
            raise ShapeError("found kinks that do not increase, expected them in order")
        start = x[0] if x else ZERO
        lines = [Line(s[0], rational(at_first_kink) - s[0] * start)]
        for kink, slope in zip(x, s[1:], strict=True):
            lines.append(Line(slope, lines[-1](kink) - slope * kink))
        return joined(x, lines)

    @classmethod
    def of_network(cls, network: Network) -> Piecewise:
        """Return the function of a network with one input and one output.

        >>> from polyrelax.networks.gallery import hat
        >>> [str(x) for x in Piecewise.of_network(hat()).breaks]
        ['-1/2', '0', '1/2']
        """
        require(network, Network)
        if network.out_dim != 1:
            raise DimensionError(f"found {amount(network.out_dim, 'output')}, expected one")
        breaks, lines = _run(network)
        return joined(breaks, [line for (line,) in lines])

    @property
    def slopes(self) -> Vector:
        """The slopes, from left to right."""
        return tuple(line.slope for line in self.lines)

    @cached_property
    def is_convex(self) -> bool:
        """Whether the slopes increase."""
        return all(a < b for a, b in pairwise(self.slopes))

    @cached_property
    def is_monotone(self) -> bool:
        """Whether the function nowhere decreases, or nowhere increases."""
        return min(self.slopes) >= 0 or max(self.slopes) <= 0

    def __call__(self, x: Fraction) -> Fraction:
        """Return the value at ``x``."""
        x = exact(x)
        return self.lines[sum(b < x for b in self.breaks)](x)

    def on(self, lower: End, upper: End) -> Piecewise:
        """Return the function that continues the outermost lines of the part between two ends.

        >>> Piecewise.of_slopes([-1, 1], [0]).on(Fraction(0), None).slopes
        (Fraction(1, 1),)
        """
        lower = None if lower is None else exact(lower)
        upper = None if upper is None else exact(upper)
        first = 0 if lower is None else sum(b <= lower for b in self.breaks)
        last = len(self.breaks) if upper is None else sum(b < upper for b in self.breaks)
        return Piecewise(self.breaks[first:last], self.lines[first : last + 1])

    def __str__(self) -> str:
        slopes, breaks = (", ".join(map(text, v)) for v in (self.slopes, self.breaks))
        return f"slopes {slopes}; kinks {breaks or 'none'}"

    def _repr_latex_(self) -> str:
        places = [rf"\text{{if }} x \le {text(x)}" for x in self.breaks]
        rows = zip(map(_line_latex, self.lines), [*places, r"\text{otherwise}"], strict=True)
        cases = r" \\ ".join(f"{line} & {place}" for line, place in rows)
        return rf"$\begin{{cases}}{cases}\end{{cases}}$"


def _line_latex(line: Line) -> str:
    term = {ZERO: "", ONE: "x", -ONE: "-x"}.get(line.slope, f"{text(line.slope)} x")
    if not term or not line.offset:
        return term or text(line.offset)
    return f"{term} {'+' if line.offset > 0 else '-'} {text(abs(line.offset))}"


def joined(breaks: Sequence[Fraction], lines: Sequence[Line]) -> Piecewise:
    """Return the function with breaks left out at which the line does not change.

    >>> line = Line(Fraction(1), Fraction(0))
    >>> joined([Fraction(5)], [line, line]).breaks
    ()
    """
    breaks = exact_vector(breaks, "breaks")
    lines = all_of(lines, Line, "lines")
    if len(lines) != len(breaks) + 1:
        raise DimensionError(
            f"found {amount(len(lines), 'line')} and {amount(len(breaks), 'break')}, "
            "expected one more line"
        )
    kept = [
        (x, after)
        for x, (before, after) in zip(breaks, pairwise(lines), strict=True)
        if before != after
    ]
    return Piecewise(tuple(x for x, _ in kept), (lines[0], *(line for _, line in kept)))


def switches(network: Network) -> Vector:
    """Return where some neuron of a network with one input changes its phase, in order.

    >>> from polyrelax.networks.gallery import tent
    >>> [str(x) for x in switches(tent())]
    ['-1/2', '0', '1/2']
    """
    require(network, Network)
    return _run(network)[0]


_State = tuple[Vector, list[list[Line]]]
"""Breaks, and between them the lines of all coordinates."""


def _run(network: Network) -> _State:
    if network.in_dim != 1:
        raise DimensionError(f"found {amount(network.in_dim, 'input')}, expected one")
    start: _State = ((), [[Line(ONE, ZERO)]])
    return last_state(network, start, _image, _bent)


def _image(state: _State, layer: Affine, _index: int) -> _State:
    breaks, pieces = state
    return breaks, [_affine(layer, lines) for lines in pieces]


def _bent(state: _State, layer: Bending, _index: int) -> _State:
    breaks, pieces = state
    active = rectified(layer)
    if not active:
        return state
    zeros = {x for piece in _with_ends(breaks, pieces) for x in _zeros(active, *piece)}
    refined = tuple(sorted(zeros.union(breaks)))
    lines = [pieces[sum(b <= x for b in breaks)] for x in inner_points(refined)]
    return refined, [
        _rectified(active, here, x)
        for here, x in zip(lines, inner_points(refined), strict=True)
    ]


def _affine(layer: Affine, lines: list[Line]) -> list[Line]:
    return [
        Line(
            sum((a * lines[j].slope for j, a in row), ZERO),
            sum((a * lines[j].offset for j, a in row), shift),
        )
        for row, shift in zip(layer.rows, layer.bias, strict=True)
    ]


def _with_ends(breaks: Vector, pieces: list[list[Line]]) -> Iterator[tuple[list[Line], Range]]:
    yield from zip(pieces, pairwise((None, *breaks, None)), strict=True)


def _zeros(active: Sequence[int], lines: list[Line], ends: Range) -> Iterator[Fraction]:
    """Yield where a neuron changes sign inside a piece."""
    lower, upper = ends
    for line in (lines[j] for j in active):
        if line.slope:
            x = -line.offset / line.slope
            if (lower is None or lower <= x) and (upper is None or x <= upper):
                yield x


def inner_points(breaks: Sequence[Fraction]) -> Vector:
    """Return a point inside each piece.

    >>> [str(x) for x in inner_points([ZERO, ONE])]
    ['-1', '1/2', '2']
    """
    breaks = exact_vector(breaks, "breaks")
    if not breaks:
        return (ZERO,)
    inner = ((a + b) / 2 for a, b in pairwise(breaks))
    return (breaks[0] - 1, *inner, breaks[-1] + 1)


def _rectified(active: Sequence[int], lines: list[Line], x: Fraction) -> list[Line]:
    off = {j for j in active if lines[j](x) <= 0}
    return [Line(ZERO, ZERO) if j in off else line for j, line in enumerate(lines)]
