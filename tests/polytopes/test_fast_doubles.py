"""Sums of two floats in the fast engine: errors are within the bounds that are claimed."""

from fractions import Fraction
from operator import mul
from random import Random

import numpy as np
import pytest

from polyrelax.polytopes.engines.fast import compiled_method
from polyrelax.polytopes.engines.fast.preparation import choose_primes
from polyrelax.polytopes.engines.fast.problem import Floats
from polyrelax.polytopes.engines.fast.run import combined, valued

Vector = list[Fraction]


def _pair(number: Fraction) -> tuple[float, float]:
    high = float(number)
    return high, float(number - Fraction(high))


def _pairs(numbers: Vector) -> Floats:
    return np.array([_pair(number) for number in numbers]).T.copy()


def _exact(pair: Floats) -> Fraction:
    return Fraction(float(pair[0])) + Fraction(float(pair[1]))


def _random(random: Random, dim: int) -> Vector:
    """Return numbers below one, some of them small, of 100 bits."""
    return [
        Fraction(random.randint(-(1 << 100), 1 << 100), 1 << random.choice([100, 100, 130]))
        for _ in range(dim)
    ]


@pytest.mark.parametrize("dim", [1, 2, 7, 40])
def test_values_are_wrong_by_less_than_claimed_even_where_they_cancel(dim: int) -> None:
    random = Random(dim)
    for _ in range(50):
        row, ray = _random(random, dim), _random(random, dim)
        if dim > 1 and row[-1]:
            ray[-1] = -sum(map(mul, row[:-1], ray[:-1]), Fraction(0)) / row[-1]
            greatest = max(Fraction(1), *map(abs, ray))
            ray = [entry / greatest for entry in ray]
        r, f = _pairs(row), _pairs(ray)
        value, wrong = valued(r, f, float(np.abs(r).sum() * (1.0 + 2.0**-40)))
        error = Fraction(wrong)
        exact = sum(map(mul, map(_exact, r.T), map(_exact, f.T)), Fraction(0))
        assert abs(_exact(value) - exact) <= error <= (dim + 7) ** 2 * dim * Fraction(1, 2**104)


@pytest.mark.parametrize("nearness", [1, 30, 60, 90])
def test_combinations_are_wrong_by_less_than_claimed_even_where_they_cancel(
    nearness: int,
) -> None:
    """The two rays differ by a number of that many bits less."""
    random = Random(nearness)
    for _ in range(50):
        w = _random(random, 6)
        v = [a + b / (1 << nearness) for a, b in zip(w, _random(random, 6), strict=True)]
        s, t = _random(random, 2)
        values = np.array([_pair(t), _pair(s)])
        rays = np.array([_pairs(w), _pairs(v)])
        s, t = _exact(values[1]), _exact(values[0])
        new, greatest = combined(rays, values)
        below, above, found = ([_exact(pair) for pair in ray.T] for ray in (*rays, new))
        allowed = Fraction(1, 2**100) * (abs(s) + abs(t))
        for w_j, v_j, entry_j in zip(below, above, found, strict=True):
            assert abs(s * w_j - t * v_j - entry_j) <= allowed
        assert greatest == np.abs(new[0]).max()


def test_the_residues_of_a_ray_that_vanishes_modulo_a_prime_are_not_trusted() -> None:
    """The rays (1, 0, 0) and (1, p, 0) are equal modulo p, and what is between them is zero.

    That is (1, 10, 0), on which the row before the last is zero; the last one is too long for
    integers of 64 bits.
    """
    p = choose_primes(1, (1 << 31) + 1, 0)[0]
    rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (p, -1, 0), (10, -1, 0), (10, -1, 1)]
    found = compiled_method.pointed_rays([*rows, (10**30, 1, 1)])
    assert isinstance(found, list)
    assert sorted(found) == [(0, 0, 1), (1, 0, 0), (1, 10, 0)]
