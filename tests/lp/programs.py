"""Small programs by hand and at random, and their outcomes by another program."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import cdd.gmp
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import Scalar, SparseVector, rational, sparse, vector
from polyrelax.lp import Infeasible, LinearProgram, Optimum, Outcome, Proposal, Row, Unbounded


def form(*coefficients: Scalar) -> SparseVector:
    return sparse(vector(coefficients))


def at_most(offset: Scalar, *coefficients: Scalar) -> Row:
    return Row(form(*coefficients), rational(offset))


def equal(offset: Scalar, *coefficients: Scalar) -> Row:
    return Row(form(*coefficients), rational(offset), is_equation=True)


def program(
    lower: Sequence[Scalar | None], upper: Sequence[Scalar | None], *rows: Row
) -> LinearProgram:
    return LinearProgram(_bounds(lower), _bounds(upper), rows)


def _bounds(side: Sequence[Scalar | None]) -> tuple[Fraction | None, ...]:
    return tuple(None if x is None else rational(x) for x in side)


def chain(length: int, first: Scalar, last: Scalar | None) -> LinearProgram:
    """The program ``first <= x_0 <= x_1 <= ... <= x_length <= last``."""
    rows = [Row(((j, Fraction(1)), (j + 1, Fraction(-1))), Fraction(0)) for j in range(length)]
    return program([first, *[None] * length], [*[None] * length, last], *rows)


def proves(outcome: Outcome, task: LinearProgram, objective: SparseVector) -> bool:
    """Whether the outcome is evidence about the maximum of ``objective``."""
    match outcome:
        case Optimum():
            return outcome.proves_maximum(task, objective)
        case Infeasible():
            return outcome.proves_empty(task)
        case Unbounded():
            return outcome.proves_no_maximum(task, objective)


def cdd_maximum(task: LinearProgram, objective: SparseVector) -> Fraction | str:
    """The maximum by cddlib, or why there is none."""
    found = _cdd_optimum(task, objective)
    if found is not None:
        return found
    return "infeasible" if _cdd_optimum(task, ()) is None else "unbounded"


def _cdd_optimum(task: LinearProgram, objective: SparseVector) -> Fraction | None:
    one = Fraction(1)
    rows = [(row.is_equation, row.offset, dict(row.coefficients)) for row in task.rows]
    rows += [(False, end, {j: one}) for j, end in enumerate(task.upper) if end is not None]
    rows += [(False, -end, {j: -one}) for j, end in enumerate(task.lower) if end is not None]
    entries = [[b, *(-a.get(j, 0) for j in range(task.dim))] for _, b, a in rows]
    matrix = cdd.gmp.matrix_from_array(
        entries or [[1, *[0] * task.dim]],
        lin_set={i for i, (equation, _, _) in enumerate(rows) if equation},
        rep_type=cdd.RepType.INEQUALITY,
        obj_type=cdd.LPObjType.MAX,
        obj_func=[0, *(dict(objective).get(j, 0) for j in range(task.dim))],
    )
    lp = cdd.gmp.linprog_from_matrix(matrix)
    cdd.gmp.linprog_solve(lp)
    return lp.obj_value if lp.status == cdd.LPStatusType.OPTIMAL else None


def summary(outcome: Outcome) -> Fraction | str:
    """What :func:`cdd_maximum` says in the same case."""
    match outcome:
        case Optimum():
            return outcome.value
        case Infeasible():
            return "infeasible"
        case Unbounded():
            return "unbounded"


numbers = st.fractions(min_value=-4, max_value=4, max_denominator=3)
numbers_or_none = st.none() | numbers


@st.composite
def programs(draw: st.DrawFn, *, bounded: bool = False) -> LinearProgram:
    dim = draw(st.integers(1, 3))
    ends = numbers if bounded else numbers_or_none
    pairs = draw(st.lists(st.tuples(ends, ends).map(_ordered), min_size=dim, max_size=dim))
    vectors = st.tuples(*[numbers] * dim).map(sparse)
    rows = draw(st.lists(st.builds(Row, vectors, numbers, st.booleans()), max_size=4))
    return LinearProgram(tuple(a for a, _ in pairs), tuple(b for _, b in pairs), tuple(rows))


def _ordered(
    pair: tuple[Fraction | None, Fraction | None],
) -> tuple[Fraction | None, Fraction | None]:
    a, b = pair
    return pair if a is None or b is None else (min(a, b), max(a, b))


@st.composite
def tasks(
    draw: st.DrawFn, *, bounded: bool = False
) -> tuple[LinearProgram, tuple[SparseVector, ...]]:
    """A program and objectives for it."""
    task = draw(programs(bounded=bounded))
    vectors = st.tuples(*[numbers] * task.dim).map(sparse)
    return task, tuple(draw(st.lists(vectors, min_size=1, max_size=3)))


@dataclass(frozen=True)
class Fixed:
    """A proposer that always says the same."""

    proposal: Proposal | None

    def propose(self, objective: object) -> Proposal | None:
        return self.proposal


def basis(
    basic: Iterable[int], at_upper: Iterable[int] = (), multipliers: Iterable[float] = ()
) -> Fixed:
    return Fixed(Proposal(frozenset(basic), frozenset(at_upper), tuple(multipliers)))
