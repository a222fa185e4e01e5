"""The two ways to solve one program for many objectives: a tableau, or proposals.

Kernel; FLINT inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from typing import Final, Protocol, final

import flint

from polyrelax.arithmetic.rational import SparseVector
from polyrelax.lp._factored import Factored
from polyrelax.lp._integer_program import IntegerProgram, Numbers, numbers
from polyrelax.lp._safe_bound import SafeBound
from polyrelax.lp._simplex import Simplex, Verdict
from polyrelax.lp._tableau import Tableau
from polyrelax.lp.proposal import Proposal, Proposer


class Session(Protocol):
    """A way to solve one program for many objectives."""

    @property
    def values(self) -> Numbers:
        """The values of all variables after the last question."""

    @property
    def exchanges(self) -> int:
        """The number of exact exchanges that the last question took."""

    def maximize(self, objective: SparseVector) -> Verdict:
        """Return the verdict on one objective."""

    def upper_bound(self, objective: SparseVector) -> Fraction | None:
        """Return a bound on the maximum, or ``None`` to ask for the exact maximum."""


@final
class TableauSession:
    """The exact simplex method on an integer tableau; mutable."""

    def __init__(self, program: IntegerProgram) -> None:
        starts = _nonbasic_values(program, range(program.dim), frozenset())
        self._simplex = Simplex(program, Tableau(program), starts)
        self._before = 0

    @property
    def values(self) -> Numbers:
        """The values of all variables after the last question."""
        return self._simplex.values

    @property
    def exchanges(self) -> int:
        """The number of exact exchanges that the last question took."""
        return self._simplex.exchanges - self._before

    def maximize(self, objective: SparseVector) -> Verdict:
        """Return the verdict on one objective."""
        self._before = self._simplex.exchanges
        return self._simplex.maximize(numbers(objective))

    def upper_bound(self, objective: SparseVector) -> Fraction | None:
        """Return ``None``: the exact maximum is cheap."""
        return None


@final
class ProposalSession:
    """The exact simplex method started from proposed bases; mutable."""

    def __init__(self, program: IntegerProgram, proposer: Proposer) -> None:
        self._program: Final = program
        self._proposer: Final = proposer
        self._pass: Final = SafeBound.of(program)
        self._none: Final = (0.0,) * len(program.rows)
        rows = range(program.dim, len(program.lower))
        self._simplex = self._start(Proposal(frozenset(rows), frozenset(), ()))
        self._before = 0

    def _start(self, proposal: Proposal) -> Simplex:
        nonbasic = [v for v in range(len(self._program.lower)) if v not in proposal.basic]
        starts = _nonbasic_values(self._program, nonbasic, proposal.at_upper)
        return Simplex(self._program, Factored(self._program, proposal.basic), starts)

    @property
    def values(self) -> Numbers:
        """The values of all variables after the last question."""
        return self._simplex.values

    @property
    def exchanges(self) -> int:
        """The number of exact exchanges that the last question took."""
        return self._simplex.exchanges - self._before

    def maximize(self, objective: SparseVector) -> Verdict:
        """Return the verdict on one objective, from the proposed basis if it is one."""
        form = numbers(objective)
        proposal = self._proposer.propose(form)
        if proposal is not None:
            with suppress(ZeroDivisionError):  # a singular basis: go on from the last one
                self._simplex = self._start(proposal)
        self._before = self._simplex.exchanges
        return self._simplex.maximize(form)

    def upper_bound(self, objective: SparseVector) -> Fraction | None:
        """Return the better of the bounds that the proposal and the box alone prove.

        Where rounding left a residual on a variable without the bound that would absorb it,
        return ``None`` for the exact maximum instead.
        """
        box = self._pass.upper_bound(objective, self._none)
        proposal = self._proposer.propose(numbers(objective))
        if proposal is None:
            return box
        proved = self._pass.upper_bound(objective, proposal.multipliers)
        return proved if proved is None or box is None else min(box, proved)


def _nonbasic_values(
    program: IntegerProgram, nonbasic: Iterable[int], at_upper: frozenset[int]
) -> Numbers:
    """Return each variable's lower bound, or upper if named or the only one, or zero."""
    values = {}
    for v in nonbasic:
        lower, upper = program.lower[v], program.upper[v]
        ends = (upper, lower) if v in at_upper else (lower, upper)
        values[v] = next((end for end in ends if end is not None), flint.fmpq(0))
    return values
