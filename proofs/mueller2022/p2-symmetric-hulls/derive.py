"""Hulls of graphs over symmetric polytopes, and what the triangles leave, with volumes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product

from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_hull import symmetric_constraints, triangle_constraints
from polyrelax.polytopes.relu_points import graph_points
from polyrelax.polytopes.subdivision import volume


def box(k: int) -> Polytope:
    return Polytope.box([-1] * k, [1] * k)


def cut_out(k: int, offset: Callable[[int], Fraction]) -> Polytope:
    normals = [c for c in product((-1, 0, 1), repeat=k) if any(c)]
    bounds = [offset(sum(map(abs, c))) for c in normals]
    return Polytope.intersection(map(Constraint.at_most, normals, bounds), k)


def cross(k: int, radius: int = 1) -> Polytope:
    return cut_out(k, lambda _size: Fraction(radius))


def truncated_box(k: int) -> Polytope:
    normals = product((-1, 1), repeat=k)
    cuts = (Constraint.at_most(normal, "3/2") for normal in normals)
    return Polytope.intersection((*box(k).constraints, *cuts), k)


def octahedron(k: int) -> Polytope:
    return cut_out(k, lambda size: Fraction(size + 1, 2))


FAMILIES: dict[str, Callable[[int], Polytope]] = {
    "box": box,
    "cross-polytope": cross,
    "box and sum |x_i| <= 3/2": truncated_box,
    "octahedron": octahedron,
}


def derive() -> Iterator[tuple[str, object]]:
    for (name, family), k in product(FAMILIES.items(), range(1, 5)):
        polytope = family(k)
        hull = enumerated_hull(polytope)
        yield f"{name}, k = {k}: vertices, facets", [len(hull.vertices), len(hull.facets)]
        yield f"{name}, k = {k}: the stated constraints", is_as_stated(polytope, hull)
        if k < 4:
            yield f"{name}, k = {k}: volumes", volumes(polytope)
    for k in (2, 3):
        triangles = triangles_over(cross(k))
        counts = [len(triangles.vertices), len(triangles.facets)]
        yield f"cross-polytope, k = {k}: vertices, facets of the triangles' set", counts
    yield "cross-polytope of radius 2, k = 2: volumes", volumes(cross(2, radius=2))
    yield "box, k = 4: volume of the hull", volume(enumerated_hull(box(4)))
    yield "cross-polytope, k = 4: volumes", volumes(cross(4))


def enumerated_hull(polytope: Polytope) -> Polytope:
    """Return the hull of the graph by cddlib, which knows nothing of the stated constraints."""
    points = graph_points(polytope, range(polytope.dim))
    return Polytope.hull(points, 2 * polytope.dim, engine="cddlib")


def is_as_stated(polytope: Polytope, hull: Polytope) -> bool:
    stated = symmetric_constraints(polytope, range(polytope.dim))
    return set(hull.constraints) == {constraint.primitive() for constraint in stated}


def triangles_over(polytope: Polytope) -> Polytope:
    """Return the pairs (x, y) with x in the polytope and each pair in its triangle."""
    k = polytope.dim
    constraints = [c.embed(range(k), 2 * k) for c in polytope.constraints]
    for j, bounds in enumerate(polytope.bounds):
        triangle = triangle_constraints(bounds)
        constraints += [c.embed((j, k + j), 2 * k) for c in triangle]
    return Polytope.intersection(constraints, 2 * k)


def volumes(polytope: Polytope) -> list[Fraction]:
    """Return the volumes of the hull and of the triangles' set, and their ratio."""
    hull, triangles = volume(enumerated_hull(polytope)), volume(triangles_over(polytope))
    return [hull, triangles, triangles / hull]
