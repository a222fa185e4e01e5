"""What a relaxation keeps of several neurons of a layer together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from polyrelax.arithmetic.arguments import require, wholes
from polyrelax.arithmetic.readable import readable
from polyrelax.polytopes.polytope import Polytope


@final
@readable
@dataclass(frozen=True)
class Coupling:
    """A polytope that contains ``(z[inputs], f(z)[outputs])`` for all values ``z``.

    ``domain`` contains ``z[inputs]``; from it the polytope follows, piece by piece.

    >>> segment, absolute = Polytope.box([-1], [1]), Polytope.hull([[-1, 1], [0, 0], [1, 1]], 2)
    >>> Coupling((0,), (0,), segment, absolute).hull.dim  # |z| over [-1, 1]
    2
    """

    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    domain: Polytope
    hull: Polytope

    def __post_init__(self) -> None:
        for name in ("inputs", "outputs"):
            object.__setattr__(self, name, wholes(getattr(self, name), "places of values"))
        require(self.domain, Polytope)
        require(self.hull, Polytope)
