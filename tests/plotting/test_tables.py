"""Tables of answers, and what searches found."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from polyrelax.arithmetic.interval import Interval
from polyrelax.errors import DimensionError, EmptySetError
from polyrelax.plotting import plot_answers, plot_gaps, plot_progress, stored_gaps
from polyrelax.search.candidates import Space
from polyrelax.search.executor import explore
from polyrelax.search.question import Question
from polyrelax.search.store import Store


def test_a_table_has_a_cell_for_each_answer_row_by_row(ax: Axes) -> None:
    rows: dict[str, dict[str, bool | None]]
    rows = {"ibp": {"f": True, "g": False}, "p:1": {"f": None, "g": True}}
    cells = plot_answers(rows, ax=ax)
    assert [cell.get_label() for cell in cells] == ["yes", "no", "?", "yes"]
    assert [cell.get_xy() for cell in cells] == [(0, 0), (1, 0), (0, 1), (1, 1)]
    assert [text.get_text() for text in ax.get_xticklabels()] == ["f", "g"]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["IBP", "$P_{1}$"]


def test_answers_differ_in_their_colour_and_the_unknown_one_is_hatched(ax: Axes) -> None:
    cells = plot_answers({"f": {"a": True, "b": False, "c": None}}, ax=ax)
    assert len({to_hex(cell.get_facecolor()) for cell in cells}) == 3
    assert [bool(cell.get_hatch()) for cell in cells] == [False, False, True]


def test_the_first_row_is_above_the_others(ax: Axes) -> None:
    plot_answers({"f": {"a": True}, "g": {"a": False}}, ax=ax)
    assert ax.get_ylim() == (2, 0)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"f": {"a": True}, "g": {"b": True}}, "found the columns b of 'g', expected a"),
        ({"f": {}}, "found no columns of 'f', expected at least one"),
    ],
)
def test_rows_have_the_same_columns_and_at_least_one(
    rows: dict[str, dict[str, bool | None]], message: str, ax: Axes
) -> None:
    with pytest.raises(DimensionError, match=message):
        plot_answers(rows, ax=ax)


def test_gaps_are_counted(ax: Axes) -> None:
    third, half = Fraction(1, 3), Fraction(1, 2)
    drawn = plot_gaps([half, third, half, half], ax=ax).get_segments()
    assert [np.asarray(line)[1].tolist() for line in drawn] == [[float(third), 1], [0.5, 3]]


def test_progress_keeps_the_largest_gap_in_the_order_of_the_numbers(ax: Axes) -> None:
    gaps = {8: Fraction(5), 1: Fraction(1), 3: Fraction(4), 4: Fraction(4)}
    line = plot_progress(gaps, 20, ax=ax)
    assert np.asarray(line.get_xdata()).tolist() == [1, 3, 8, 20]
    assert np.asarray(line.get_ydata()).tolist() == [1, 4, 5, 5]


def test_a_search_without_witnesses_has_no_picture(ax: Axes) -> None:
    with pytest.raises(EmptySetError, match="found no witnesses"):
        plot_gaps([], ax=ax)
    with pytest.raises(EmptySetError, match="found no witnesses"):
        plot_progress({}, 3, ax=ax)


def test_gaps_come_from_the_file_of_a_search(tmp_path: Path) -> None:
    # relu(x) - relu(x) and its negative: the triangle allows half a unit on [-1, 1].
    unit = Interval(Fraction(-1), Fraction(1))
    space = Space((1, 2, 1), (Fraction(0), Fraction(1)), (Fraction(-1), Fraction(1)), (unit,))
    question = Question(space, "triangle", "exact")
    store = Store.begin(tmp_path / "search.sqlite", question)
    for part in explore(question):
        store.add(part)
    assert list(stored_gaps(store).values()) == [Fraction(1, 2)] * 2
