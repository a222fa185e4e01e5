r"""Networks that one relaxation bounds more loosely than another, each proved.

Where :func:`~polyrelax.search.screen.screen_of` has a screen, it says which networks have a
gap; otherwise both relaxations are run on every network.  A gap that the screen reports is
found again by the relaxations themselves, in rational arithmetic and by double description,
which share no code with it; if they disagree, the search fails.

An exhaustive search proves that the networks it lists are all there are among those
enumerated, if the screen is right about the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import groupby

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import Vector
from polyrelax.errors import FalseBoundError
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.relaxed_set import RelaxedSet
from polyrelax.relaxations.trace import propagate
from polyrelax.search.question import Finding, Question, Side
from polyrelax.search.screen import Screen, screen_of
from polyrelax.search.triangle_screen import TriangleScreen, triangle_screen_of

Numbered = tuple[int, Fraction]

_SCREENS = {("p:1", "exact"): screen_of, ("triangle", "exact"): triangle_screen_of}


def findings(question: Question, start: int, stop: int) -> Iterator[Finding]:
    """Yield the witnesses numbered ``start`` to ``stop - 1``, each proved, in order.

    relu(x) - relu(x) is one, and its negative; the other ReLUs here are on all of [-1, 1].

    >>> from polyrelax.arithmetic.rational import vector
    >>> from polyrelax.search.candidates import Space
    >>> unit = Interval(Fraction(-1), Fraction(1))
    >>> space = Space((1, 2, 1), vector([0, 1]), vector([-1, 1]), (unit,))
    >>> [str(found.loose) for found in findings(Question(space, "triangle", "exact"), 0, 12)]
    ['[-1/2, 1/2]', '[-1/2, 1/2]']
    """
    if not 0 <= start <= stop <= question.space.size:
        raise IndexError(
            f"found the slice {start}:{stop}, expected a part of 0:{question.space.size}"
        )
    screen = _screen(question)
    if screen is None:
        yield from _searched(question, start, stop)
        return
    for _, hits in groupby(screen.hits(start, stop), lambda hit: hit[0] // _patterns(question)):
        yield from _proved(question, tuple(hits))


def is_screened(question: Question) -> bool:
    """Whether the networks of a question are screened by the compiled kernel."""
    return _screen(question) is not None


def bounds(question: Question, network: Network) -> tuple[Interval, Interval]:
    """Return the bounds of the tight and of the loose relaxation on a network's output."""
    domain = question.space.domain
    tight, loose = (
        propagate(network, domain, relaxation(name)).output[0]
        for name in (question.tight, question.loose)
    )
    return tight, loose


@lru_cache(maxsize=4)
def _screen(question: Question) -> Screen | TriangleScreen | None:
    """Return the screen of a question; kept, as workers are asked once for each slice."""
    make = _SCREENS.get((question.loose, question.tight))
    if make is None:
        return None
    return make(
        question.space,
        upper=question.side is not Side.LOWER,
        lower=question.side is not Side.UPPER,
        least=question.min_gap,
    )


def _patterns(question: Question) -> int:
    return len(question.space.patterns)


def _searched(question: Question, start: int, stop: int) -> Iterator[Finding]:
    for index in range(start, stop):
        tight, loose = bounds(question, question.space[index].network)
        if question.is_witnessed_by(question.gap(tight, loose)):
            yield Finding(index, tight, loose)


def _proved(question: Question, hits: tuple[Numbered, ...]) -> Iterator[Finding]:
    """Yield findings for hits that differ in their output weights alone.

    The relaxations that have a screen keep affine layers, so that the bounds of the output
    are supports of the set behind the last ReLU, which is found once.
    """
    body = Network(question.space[hits[0][0]].network.layers[:-1])
    tight, loose = (
        _last(body, question.space.domain, name) for name in (question.tight, question.loose)
    )
    for index, gap in hits:
        direction = question.space[index].outputs
        found = Finding(index, _range(tight, direction), _range(loose, direction))
        if question.gap(found.tight, found.loose) != gap:
            raise FalseBoundError(
                f"network {index}: the screen found the gap {gap}, the relaxations "
                f"{question.gap(found.tight, found.loose)}"
            )
        yield found


def _last(body: Network, domain: Polytope, name: str) -> RelaxedSet:
    *_, last = relaxation(name).sets(body, domain)
    return last


def _range(relaxed: RelaxedSet, direction: Vector) -> Interval:
    negated = tuple(-entry for entry in direction)
    return Interval(-relaxed.support(negated).value, relaxed.support(direction).value)
