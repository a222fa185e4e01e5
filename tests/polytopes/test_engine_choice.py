"""Which engine is asked depends on the number of rows alone."""

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


@pytest.mark.parametrize(
    ("rows", "asked"), [(0, "few"), (3, "few"), (4, "many!"), (9, "many!")]
)
def test_few_rows_go_to_one_engine_and_more_to_the_other(rows: int, asked: str) -> None:
    engine = BySize(few=_Named("few"), many=_Named("many!"), most_few=3)
    assert engine.extreme_rays([(1,)] * rows, [], 1).rays == ((len(asked),),)


def test_the_default_engine_starts_with_cddlib_and_goes_on_with_the_fast_one() -> None:
    engine = default_engine()
    assert isinstance(engine, BySize)
    assert (engine.few.name, engine.many.name) == ("cddlib", "fast")
