"""A certified hull has as many facets and vertices as its certificate names."""

import json
from typing import Any

import pytest

from polyrelax.certificates.check import RejectedError, check
from polyrelax.certificates.hulls import certify_hull
from polyrelax.networks.gallery import absolute_value
from tests.certificates.cases import SEGMENT, Document, is_true, parsed, rehashed

Face = tuple[list[int], int]

# The square [-1, 1]^2: sides x <= 1, x >= -1, y <= 1, y >= -1, and its corners in a circle.
SIDES: list[Face] = [([1, 0], 1), ([-1, 0], 1), ([0, 1], 1), ([0, -1], 1)]
CORNERS = [[-1, -1], [1, -1], [1, 1], [-1, 1]]
EDGES = [[0, [1, 2]], [1, [0, 3]], [2, [2, 3]], [3, [0, 1]]]


def hull_of(
    faces: list[Face], points: list[list[int]], simplices: list[Any], *, given: list[Face]
) -> Document:
    """Return a certificate of a polytope ``given`` by rows, as the identity's values.

    Each of its faces is the sum of given rows, which are found by hand: those that it names.
    """
    dim = len(points[0])
    rows = [{"normal": list(map(str, a)), "offset": str(b)} for a, b in given]
    facets = [
        {"form": [[str(c), 0, j] for j, c in enumerate(a)], "at_most": str(b)} for a, b in faces
    ]
    head = {"kind": "linear", "relaxation": "exact"}
    proofs = [
        {**head, **row, "terms": terms_of(face, given)}
        for row, face in zip(facets, faces, strict=True)
    ]
    texts = [list(map(str, point)) for point in points]
    runs = [{"kind": "run", "input": point} for point in texts]
    places = [[0, j] for j in range(dim)]
    node = {
        "kind": "hull",
        "coordinates": places,
        "facets": list(range(len(faces))),
        "points": list(range(len(faces), len(faces) + len(points))),
        "simplices": simplices,
    }
    return rehashed(
        {
            "format": "polyrelax-certificate/1",
            "claim": {"statements": [{"hull": places, "facets": facets, "points": texts}]},
            "problem": {"input": {"dim": dim, "constraints": rows}, "layers": ["identity"]},
            "nodes": [*proofs, *runs, node],
            "proof": [len(proofs) + len(runs)],
        }
    )


def terms_of(face: Face, given: list[Face]) -> list[Any]:
    """Return a row as twice a given one, or as the sum of one or two given ones."""
    normal, offset = face
    for i, (a, b) in enumerate(given):
        for m in (1, 2):
            if ([m * c for c in a], m * b) == (normal, offset):
                return [[str(m), ["input", i]]]
        for k, (c, d) in enumerate(given[:i]):
            if ([s + t for s, t in zip(a, c, strict=True)], b + d) == (normal, offset):
                return [["1", ["input", i]], ["1", ["input", k]]]
    raise AssertionError(face)


def square(faces: list[Face], points: list[list[int]], simplices: list[Any]) -> Document:
    return hull_of(faces, points, simplices, given=SIDES)


def test_the_square_has_four_facets_and_four_vertices() -> None:
    document = square(SIDES, CORNERS, EDGES)
    told = "the hull of (v(0, 0), v(0, 1)) has 4 facets and 4 vertices"
    assert check(json.dumps(document)) == told
    assert is_true(document)


CUT = [[0, [1, 4]], [0, [2, 4]], *EDGES[1:]]
TWICE = [*EDGES, [4, [1, 2]], *EDGES[1:]]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (square([*SIDES, ([2, 0], 2)], CORNERS, TWICE), "a facet is named twice"),
        (square([*SIDES, SIDES[0]], CORNERS, TWICE), "a facet is named twice"),
        (square(SIDES, [*CORNERS, [1, 0]], CUT), "point 4 is no vertex, or stands twice"),
        (square(SIDES, [*CORNERS, [0, 0]], EDGES), "point 4 is no vertex, or stands twice"),
        (square(SIDES, [*CORNERS, [1, 1]], EDGES), "point 2 is no vertex, or stands twice"),
        (square([*SIDES, ([1, 1], 2)], CORNERS, EDGES), "a facet has no simplex"),
    ],
    ids=["multiple", "same", "on a side", "inside", "corner twice", "touches a corner"],
)
def test_what_is_no_facet_or_vertex_is_not_counted(document: Document, message: str) -> None:
    assert not is_true(document)
    with pytest.raises(RejectedError, match=message):
        check(json.dumps(document))


# In four dimensions: a square in the plane of (x, y), and the ends of the third and fourth unit
# vectors.  It lies in the facets z >= 0 and t >= 0, and in the plane z + t = 0, which is none.
PYRAMID: list[Face] = [
    *(([0, 0, 0, -1], 0), ([0, 0, -1, 0], 0)),
    *(([1, 0, 1, 1], 1), ([-1, 0, 1, 1], 1), ([0, 1, 1, 1], 1), ([0, -1, 1, 1], 1)),
]
TIPS = [*([x, y, 0, 0] for x, y in CORNERS), [0, 0, 1, 0], [0, 0, 0, 1]]
SLOPES = [[2, [1, 2, 4, 5]], [3, [0, 3, 4, 5]], [4, [2, 3, 4, 5]], [5, [0, 1, 4, 5]]]


def halves(facet: int, diagonal: int, tip: int) -> list[Any]:
    """Return the pyramid over the square, cut along a diagonal."""
    parts = [[0, 1, 2], [0, 2, 3]] if diagonal == 0 else [[0, 1, 3], [1, 2, 3]]
    return [[facet, [*part, tip]] for part in parts]


@pytest.mark.parametrize("diagonal", [0, 1])
def test_a_flat_simplex_makes_no_facet(diagonal: int) -> None:
    below = halves(0, diagonal, 4)
    good = [*below, *halves(1, diagonal, 5), *SLOPES]
    told = check(json.dumps(hull_of(PYRAMID, TIPS, good, given=PYRAMID)))
    assert told.endswith("has 6 facets and 6 vertices")
    # The square's four corners close the gap between two diagonals, and would make its plane
    # a seventh facet.
    flat = [*below, *halves(1, 1 - diagonal, 5), *SLOPES, [6, [0, 1, 2, 3]]]
    document = hull_of([*PYRAMID, ([0, 0, -1, -1], 0)], TIPS, flat, given=PYRAMID)
    assert not is_true(document)
    with pytest.raises(RejectedError, match="a simplex is flat"):
        check(json.dumps(document))


# The hull of the graph of the absolute value on [-1, 1]: a triangle.
HULL = parsed(certify_hull(absolute_value(), SEGMENT))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"coordinates": [[0, 0], [0, 0]]}, "a coordinate is named twice"),
        ({"coordinates": [[0, 0], [2, 0]]}, "a facet reads other coordinates"),
        ({"simplices": HULL["nodes"][-1]["simplices"][:2]}, "a facet has no simplex"),
        ({"simplices": [[0, [0, 0]]]}, "a simplex is not in increasing order"),
        ({"simplices": [[0, [1, 0]]]}, "a simplex is not in increasing order"),
        ({"simplices": [[k, [0, 1]] for k in range(3)]}, "a simplex leaves facet"),
        (
            {
                "facets": HULL["nodes"][-1]["facets"][:2],
                "simplices": [s for s in HULL["nodes"][-1]["simplices"] if s[0] < 2],
            },
            "the simplices do not close",
        ),
        (
            {"points": HULL["nodes"][-1]["points"][:2], "simplices": []},
            "the points lie in the hyperplane of a facet",
        ),
    ],
)
def test_an_incomplete_hull_is_rejected(change: Document, message: str) -> None:
    nodes = [*HULL["nodes"][:-1], {**HULL["nodes"][-1], **change}]
    with pytest.raises(RejectedError, match=message):
        check(json.dumps({**HULL, "nodes": nodes}))


def test_every_facet_of_a_hull_reads_its_coordinates_alone() -> None:
    row = {"kind": "cases", "relaxation": "exact", "form": [["1", 0, 0], ["-1", 2, 0]]}
    tree = {"split": [2, 0], "off": [], "on": []}
    nodes = [*HULL["nodes"][:-1], {**row, "at_most": "1", "tree": tree}]
    facets = [*HULL["nodes"][-1]["facets"][:-1], len(nodes) - 1]
    with pytest.raises(RejectedError, match="a facet reads other coordinates"):
        check(json.dumps({**HULL, "nodes": [*nodes, {**HULL["nodes"][-1], "facets": facets}]}))


def test_a_simplex_of_one_place_is_flat() -> None:
    node = HULL["nodes"][-1]
    facet, [here, _] = node["simplices"][0]
    twice = [*node["points"], node["points"][here]]
    flat = [*node["simplices"], [facet, [here, len(node["points"])]]]
    nodes = [*HULL["nodes"][:-1], {**node, "points": twice, "simplices": flat}]
    with pytest.raises(RejectedError, match="a simplex is flat"):
        check(json.dumps({**HULL, "nodes": nodes}))


INTERVAL: list[Face] = [([-1], 0), ([1], 1)]


def test_an_interval_has_two_facets_and_two_vertices() -> None:
    ends = [[0, [0]], [1, [1]]]
    document = hull_of(INTERVAL, [[0], [1]], ends, given=INTERVAL)
    told = "the hull of (v(0, 0)) has 2 facets and 2 vertices"
    assert check(json.dumps(document)) == told


def test_a_hull_has_facets() -> None:
    with pytest.raises(RejectedError, match="a facet has no simplex"):
        check(json.dumps(hull_of([], [[0], [1]], [], given=INTERVAL)))


def test_what_holds_everywhere_is_no_facet() -> None:
    nothing = ([0], 0)
    faces, simplices = [*INTERVAL, nothing], [[0, [0]], [1, [1]], [2, [0]]]
    document = hull_of(faces, [[0], [1]], simplices, given=[*INTERVAL, nothing])
    with pytest.raises(RejectedError, match="the points lie in the hyperplane of a facet"):
        check(json.dumps(document))
