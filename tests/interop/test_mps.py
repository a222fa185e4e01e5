"""Programs as MPS: the same points, read exactly by a few lines and in floats by HiGHS."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import highspy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ONE
from polyrelax.errors import DimensionError, FormatError, InexactInputError
from polyrelax.interop import mps
from polyrelax.lp import LinearProgram, Optimum, Row, maximize
from polyrelax.networks import gallery
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.written_program import written_program
from tests.interop.evaluation import program as read

NAMES = ("a", "b")
numbers = st.fractions(-3, 3, max_denominator=6)
Ends = tuple[Fraction | None, Fraction | None]


def ordered(a: Fraction, b: Fraction) -> Ends:
    return min(a, b), max(a, b)


half_open: st.SearchStrategy[Ends] = st.tuples(st.none() | numbers, st.none())
ends = half_open | half_open.map(lambda pair: pair[::-1]) | st.builds(ordered, numbers, numbers)
rows = st.builds(
    Row,
    st.dictionaries(st.integers(0, 1), numbers.filter(bool)).map(lambda d: tuple(d.items())),
    numbers,
    st.booleans(),
)
programs = st.builds(
    lambda a, b, sides: LinearProgram((a[0], b[0]), (a[1], b[1]), tuple(sides)),
    ends,
    ends,
    st.lists(rows, max_size=3),
)


@settings(max_examples=12)
@given(programs, st.lists(st.tuples(numbers, numbers), min_size=1, max_size=6))
def test_the_points_of_a_file_are_those_of_the_program(
    program: LinearProgram, points: list[tuple[Fraction, Fraction]]
) -> None:
    found = read(mps.dumps(program, NAMES))
    for point in points:
        assert found.contains(dict(zip(NAMES, point, strict=True))) == program.contains(point)


@pytest.mark.parametrize("name", ["triangle", "krelu:2"])
def test_highs_finds_the_optimum_of_a_file(name: str, tmp_path: Path) -> None:
    """It reads the nearest doubles; its optimum is compared within its tolerance of 1e-7."""
    square = Polytope.box(["-1/3", "-1/4"], [1, "1/3"])
    trace = propagate(gallery.two_relu_example(), square, relaxation(name))
    written = written_program(trace, square)
    objective = ((written.column("Y_0"), ONE),)
    text = mps.dumps(written.program, written.names, objective, maximize=True)
    (tmp_path / "program.mps").write_text(text)
    solver = highspy._Highs()  # type: ignore[attr-defined]
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(str(tmp_path / "program.mps")) == highspy.HighsStatus.kOk
    assert list(solver.getLp().col_lower_) == list(map(_double, written.program.lower))
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    best = maximize(written.program, objective)
    assert isinstance(best, Optimum)
    assert best.value == trace.output[0].upper
    found = Fraction(solver.getInfo().objective_function_value)
    assert abs(found - best.value) <= Fraction(1, 10**7)


def _double(end: Fraction | None) -> float:
    """What HiGHS has as a lower bound: -1/3 is in a row."""
    return -math.inf if end is None or end.denominator == 3 else float(end)


def test_all_columns_are_there_and_bounds_are_said() -> None:
    program = LinearProgram((None, Fraction(1, 3)), (Fraction(-1), Fraction(1)))
    found = read(mps.dumps(program, NAMES))
    assert found.bounds == {"a": [None, -1], "b": [None, 1]}
    assert found.entries == {("a", "objective"): 0, ("b", "R_0"): -3}
    assert (found.kinds, found.right) == ({"objective": "N", "R_0": "L"}, {"R_0": -1})


def test_what_the_format_cannot_hold_is_refused() -> None:
    free = LinearProgram((None,) * 2, (None,) * 2)
    with pytest.raises(DimensionError, match="found 1 names, expected 2"):
        mps.dumps(free, ["a"])
    for names in (["a", "a"], ["a", "b c"], ["a", ""]):
        with pytest.raises(FormatError):
            mps.dumps(free, names)
    with pytest.raises(InexactInputError, match="found 1/3"):
        mps.dumps(free, NAMES, ((0, Fraction(1, 3)),))
