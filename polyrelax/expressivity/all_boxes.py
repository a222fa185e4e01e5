r"""Whether a network of one input is precise on all intervals: a decision.

Let :math:`D(l, u)` be the bounds of a relaxation and :math:`R(l, u)` the range of the network
on :math:`[l, u]`.  Both are piecewise rational in :math:`l` and :math:`u`, on finitely many
cells cut out by polynomials.  The cells are found by running the relaxation near one point
after another, with the polynomials whose signs it asked for as the borders
(:mod:`polyrelax.expressivity.germs`), until there is a point of every open cell
(:mod:`polyrelax.expressivity.open_cells`).  On an open cell :math:`D = R` holds iff it holds as
an identity of rational functions.

That open cells suffice is a property of these relaxations.  Let :math:`[l, u]` lie on a border
and be the limit of intervals in open cells where :math:`D = R`.  If a neuron's bounds at
:math:`[l, u]` lie in the limit of those bounds, then so does its relaxed set: the chord over a
larger interval lies above, and the lines :math:`0` and :math:`z` below an unstable neuron lie
below the exact graph of a stable one.  By induction on the layers the bounds at :math:`[l, u]`
lie in the limit, which is :math:`R(l, u)` as :math:`R` is continuous.  Where a slope depends on
the bounds in another way, as in CROWN, this argument fails: such relaxations are not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise, product
from typing import final

from polyrelax.arithmetic.arguments import exact_vector, require
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector, shown
from polyrelax.arithmetic.readable import readable
from polyrelax.arithmetic.words import amount
from polyrelax.errors import DimensionError, FalseBoundError, ShapeError
from polyrelax.expressivity.end_bounds import Bounds, Ends, range_on
from polyrelax.expressivity.end_relaxations import bounds_by
from polyrelax.expressivity.germs import (
    NotGenericError,
    Number,
    Plane,
    Point,
    Polynomial,
    Site,
    is_zero,
    sign,
    sign_at,
    value,
)
from polyrelax.expressivity.open_cells import Patch
from polyrelax.expressivity.piecewise import Piecewise, Range, ends_of, switches
from polyrelax.networks.network import Network


@final
@readable
@dataclass(frozen=True)
class Decision:
    """What was decided, and how.

    ``imprecise`` is an interval on which the bounds are not exact, ``None`` if there is none;
    ``runs`` counts the points near which the relaxation was run, ``polynomials`` the borders.
    """

    imprecise: Interval | None
    runs: int
    polynomials: int

    @property
    def is_precise(self) -> bool:
        """Whether the bounds are exact on every interval."""
        return self.imprecise is None

    def __str__(self) -> str:
        """Return the verdict, in words.

        >>> str(Decision(None, 1, 0))
        'precise on all intervals'
        """
        if self.imprecise is None:
            return "precise on all intervals"
        return f"not precise on {self.imprecise}"


def decide(network: Network, relaxation: str, within: Range = (None, None)) -> Decision:
    """Decide whether the bounds are exact on all intervals between two ends.

    Raises :class:`ShapeError` if there is no interval between them but points.

    >>> from polyrelax.networks.gallery import absolute_value
    >>> decide(absolute_value(), "dp0").is_precise
    True
    >>> str(decide(absolute_value(), "ibp").imprecise)
    '[-1, 1/2]'
    """
    require(network, Network)
    require(relaxation, str)
    within = ends_of(within)
    if network.out_dim != 1:
        raise DimensionError(f"found {amount(network.out_dim, 'output')}, expected one")
    _require_range(within)
    function = Piecewise.of_network(network)
    question = _Question(network, bounds_by(relaxation), function, Plane())
    runs = polynomials = 0
    for patch in patches(switches(network), within):
        found = _decide_patch(question, patch)
        runs, polynomials = runs + found.runs, polynomials + found.polynomials
        if found.imprecise is not None:
            return Decision(found.imprecise, runs, polynomials)
    return Decision(None, runs, polynomials)


def _require_range(within: Range) -> None:
    lower, upper = within
    if lower is not None and upper is not None and lower >= upper:
        raise ShapeError(
            f"found the ends {shown(lower)} and {shown(upper)}, expected the first to be less"
        )


def patches(breaks: Vector, within: Range) -> Iterator[Patch]:
    """Yield the products of two pieces, the second not left of the first.

    >>> from fractions import Fraction
    >>> len(list(patches((Fraction(0),), (None, None))))
    3
    """
    breaks = exact_vector(breaks, "breaks")
    within = ends_of(within)
    lower, upper = within
    inner = [b for b in breaks if (lower is None or lower < b) and (upper is None or b < upper)]
    pieces = list(pairwise([lower, *inner, upper]))
    for (i, first), (j, second) in product(enumerate(pieces), repeat=2):
        if i <= j:
            yield Patch(first, second)


@final
@dataclass(frozen=True)
class _Question:
    network: Network
    bounds: Bounds
    function: Piecewise
    plane: Plane  # one for all patches: they ask for the factors of the same polynomials

    def errors(self, site: Site) -> tuple[Number, Number]:
        """Return by how much the bounds near a site miss the range, as functions."""
        lower, upper = site.ends
        sign(upper - lower)
        found = self.bounds(self.network, Ends(lower, upper))
        exact = range_on(self.function, Ends(lower, upper))
        return exact.lower - found.lower, found.upper - exact.upper


def _decide_patch(question: _Question, patch: Patch) -> Decision:
    """Decide for the intervals with ends in a patch; the borders grow until none is new."""
    covered = list[dict[Polynomial, int]]()
    borders: set[Polynomial] = set()
    runs = 0
    while True:
        known = len(borders)
        for point in patch.points(sorted(borders, key=str)):
            here = cache(partial(sign_at, point=point))
            if any(_holds(signs, here) for signs in covered):
                continue
            runs += 1
            site = Site(question.plane, point)
            errors = _run(question, site, borders)
            if errors is None:
                assert len(borders) > known, "what vanishes on a generic point is a new border"
                continue
            covered.append(dict(site.signs))
            if any(value(error) for error in errors):
                return Decision(_witness(errors, point), runs, len(borders))
        if len(borders) == known:
            return Decision(None, runs, known)


def _run(
    question: _Question, site: Site, borders: set[Polynomial]
) -> tuple[Number, Number] | None:
    """Return the errors near a site, or ``None`` if it lies on a border; add to the borders."""
    errors = None
    try:
        errors = question.errors(site)
        for error in errors:
            if not is_zero(error):
                sign(error)
    except NotGenericError:
        pass
    borders.update(site.signs)
    return errors


def _holds(signs: dict[Polynomial, int], here: Callable[[Polynomial], int]) -> bool:
    return all(here(p) == expected for p, expected in signs.items())


def _witness(errors: tuple[Number, Number], point: Point) -> Interval:
    if any(value(error) < 0 for error in errors):
        raise FalseBoundError(
            f"found bounds inside the range on {Interval(*point)}, expected sound ones"
        )
    return Interval(*point)
