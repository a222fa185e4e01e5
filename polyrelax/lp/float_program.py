"""Linear programs in floats, whose multipliers are proposals and nothing more.

For programs over all layers of a large network: a float solver answers many objectives, each
from the basis of the last, and what it says is evaluated exactly elsewhere, all at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from polyrelax.arithmetic.limbs import Doubles, Integers


@dataclass(frozen=True, eq=False)
class FloatProgram:
    """Bounds of columns, and compressed rows with bounds; infinite ends are none."""

    lower: Doubles
    upper: Doubles
    starts: Integers
    columns: Integers
    values: Doubles
    row_lower: Doubles
    row_upper: Doubles


def proposed_multipliers(program: FloatProgram, objectives: Iterable[Doubles]) -> Doubles:
    """Return, for each objective, multipliers of the rows that may prove its maximum.

    A row of the answer whose multipliers are not numbers says that the solver failed.

    >>> one = np.ones(1)
    >>> row = (np.array([0, 1]), np.zeros(1, dtype=np.int64), 2 * one, -np.inf * one, 3 * one)
    >>> program = FloatProgram(0 * one, 9 * one, *row)  # 2 x <= 3
    >>> proposed_multipliers(program, np.array([[1.0], [-1.0]])).tolist()
    [[0.5], [0.0]]
    """
    # Importing HiGHS takes longer than most small networks.
    from polyrelax.lp._highs import DualSimplex  # noqa: PLC0415

    session = DualSimplex(program)
    none = np.full(len(program.row_lower), np.nan)
    answers = (session.multipliers(objective) for objective in objectives)
    rows = [none if answer is None else answer for answer in answers]
    return np.array(rows).reshape(len(rows), len(none))
