"""Polytopes known by hand, refusals, and how polytopes show themselves."""

import pickle
from itertools import product

import pytest

from polyrelax.arithmetic.rational import matrix, vector
from polyrelax.errors import (
    DimensionError,
    EmptySetError,
    InexactInputError,
    TooLargeError,
    UnboundedError,
)
from polyrelax.polytopes.constraint import Constraint
from polyrelax.polytopes.engines import Plain
from polyrelax.polytopes.polytope import Polytope

SQUARE = Polytope.box([0, 0], [1, 1])
TRIANGLE = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)
DIAGONAL = Polytope.hull([[0, 0, 0], [1, 1, 1]], 3)


def texts(constraints: tuple[Constraint, ...]) -> list[str]:
    return [str(constraint) for constraint in constraints]


def test_a_triangle_has_three_facets() -> None:
    assert texts(TRIANGLE.constraints) == ["-x0 <= 0", "-x1 <= 0", "x0 + x1 <= 1"]


def test_equations_are_in_reduced_echelon_form() -> None:
    assert texts(DIAGONAL.equations) == ["x0 - x2 == 0", "x1 - x2 == 0"]
    assert texts(DIAGONAL.facets) == ["-x2 <= 0", "x2 <= 1"]
    assert DIAGONAL.affine_dim == 1


def test_equal_sets_have_equal_constraints_however_they_are_written() -> None:
    scaled = [
        Constraint.equal([2, 0, -2], 0),
        Constraint.equal([0, 3, -3], 0),
        Constraint.at_most([1, 0, 0], 1),
        Constraint.at_most([0, 1, 0], 5),
        Constraint.at_least([0, "1/2", 0], 0),
        Constraint.at_least([0, "1/2", 0], 0),
    ]
    assert Polytope.intersection(scaled, 3).constraints == DIAGONAL.constraints


def test_implicit_equations_are_found() -> None:
    sandwich = [Constraint.at_most([1, 1], 1), Constraint.at_least([1, 1], 1)]
    segment = Polytope.intersection((*sandwich, *SQUARE.constraints), 2)
    assert texts(segment.equations) == ["x0 + x1 == 1"]
    assert segment == Polytope.hull([[0, 1], [1, 0]], 2)


def test_points_within_the_hull_are_no_vertices() -> None:
    points = matrix([[0, 0], [2, 0], [0, 2], [1, 1], ["1/2", "1/2"], [0, 0]])
    assert Polytope.hull(points, 2).vertices == matrix([[0, 0], [0, 2], [2, 0]])


@pytest.mark.parametrize("dim", [0, 1, 2])
def test_the_empty_set_is_an_ordinary_value(dim: int) -> None:
    empty = Polytope.empty(dim)
    contradictory = Polytope.intersection([Constraint.at_most([0] * dim, -1)], dim)
    for polytope in (empty, contradictory):
        assert polytope.is_empty
        assert polytope.vertices == ()
        assert polytope.facets == ()
        assert texts(polytope.constraints) == ["0 <= -1"]
        assert polytope.affine_dim == -1
        assert not polytope.is_box
    assert empty == contradictory
    assert hash(empty) == hash(contradictory)


def test_an_empty_set_given_by_unbounded_constraints() -> None:
    strip = [Constraint.at_most([1, 0], 0), Constraint.at_least([1, 0], 1)]
    assert Polytope.intersection(strip, 2) == Polytope.empty(2)
    assert Polytope.intersection(strip, 2).vertices == ()


def test_a_box_with_crossed_ends_is_empty() -> None:
    assert Polytope.box([0, 1], [1, 0]) == Polytope.empty(2)


def test_the_only_point_of_dimension_zero() -> None:
    point = Polytope.hull([[]], 0)
    assert point == Polytope.box([], []) == Polytope.intersection([], 0)
    assert (point.vertices, point.constraints, point.affine_dim) == (((),), (), 0)


def test_a_single_point_has_equations_only() -> None:
    point = Polytope.hull([[1, "1/2"]], 2)
    assert texts(point.constraints) == ["x0 == 1", "2 x1 == 1"]
    assert point == Polytope.box([1, "1/2"], [1, "1/2"])


def test_unbounded_constraints_show_their_ray() -> None:
    quadrant = Polytope.intersection(
        [Constraint.at_least([1, 0], 0), Constraint.equal([0, 1], 3)], 2
    )
    with pytest.raises(UnboundedError, match=r"found the ray \(1, 0\), expected a bounded set"):
        _ = quadrant.vertices
    with pytest.raises(UnboundedError, match=r"found the ray \(\d+, 0\), expected a bounded"):
        quadrant.support([1, 0])


def test_a_line_is_unbounded() -> None:
    with pytest.raises(UnboundedError, match="expected a bounded set"):
        _ = Polytope.intersection([], 1).vertices


def test_equality_and_hash_mean_the_set() -> None:
    square = Polytope.hull([[0, 0], [0, 1], [1, 0], [1, 1], [0, "1/2"]], 2)
    system = Polytope.intersection((*SQUARE.constraints, Constraint.at_most([1, 1], 2)), 2)
    assert len({SQUARE, square, system}) == 1
    assert square != TRIANGLE
    assert Polytope.box([0], [1]) != SQUARE
    assert SQUARE != "square"


def test_polytopes_with_equal_bounds_may_differ() -> None:
    assert SQUARE != TRIANGLE
    assert Polytope.intersection(TRIANGLE.constraints, 2) != SQUARE
    assert Polytope.intersection(TRIANGLE.constraints, 2) == TRIANGLE


def test_inclusion() -> None:
    assert TRIANGLE <= SQUARE
    assert SQUARE >= TRIANGLE
    assert not SQUARE <= TRIANGLE
    assert Polytope.empty(2) <= TRIANGLE
    assert not Polytope.empty(2) >= TRIANGLE


def test_membership() -> None:
    assert vector(["1/2", "1/2"]) in TRIANGLE
    assert vector(["1/2", "2/3"]) not in TRIANGLE
    assert vector([0, 0]) not in Polytope.empty(2)


@pytest.mark.parametrize(
    ("polytope", "expected"),
    [
        (SQUARE, True),
        (TRIANGLE, False),
        (Polytope.hull(product((0, 1), repeat=2), 2), True),
        (Polytope.hull([[0, 0], [1, 0], [0, 1], [1, 1], [2, 1], [2, 0]], 2), True),
        (Polytope.hull([[0, 0], [0, 1]], 2), True),
        (DIAGONAL, False),
        (Polytope.intersection((*SQUARE.constraints, Constraint.at_most([1, 1], 2)), 2), True),
        (Polytope.intersection((*SQUARE.constraints, Constraint.at_most([2, 2], 3)), 2), False),
    ],
)
def test_boxes_are_recognised(polytope: Polytope, expected: bool) -> None:
    assert polytope.is_box == expected


def test_a_box_of_784_dimensions_answers_in_closed_form() -> None:
    image = Polytope.box([0] * 784, ["1/255"] * 784)
    assert image.support([1] * 784).value * 255 == 784
    assert image.bounds[783] == (0, vector(["1/255"])[0])
    assert image.project([3, 700]) == Polytope.box([0, 0], ["1/255"] * 2)
    assert len(image.facets) == 2 * 784
    assert image <= Polytope.box([0] * 784, [1] * 784)
    assert image != Polytope.box([0] * 784, [1] * 784)
    assert (image & Polytope.box([1] * 784, [1] * 784)).is_empty
    with pytest.raises(TooLargeError, match=r"found a box with 2\*\*784 vertices"):
        _ = image.vertices


def test_a_box_of_20000_dimensions_knows_its_points_and_products() -> None:
    dim = 20_000
    box = Polytope.box([0] * dim, [1] * dim)
    assert [1, *["1/2"] * (dim - 1)] in box
    assert [*["1/2"] * (dim - 1), "3/2"] not in box
    assert box * Polytope.box([0], [2]) == Polytope.box([0] * (dim + 1), [*[1] * dim, 2])


def test_a_large_system_answers_by_linear_programs() -> None:
    cube = Polytope.box([-1] * 30, [1] * 30)
    cut = cube.cut(Constraint.at_most([1] * 30, "1/2"))
    assert cut.support([1] * 30).value == vector(["1/2"])[0]
    assert cut.bounds[7] == (-1, 1)
    assert cut <= cube
    assert not cut.is_empty
    assert not cut.is_box
    assert (cut & cube.cut(Constraint.at_least([1] * 30, 1))).is_empty


@pytest.mark.parametrize("polytope", [Polytope.empty(1), SQUARE & Polytope.box([3, 3], [4, 4])])
def test_the_empty_set_has_no_supports_and_no_bounds(polytope: Polytope) -> None:
    with pytest.raises(EmptySetError, match="found the empty set"):
        polytope.support([1] * polytope.dim)
    with pytest.raises(EmptySetError, match="found the empty set"):
        _ = polytope.bounds


def test_an_empty_system_has_no_supports() -> None:
    system = Polytope.intersection((*TRIANGLE.constraints, Constraint.at_least([1, 1], 2)), 2)
    with pytest.raises(EmptySetError, match="found the empty set"):
        system.support([1, 0])


def test_image_under_an_affine_map() -> None:
    folded = SQUARE.affine_map([[1, 1], [1, -1]], [0, 1])
    assert folded == Polytope.hull([[0, 1], [1, 0], [1, 2], [2, 1]], 2)


def test_projection_may_repeat_and_reorder_coordinates() -> None:
    assert TRIANGLE.project([1, 1, 0]) == Polytope.hull([[0, 0, 0], [1, 1, 0], [0, 0, 1]], 3)
    assert TRIANGLE.project([]) == Polytope.box([], [])


def test_product_of_a_hull_and_a_box() -> None:
    prism = TRIANGLE * Polytope.box([0], [1])
    assert len(prism.vertices) == 6
    assert len(prism.facets) == 5


def test_minkowski_sum_of_square_and_diamond_is_an_octagon() -> None:
    diamond = Polytope.hull([[1, 0], [-1, 0], [0, 1], [0, -1]], 2)
    octagon = Polytope.box([-1, -1], [1, 1]) + diamond
    assert set(octagon.vertices) == {
        vector(v) for s, t in product((-1, 1), repeat=2) for v in [(s * 2, t), (s, t * 2)]
    }


def test_hull_of_union() -> None:
    segment = Polytope.hull([[0, 0], [0, 1]], 2)
    assert Polytope.hull_of_union([segment, Polytope.hull([[1, 0]], 2)]) == TRIANGLE
    assert Polytope.hull_of_union([Polytope.empty(2), segment]) == segment
    with pytest.raises(EmptySetError, match="found no polytopes"):
        Polytope.hull_of_union([])


@pytest.mark.parametrize(
    "operation",
    [
        lambda: SQUARE & DIAGONAL,
        lambda: SQUARE + DIAGONAL,
        lambda: SQUARE <= DIAGONAL,
        lambda: vector([1]) in SQUARE,
        lambda: SQUARE.support([1]),
        lambda: SQUARE.cut(Constraint.at_most([1], 1)),
        lambda: TRIANGLE.explicit().cut(Constraint.at_most([1], 1)),
        lambda: SQUARE.affine_map([[1]], [0]),
        lambda: SQUARE.affine_map([[1, 0]], []),
        lambda: Polytope.hull([[1], [1, 2]], 1),
        lambda: Polytope.intersection([Constraint.at_most([1], 1)], 2),
        lambda: Polytope.box([0], [1, 2]),
        lambda: Polytope.hull_of_union([SQUARE, DIAGONAL]),
    ],
)
def test_dimensions_must_fit(operation: object) -> None:
    assert callable(operation)
    with pytest.raises(DimensionError, match=r"found dimension \d, expected \d"):
        operation()


def test_floats_are_refused() -> None:
    with pytest.raises(InexactInputError):
        Polytope.box([0.5], [1])  # type: ignore[list-item]


def test_the_engine_is_passed_on() -> None:
    plain = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2, engine=Plain())
    for derived in (plain & SQUARE, plain + SQUARE, plain * SQUARE, plain.project([0])):
        assert derived.engine == Plain()
    assert plain == TRIANGLE


def test_a_polytope_survives_pickling_with_what_it_computed() -> None:
    _ = TRIANGLE.vertices, TRIANGLE.bounds
    assert pickle.loads(pickle.dumps(TRIANGLE)) == TRIANGLE


@pytest.mark.parametrize(
    ("polytope", "text"),
    [
        (Polytope.box([0], ["1/2"]), "Polytope.box(['0'], ['1/2'])"),
        (Polytope.empty(3), "Polytope.empty(3)"),
        (DIAGONAL, "Polytope of dimension 1 in Q^3 with 2 vertices, 2 facets"),
        (DIAGONAL.explicit(), "Polytope of dimension 1 in Q^3 with 2 vertices, 2 facets"),
        (
            Polytope.intersection([Constraint.at_most([1, 1], 1)], 2),
            "Polytope in Q^2 cut out by 1 constraint",
        ),
        (
            Polytope.box([0] * 50, [1] * 50).cut(Constraint.at_most([1] * 50, 1)),
            "Polytope in Q^50 cut out by 101 constraints",
        ),
        (Polytope.hull([[0] * 9, [1] * 9], 9), "Polytope in Q^9, the hull of 2 points"),
    ],
)
def test_repr_is_short_and_cheap(polytope: Polytope, text: str) -> None:
    assert repr(polytope) == text


def test_latex_is_a_system_or_a_hull_cut_after_twelve_rows() -> None:
    points = Polytope.hull([[j, j * j] for j in range(20)], 2)
    assert points._repr_latex_().count("(") == 13
    system = Polytope.intersection(points.constraints, 2)
    assert system._repr_latex_().count(r"\le ") == 12
    assert r"\dots\ (20)" in system._repr_latex_()
