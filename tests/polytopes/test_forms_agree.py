"""Every question has one answer, however the set was given: closed forms equal the general one.

A set is written as a box where it is one, as constraints (also more than are needed), as points
(also inner ones), as vertices with constraints, and as the hull of a ReLU's graph projected to
its inputs.  Each question is asked of all of them; an error is an answer too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ONE, ZERO, Vector, vector
from polyrelax.errors import PolyrelaxError
from polyrelax.polytopes import faces, subdivision
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.polytope import Polytope
from polyrelax.polytopes.relu_graph import graph_hull, relu_graph_hull, relu_image_hull
from polyrelax.strategies import flat_polytopes, hulls, polytopes, rationals, systems, vectors

Question = Callable[[Polytope], object]


@st.composite
def sets(draw: st.DrawFn, *, most: int = 3) -> Polytope:
    """Generate polytopes of all dimensions, flat and empty ones too."""
    dim = draw(st.integers(0, most))
    kinds = [polytopes(dim), hulls(dim, min_points=1), systems(dim)]
    kinds += [flat_polytopes(dim)] if dim else []
    return draw(
        st.sampled_from([*kinds, st.just(Polytope.empty(dim))]).flatmap(lambda kind: kind)
    )


def forms(polytope: Polytope) -> Iterator[Polytope]:
    """Yield the same set in all ways to give it."""
    dim, vertices, constraints = polytope.dim, polytope.vertices, polytope.constraints
    yield polytope
    yield Polytope.hull(vertices, dim, engine="plain")
    yield Polytope.hull((*vertices[::-1], *middles(vertices)), dim)
    yield Polytope.intersection(constraints, dim, engine="plain")
    yield Polytope.intersection((*constraints[::-1], *weaker(constraints)), dim)
    yield Polytope.hull(vertices, dim).explicit()
    if not polytope.is_empty:
        yield graph_hull(polytope, ()).project(range(dim))
    if polytope.is_box:
        yield Polytope.box(*zip(*polytope.bounds, strict=True)) if dim else Polytope.box([], [])


def middles(vertices: tuple[Vector, ...]) -> list[Vector]:
    """Return points halfway between vertices, which add nothing to their hull."""
    half = Fraction(1, 2)
    pairs = product(vertices[:2], vertices[-2:])
    return [tuple(half * (s + t) for s, t in zip(p, q, strict=True)) for p, q in pairs]


def weaker(constraints: tuple[Constraint, ...]) -> list[Constraint]:
    """Return constraints that follow from those given."""
    halves = [half for constraint in constraints for half in constraint.halves()]
    return [Constraint(half.normal, half.offset + k) for k, half in enumerate(halves)]


def answer(question: Question, polytope: Polytope) -> object:
    try:
        return question(polytope)
    except PolyrelaxError as error:
        return type(error), str(error)


def parts(cells: Iterator[Polytope]) -> list[tuple[Vector, ...]]:
    return sorted(cell.vertices for cell in cells)


QUESTIONS: dict[str, Question] = {
    "vertices": lambda p: p.vertices,
    "constraints": lambda p: p.constraints,
    "equations": lambda p: p.equations,
    "facets": lambda p: p.facets,
    "dimension": lambda p: (p.dim, p.affine_dim, p.is_empty),
    "bounds": lambda p: p.bounds,
    "box": lambda p: p.is_box,
    "hash": hash,
    "explicit": lambda p: (p.explicit().vertices, p.explicit().constraints),
    "relu graph": lambda p: (relu_graph_hull(p).constraints, relu_graph_hull(p).vertices),
    "relu graph's bounds": lambda p: (relu_graph_hull(p).bounds, relu_graph_hull(p).is_box),
    "relu image": lambda p: relu_image_hull(p).constraints,
    "orthants": lambda p: parts(subdivision.orthant_cells(p, range(p.dim))),
    "breakpoints": lambda p: sorted(set(subdivision.orthant_vertices(p, range(p.dim)))),
    "volume": subdivision.volume,
    "faces": faces.f_vector,
    "edges": lambda p: sorted(map(sorted, faces.vertex_graph(p).edges)),
    "incidence": faces.incidence,
    "sum": lambda p: (p + p).constraints,
    "product": lambda p: (p * p).vertices,
    "doubled": lambda p: p.project([*range(p.dim), *range(p.dim)]).vertices,
    "picture": lambda p: p._repr_svg_(),
}


@pytest.mark.parametrize("name", QUESTIONS)
@given(polytope=sets(most=2))
def test_all_ways_to_give_a_set_have_the_same_answers(name: str, polytope: Polytope) -> None:
    first, *others = (answer(QUESTIONS[name], form) for form in forms(polytope))
    assert others == [first] * len(others)


@given(polytope=sets(), data=st.data())
def test_projections_may_repeat_and_leave_out_coordinates(
    polytope: Polytope, data: st.DataObject
) -> None:
    chosen = data.draw(
        st.lists(st.integers(0, polytope.dim - 1), max_size=4) if polytope.dim else st.just([])
    )
    images = {tuple(x[j] for j in chosen) for x in polytope.vertices}
    expected = Polytope.hull(images, len(chosen))
    for form in forms(polytope):
        assert form.project(chosen) == expected
        assert form.project(chosen).vertices == expected.vertices


def test_a_coordinate_twice_is_a_diagonal() -> None:
    diagonal = Polytope.hull([[0, 0], [1, 1]], 2)
    assert Polytope.box([0], [1]).project([0, 0]) == diagonal
    assert Polytope.hull([[0], [1]], 1).project([0, 0]) == diagonal
    assert Polytope.box([2, 3], [2, 4]).project([0, 0, 1]) == Polytope.box([2, 2, 3], [2, 2, 4])


@given(polytope=sets(), data=st.data())
def test_supports_are_the_same_and_attained(polytope: Polytope, data: st.DataObject) -> None:
    direction = data.draw(vectors(polytope.dim))
    if polytope.is_empty:
        return
    greatest = max(
        sum((a * s for a, s in zip(direction, x, strict=True)), ZERO) for x in polytope.vertices
    )
    for form in forms(polytope):
        found = form.support(direction)
        assert found.value == greatest
        assert found.point in polytope


@given(data=st.data(), polytope=sets(most=2))
def test_two_sets_relate_and_combine_alike(data: st.DataObject, polytope: Polytope) -> None:
    other = data.draw(sets(most=2).filter(lambda found: found.dim == polytope.dim))
    expected = None
    for p, q in product(forms(polytope), forms(other)):
        found = (
            p == q,
            p <= q,
            q <= p,
            (p & q).constraints,
            (p + q).vertices,
            (p * q).constraints,
            Polytope.hull_of_union([p, q]).constraints,
        )
        expected = expected or found
        assert found == expected


@given(polytope=sets(), data=st.data())
def test_cuts_and_halves_are_alike(polytope: Polytope, data: st.DataObject) -> None:
    normal, offset = data.draw(vectors(polytope.dim)), data.draw(rationals())
    is_equation = data.draw(st.booleans())
    cut = Constraint(normal, offset, is_equation)
    expected = Polytope.intersection((*polytope.constraints, cut), polytope.dim)
    for form in forms(polytope):
        assert form.cut(cut) == expected
        assert form.cut(cut).constraints == expected.constraints
        below, above = subdivision.split(form, normal, offset)
        assert Polytope.hull_of_union([below, above]) == polytope
        assert all(
            (x in form) == (x in polytope) for x in (*polytope.vertices, vector([0] * form.dim))
        )


@given(polytope=sets(), data=st.data())
def test_hulls_of_any_neurons_are_those_of_the_points_between_which_they_are_linear(
    polytope: Polytope, data: st.DataObject
) -> None:
    neurons = data.draw(st.permutations(range(polytope.dim)))[: data.draw(st.integers(0, 3))]
    breaks = list(subdivision.orthant_vertices(polytope, neurons))
    graph = [(*x, *(max(x[j], ZERO) for j in neurons)) for x in breaks]
    image = [
        tuple(max(s, ZERO) if j in neurons else s for j, s in enumerate(x)) for x in breaks
    ]
    expected = Polytope.hull(graph, polytope.dim + len(neurons), engine="plain")
    for form in forms(polytope):
        assert graph_hull(form, neurons).constraints == expected.constraints
        assert graph_hull(form, neurons).vertices == expected.vertices
        assert relu_image_hull(form, neurons) == Polytope.hull(image, polytope.dim)


@given(polytope=sets(), data=st.data())
def test_affine_images_are_alike(polytope: Polytope, data: st.DataObject) -> None:
    rows = data.draw(st.lists(vectors(polytope.dim), max_size=3))
    offset = data.draw(vectors(len(rows)))
    first, *others = (form.affine_map(rows, offset).constraints for form in forms(polytope))
    assert others == [first] * len(others)


@pytest.mark.parametrize("scale", [ONE, Fraction(2**63), Fraction(1, 10**40)])
def test_symmetric_sets_have_the_hulls_of_their_points(scale: Fraction) -> None:
    octagon = [(3, 1), (3, -1), (-3, 1), (-3, -1), (1, 3), (1, -3), (-1, 3), (-1, -3)]
    polytope = Polytope.hull([[scale * s for s in p] for p in octagon], 2)
    breaks = subdivision.orthant_vertices(polytope, range(2))
    points = [(*x, *(max(s, ZERO) for s in x)) for x in breaks]
    assert relu_graph_hull(polytope).constraints == Polytope.hull(points, 4).constraints
