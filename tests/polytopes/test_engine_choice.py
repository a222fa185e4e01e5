"""Which engine is asked depends on the size of the input, and on what the larger one costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import pytest

from polyrelax.polytopes.engines import BySize, Cone, IntRow, default_engine
from polyrelax.polytopes.engines.costs import CDDLIB, MOST_PLAIN


@dataclass(frozen=True)
class _Named:
    """An engine that answers by its name."""

    name: str

    def extreme_rays(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Cone:
        return Cone(((len(self.name),),), ())


def asked(rows: Sequence[IntRow], dim: int, *, start: float, equations: int = 0) -> str:
    """Return which engine is asked for rows, if the fastest one takes ``start`` s."""
    handful, few, many = _Named("plain"), _Named("slow"), _Named("fast")
    engine = BySize(handful=handful, few=few, many=many, start=lambda: start)
    equal = [tuple(int(i == j) for j in range(dim)) for i in range(equations)]
    found = engine.chosen(rows, equal, dim)
    assert engine.extreme_rays(rows, equal, dim).rays[0][0] == len(found.name)
    return found.name


def _spanning(rows: int, dim: int, of: int) -> list[IntRow]:
    """Return so many rows that span some dimensions of all, none of them a point of a plane."""
    return [(0, *(int(i % dim == j) for j in range(of - 1))) for i in range(1, rows + 1)]


@pytest.mark.parametrize("start", [0.0, 4.0, inf])
def test_a_handful_of_rows_needs_no_start(start: float) -> None:
    assert asked(_spanning(MOST_PLAIN, 4, 9), 9, start=start) == "plain"
    assert asked(_spanning(MOST_PLAIN - 1, 4, 9), 9, start=start, equations=1) == "plain"


@pytest.mark.parametrize("rows", [MOST_PLAIN + 1, 100])
def test_an_engine_that_has_started_is_asked_for_all_others(rows: int) -> None:
    assert asked(_spanning(rows, 4, 9), 9, start=0.0) == "fast"


def test_an_engine_that_cannot_start_is_never_asked() -> None:
    assert asked(_spanning(500, 20, 21), 21, start=inf) == "slow"


@pytest.mark.parametrize(
    ("rows", "dim", "factor"), [(100, 3, 100), (16, 11, 4096), (64, 5, 1024)]
)
def test_a_start_must_pay_in_the_dimension_that_rows_span(
    rows: int, dim: int, factor: int
) -> None:
    """By the formula: 100, 16 * 4**4 and 64 * 16 times the cost of a row."""
    spanning, seconds = _spanning(rows, dim, 30), factor * CDDLIB
    assert asked(spanning, 30, start=seconds * 1.01) == "slow"
    assert asked(spanning, 30, start=seconds * 0.99) == "fast"


def test_equations_lower_the_dimension() -> None:
    """Of 64 rows in dimension 5 and 3: 1,024 and 64 times the cost of a row."""
    rows = _spanning(64, 5, 6)
    assert asked(rows, 6, start=100 * CDDLIB) == "fast"
    assert asked(rows, 6, start=100 * CDDLIB, equations=3) == "slow"


def test_the_default_engines_are_plain_cddlib_and_fast() -> None:
    engine = default_engine()
    assert isinstance(engine, BySize)
    names = (engine.handful.name, engine.few.name, engine.many.name)
    assert names == ("plain", "cddlib", "fast")
