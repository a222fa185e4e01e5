"""Bound the nested maximum by relaxations, and with few constraints."""

from __future__ import annotations

from collections.abc import Iterator

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, ZERO
from polyrelax.lp import LinearProgram, Optimum, Row, maximize, minimize
from polyrelax.networks.gallery import maximum
from polyrelax.networks.regions import count_patterns
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

METHODS = ("exact", "p:1", "m:1", "triangle", "dp0", "dp1", "ibp")


def derive() -> Iterator[tuple[str, object]]:
    for d in (2, 3):
        network, cube = maximum(d), Polytope.box([0] * d, [1] * d)
        for name in METHODS:
            yield f"d = {d}, {name}", propagate(network, cube, relaxation(name)).output
        yield f"d = {d}, activation patterns", count_patterns(network, cube)
    for d in (2, 3, 10, 100):
        program = _few_constraints(d)
        count = 2 * d + len(program.rows)
        yield f"d = {d}, {count} constraints of M_1", _range(program, 2 * d - 2)


def _few_constraints(d: int) -> LinearProgram:
    """Return the cube, and y >= 0, y >= m - x and y + x <= 1 for each block m' = y + x.

    The variables are x_1, ..., x_d and then m_2, ..., m_d, where m_1 = x_1.
    """
    rows = []
    for k in range(1, d):
        before, here = (d + k - 2 if k > 1 else 0), d + k - 1
        rows.append(Row(((k, ONE), (here, -ONE)), ZERO))
        rows.append(Row(((before, ONE), (here, -ONE)), ZERO))
        rows.append(Row(((here, ONE),), ONE))
    free = (None,) * (d - 1)
    return LinearProgram((*((ZERO,) * d), *free), (*((ONE,) * d), *free), tuple(rows))


def _range(program: LinearProgram, variable: int) -> Interval:
    objective = ((variable, ONE),)
    least, greatest = minimize(program, objective), maximize(program, objective)
    assert isinstance(least, Optimum)
    assert isinstance(greatest, Optimum)
    return Interval(least.value, greatest.value)
