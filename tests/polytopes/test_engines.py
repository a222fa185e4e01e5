"""One suite for all engines: cones known by hand, proofs of each answer, and agreement."""

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.linalg import rank
from polyrelax.polytopes.engines import Cddlib, Cone, Engine, Fast, IntRow, Plain
from polyrelax.polytopes.engines.engine import echelon, reduced

ENGINES: tuple[Engine, ...] = (Plain(), Cddlib(), Fast())

Rows = list[IntRow]


@st.composite
def cones(draw: st.DrawFn) -> tuple[Rows, Rows, int]:
    """Generate inequalities, equations and the dimension of a cone."""
    dim = draw(st.integers(0, 4))
    row = st.tuples(*(st.integers(-2, 2) for _ in range(dim)))
    return draw(st.lists(row, max_size=7)), draw(st.lists(row, max_size=2)), dim


@pytest.fixture(scope="module", params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> Engine:
    chosen: Engine = request.param
    return chosen


KNOWN: dict[str, tuple[Rows, Rows, int, Cone]] = {
    "dimension zero": ([], [], 0, Cone((), ())),
    "dimension zero with empty rows": ([()], [()], 0, Cone((), ())),
    "no rows: the whole space": ([], [], 2, Cone((), ((1, 0), (0, 1)))),
    "zero rows say nothing": ([(0, 0)], [(0, 0)], 2, Cone((), ((1, 0), (0, 1)))),
    "half-line": ([(3,)], [], 1, Cone(((1,),), ())),
    "origin from opposite inequalities": ([(1,), (-1,)], [], 1, Cone((), ())),
    "origin from equations": ([], [(1, 1), (1, -1)], 2, Cone((), ())),
    "quadrant": ([(1, 0), (0, 1)], [], 2, Cone(((0, 1), (1, 0)), ())),
    "duplicates and multiples": (
        [(1, 0), (0, 1), (0, 1), (0, 5)],
        [],
        2,
        Cone(((0, 1), (1, 0)), ()),
    ),
    "redundant row": ([(1, 0), (0, 1), (1, 1)], [], 2, Cone(((0, 1), (1, 0)), ())),
    "half-plane": ([(1, -1)], [], 2, Cone(((0, -1),), ((1, 1),))),
    "opposite inequalities leave a line": ([(1, -1), (-1, 1)], [], 2, Cone((), ((1, 1),))),
    "half of a plane in space": (
        [(0, 0, 1)],
        [(1, 1, 0)],
        3,
        Cone(((0, 0, 1),), ((1, -1, 0),)),
    ),
    "cone over a square": (
        [(1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1)],
        [],
        3,
        Cone(((1, -1, -1), (1, -1, 1), (1, 1, -1), (1, 1, 1)), ()),
    ),
    "an equation that is also an inequality": (
        [(1, 0), (0, 1)],
        [(1, 0)],
        2,
        Cone(((0, 1),), ()),
    ),
    "numbers beyond 64 bits": (
        [(10**30, -1), (-1, 10**30)],
        [],
        2,
        Cone(((1, 10**30), (10**30, 1)), ()),
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_cones_known_by_hand(engine: Engine, name: str) -> None:
    inequalities, equations, dim, expected = KNOWN[name]
    assert engine.extreme_rays(inequalities, equations, dim) == expected


@given(cone=cones())
def test_generators_lie_in_the_cone(engine: Engine, cone: tuple[Rows, Rows, int]) -> None:
    inequalities, equations, dim = cone
    found = engine.extreme_rays(inequalities, equations, dim)
    assert all(_inner(row, ray) >= 0 for row in inequalities for ray in found.rays)
    assert all(_inner(row, line) == 0 for row in inequalities for line in found.lines)
    generators = (*found.rays, *found.lines)
    assert all(_inner(row, generator) == 0 for row in equations for generator in generators)


@given(cone=cones())
def test_each_facet_of_the_generated_cone_is_a_given_constraint(
    engine: Engine, cone: tuple[Rows, Rows, int]
) -> None:
    """With the test before, this proves the answer: no generator is missing."""
    inequalities, equations, dim = cone
    found = engine.extreme_rays(inequalities, equations, dim)
    dual = engine.extreme_rays(found.rays, found.lines, dim)
    assert set(dual.rays) <= {reduced(row, dual.lines) for row in inequalities}
    implied = [row for row in inequalities if not any(reduced(row, dual.lines))]
    assert set(dual.lines) == set(echelon((*equations, *implied), dim))


@given(cone=cones())
def test_rays_are_extreme(engine: Engine, cone: tuple[Rows, Rows, int]) -> None:
    inequalities, equations, dim = cone
    found = engine.extreme_rays(inequalities, equations, dim)
    for ray in found.rays:
        tight = [row for row in inequalities if _inner(row, ray) == 0]
        assert _rank([*tight, *equations], dim) == dim - len(found.lines) - 1


@given(cone=cones())
def test_the_dual_of_the_dual_is_the_cone(engine: Engine, cone: tuple[Rows, Rows, int]) -> None:
    found = engine.extreme_rays(*cone)
    dual = engine.extreme_rays(found.rays, found.lines, cone[2])
    assert engine.extreme_rays(dual.rays, dual.lines, cone[2]) == found


@given(cone=cones())
def test_engines_agree(cone: tuple[Rows, Rows, int]) -> None:
    first, *others = (engine.extreme_rays(*cone) for engine in ENGINES)
    assert all(other == first for other in others)


@given(cone=cones(), seed=st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    engine: Engine, cone: tuple[Rows, Rows, int], seed: Random
) -> None:
    inequalities, equations, dim = cone
    shuffled = list(inequalities)
    seed.shuffle(shuffled)
    expected = engine.extreme_rays(inequalities, equations, dim)
    assert engine.extreme_rays(shuffled, equations, dim) == expected


def _inner(row: IntRow, other: IntRow) -> int:
    return sum(s * t for s, t in zip(row, other, strict=True))


def _rank(rows: Rows, dim: int) -> int:
    return rank([tuple(map(Fraction, row)) for row in rows], dim) if rows else 0
