"""What a float solver may say about a linear program, and nothing of it is believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from polyrelax.lp._integer_program import Numbers


@dataclass(frozen=True)
class Proposal:
    """A basis and row multipliers that may be optimal.

    The numbers of variables are those of the integer program: its own variables first, then
    one per row.  ``at_upper`` are the nonbasic variables at their upper bounds, and
    ``multipliers`` belong to the integer rows.
    """

    basic: frozenset[int]
    at_upper: frozenset[int]
    multipliers: tuple[float, ...]


class Proposer(Protocol):
    """A source of proposals for one program and many objectives."""

    def propose(self, objective: Numbers) -> Proposal | None:
        """Return a basis that may maximise ``objective``, or ``None`` for no idea."""
