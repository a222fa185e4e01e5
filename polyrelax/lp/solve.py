r"""Exact optima and proved bounds of linear programs.

An :class:`Optimizer` answers question after question about one program, each from the basis
where the last one ended.  Small programs are solved by the exact simplex method on an integer
tableau alone.  For large ones HiGHS proposes a basis; if exact linear algebra confirms it, that
is the proof, and otherwise the exact simplex method goes on from it.  Either way the result
is an optimum, a proof that there is no point, or a ray: there is no tolerance and no failure.

*Certified* bounds are for programs whose exact optima are not worth their length: HiGHS
proposes multipliers, and one exact pass turns them into a bound that holds whatever they
were.  How near it is to the optimum is not claimed.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from typing import Final, final

from polyrelax.arithmetic.arguments import require
from polyrelax.arithmetic.rational import SparseVector, Vector
from polyrelax.arithmetic.words import amount
from polyrelax.errors import EmptySetError, UnboundedError
from polyrelax.lp._integer_program import IntegerProgram
from polyrelax.lp._session import ProposalSession, Session, TableauSession
from polyrelax.lp._simplex import Conflict, Ray
from polyrelax.lp.linear_program import (
    Infeasible,
    LinearProgram,
    Optimum,
    Outcome,
    Unbounded,
    negated,
    sparse_dot,
)
from polyrelax.lp.proposal import Proposer

SMALL: Final = 200
"""Up to this product of rows and variables the tableau alone is about as fast as HiGHS.

On triangle relaxations of two hidden layers, in milliseconds per optimum: 0.3 and 0.4 at
10 by 12, 1.1 and 0.5 at 14 by 18, 25 and 1.7 at 45 by 60.
"""


@final
class Optimizer:
    """A session on one program; its answers do not change, its speed does.

    Mutable inside: it keeps the last basis.  ``proposer`` replaces HiGHS, or the tableau of
    a small program.

    >>> from polyrelax.lp import Row
    >>> one = Fraction(1)
    >>> below = Row(((0, one), (1, Fraction(2))), Fraction(3))
    >>> session = Optimizer(LinearProgram((None, Fraction(0)), (None, None), (below,)))
    >>> session.maximum(((0, one),)).value, session.maximum(((0, one),)).multipliers
    (Fraction(3, 1), ((0, Fraction(1, 1)),))
    """

    def __init__(self, program: LinearProgram, proposer: Proposer | None = None) -> None:
        self.program: Final = program
        self._proposer: Final = proposer

    @cached_property
    def _integer(self) -> IntegerProgram:
        return IntegerProgram.of(self.program)

    @cached_property
    def _session(self) -> Session:
        """Begun with the first question: one may come back from a worker and never be asked."""
        return _session(self._integer, self._proposer)

    def __reduce__(self) -> tuple[type[Optimizer], tuple[LinearProgram, Proposer | None]]:
        # The session holds matrices and solvers of foreign libraries: rebuild it instead.
        return (Optimizer, (self.program, self._proposer))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Optimizer):
            return NotImplemented
        return self.program == other.program and self._proposer == other._proposer

    def __hash__(self) -> int:
        return hash(self.program)

    def __repr__(self) -> str:
        return (
            f"Optimizer of {amount(self.program.dim, 'variable')} and "
            f"{amount(len(self.program.rows), 'row')}"
        )

    @property
    def exchanges(self) -> int:
        """The number of exact changes of basis that the last exact answer took."""
        return self._session.exchanges

    @property
    def uses_tableau(self) -> bool:
        """Whether the program is solved by the exact simplex method alone."""
        return isinstance(self._session, TableauSession)

    def maximize(self, objective: SparseVector) -> Outcome:
        """Return the maximum of a linear form, or the proof that there is none."""
        objective = self.program.check(objective)
        verdict = self._session.maximize(objective)
        if isinstance(verdict, Conflict):
            return Infeasible(self._integer.multipliers(verdict.form))
        point = self._integer.point(self._session.values)
        if isinstance(verdict, Ray):
            return Unbounded(point, self._integer.point(verdict.direction))
        multipliers = self._integer.multipliers(verdict.costs)
        return Optimum(sparse_dot(objective, point), point, multipliers)

    def minimize(self, objective: SparseVector) -> Outcome:
        """Return the minimum of a linear form, or the proof that there is none."""
        outcome = self.maximize(negated(objective))
        return (
            replace(outcome, value=-outcome.value) if isinstance(outcome, Optimum) else outcome
        )

    def maximum(self, objective: SparseVector) -> Optimum:
        """Return the maximum, raising if the program is infeasible or unbounded."""
        return _demand(self.maximize(objective))

    def minimum(self, objective: SparseVector) -> Optimum:
        """Return the minimum, raising if the program is infeasible or unbounded."""
        return _demand(self.minimize(objective))

    def certified_upper(self, objective: SparseVector) -> Fraction:
        """Return a proved upper bound, the maximum itself if the program is small.

        It is never above the bound that the variables' bounds alone give.
        """
        objective = self.program.check(objective)
        bound = self._session.upper_bound(objective)
        return self.maximum(objective).value if bound is None else bound

    def certified_lower(self, objective: SparseVector) -> Fraction:
        """Return a proved lower bound, the minimum itself if the program is small."""
        return -self.certified_upper(negated(objective))

    def feasible_point(self) -> Vector | None:
        """Return a point of the program, or ``None`` if there is none."""
        outcome = self.maximize(())
        return None if isinstance(outcome, Infeasible) else outcome.point


def _session(program: IntegerProgram, proposer: Proposer | None) -> Session:
    if proposer is not None:
        return ProposalSession(program, proposer)
    if program.dim * len(program.rows) <= SMALL:
        return TableauSession(program)
    # Importing HiGHS and numpy takes longer than most small programs together.
    from polyrelax.lp._highs import Highs  # noqa: PLC0415

    return ProposalSession(program, Highs(program))


def _demand(outcome: Outcome) -> Optimum:
    if isinstance(outcome, Infeasible):
        raise EmptySetError("found an infeasible program, expected one with a point")
    if isinstance(outcome, Unbounded):
        raise UnboundedError("found an unbounded objective, expected an optimum")
    return outcome


def maximize(program: LinearProgram, objective: SparseVector) -> Outcome:
    """Return the maximum of a linear form, or the proof that there is none.

    >>> maximize(LinearProgram((None,), (Fraction(5),)), ((0, Fraction(2)),)).value
    Fraction(10, 1)
    """
    require(program, LinearProgram)
    return Optimizer(program).maximize(objective)


def minimize(program: LinearProgram, objective: SparseVector) -> Outcome:
    """Return the minimum of a linear form, or the proof that there is none.

    >>> minimize(LinearProgram((Fraction(5),), (None,)), ((0, Fraction(2)),)).value
    Fraction(10, 1)
    """
    require(program, LinearProgram)
    return Optimizer(program).minimize(objective)


def feasible_point(program: LinearProgram) -> Vector | None:
    """Return a point of the program, or ``None`` if there is none.

    >>> feasible_point(LinearProgram((Fraction(5),), (None,)))
    (Fraction(5, 1),)
    """
    require(program, LinearProgram)
    return Optimizer(program).feasible_point()
