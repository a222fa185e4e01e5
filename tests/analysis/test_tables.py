"""Tables of bounds: a row for each value and relaxation, gaps to the narrowest."""

from __future__ import annotations

from fractions import Fraction

import pytest

from polyrelax.analysis.tables import BoundRow, bound_rows, latex_table
from polyrelax.errors import DimensionError
from polyrelax.networks.gallery import absolute_value, tent
from polyrelax.networks.network import network
from polyrelax.relaxations.trace import propagate

THIRD = network(([["1/3"]], [0]))


def test_rows_come_layer_by_layer_with_gaps_to_the_narrowest() -> None:
    traces = [propagate(tent(), (-1, 1), name) for name in ("dp1", "ibp", "p:3")]
    rows = bound_rows(traces)
    assert len(rows) == 3 * sum(tent().widths)
    # The tent's values are 1 to 2; DeepPoly bounds them by 0 and 3, intervals by 0 and 2.
    assert [(row.lower, row.upper, row.width, row.gap) for row in rows[-3:]] == [
        (0, 3, 3, 2),
        (0, 2, 2, 1),
        (1, 2, 1, 0),
    ]
    assert {row.gap for row in rows[:3]} == {0}


def test_a_table_of_latex_is_exact_or_rounded_outward() -> None:
    traces = [propagate(THIRD, (-1, 1), "ibp")]
    assert latex_table(traces).splitlines() == [
        r"\begin{tabular}{lrlrrrr}",
        r"\toprule",
        r"layer & value & relaxation & lower & upper & width & gap \\",
        r"\midrule",
        r"0 input & 0 & ibp & $-1$ & $1$ & $2$ & $0$ \\",
        r"1 affine & 0 & ibp & $-1/3$ & $1/3$ & $2/3$ & $0$ \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]
    last = latex_table(traces, digits=2).splitlines()[-3]
    assert last == r"1 affine & 0 & ibp & $-0.34$ & $0.34$ & $0.67$ & $0.00$ \\"


def test_traces_of_two_networks_or_sets_have_no_table() -> None:
    traces = [propagate(each, (-1, 1), "ibp") for each in (tent(), absolute_value())]
    with pytest.raises(DimensionError, match="found traces of two networks, expected one"):
        bound_rows(traces)
    elsewhere = [propagate(tent(), (-1, upper), "ibp") for upper in (1, 2)]
    with pytest.raises(DimensionError, match="found traces on two sets of inputs"):
        bound_rows(elsewhere)
    with pytest.raises(DimensionError, match="found no traces, expected at least one"):
        latex_table([])


def test_a_width_is_the_difference_of_the_ends() -> None:
    assert BoundRow("0 input", 0, "ibp", Fraction(-1), Fraction(2), Fraction(0)).width == 3
