"""Hulls of ReLU graphs; the counts and volumes of the symmetric ones follow from theory.

For ``P = {|x| in Q}`` with ``Q`` down-closed, the hull is ``{y >= 0, y >= x, 2y - x in Q}``:
it has 2k facets besides the nontrivial ones of ``Q``.
"""

from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ONE, ZERO, matrix, vector
from polyrelax.errors import DimensionError, TooLargeError
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.files import read_inequalities
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import graph_hull, relu_graph_hull, relu_image_hull
from polyrelax.polytopes.relu_hull import triangle_constraints
from polyrelax.polytopes.relu_points import relu
from polyrelax.polytopes.subdivision import volume
from polyrelax.strategies import polytopes


def unit_box(k: int) -> Polytope:
    return Polytope.box([-1] * k, [1] * k)


def cross_polytope(k: int) -> Polytope:
    return octahedron(k, lambda size: ONE)


def octahedron(k: int, offset: object) -> Polytope:
    assert callable(offset)
    normals = [c for c in product((-1, 0, 1), repeat=k) if any(c)]
    constraints = [Constraint.at_most(c, offset(sum(map(abs, c)))) for c in normals]
    return Polytope.intersection(constraints, k)


def truncated_box(k: int) -> Polytope:
    cuts = [Constraint.at_most(signs, "3/2") for signs in product((-1, 1), repeat=k)]
    return Polytope.intersection((*unit_box(k).constraints, *cuts), k)


def full_octahedron(k: int) -> Polytope:
    return octahedron(k, lambda size: Fraction(size + 1, 2))


def test_one_neuron_has_the_triangle() -> None:
    hull = relu_graph_hull(Polytope.box([-2], [2]))
    assert hull.vertices == matrix([[-2, 0], [0, 0], [2, 2]])
    triangle = [
        Constraint.at_least([0, 1], 0),
        Constraint.at_least([-1, 1], 0),
        Constraint.at_most(["-1/2", 1], 1),
    ]
    assert hull == Polytope.intersection(triangle, 2)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_hull_over_a_box_is_the_product_of_triangles(k: int) -> None:
    hull = relu_graph_hull(unit_box(k))
    triangle = relu_graph_hull(unit_box(1))
    paired = [2 * (j % k) + j // k for j in range(2 * k)]
    triangles = Polytope.box([], [])
    for _ in range(k):
        triangles *= triangle
    assert hull == triangles.project(paired)
    assert (len(hull.vertices), len(hull.facets)) == (3**k, 3 * k)
    assert volume(hull) == Fraction(1, 2**k)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_the_hull_over_a_cross_polytope_is_a_simplex(k: int) -> None:
    hull = relu_graph_hull(cross_polytope(k))
    facets = [Constraint.at_most([-1] * k + [2] * k, 1)]
    for j in range(k):
        unit = tuple(ONE if i == j else ZERO for i in range(k))
        facets.append(Constraint.at_least((*[ZERO] * k, *unit), 0))
        facets.append(Constraint.at_least((*(-s for s in unit), *unit), 0))
    assert set(hull.constraints) == set(facets)
    assert len(hull.vertices) == 2 * k + 1


@pytest.mark.parametrize(("k", "expected"), [(1, "1/2"), (2, "1/24"), (3, "1/720")])
def test_volumes_over_cross_polytopes(k: int, expected: str) -> None:
    assert volume(relu_graph_hull(cross_polytope(k))) == Fraction(expected)


@pytest.mark.parametrize(("k", "vertices", "facets"), [(2, 13, 7), (3, 31, 10)])
def test_the_hull_over_a_truncated_box_has_one_facet_more(
    k: int, vertices: int, facets: int
) -> None:
    hull = relu_graph_hull(truncated_box(k))
    assert (len(hull.vertices), len(hull.facets)) == (vertices, facets)
    assert facets == 3 * k + 1


@pytest.mark.parametrize(
    ("k", "given", "expected"),
    [(1, (2, 2), (3, 3)), (2, (8, 8), (13, 7)), (3, (24, 26), (55, 13))],
)
def test_the_hull_over_a_full_octahedron(
    k: int, given: tuple[int, int], expected: tuple[int, int]
) -> None:
    octagon = full_octahedron(k)
    hull = relu_graph_hull(octagon)
    assert (len(octagon.vertices), len(octagon.facets)) == given
    assert (len(hull.vertices), len(hull.facets)) == expected
    assert expected[1] == 2 * k + 2**k - 1


def test_the_volume_over_the_octagon() -> None:
    assert volume(relu_graph_hull(full_octahedron(2))) == Fraction(21, 128)


def test_the_maximum_of_two_inputs_with_one_relu() -> None:
    """max(x0, x1) = b + relu(a) with a = x0 - x1, b = x1 in [0, 1]."""
    layer = Polytope.box([0, 0], [1, 1]).affine_map([[1, -1], [0, 1]], [0, 0])
    hull = graph_hull(layer, [0])
    assert hull.vertices == matrix([[-1, 1, 0], [0, 0, 0], [0, 1, 0], [1, 0, 1]])
    assert hull.support([0, 1, 1]).value == 1
    whole = relu_graph_hull(layer)
    assert whole.vertices == matrix([[-1, 1, 0, 1], [0, 0, 0, 0], [0, 1, 0, 1], [1, 0, 1, 0]])
    assert whole.equations == (Constraint.equal([0, 1, 0, -1], 0),)
    expected = [
        Constraint.at_least([-1, 0, 1, 0], 0),
        Constraint.at_least([0, 0, 1, 0], 0),
        Constraint.at_most([0, 0, 1, 1], 1),
        Constraint.at_least([1, 0, -1, 1], 0),
    ]
    assert whole == Polytope.intersection((*expected, *whole.equations), 4)


@given(polytope=polytopes(2), data=st.data())
def test_the_hull_holds_the_graph_and_no_smaller_set_does(
    polytope: Polytope, data: st.DataObject
) -> None:
    hull = relu_graph_hull(polytope)
    weights = data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=8).filter(any))
    pairs = list(zip(weights, polytope.vertices, strict=False))
    total = sum(weight for weight, _ in pairs)
    if total:
        x = tuple(sum((w * v[j] for w, v in pairs), ZERO) / total for j in range(2))
        assert (*x, *relu(x)) in hull
    assert all(vertex[2:] == relu(vertex[:2]) for vertex in hull.vertices)
    assert all(vertex[:2] in polytope for vertex in hull.vertices)


@given(polytope=polytopes(2))
def test_graph_image_and_partial_hulls_project_to_each_other(polytope: Polytope) -> None:
    whole = relu_graph_hull(polytope)
    assert whole.project([0, 1]) == polytope
    assert whole.project([2, 3]) == relu_image_hull(polytope)
    assert whole.project([0, 1, 3]) == graph_hull(polytope, [1])
    assert whole.project([2, 1]) == relu_image_hull(polytope, [0])
    assert graph_hull(polytope, []) == polytope


@given(polytope=polytopes(2), other=polytopes(2))
def test_the_hull_is_monotone_in_the_domain(polytope: Polytope, other: Polytope) -> None:
    union = Polytope.hull_of_union([polytope, other])
    assert relu_graph_hull(polytope) <= relu_graph_hull(union)


def test_the_hull_over_the_empty_set_is_empty() -> None:
    assert relu_graph_hull(Polytope.empty(2)) == Polytope.empty(4)


def test_stable_neurons_need_no_split() -> None:
    stable = Polytope.box([1, -2], [2, -1])
    assert relu_graph_hull(stable) == Polytope.hull(
        [(*x, x[0], ZERO) for x in stable.vertices], 4
    )
    assert relu(vector([1, -2])) == vector([1, 0])


@pytest.mark.parametrize("neurons", [[2], [-1]])
def test_neurons_must_exist(neurons: list[int]) -> None:
    with pytest.raises(
        DimensionError, match=r"found coordinates \[-?\d\], expected integers from 0 below 2"
    ):
        graph_hull(unit_box(2), neurons)


def test_neurons_are_named_once() -> None:
    with pytest.raises(DimensionError, match=r"found neurons \[0, 0\], expected each once"):
        graph_hull(unit_box(2), [0, 0])


def test_the_image_of_a_box_is_a_box_in_any_dimension() -> None:
    image = relu_image_hull(Polytope.box([-1] * 784, [1] * 784))
    assert image == Polytope.box([0] * 784, [1] * 784)
    partly = relu_image_hull(Polytope.box([-2, -2], [1, -1]), [1])
    assert partly == Polytope.box([-2, 0], [1, 0])


PUBLISHED = [
    *(("k1", n, (2, 2), (3, 3)) for n in (1, 2, 3, 4)),
    ("k2", 1, (8, 8), (13, 12)),
    ("k2", 2, (8, 8), (13, 12)),
    ("k2", 3, (8, 8), (13, 14)),
    ("k3", 1, (48, 26), (79, 368)),
    ("k3", 2, (48, 26), (74, 59)),
    ("k3", 3, (48, 26), (74, 106)),
]


@pytest.mark.parametrize(("folder", "number", "given", "expected"), PUBLISHED)
def test_hulls_over_octahedra_of_trained_networks(
    data_dir: Path, folder: str, number: int, given: tuple[int, int], expected: tuple[int, int]
) -> None:
    """The counts were computed with the Parma Polyhedra Library."""
    path = data_dir / "octahedra" / folder / f"{number}.txt"
    polytope = read_inequalities(path.read_text())
    assert (len(polytope.vertices), len(polytope.facets)) == given
    hull = relu_graph_hull(polytope)
    assert (len(hull.vertices), len(hull.facets)) == expected


RATIOS = [
    ("k2/1", "1.677483"),
    ("k2/2", "1.662151"),
    ("k2/3", "1.748670"),
    ("k3/3", "4.379957"),
]


@pytest.mark.parametrize(("name", "expected"), RATIOS)
def test_volumes_of_triangles_beside_hulls_of_trained_networks(
    data_dir: Path, name: str, expected: str
) -> None:
    """The ratios were computed by another program, in floats, and given to six decimals."""
    polytope = read_inequalities((data_dir / "octahedra" / f"{name}.txt").read_text())
    k = polytope.dim
    constraints = [c.embed(range(k), 2 * k) for c in polytope.constraints]
    for j, bounds in enumerate(polytope.bounds):
        constraints += [c.embed((j, k + j), 2 * k) for c in triangle_constraints(bounds)]
    triangles = volume(Polytope.intersection(constraints, 2 * k))
    ratio = triangles / volume(relu_graph_hull(polytope))
    assert round(ratio, 6) == Fraction(expected)


def test_a_box_of_too_many_parts_is_refused_before_any_work() -> None:
    """Cut at 0, a coordinate has three ends, and 3**13 are more than 2**20."""
    large = Polytope.box([-1] * 13, [1] * 13)
    with pytest.raises(TooLargeError, match=r"dimension 13 whose parts have more than 2\*\*20"):
        _ = relu_graph_hull(large).vertices
    assert len(relu_graph_hull(large).constraints) == 3 * 13
    assert len(relu_graph_hull(Polytope.box([0] * 8, [1] * 8)).vertices) == 2**8
