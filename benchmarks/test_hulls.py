"""Cases for pytest-benchmark: ``pytest benchmarks --benchmark-only``.

Sizes that theory gives are asserted, so that no time is taken of a wrong result.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random
from typing import Protocol, TypeVar

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from families import case, cell_vertices, neurons, relu_graph

from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.engines import Cddlib, Engine, Fast, IntRow, engine_named
from polyrelax.polytopes.incidence import constraint_row
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import relu_graph_hull, relu_image_hull
from polyrelax.polytopes.relu_points import breakpoints

pytest.importorskip("pytest_benchmark")


T = TypeVar("T")


class Benchmark(Protocol):
    """What pytest-benchmark offers: call a function many times and return its result."""

    def __call__(self, function: Callable[..., T], /, *args: object) -> T:
        """Return what the function returns."""


@pytest.mark.parametrize("k", [2, 3, 4])
@pytest.mark.parametrize("engine", [Fast(), Cddlib()], ids=lambda engine: engine.name)
def test_symmetric_octahedra(benchmark: Benchmark, engine: Engine, k: int) -> None:
    """The hull has 2 k + 2**k - 1 facets."""
    if k == 4 and engine.name == "cddlib":
        pytest.skip("takes minutes")
    directions = [c for c in product((-1, 0, 1), repeat=k) if any(c)]
    rows: list[IntRow] = [(sum(map(abs, c)) + 1, *(-2 * s for s in c)) for c in directions]
    found = benchmark(engine.extreme_rays, relu_graph(rows, k), [], 2 * k + 1)
    assert len(found.rays) == 2 * k + 2**k - 1


@pytest.mark.parametrize(
    ("name", "facets"),
    [
        *(("octa-3-0", 504), ("aocta-3-0", 350), ("cut-3-0", 158)),
        *(("cut-4-0", 7886), ("graph-2-6-0", 214)),
    ],
)
def test_hulls_by_the_fast_engine(benchmark: Benchmark, name: str, facets: int) -> None:
    """The points, and by all its peers the facets, are those of the side-by-side script."""
    points = case(name, Path())
    found = benchmark(Fast().extreme_rays, points, [], len(points[0]))
    assert len(found.rays) == facets


@pytest.mark.parametrize("k", [3, 10])
def test_boxes_in_closed_form(benchmark: Benchmark, k: int) -> None:
    """A product of k triangles has 3 k facets."""
    box = Polytope.box([-1] * k, [2] * k)
    found = benchmark(lambda: relu_graph_hull(box).constraints)
    assert len(found) == 3 * k


@pytest.mark.parametrize("k", [3, 4])
def test_symmetric_octahedra_in_closed_form(benchmark: Benchmark, k: int) -> None:
    """The facets of the octahedron are known; those of the hull are read off them."""
    octahedron = _octahedron(k)
    found = benchmark(lambda: relu_graph_hull(octahedron).constraints)
    assert len(found) == 2 * k + 2**k - 1


@pytest.mark.parametrize("k", [3, 4])
@pytest.mark.parametrize("method", ["cuts", "fast", "cddlib"])
def test_vertices_of_the_parts_of_an_octahedron(
    benchmark: Benchmark, method: str, k: int
) -> None:
    """By cuts of a polytope whose vertices are known, and by 2**k enumerations."""
    octahedron = _octahedron(k)
    if method == "cuts":
        found = benchmark(lambda: list(breakpoints(octahedron, range(k))))
    else:
        rows = [constraint_row(c) for c in octahedron.constraints]
        units = [(0, *(int(i == j) for j in range(k))) for i in range(k)]
        found = benchmark(lambda: cell_vertices(rows, units, engine_named(method)))
    assert len(found) == {3: 55, 4: 217}[k]


@pytest.mark.parametrize(("d", "m"), list(product((2, 3), range(2, 7))))
@pytest.mark.parametrize("family", ["image", "graph"])
def test_layers(benchmark: Benchmark, family: str, d: int, m: int) -> None:
    """The set behind a layer, and its graph, checked against the points of all parts."""
    bias, *weights = zip(*neurons(d, m, Random(0)), strict=True)
    rows = tuple(zip(*weights, strict=True))
    units = tuple(tuple(int(i == j) for j in range(d)) for i in range(d))

    def hull() -> Polytope:
        box = Polytope.box([-1] * d, [1] * d, engine="fast")
        if family == "image":
            return relu_image_hull(box.affine_map(rows, bias)).explicit()
        both = box.affine_map((*units, *rows), (*(0,) * d, *bias))
        return relu_image_hull(both, range(d, d + m)).explicit()

    found = benchmark(hull)
    points = case(f"{family}-{d}-{m}-0", Path())
    cone = Fast().extreme_rays(points, [], len(points[0]))
    assert {constraint_row(c) for c in found.facets} == set(cone.rays)


def _octahedron(k: int) -> Polytope:
    directions = [c for c in product((-1, 0, 1), repeat=k) if any(c)]
    offsets = [Fraction(sum(map(abs, c)) + 1, 2) for c in directions]
    octahedron = Polytope.intersection(map(Constraint.at_most, directions, offsets), k)
    return octahedron.explicit()
