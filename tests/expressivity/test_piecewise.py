from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.errors import DimensionError, ShapeError
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.networks.gallery import maximum, tent, tent_flattened, tent_merged
from polyrelax.networks.network import Network
from polyrelax.strategies import networks


@given(
    net=networks(in_dim=1, widths=(2, 2, 1)),
    x=st.fractions(-4, 4, max_denominator=6),
)
def test_the_function_of_a_network_has_its_values(net: Network, x: Fraction) -> None:
    assert Piecewise.of_network(net)(x) == net((x,))[0]


def test_networks_of_one_function_give_equal_values() -> None:
    within = (Fraction(-1), Fraction(1))
    functions = {
        Piecewise.of_network(net()).on(*within) for net in (tent, tent_merged, tent_flattened)
    }
    assert len(functions) == 1
    assert functions.pop().slopes == (0, 2, -2, 0)


@pytest.mark.parametrize(
    ("slopes", "kinks", "error"),
    [([1], [0], DimensionError), ([1, 2, 3], [1, 0], ShapeError)],
)
def test_bad_data_are_refused(
    slopes: list[int], kinks: list[int], error: type[Exception]
) -> None:
    with pytest.raises(error):
        Piecewise.of_slopes(slopes, kinks)


def test_more_than_one_output_or_input_is_refused() -> None:
    with pytest.raises(DimensionError, match="2 inputs"):
        Piecewise.of_network(maximum(2))
    with pytest.raises(DimensionError, match="2 outputs"):
        Piecewise.of_network(tent().prefix(1))


def test_a_function_shows_itself_as_cases() -> None:
    function = Piecewise.of_slopes([0, "-1/2", 1], [0, 2], at_first_kink=3)
    assert function._repr_latex_() == (
        r"$\begin{cases}3 & \text{if } x \le 0 \\ -1/2 x + 3 & \text{if } x \le 2 \\ "
        r"x & \text{otherwise}\end{cases}$"
    )
