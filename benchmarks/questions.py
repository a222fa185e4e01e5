"""Questions about polytopes that need no conversion: ``python benchmarks/questions.py``.

Sixty points of twenty dimensions, whose facets nobody could list; the cube of 18 and of 24
dimensions cut at half of its greatest sum, whose vertices are about as many; points on a circle
and on a paraboloid; and volumes of cross-polytopes, which are 2^n / n!.  Seconds are those of
the processor, each question asked of a polytope of its own.  Beside them, where there is such a
question, those of cddlib in rational arithmetic (``cdd.gmp.redundant_rows``), whose answer
is the same, or nothing is printed.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random

import cdd.gmp as cdd
from cdd import RepType

sys.path.insert(0, str(Path(__file__).parent))

from lines import HEAD, Line, Setting

from polyrelax import Constraint, Polytope
from polyrelax.polytopes.subdivision import volume

Rows = Sequence[Sequence[int]]


def lines(_setting: Setting) -> Iterator[Line]:
    """Yield a line for each question."""
    yield from about_points(points(0), points(1))
    for dim in (18, 24):
        yield from about_a_cube(cube(dim), f"cut {dim}-cube")
    for count in (2000, 4000):
        polygon = circle(count)
        yield asked(f"facets of {count} points on a circle", partial(facets, polygon), most=0.2)
    yield asked("facets of a paraboloid, 30 by 30 points", partial(facets, paraboloid(30)))
    for dim in (10, 12):
        cross = hull([[s * (i == j) for j in range(dim)] for i in range(dim) for s in (1, -1)])
        facets(cross)
        exact = Fraction(2**dim, math.factorial(dim))
        name, work = f"volume of the cross-polytope of {dim}", partial(volume, cross)
        yield asked(name, work, expected=exact, most=0.2)


def about_points(one: Rows, two: Rows) -> Iterator[Line]:
    """Ask about hulls of sixty points."""
    yield asked("0 in the hull of 60 points of R^20", lambda: [0] * 20 in hull(one))
    found, seconds = redundant([(1, *x) for x in one], RepType.GENERATOR)
    count = len(one) - found
    yield asked("its vertices", lambda: len(hull(one).vertices), seconds, expected=count)
    yield asked("a hull of 60 such points <= another", lambda: hull(one) <= hull(two))
    yield asked(
        "a hull == itself, points in another order", lambda: hull(one) == hull(one[::-1])
    )


def about_a_cube(rows: Rows, name: str) -> Iterator[Line]:
    """Ask about the sides of a cut cube."""
    found, seconds = redundant(rows, RepType.INEQUALITY)
    count = len(rows) - found
    yield asked(f"facets of a {name}", lambda: facets(cut(rows)), seconds, expected=count)
    yield asked("its dimension", lambda: cut(rows).affine_dim)
    yield asked("it == itself, sides in another order", lambda: cut(rows) == cut(rows[::-1]))


def facets(polytope: Polytope) -> int:
    """Return how many facets there are."""
    return len(polytope.facets)


def asked(
    question: str,
    work: Callable[[], object],
    peer: float | None = None,
    *,
    expected: object = None,
    most: float = 1.0,
) -> Line:
    """Return a question's seconds, with its answer and those of cddlib."""
    start = time.process_time()
    answer = work()
    taken = time.process_time() - start
    assert expected in {None, answer}
    beside = "" if peer is None else f", cddlib {peer:.2f} s"
    return Line(question, taken, most, note=f"{answer}{beside}")


def main() -> None:
    """Print the lines."""
    print(HEAD)
    for line in lines(Setting(Path(), quick=False)):
        print(line, flush=True)


def points(seed: int) -> list[list[int]]:
    """Return sixty points of twenty dimensions."""
    random = Random(seed)
    return [[random.randint(-10, 10) for _ in range(20)] for _ in range(60)]


def hull(rows: Rows) -> Polytope:
    """Return the hull of points."""
    return Polytope.hull(rows, len(rows[0]))


def cube(dim: int) -> list[list[int]]:
    """Return rows ``(b, -a)``: the sides of a cube, and a cut at half of its greatest sum."""
    unit = [[int(i == j) for j in range(dim)] for i in range(dim)]
    sides = [row for u in unit for row in ([1, *(-x for x in u)], [0, *u])]
    return [*sides, [dim // 2, *[-1] * dim]]


def cut(rows: Rows) -> Polytope:
    """Return the set of ``x`` with ``b >= <a, x>``."""
    given = [Constraint.at_most([-x for x in row[1:]], row[0]) for row in rows]
    return Polytope.intersection(given, len(rows[0]) - 1)


def circle(count: int) -> Polytope:
    """Return the hull of rational points on the unit circle."""
    steps = [Fraction(k, count // 40) for k in range(-count // 2, count // 2)]
    return Polytope.hull([[2 * t / (1 + t * t), (1 - t * t) / (1 + t * t)] for t in steps], 2)


def paraboloid(side: int) -> Polytope:
    """Return the hull of points of a square, each as high as its norm squared."""
    return hull([[x, y, x * x + y * y] for x in range(side) for y in range(side)])


def redundant(rows: Rows, kind: RepType) -> tuple[int, float]:
    """Return how many rows cddlib finds redundant, and its seconds."""
    matrix = cdd.matrix_from_array([list(map(Fraction, row)) for row in rows], rep_type=kind)
    start = time.process_time()
    found = cdd.redundant_rows(matrix)
    return len(found), time.process_time() - start


if __name__ == "__main__":
    main()
