"""The fast engine against the plain one, on every path that it can take."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from fractions import Fraction
from functools import partial
from itertools import combinations, product
from math import comb
from operator import mul
from pathlib import Path
from random import Random

import numpy as np
import pytest

from polyrelax.arithmetic.rational import primitive, vector
from polyrelax.polytopes.engines.cddlib import Cddlib
from polyrelax.polytopes.engines.engine import Cone, Engine, IntRow
from polyrelax.polytopes.engines.fast import Fast, compiled_method, plain_arrays
from polyrelax.polytopes.engines.fast.library import KERNELS
from polyrelax.polytopes.engines.fast.preparation import (
    choose_primes,
    determinant_bound,
    problem,
)
from polyrelax.polytopes.engines.fast.problem import DONE
from polyrelax.polytopes.engines.fast.reduction import Pointed, reduction, solve
from polyrelax.polytopes.engines.fast.run import Run, run_of
from polyrelax.polytopes.engines.plain import Plain

Method = Callable[[list[IntRow], list[IntRow], int], Cone]


def _by(pointed: Pointed) -> Method:
    return lambda rows, equations, dim: solve(rows, equations, dim, pointed=pointed)


METHODS: dict[str, Method] = {
    "compiled": _by(compiled_method.pointed_rays),
    "compiled, edges kept": _by(partial(compiled_method.pointed_rays, many=0)),
    "compiled, pairs compared": _by(partial(compiled_method.pointed_rays, many=1 << 60)),
    "numpy": _by(plain_arrays.pointed_rays),
    # Smaller primes divide more minors, so this one has to start again more often.
    "unlucky": _by(partial(compiled_method.pointed_rays, prime_limit=40_001)),
}


@pytest.fixture(scope="module", params=METHODS)
def method(request: pytest.FixtureRequest) -> Method:
    return METHODS[request.param]


def _random_cone(random: Random) -> tuple[list[IntRow], list[IntRow], int]:
    dim, size = random.randint(1, 5), random.choice([1, 1, 2, 50, 10**20])

    def rows(count: int) -> list[IntRow]:
        return [tuple(random.randint(-size, size) for _ in range(dim)) for _ in range(count)]

    return rows(random.randint(0, 9)), rows(random.choice([0, 0, 0, 1])), dim


@pytest.mark.parametrize("seed", range(12))
def test_agrees_with_the_plain_engine_on_random_cones(method: Method, seed: int) -> None:
    """Lines, implied equations, duplicates and the origin are all among them."""
    random = Random(seed)
    for _ in range(25):
        rows, equations, dim = _random_cone(random)
        assert method(rows, equations, dim) == Plain().extreme_rays(rows, equations, dim)


@pytest.mark.parametrize("digits", [0, 6, 19, 400])
def test_agrees_with_cddlib_on_numbers_of_any_length(method: Method, digits: int) -> None:
    random, size = Random(digits), 3 * 10**digits
    points = [(size, *(random.randint(-size, size) for _ in range(4))) for _ in range(14)]
    assert method(points, [], 5) == Cddlib().extreme_rays(points, [], 5)


@pytest.mark.parametrize("digits", [12, 17, 40])
def test_points_almost_on_a_facet_are_told_from_points_on_it(
    method: Method, digits: int
) -> None:
    """Floats see the middle of each edge of the cube on it; it is out, on it, or inside."""
    unit = 10**digits
    cube = [(unit, *corner) for corner in product((-unit, unit), repeat=3)]
    shifts = (1, 0, -1, 1, 0, -1)
    middles = [(unit, 0, unit + s, (-1) ** i * (unit + s)) for i, s in enumerate(shifts)]
    rows = [*cube, *middles]
    assert method(rows, [], 4) == Cddlib().extreme_rays(rows, [], 4)


def test_a_value_that_no_float_sees_is_positive_or_negative(method: Method) -> None:
    big = 10**40
    cone = [(1, -1), (0, 1)]
    assert method([*cone, (big, 1 - big)], [], 2) == Cone(((1, 0), (1, 1)), ())
    assert method([*cone, (big - 1, -big)], [], 2) == Cone(((1, 0), (big, big - 1)), ())


@pytest.mark.parametrize(("points", "half"), [(12, 2), (18, 3)])
def test_cyclic_polytopes_have_as_many_facets_as_gale_counted(
    method: Method, points: int, half: int
) -> None:
    """In dimension 2 m, n points on the moment curve have n / (n - m) * C(n - m, m) facets."""
    dim = 2 * half
    rows = [tuple(t**i for i in range(dim + 1)) for t in range(points)]
    expected = points * comb(points - half, half) // (points - half)
    assert len(method(rows, [], dim + 1).rays) == expected


@pytest.mark.parametrize("dim", [3, 4])
def test_zonotopes_have_two_facets_for_each_set_of_generators(method: Method, dim: int) -> None:
    """All sums of six vectors in general position; most are no vertices."""
    generators = [tuple(t**i for i in range(dim)) for t in range(1, 7)]
    rows = [
        (
            1,
            *(
                sum(s * g[i] for s, g in zip(signs, generators, strict=True))
                for i in range(dim)
            ),
        )
        for signs in product((0, 1), repeat=6)
    ]
    assert len(method(rows, [], dim + 1).rays) == 2 * comb(6, dim - 1)


@pytest.mark.parametrize("dim", [2, 3, 4])
def test_cubes_and_cross_polytopes_in_both_directions(method: Method, dim: int) -> None:
    cube = [(1, *corner) for corner in product((-1, 1), repeat=dim)]
    cross = [(1, *(s * (i == j) for j in range(dim))) for i in range(dim) for s in (-1, 1)]
    assert method(cube, [], dim + 1) == Cone(tuple(sorted(cross)), ())
    assert method(cross, [], dim + 1) == Cone(tuple(sorted(cube)), ())


def test_the_order_of_rows_does_not_matter(method: Method) -> None:
    rows = [(1, *corner) for corner in product((0, 1, 3), repeat=3)]
    found = method(rows, [], 4)
    for seed in range(5):
        assert method(Random(seed).sample(rows, len(rows)), [], 4) == found


@pytest.mark.parametrize("k", [3, 4])
def test_hulls_of_relu_graphs_over_symmetric_octahedra(method: Method, k: int) -> None:
    """The facets are y >= 0, y >= x and sum over S of 2 y - x <= (|S| + 1) / 2, S not empty."""
    if k == 4 and method is METHODS["numpy"]:
        pytest.skip("takes long without kernels")
    expected = set()
    for i in range(k):
        x, y = _unit(i, k), _unit(i + k, 2 * k)
        expected |= {(0, *y), (0, *(-s for s in x), *y[k:])}
    for size in range(1, k + 1):
        for chosen in combinations(range(k), size):
            signs = [int(i in chosen) for i in range(k)]
            row = (size + 1, *(2 * s for s in signs), *(-4 * s for s in signs))
            expected.add(row if size % 2 == 0 else tuple(entry // 2 for entry in row))
    found = method(_graph_points(_octahedron(k), k), [], 2 * k + 1)
    assert set(found.rays) == expected


def _unit(i: int, size: int) -> IntRow:
    return tuple(int(j == i) for j in range(size))


def _octahedron(k: int) -> list[IntRow]:
    directions = [c for c in product((-1, 0, 1), repeat=k) if any(c)]
    return [(sum(map(abs, c)) + 1, *(-2 * s for s in c)) for c in directions]


def _graph_points(rows: list[IntRow], k: int, engine: Engine | None = None) -> list[IntRow]:
    """Return (1, x, relu(x)) for the vertices x of the parts in the orthants, scaled."""
    points: dict[IntRow, None] = {}
    for signs in product((-1, 1), repeat=k):
        sides = [(0, *(s * (i == j) for j in range(k))) for i, s in enumerate(signs)]
        cell = (engine or Fast()).extreme_rays([*rows, *sides], [], k + 1)
        points |= {(*ray, *(max(entry, 0) for entry in ray[1:])): None for ray in cell.rays}
    return list(points)


@pytest.mark.parametrize(
    ("name", "vertices", "facets"),
    [
        ("k3/1", 79, 368),
        ("k3/2", 74, 59),
        ("k3/3", 74, 106),
        ("k4/1", 633, 16624),
        ("k4/2", 576, 119),
    ],
)
def test_octahedra_of_trained_networks(
    data_dir: Path, name: str, vertices: int, facets: int
) -> None:
    """The numbers were found by the Parma Polyhedra Library."""
    k = int(name[1])
    text = (data_dir / "octahedra" / f"{name}.txt").read_text()
    points = _graph_points([_integers(line) for line in text.splitlines() if line], k)
    hull = Fast().extreme_rays(points, [], 2 * k + 1)
    assert (len(points), len(hull.rays), hull.lines) == (vertices, facets, ())


def _integers(line: str) -> IntRow:
    return primitive(vector(line.split()))


def test_without_a_compiler_the_engine_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(1, *corner) for corner in product((0, 1), repeat=3)]
    expected = Fast().extreme_rays(rows, [], 4)
    monkeypatch.setitem(vars(KERNELS), "functions", None)
    monkeypatch.setattr(compiled_method, "pointed_rays", None)
    assert Fast().extreme_rays(rows, [], 4) == expected


def test_primes_exceed_the_bound_and_differ_between_attempts() -> None:
    rows = [(3, 0), (0, 5), (2, 4)]
    bits = determinant_bound(rows).bit_length() + 1
    assert [choose_primes(bits, 51, attempt) for attempt in (0, 1)] == [(47, 43), (41, 37)]


def test_other_primes_are_taken_where_the_first_ones_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first row is zero modulo 47 in one column and modulo 43 in the other."""
    attempts: list[int] = []

    def recorded(bits: int, limit: int, attempt: int) -> tuple[int, ...]:
        attempts.append(attempt)
        return choose_primes(bits, limit, attempt)

    monkeypatch.setattr(compiled_method, "choose_primes", recorded)
    found = compiled_method.pointed_rays([(47, 43), (0, 1)], prime_limit=51)
    assert isinstance(found, list)
    assert sorted(found) == [(-43, 47), (1, 0)]
    assert attempts == [0, 1]


def _hull_so_far(points: list[IntRow], count: int) -> AbstractContextManager[Run]:
    """Return where the method is after the first points."""
    rows = reduction(points, [], len(points[0])).rows[:count]
    bits = determinant_bound(rows).bit_length() + 1
    return run_of(problem(rows, choose_primes(bits, (1 << 31) + 1, 0)), 1 << 60)


def test_integers_of_64_bits_suffice_for_small_coordinates() -> None:
    points = [(1, *corner) for corner in product((-7, 5), repeat=4)]
    with _hull_so_far(points, len(points)) as run:
        assert run.is_small
        facets = run.small_rays()
    expected = {
        tuple((5 if s < 0 else 7) if j == 0 else s * (j == i) for j in range(5))
        for i, s in product(range(1, 5), (-1, 1))
    }
    assert set(map(tuple, facets.tolist())) == expected


def test_integers_of_64_bits_are_left_behind_in_the_middle_of_a_run() -> None:
    """The first points are those of a simplex; the others have coordinates of six digits."""
    random, size = Random(1), 10**6
    simplex = [(1, *_unit(i, 6)) for i in range(6)] + [(1, *[0] * 6)]
    points = [(1, *(random.randint(-size, size) for _ in range(6))) for _ in range(9)]
    points = [*simplex, *points]
    with _hull_so_far(points, 8) as first, _hull_so_far(points, 16) as last:
        assert (first.is_small, last.is_small) == (True, False)
    expected = Cddlib().extreme_rays(points, [], 7)
    for many in (0, 1 << 60):
        method = partial(compiled_method.pointed_rays, many=many)
        assert solve(points, [], 7, pointed=method) == expected


def test_rows_that_are_dependent_modulo_the_usual_prime_are_told_apart() -> None:
    """The first three are multiples of one another modulo 2**61 - 1, of rank two."""
    prime = 2**61 - 1
    rows = [(1, 0), (1, prime), (2, prime), (1, 1)]
    assert Fast().extreme_rays(rows, [], 2) == Plain().extreme_rays(rows, [], 2)
    assert Fast().extreme_rays(rows[:3], [], 2) == Plain().extreme_rays(rows[:3], [], 2)


def test_refinement_proves_the_error_of_the_floats_that_it_finds() -> None:
    """Floats moved by a thousandth come back, up to what is claimed, to a facet of the cube."""
    corners = [(1, *corner) for corner in product((0, 1), repeat=3)]
    rows = reduction(corners, [], 4).rows
    arrays = problem(rows, choose_primes(16, (1 << 31) + 1, 0))._replace(limit=0)
    with run_of(arrays, 0) as run:
        assert (run.status, run.is_small) == (DONE, False)
        slots = [slot for slot, sign in enumerate(run.view("signs", np.int8)) if sign != 2]
        assert len(slots) == 6
        floats, errors = run.view("floats", np.float64, 2, 4), run.view("errors", np.float64)
        for slot in slots:
            floats[slot, 0] += 0.001
            errors[slot] = 0.01
            run.improve(np.array([slot], np.int32))
            error = Fraction(float(errors[slot]))
            found = [Fraction(high) + Fraction(low) for high, low in floats[slot].T.tolist()]
            shifts = arrays.shifts.tolist()
            shifted = [entry / 2**s for entry, s in zip(found, shifts, strict=True)]
            values = [abs(sum(map(mul, shifted, row))) for row in rows]
            assert error < Fraction(1, 2**80)
            assert sum(value <= 4 * error for value in values) == 4  # the corners of the facet
            assert sum(value > Fraction(1, 8) for value in values) == 4  # the others
