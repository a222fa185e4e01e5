r"""What a relaxation is at work on, told piece by piece to whoever listens.

The library never prints.  A relaxation that may take long calls its ``work`` with each piece
before it begins with it: a linear program, a hull, a linear region, a back-substitution.
How many there will be is not known before, so whoever wants to say how long it takes counts
them and sets them beside what :mod:`polyrelax.relaxations.cost` expects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from enum import StrEnum
from typing import Final, TypeVar, cast, final

from polyrelax.relaxations.trace import Relaxation

T = TypeVar("T")


@final
class Kind(StrEnum):
    """A kind of work, by its name."""

    SUBSTITUTION = "back-substitution"
    PROGRAM = "linear program"
    HULL = "hull"
    REGION = "corner of a linear region"


@final
@dataclass(frozen=True)
class Piece:
    """One piece of work, and what is special about it, such as its size."""

    kind: Kind
    detail: str = ""


@final
@dataclass(frozen=True)
class Listener:
    """Someone who hears of each piece; nobody by default, and nobody once it has travelled.

    >>> heard = []
    >>> Listener(heard.append)(Piece(Kind.HULL))
    >>> [piece.kind.value for piece in heard]
    ['hull']
    """

    hear: Callable[[Piece], None] | None = field(default=None, compare=False, repr=False)

    def __call__(self, piece: Piece) -> None:
        """Tell of a piece that is about to begin."""
        if self.hear is not None:
            self.hear(piece)

    def __reduce__(self) -> tuple[type[Listener], tuple[()]]:
        return Listener, ()


NOBODY: Final = Listener()


def told(things: Iterable[T], piece: Piece, work: Listener) -> Iterator[T]:
    """Yield things, and tell of one piece of work before each.

    >>> heard = []
    >>> list(told("ab", Piece(Kind.REGION), Listener(heard.append))), len(heard)
    (['a', 'b'], 3)
    """
    work(piece)
    for thing in things:
        yield thing
        work(piece)


def heard_by(hear: Callable[[Piece], None], relaxation: Relaxation) -> Relaxation:
    """Return the same relaxation, which tells of its work if it can.

    >>> from polyrelax.networks.gallery import tent
    >>> from polyrelax.polytopes.polytope import Polytope
    >>> from polyrelax.relaxations.layer_hull import LayerHull
    >>> heard = []
    >>> hulls = heard_by(heard.append, LayerHull()).sets(tent(), Polytope.box([-1], [1]))
    >>> len(tuple(hulls)), len(heard)
    (6, 2)
    """
    method: object = relaxation
    if not is_dataclass(method) or isinstance(method, type):
        return relaxation
    if all(each.name != "work" for each in fields(method)):
        return relaxation
    return cast(Relaxation, replace(method, work=Listener(hear)))
