r"""Networks that one relaxation bounds more loosely than another, each proved.

Three cases.  :mod:`~polyrelax.search.screen` and :mod:`~polyrelax.search.triangle_screen` say
exactly which networks P_1 or the triangle bound inexactly; each is proved again, with the same
gap, by :mod:`~polyrelax.search.proof`, which shares no code with them.  A relaxation that is
contained in P_1 or the triangle has its witnesses among theirs, for

.. math:: B \subseteq A \subseteq S \quad\Longrightarrow\quad
          u_A - u_B \le u_S - u_{\text{exact}} ,

and both relaxations are run on these networks alone.  In all other cases they are run on every
network.

An exhaustive search proves that the networks it lists are all there are among those
enumerated, if the screen is right about the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import groupby

from polyrelax.arithmetic.arguments import require, whole
from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import shown
from polyrelax.errors import FalseBoundError, LayerIndexError
from polyrelax.networks.network import Network
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.search.kernel import gaps
from polyrelax.search.proof import Proof, hull_values, triangle_values
from polyrelax.search.question import Finding, Question, Side
from polyrelax.search.screen import Screen, screen_of
from polyrelax.search.triangle_screen import TriangleScreen, triangle_screen_of

Numbered = tuple[int, Fraction]

_PROOFS: dict[str, Proof] = {"p:1": hull_values, "triangle": triangle_values}


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
    require(question, Question)
    start = whole(start, "a whole number")
    stop = whole(stop, "a whole number")
    if not 0 <= start <= stop <= question.space.size:
        raise LayerIndexError(
            f"found the slice {start}:{stop}, expected a part of 0:{question.space.size}"
        )
    screen = screen_for(question)
    if screen is None:
        yield from _searched(question, range(start, stop))
    elif not is_decided(question):
        yield from _searched(
            question, (number for number, _ in gaps(screen.listed(start, stop)))
        )
    else:
        size = len(question.space.patterns)
        for _, hits in groupby(gaps(screen.listed(start, stop)), lambda hit: hit[0] // size):
            yield from _proved(question, tuple(hits))


def is_screened(question: Question) -> bool:
    """Whether a compiled kernel says which networks may be witnesses."""
    require(question, Question)
    return screen_for(question) is not None


def is_decided(question: Question) -> bool:
    """Whether the kernel says which networks are witnesses, and not only which may be."""
    require(question, Question)
    asked = (question.loose, question.tight)
    return is_screened(question) and asked == (_outer(question), "exact")


def bounds(question: Question, network: Network) -> tuple[Interval, Interval]:
    """Return the bounds of the tight and of the loose relaxation on a network's output."""
    require(question, Question)
    domain = question.space.domain
    tight, loose = (
        propagate(network, domain, relaxation(name)).output[0]
        for name in (question.tight, question.loose)
    )
    return tight, loose


def _outer(question: Question) -> str | None:
    """Return which of the relaxations with a screen contains the loose one, if one does."""
    family = question.loose.partition(":")[0]
    if question.space.hidden_layers == 1:
        return "triangle" if family in ("triangle", "krelu", "m", "p") else None
    return "p:1" if family == "p" else None


def screen_for(question: Question) -> Screen | TriangleScreen | None:
    """Return the screen of a question; kept, as workers are asked once for each slice.

    Identity layers change neither what P_1 finds nor what the network computes.
    """
    require(question, Question)
    return _screen_for(question)


@lru_cache(maxsize=4)
def _screen_for(question: Question) -> Screen | TriangleScreen | None:
    outer = _outer(question)
    if outer is None:
        return None
    return (triangle_screen_of if outer == "triangle" else screen_of)(
        question.space,
        upper=question.side is not Side.LOWER,
        lower=question.side is not Side.UPPER,
        least=question.min_gap,
    )


def _searched(question: Question, numbers: Iterable[int]) -> Iterator[Finding]:
    for index in numbers:
        tight, loose = bounds(question, question.space[index].network)
        if question.is_witnessed_by(question.gap(tight, loose)):
            yield Finding(index, tight, loose)


def _proved(question: Question, hits: tuple[Numbered, ...]) -> Iterator[Finding]:
    """Yield findings for hits that differ in their output weights alone."""
    space = question.space
    values = _PROOFS[question.loose](space, space[hits[0][0]])
    for index, gap in hits:
        outputs = space.patterns[index % len(space.patterns)]
        found = Finding(index, *(relaxed.range(outputs) for relaxed in values))
        if question.gap(found.tight, found.loose) != gap:
            raise FalseBoundError(
                f"network {index}: the screen found the gap {shown(gap)}, the proof "
                f"{shown(question.gap(found.tight, found.loose))}"
            )
        yield found
