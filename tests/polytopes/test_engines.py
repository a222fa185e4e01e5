"""One suite for all engines: cones known by hand, proofs of each answer, and agreement."""

import sys
from fractions import Fraction
from importlib.util import find_spec
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.linalg import rank
from polyrelax.errors import UnknownNameError
from polyrelax.polytopes.engines import Cone, Engine, IntRow, default_engine, engine_named
from polyrelax.polytopes.engines.engine import echelon, reduced
from polyrelax.polytopes.engines.plain import Plain
from polyrelax.polytopes.engines.plane import polygon

OPTIONAL = {"pplite": "pplite", "normaliz": "PyNormaliz"}
NAMES = ["plain", "cddlib", "fast", *OPTIONAL]

Rows = list[IntRow]

POWERS = [15, 16, 28, 31, 32, 53, 61, 62, 63, 64, 65, 127, 128]
BORDERS = sorted(sign * (2**k + d) for k in POWERS for d in (-1, 0, 1) for sign in (-1, 1))
"""The numbers around the ends of machine words, and of products of two of them."""


@st.composite
def cones(draw: st.DrawFn) -> tuple[Rows, Rows, int]:
    """Generate inequalities, equations and the dimension of a cone; numbers may be long."""
    dim = draw(st.integers(0, 4))
    small = st.integers(-2, 2)
    entries = draw(st.sampled_from([small, small | st.sampled_from(BORDERS)]))
    row = st.tuples(*(entries for _ in range(dim)))
    return draw(st.lists(row, max_size=7)), draw(st.lists(row, max_size=2)), dim


@pytest.fixture(scope="module", params=NAMES)
def engine(request: pytest.FixtureRequest) -> Engine:
    library = OPTIONAL.get(request.param)
    if library and find_spec(library) is None:
        pytest.skip(f"{library} is not installed: pip install polyrelax[engines]")
    return engine_named(request.param)


LEAST_RAYS = ((-1, 2**63), (0, 1))

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
    "the least machine word": ([(1, -(2**63)), (0, 1)], [], 2, Cone(((1, 0), (2**63, 1)), ())),
    "the least machine word as a ray": ([(2**63, 1), (-1, 0)], [], 2, Cone(LEAST_RAYS, ())),
    "entries of two thirds of a word": (
        [(2**61 - 1, -2), (2**63 - 1, 2**31)],
        [],
        2,
        Cone(((2, 2**61 - 1), (2**31, 1 - 2**63)), ()),
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
def test_engines_agree_with_cddlib(engine: Engine, cone: tuple[Rows, Rows, int]) -> None:
    assert engine.extreme_rays(*cone) == engine_named("cddlib").extreme_rays(*cone)


@pytest.mark.parametrize("digits", [1, 18, 60])
def test_engines_agree_with_cddlib_on_points_with_long_entries(
    engine: Engine, digits: int
) -> None:
    random, size = Random(digits), 10**digits
    points = [(size, *(random.randint(-size, size) for _ in range(3))) for _ in range(12)]
    assert engine.extreme_rays(points, [], 4) == engine_named("cddlib").extreme_rays(
        points, [], 4
    )


def test_engines_know_their_names(engine: Engine) -> None:
    assert engine_named(engine.name) == engine


def test_names_of_no_engine_are_refused() -> None:
    with pytest.raises(UnknownNameError, match="cddlib, fast, normaliz, plain, pplite"):
        engine_named("steam")


@pytest.mark.parametrize(("name", "library"), OPTIONAL.items())
def test_without_its_library_an_engine_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, name: str, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"polyrelax.polytopes.engines.{name}", raising=False)
    needs = rf"polyrelax.polytopes.engines.{name} needs: pip install polyrelax\[engines\]"
    with pytest.raises(ImportError, match=needs):
        engine_named(name)


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


@st.composite
def plane_points(draw: st.DrawFn) -> Rows:
    """Generate multiples of points of the plane, on lines and twice, too."""
    weights, entries = st.integers(1, 3), st.integers(-3, 3) | st.sampled_from(BORDERS)
    rows = st.tuples(weights, entries, entries)
    return draw(st.lists(rows, min_size=1, max_size=12))


@given(plane_points())
def test_a_walk_around_points_of_the_plane_is_an_engine(rows: Rows) -> None:
    found = polygon(rows)
    assert (found is None) == (rank([tuple(map(Fraction, row)) for row in rows], 3) < 3)
    assert found in {None, Plain().extreme_rays(rows, [], 3)}
    assert found is None or default_engine().extreme_rays(rows, [], 3) == found


def test_thousands_of_points_on_a_circle_are_all_corners() -> None:
    """The points (2t, 1 - t^2) / (1 + t^2) for t = k / 50."""
    rows = [(2500 + k * k, 100 * k, 2500 - k * k) for k in range(-2000, 2000)]
    found = polygon(rows)
    assert found is not None
    assert len(found.rays) == 4000
