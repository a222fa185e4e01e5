"""Wrong arguments of families, losses, budgets and ``train`` are answered by our own errors."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import TypeAlias

import numpy as np
import pytest

from polyrelax.errors import (
    ArgumentError,
    InexactInputError,
    NotANumberError,
    PolyrelaxError,
    ShapeError,
    TooLargeError,
    UnknownNameError,
)
from polyrelax.training.exact import NormBounded

pytest.importorskip("torch", reason="needs polyrelax[torch]")

from polyrelax.training.descent import Budget, train
from polyrelax.training.losses import MarginLoss
from polyrelax.training.norm_bounded_nets import NormBoundedNets
from polyrelax.training.rectified_nets import RectifiedNets
from polyrelax.training.sort_nets import SortNets

Arguments: TypeAlias = tuple[object, ...]

GOAL, BUDGET = MarginLoss(0.1), Budget(1, 1, 0.1)
FAMILY = SortNets((2, 2), Fraction(0), GOAL)
IMAGES, LABELS = np.eye(2), np.array([0, 1])

RIGHT: tuple[tuple[Callable[..., object], Arguments], ...] = (
    (MarginLoss, (0.1, 1.0)),
    (Budget, (1, 1, 0.1)),
    (SortNets, ((2, 2, 2), Fraction(0), GOAL)),
    (NormBoundedNets, ((2, 2, 2), "maxmin", GOAL)),
    (RectifiedNets, ((2, 2, 2), 0.1)),
    (train, (FAMILY, (IMAGES, LABELS), BUDGET, 0)),
    (lambda images, labels: train(FAMILY, (images, labels), BUDGET, 0), (IMAGES, LABELS)),
)

WRONG: Arguments = (
    *(None, True, "x", b"x", "1/4", 0.5, float("nan"), float("inf"), -1, 10**400, 2j),
    *(Fraction(1, 3), (), (1,), [2, "2"], [[0.0, 1.0]], {}, {1: 2}, object(), SortNets, GOAL),
    *(
        BUDGET,
        FAMILY,
        np.array(["x"]),
        np.array([0.5]),
        np.array([None]),
        np.full((2, 2), np.nan),
    ),
)


@pytest.mark.parametrize(("call", "right"), RIGHT)
def test_each_wrong_argument_is_taken_or_refused_by_an_error_of_ours(
    call: Callable[..., object], right: Arguments
) -> None:
    call(*right)
    for place in range(len(right)):
        for wrong in WRONG:
            with suppress(PolyrelaxError):
                made = call(*right[:place], wrong, *right[place + 1 :])
                if isinstance(made, SortNets | NormBoundedNets | RectifiedNets):
                    train(made, (np.zeros((1, 2)), np.zeros(1, int)), BUDGET, 0).network(4)


REFUSED: tuple[tuple[Callable[..., object], Arguments, type[PolyrelaxError], str], ...] = (
    (
        NormBoundedNets,
        ((2, 2), "foo", GOAL),
        UnknownNameError,
        "found activation 'foo', expected absolute or maxmin",
    ),
    (NormBoundedNets, ((2, 2), 3, GOAL), ArgumentError, "found 3, expected a text"),
    (NormBounded, ((), (), "foo"), UnknownNameError, "found activation 'foo', expected"),
    (NormBoundedNets, ((2, 2), "maxmin", 0.1), ArgumentError, "found 0.1, expected a loss of"),
    (SortNets, ((2, 2), Fraction(0), 0.1), ArgumentError, "found 0.1, expected a loss of"),
    (SortNets, ((2, 2), 0.25, GOAL), InexactInputError, "0.25"),
    (SortNets, ("22", 0, GOAL), ArgumentError, "found '22', expected widths"),
    (SortNets, ((2, 10**12), 0, GOAL), TooLargeError, "found the width 1000000000000"),
    (RectifiedNets, ((2, 2), "x"), ArgumentError, "found 'x', expected a float"),
    (MarginLoss, (Fraction(1, 10),), ArgumentError, "found 1/10, expected a float"),
    (MarginLoss, (float("inf"),), ShapeError, "found the radius inf, expected it above 0 and"),
    (Budget, (1, 1, "x"), ArgumentError, "found 'x', expected a float"),
    (Budget, ("1", 1, 0.1), ArgumentError, "found '1', expected a whole number"),
    (train, ("x", (IMAGES, LABELS), BUDGET, 0), ArgumentError, "found 'x', expected a family"),
    (train, (SortNets, (IMAGES, LABELS), BUDGET, 0), ArgumentError, "expected a family"),
    (train, (FAMILY, (IMAGES, LABELS), 5, 0), ArgumentError, "found 5, expected a budget"),
    (
        train,
        (FAMILY, (IMAGES.tolist(), LABELS), BUDGET, 0),
        ArgumentError,
        r"expected an array of numbers",
    ),
    (
        train,
        (FAMILY, (IMAGES, LABELS.tolist()), BUDGET, 0),
        ArgumentError,
        r"expected an array of whole numbers",
    ),
    (
        train,
        (FAMILY, (IMAGES, LABELS / 2), BUDGET, 0),
        ArgumentError,
        "found an array of float64, expected one of whole numbers",
    ),
    (train, (FAMILY, IMAGES, BUDGET, 0), ArgumentError, "expected images and labels"),
    (
        train,
        (FAMILY, (IMAGES * 1e300, LABELS), BUDGET, 0),
        NotANumberError,
        r"found 1e\+300 in an image, expected a finite number in single precision",
    ),
)


@pytest.mark.parametrize(("call", "arguments", "error", "message"), REFUSED)
def test_other_kinds_of_things_are_refused(
    call: Callable[..., object],
    arguments: Arguments,
    error: type[PolyrelaxError],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        call(*arguments)


def test_progress_is_told_to_functions_alone() -> None:
    call: Callable[..., object] = train
    with pytest.raises(ArgumentError, match="found 3, expected a function"):
        call(FAMILY, (IMAGES, LABELS), BUDGET, 0, progress=3)


@pytest.mark.parametrize("kind", ["f2", ">f8", "g", "u2", "i1", "?"])
def test_images_may_be_of_any_kind_of_numbers(kind: str) -> None:
    trained = train(FAMILY, (IMAGES.astype(kind), LABELS.astype("u1")), BUDGET, 0)
    assert trained.network(8) == train(FAMILY, (IMAGES, LABELS), BUDGET, 0).network(8)


def test_a_ratio_may_be_a_text() -> None:
    make: Callable[..., object] = SortNets
    assert make((2, 2), "1/4", GOAL) == make((2, 2), Fraction(1, 4), GOAL)
