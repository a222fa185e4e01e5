r"""A polytope on a line or in the plane as a small picture, for notebooks.

The vertices of a polygon, sorted, are divided by the line from the first to the last: those
below it in ascending order, then those above it in descending order, go around the boundary.
Signs are exact; only the places on the screen are rounded, to a tenth of a pixel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO, Vector, text

_WIDTH, _HEIGHT, _MARGIN, _LINE = 240, 150, 15, 18
_STYLE = 'stroke="#0072B2" stroke-width="2" fill="#0072B2" fill-opacity="0.2"'
_MOST_LETTERS = 30


def around(vertices: Sequence[Vector]) -> tuple[Vector, ...]:
    """Return the vertices of a polygon along its boundary, counterclockwise from the least.

    >>> from polyrelax.arithmetic.rational import matrix
    >>> [f"{x}{y}" for x, y in around(matrix([[0, 0], [0, 1], [1, 0], [1, 1]]))]
    ['00', '10', '11', '01']
    """
    first, *between, last = sorted(vertices)
    below = [p for p in between if _turn(first, last, p) < 0]
    above = [p for p in between if _turn(first, last, p) > 0]
    return (first, *below, last, *reversed(above))


def picture(vertices: Sequence[Vector], ends: Sequence[Interval]) -> str:
    """Return a polytope in one or two dimensions with the ends of its coordinates, as SVG.

    >>> unit = Interval(ZERO, ONE)
    >>> print(picture([(ZERO,), (ONE,)], [unit]).count("<circle"))
    2
    """
    shown = around(vertices) if len(vertices) > 1 else tuple(vertices)
    places = [f"{x},{y}" for x, y in _places(shown, ends)]
    height = _HEIGHT + _LINE * len(ends)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" ',
            f'viewBox="0 0 {_WIDTH} {height}"><polygon points="{" ".join(places)}" {_STYLE}/>',
            *(_dot(*pair) for pair in zip(shown, places, strict=True)),
            *_captions(ends),
            "</svg>",
        )
    )


def _places(shown: Sequence[Vector], ends: Sequence[Interval]) -> Iterator[tuple[str, str]]:
    """Yield where points are on the screen, with one scale for both axes."""
    plane = (*ends, Interval(ZERO, ZERO))[:2]
    room = (_WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN)
    scales = [r / e.width for r, e in zip(room, plane, strict=True) if e.width]
    scale = min(scales, default=ONE)
    x0, y0 = (e.lower + e.width / 2 for e in plane)
    for x, y in ((*point, ZERO)[:2] for point in shown):
        yield (
            _tenths(Fraction(_WIDTH, 2) + scale * (x - x0)),
            _tenths(Fraction(_HEIGHT, 2) - scale * (y - y0)),
        )


def _dot(point: Vector, place: str) -> str:
    """Return a vertex, which names itself to the mouse."""
    x, y = place.split(",")
    name = ", ".join(map(text, point))
    return f'<circle cx="{x}" cy="{y}" r="3" fill="#0072B2"><title>({name})</title></circle>'


def _captions(ends: Sequence[Interval]) -> Iterator[str]:
    for i, interval in enumerate(ends):
        caption = f"x{i} in {interval}"
        squeeze = f'textLength="{_WIDTH - 20}" lengthAdjust="spacingAndGlyphs" '
        yield (
            f'<text x="{_WIDTH // 2}" y="{_HEIGHT + _LINE * i + 12}" text-anchor="middle" '
            f"{squeeze if len(caption) > _MOST_LETTERS else ''}"
            f'font-family="sans-serif" font-size="13" fill="#777777">{caption}</text>'
        )


def _turn(p: Vector, q: Vector, r: Vector) -> Fraction:
    """Return the doubled oriented area of a triangle; zero on a line."""
    if len(p) < 2:
        return ZERO
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def _tenths(value: Fraction) -> str:
    whole, tenth = divmod(round(value * 10), 10)
    return f"{whole}.{tenth}"
