"""Which engine is asked depends on the size of the input, and on what the larger one costs."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from polyrelax.polytopes.engines import BySize, Cone, IntRow, default_engine


@dataclass(frozen=True)
class _Named:
    """An engine that answers by its name."""

    name: str

    def extreme_rays(
        self, inequalities: Sequence[IntRow], equations: Sequence[IntRow], dim: int
    ) -> Cone:
        return Cone(((len(self.name),),), ())


def asked(rows: int, dim: int, *, start: float) -> str:
    """Return which engine is asked for so many rows, if the larger one takes ``start`` s."""
    few, many = _Named("few"), _Named("many!")
    engine = BySize(few=few, many=many, most_few=3, start=lambda: start)
    length = engine.extreme_rays([(1,) * dim] * rows, [], dim).rays[0][0]
    return {len(few.name): few.name, len(many.name): many.name}[length]


@pytest.mark.parametrize("rows", [0, 3, 4, 9])
def test_an_engine_that_has_started_is_asked_for_all_but_few_rows(rows: int) -> None:
    assert asked(rows, 3, start=0.0) == ("few" if rows <= 3 else "many!")


@pytest.mark.parametrize(("rows", "dim"), [(100, 3), (16, 11), (64, 5), (20, 3)])
def test_a_start_must_pay(rows: int, dim: int) -> None:
    """By the formula: 100 / 10**4, 16 * 4**4 / 10**4, 64 * 16 / 10**4 and 20 / 10**4."""
    seconds = {100: 0.01, 16: 0.4096, 64: 0.1024, 20: 0.002}[rows]
    assert asked(rows, dim, start=seconds / 9) == "few"
    assert asked(rows, dim, start=seconds / 11) == "many!"


def test_equations_lower_the_dimension() -> None:
    engine = BySize(few=_Named("few"), many=_Named("many!"), start=lambda: 0.001)
    rows, equations = [(1,) * 5] * 64, [(1, 0, 0, 0, 0), (0, 1, 0, 0, 0)]
    assert engine.extreme_rays(rows, [], 5).rays == ((5,),)
    assert engine.extreme_rays(rows, equations, 5).rays == ((3,),)


def test_any_number_of_rows_and_columns_has_an_estimate() -> None:
    assert asked(1000, 500, start=60.0) == "many!"


def test_the_default_engine_starts_with_cddlib_and_goes_on_with_the_fast_one() -> None:
    engine = default_engine()
    assert isinstance(engine, BySize)
    assert (engine.few.name, engine.many.name) == ("cddlib", "fast")
