"""The search for the last positive value, on functions whose zeros are known."""

from __future__ import annotations

import math

import pytest

from polyrelax.verification.last_positive import Margin, last_positive

FUNCTIONS: dict[str, tuple[Margin, float]] = {
    "line": (lambda x: 3 - x, 3.0),
    "steep": (lambda x: 1 - math.expm1(50 * x), math.log(2) / 50),
    "infinite": (lambda x: 1 - x if x < 2 else -math.inf, 1.0),
    "step": (lambda x: 1.0 if x < 0.7 else -1.0, 0.7),
    "far": (lambda x: 1e6 - x, 1e6),
    "near": (lambda x: 1e-9 - x, 1e-9),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize("tolerance", [1e-2, 1e-9])
def test_zeros_are_bracketed(name: str, tolerance: float) -> None:
    function, zero = FUNCTIONS[name]
    low, high = last_positive(function, 0.0, tolerance)
    assert low <= zero <= math.nextafter(high, math.inf)  # the zero itself is rounded
    assert high <= low * (1 + 2 * tolerance)
    assert function(low) > 0 >= function(high)


def test_few_values_are_asked_for() -> None:
    asked: list[float] = []

    def counted(x: float) -> float:
        asked.append(x)
        return 8 - 2 * x - math.expm1(30 * x)

    last_positive(counted, 0.0, 1e-6)
    assert len(asked) <= 12
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("pole", [0.02, 0.3, 1.0])
def test_margins_that_fall_towards_a_pole_are_asked_for_less_often(pole: float) -> None:
    # 8 - x / (pole - x) is what is interpolated along a line: it is zero at 8/9 of the pole.
    asked: list[float] = []

    def counted(x: float) -> float:
        asked.append(x)
        return 8 - x / (pole - x) if x < pole else -math.inf

    low, high = last_positive(counted, 0.0, 1e-6)
    assert low <= pole * 8 / 9 <= high
    assert len(asked) <= 12


def test_nothing_is_asked_below_the_start() -> None:
    def margin(x: float) -> float:
        assert x >= 2
        return 3 - x

    low, high = last_positive(margin, 2.0, 1e-3)
    assert low < 3 <= high
    falling: Margin = lambda x: 1 - x  # noqa: E731
    assert last_positive(falling, 2.0, 1e-3) == (2.0, 2.0)


def test_a_margin_that_never_ends_is_left_at_a_large_number() -> None:
    low, _ = last_positive(lambda _: 1.0, 0.0, 1e-3)
    assert low >= 2.0**60
