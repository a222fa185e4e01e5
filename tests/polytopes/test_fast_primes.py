"""The fast engine where one of its primes divides a pivot, a minor or an entry."""

from functools import partial
from random import Random

import pytest

from polyrelax.polytopes.engines.cddlib import Cddlib
from polyrelax.polytopes.engines.engine import IntRow, coprime
from polyrelax.polytopes.engines.fast import Fast
from polyrelax.polytopes.engines.fast.compiled_method import pointed_rays
from polyrelax.polytopes.engines.fast.preparation import choose_primes
from polyrelax.polytopes.engines.fast.reduction import solve
from polyrelax.polytopes.polytope import Polytope

SIZE = 10**30
PRIMES = choose_primes(100, (1 << 31) + 1, 0)
"""The greatest primes, with which the engine begins, whatever follows."""


@pytest.mark.parametrize("prime", PRIMES)
@pytest.mark.parametrize("seed", range(8))
def test_two_rows_in_the_plane_have_the_rays_of_cramers_rule(prime: int, seed: int) -> None:
    """Of (a, b) and (c, d) these are (-b, a) and (d, -c), up to the sign of ad - bc."""
    random = Random(seed)
    b, c, d = (random.randint(-SIZE, SIZE) for _ in range(3))
    a = prime * random.randint(1, SIZE)
    sign = 1 if a * d > b * c else -1
    rays = sorted(coprime((sign * x, sign * y)) for x, y in ((-b, a), (d, -c)))
    assert list(Fast().extreme_rays([(a, b), (c, d)], [], 2).rays) == rays


@pytest.mark.parametrize("prime", PRIMES)
def test_the_hull_of_two_points_on_a_line_ends_at_them(prime: int) -> None:
    points = [[f"{SIZE + 1}/{prime}"], [f"-{SIZE + 3}/{prime + 2}"]]
    hull = Polytope.hull(points, 1, engine="fast")
    assert hull.constraints == Polytope.hull(points, 1, engine="plain").constraints
    assert len(hull.vertices) == 2


@pytest.mark.parametrize("dim", [3, 4, 5])
@pytest.mark.parametrize("seed", range(4))
def test_agrees_with_cddlib_where_primes_divide_entries_and_minors(dim: int, seed: int) -> None:
    random = Random(seed)
    for _ in range(10):
        rows = _rows(random, dim)
        expected = Cddlib().extreme_rays(rows, [], dim)
        assert Fast().extreme_rays(rows, [], dim) == expected


def _rows(random: Random, dim: int) -> list[IntRow]:
    """Return long rows, of which some entries, and differences, are multiples of primes."""
    rows = [[random.randint(-SIZE, SIZE) for _ in range(dim)] for _ in range(dim + 4)]
    for _ in range(4):
        row, prime = random.choice(rows), random.choice(PRIMES)
        row[random.randrange(dim)] = prime * random.randint(-SIZE, SIZE)
    near, far = random.sample(range(len(rows)), 2)
    prime = random.choice(PRIMES)
    rows[near] = [entry + prime * random.randint(-SIZE, SIZE) for entry in rows[far]]
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("dim", [1, 2, 3, 4])
def test_agrees_with_cddlib_on_long_rows_by_small_primes(dim: int) -> None:
    """Primes below 10,001 divide a pivot of one ray in a few hundred."""
    random, unlucky = Random(dim), partial(pointed_rays, prime_limit=10_001)
    for _ in range(12):
        rows = [tuple(random.randint(-(10**20), 10**20) for _ in range(dim)) for _ in range(6)]
        expected = Cddlib().extreme_rays(rows, [], dim)
        assert solve(rows, [], dim, pointed=unlucky) == expected
