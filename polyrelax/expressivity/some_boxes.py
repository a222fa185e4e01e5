"""A box on which a network of any number of inputs is imprecise, if one is met.

Boxes are tried in a fixed order: first those spanned by the coordinates at which the linear
regions have their vertices, then smaller and smaller ones around these vertices.  A box
that is returned is a proof, by two exact computations; that none is returned is no proof of
anything, unless the network has one input (:mod:`polyrelax.expressivity.all_boxes`).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations, islice, pairwise, product

from polyrelax.analysis.precision import is_precise
from polyrelax.arithmetic.arguments import dimension
from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.network import Network
from polyrelax.networks.regions import trace_vertices
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.trace import Relaxation


def imprecise_box(
    network: Network, domain: Polytope, relaxation: Relaxation, *, limit: int = 200
) -> Polytope | None:
    """Return a box inside the box ``domain`` on which the bounds are not exact, if one is met.

    >>> from polyrelax.networks.gallery import maximum_encodings
    >>> from polyrelax.relaxations.triangle import Triangle
    >>> square = Polytope.box([0, 0], [1, 1])
    >>> imprecise_box(maximum_encodings()[0], square, Triangle())
    Polytope.box(['0', '0'], ['1', '1'])
    """
    limit = dimension(limit, "a number of boxes")
    boxes = islice(candidates(network, domain), limit)
    return next((box for box in boxes if not is_precise(network, box, relaxation)), None)


def candidates(network: Network, domain: Polytope) -> Iterator[Polytope]:
    """Yield boxes inside ``domain``, without end.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> boxes = candidates(absolute_value(), Polytope.box([-1], [1]))
    >>> [str(box.bounds[0]) for box in islice(boxes, 5)]
    ['[-1, 1]', '[-1, 0]', '[0, 1]', '[-1, -1/2]', '[-1/2, 1/2]']
    """
    yield domain
    corners = sorted({run[0] for run in trace_vertices(network, domain)})
    axes = [sorted({x[j] for x in corners}) for j in range(domain.dim)]
    for sides in product(*(_intervals(axis) for axis in axes)):
        box = Polytope.box([a for a, _ in sides], [b for _, b in sides])
        if box != domain:
            yield box
    widths = tuple(max(b - a for a, b in pairwise(axis)) for axis in axes)
    yield from _around(corners, widths, domain)


def _intervals(axis: list[Fraction]) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield the intervals between two values, the longest first."""
    yield from sorted(combinations(axis, 2), key=lambda ends: (ends[0] - ends[1], ends))


def _around(corners: list[Vector], widths: Vector, domain: Polytope) -> Iterator[Polytope]:
    scale = Fraction(1)
    while True:
        scale /= 2
        for x in corners:
            low = [a - scale * w for a, w in zip(x, widths, strict=True)]
            high = [a + scale * w for a, w in zip(x, widths, strict=True)]
            yield Polytope.box(low, high) & domain
