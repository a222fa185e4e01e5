"""Seeded families of hulls: integer rows ``(b, p)`` whose cone's facets are asked for.

``octa`` is cut out by all directions in {-1, 0, 1}^k with random offsets, ``aocta`` by these
with random small perturbations, ``box`` is a random box, ``cut`` a box with as many random cuts
as it has facets, or with as many as a last number says.  Of each, the rows are the vertices of
the graph of the ReLU.  ``graph`` and ``image`` are the graph and the image of a random layer of
m neurons, none of them stable, over the box [-1, 1]^d.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

from polyrelax.polytopes.engines import Engine, Fast, IntRow
from polyrelax.polytopes.engines.engine import coprime


def case(name: str, data: Path) -> list[IntRow]:
    """Return the rows of a case, ``octa-4-0``, ``cut-5-0-3``, ``graph-3-6-0`` or so."""
    family, *numbers = name.split("-")
    first, *rest = map(int, numbers)
    if family == "elina":
        return relu_graph(
            _from_file(data / "octahedra" / f"k{first}" / f"{rest[0]}.txt"), first
        )
    if family in {"graph", "image"}:
        return _layer(first, rest[0], Random(rest[1]), with_inputs=family == "graph")
    makers = {"octa": _octa, "aocta": _aocta, "box": _box}
    if family == "cut":
        return relu_graph(_cut(first, Random(rest[0]), *rest[1:]), first)
    return relu_graph(makers[family](first, Random(rest[0])), first)


def relu_graph(rows: Sequence[IntRow], k: int) -> list[IntRow]:
    """Return ``(b, x, relu(x))`` for the vertices ``x / b`` of all orthants' parts."""
    units = [tuple(int(i == j) for j in range(k)) for i in range(k)]
    vertices = cell_vertices(rows, [(0, *unit) for unit in units])
    return [(*v, *(max(x, 0) for x in v[1:])) for v in vertices]


def neurons(d: int, m: int, random: Random) -> list[IntRow]:
    """Return m rows (bias, weights) that are positive and negative on the box [-1, 1]^d."""
    found: list[IntRow] = []
    while len(found) < m:
        bias, *weights = (random.randint(-9, 9) for _ in range(d + 1))
        if 2 * abs(bias) < sum(
            map(abs, weights)
        ):  # else it splits little of the box, or nothing
            found.append((bias, *weights))
    return found


def _layer(d: int, m: int, random: Random, *, with_inputs: bool) -> list[IntRow]:
    layer = neurons(d, m, random)
    box = [(1, *(s * (i == j) for j in range(d))) for i in range(d) for s in (-1, 1)]
    points = {}
    for v in cell_vertices(box, layer):
        values = [max(sum(s * t for s, t in zip(n, v, strict=True)), 0) for n in layer]
        points[coprime((*(v if with_inputs else v[:1]), *values))] = None
    return list(points)


def cell_vertices(
    rows: Sequence[IntRow], cuts: Sequence[IntRow], engine: Engine | None = None
) -> list[IntRow]:
    """Return the vertices of the parts in which all cuts keep their sign, part by part."""
    chosen = engine or Fast()
    found: dict[IntRow, None] = {}
    for signs in product((-1, 1), repeat=len(cuts)):
        sides = [tuple(s * t for t in cut) for s, cut in zip(signs, cuts, strict=True)]
        cone = chosen.extreme_rays([*rows, *sides], [], len(rows[0]))
        found |= dict.fromkeys(cone.rays)
    return list(found)


def _directions(k: int) -> Iterator[IntRow]:
    return (c for c in product((-1, 0, 1), repeat=k) if any(c))


def _octa(k: int, random: Random) -> list[IntRow]:
    return [(random.randint(80, 160), *(-10 * s for s in c)) for c in _directions(k)]


def _aocta(k: int, random: Random) -> list[IntRow]:
    return [
        (random.randint(800, 1600), *(-100 * s + random.randint(-9, 9) for s in c))
        for c in _directions(k)
    ]


def _cut(k: int, random: Random, count: int | None = None) -> list[IntRow]:
    box = [(4, *(s * (i == j) for j in range(k))) for i in range(k) for s in (-1, 1)]
    many = range(len(box) if count is None else count)
    cuts = [(random.randint(5, 12), *(random.randint(-5, 5) for _ in range(k))) for _ in many]
    return [*box, *cuts]


def _box(k: int, random: Random) -> list[IntRow]:
    return [
        (random.randint(1, 99), *(s * 10 * (i == j) for j in range(k)))
        for i in range(k)
        for s in (-1, 1)
    ]


def _from_file(path: Path) -> list[IntRow]:
    """Return the rows ``b a``, which mean ``b + <a, x> >= 0``, with coprime integers."""
    rows = []
    for line in path.read_text().splitlines():
        if line.strip():
            numbers = [Fraction(text) for text in line.split()]
            common = math.lcm(*(number.denominator for number in numbers))
            rows.append(coprime(tuple(int(common * number) for number in numbers)))
    return rows
