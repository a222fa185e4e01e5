"""What is known of radii, as bars."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer

from polyrelax.errors import DimensionError, ShapeError
from polyrelax.plotting import plot_radii
from polyrelax.plotting.looks import PURPLE, SKY
from tests.plotting.brackets import bracket

KNOWN = {
    "lp-greedy": {0: bracket(3, 9), 1: bracket(1, 5), 4: bracket(2)},
    "krelu:2": {0: bracket(6, 8), 1: bracket(2, 5), 4: bracket(2)},
}


def _parts(bars: BarContainer) -> list[tuple[float, float]]:
    return [(bar.get_y(), bar.get_y() + bar.get_height()) for bar in bars]


def test_each_method_has_what_it_certifies_beyond_those_before(ax: Axes) -> None:
    greedy, pairs, unknown = plot_radii(KNOWN, ax=ax)
    assert _parts(greedy) == [(0, 1), (0, 2), (0, 3)]
    assert _parts(pairs) == [(1, 2), (2, 2), (3, 6)]
    assert _parts(unknown) == [(2, 5), (2, 2), (6, 8)]
    assert [to_hex(bars[0].get_facecolor()) for bars in (greedy, pairs)] == [
        SKY.lower(),
        PURPLE.lower(),
    ]
    assert [bars.get_label() for bars in (greedy, pairs)] == ["LP-GREEDY", "$2$-ReLU"]


def test_images_are_sorted_by_what_is_certified_and_keep_their_numbers(ax: Axes) -> None:
    plot_radii(KNOWN, ax=ax)
    assert [text.get_text() for text in ax.get_xticklabels()] == ["1", "4", "0"]


def test_the_nearest_counterexample_is_marked_where_there_is_one(ax: Axes) -> None:
    plot_radii(KNOWN, ax=ax)
    (points,) = ax.lines
    assert np.asarray(points.get_xydata()).tolist() == [[0, 5], [2, 8]]


def test_a_method_that_certifies_less_than_those_before_has_no_part(ax: Axes) -> None:
    tight, loose, _ = plot_radii({"lp-all": {0: bracket(3)}, "ibp": {0: bracket(1)}}, ax=ax)
    assert (_parts(tight), _parts(loose)) == ([(0, 3)], [(3, 3)])


def test_methods_know_of_the_same_images(ax: Axes) -> None:
    known = {"lp-last": {0: bracket(1)}, "lp-all": {1: bracket(1)}}
    expected = "found 1 image of 'lp-all', expected the same 1 as of the others"
    with pytest.raises(DimensionError, match=expected):
        plot_radii(known, ax=ax)


def test_a_counterexample_is_farther_than_what_is_certified() -> None:
    assert bracket(0, 0).upper == 0  # an image that is in another class itself
    with pytest.raises(ShapeError, match="found the certified radius 1 and a counterexample"):
        bracket(1, 1)
    with pytest.raises(ShapeError, match="found the radius -1, expected at least 0"):
        bracket(-1)


def test_methods_do_not_contradict_each_other(ax: Axes) -> None:
    known = {"lp-all": {0: bracket(5)}, "krelu:2": {0: bracket(2, 3)}}
    expected = "found the certified radius 5 and a counterexample at 3, expected it beyond"
    with pytest.raises(ShapeError, match=expected):
        plot_radii(known, ax=ax)
