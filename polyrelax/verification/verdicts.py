"""What verification finds: a network has a property, or violates it, or it is not known."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias, final

from polyrelax.arithmetic.arguments import exact
from polyrelax.arithmetic.rational import Vector
from polyrelax.arithmetic.readable import readable
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.phases.extremes import Bounded
from polyrelax.relaxations.trace import Trace


@final
@readable
@dataclass(frozen=True)
class Tree:
    """Boxes by halves: an input to halve, or shares of a case's rows that prove a box.

    Nodes stand depth first, the lower half before the upper one.
    """

    nodes: tuple[int | tuple[int, ...], ...]

    @property
    def leaves(self) -> int:
        """How many boxes are proved.

        >>> Tree((0, (1, 0), (3, 13))).leaves
        2
        """
        return sum(isinstance(node, tuple) for node in self.nodes)


@final
@dataclass(frozen=True, eq=False)
class PhaseTree:
    """A tree of phases that bounds a case's only row on its inputs.

    ``trace`` has the bounds of neurons.
    """

    trace: Trace
    inputs: Polytope
    bound: Bounded

    @property
    def leaves(self) -> int:
        """How many cases of phases are proved."""
        return self.bound.leaves


Proof: TypeAlias = Tree | PhaseTree


@final
@readable
@dataclass(frozen=True)
class Holds:
    """No case of the property occurs; of each a tree that proves it, if it was proved so.

    ``None`` stands for a case that was excluded in another way.
    """

    trees: tuple[Proof | None, ...]

    @property
    def word(self) -> str:
        """The verdict in reports."""
        return "holds"


@final
@readable
@dataclass(frozen=True)
class Violated:
    """A case of the property, counted from 1, that occurs at an input, exactly.

    ``kind`` says of which numbers the input is: ``float32``, ``float64`` or ``rational``.
    """

    case: int
    point: Vector
    outputs: Vector
    kind: str

    @property
    def word(self) -> str:
        """The verdict in reports."""
        return "violated"


@final
@readable
@dataclass(frozen=True)
class Unknown:
    """It is not known; ``share`` of the cases' boxes is proved, as a mean of volumes.

    >>> Unknown(Fraction(1, 2)).word
    'unknown'
    """

    share: Fraction

    def __post_init__(self) -> None:
        object.__setattr__(self, "share", exact(self.share))

    @property
    def word(self) -> str:
        """The verdict in reports."""
        return "unknown"


Verdict: TypeAlias = Holds | Violated | Unknown
