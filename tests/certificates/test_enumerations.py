"""Certificates about all networks of a finite space.

Expected numbers are counted by hand, or by the search, which shares no code with the checker.
"""

import json
from fractions import Fraction
from hashlib import sha256
from itertools import islice
from math import factorial
from typing import Any

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.arithmetic.rational import ONE, Scalar, vector
from polyrelax.certificates import check as checker
from polyrelax.certificates.check import check
from polyrelax.certificates.enumerations import Enumeration, certify_enumeration
from polyrelax.certificates.spaces import FiniteSpace
from polyrelax.errors import DimensionError, FalseBoundError, ShapeError, TooLargeError
from polyrelax.networks.network import network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.search.candidates import Candidate, Space
from polyrelax.search.executor import explore
from polyrelax.search.question import Question, Side
from tests.certificates.cases import Document
from tests.certificates.test_tampering import STEP, is_accepted, single_changes

UNIT = Interval(-ONE, ONE)


def small(shape: str, *values: Scalar, symmetric: bool = True) -> FiniteSpace:
    """Return a space with weights and biases in ``values``, and outputs -1 and 1."""
    widths = tuple(map(int, shape.split("-")))
    every, outputs = vector(values), vector([-1, 1])
    box = Polytope.box([-1] * widths[0], [1] * widths[0])
    return FiniteSpace(widths, every, every, outputs, box, symmetric=symmetric)


def two_neurons(side: str) -> Enumeration:
    """Bound relu(x) - relu(x) and the other 1-2-1 networks without biases by the triangle."""
    signs = vector([-1, 1])
    space = FiniteSpace((1, 2, 1), signs, vector([0]), signs, Polytope.box([-1], [1]))
    return certify_enumeration(space, "triangle", side=side)


SMALL = two_neurons("both")


def test_the_classes_of_1_2_1_networks_are_those_counted_by_hand() -> None:
    # Both neurons read x, or one reads x and one -x (both reading -x is an image of the first).
    # With equal neurons the outputs -1, -1 or -1, 1 or 1, 1 are different; otherwise an
    # exchange and x -> -x together keep them, and the same three remain: 6 classes of the 16.
    # relu(x) - relu(x) is 0 and the triangle allows 1/2, and so for -x: 2 * 2 networks.
    # relu(x) - relu(-x) = x, where the triangles allow 1 at x = 0 and no more than 1.
    # relu(x) + relu(-x) = |x|: at most 1, at least 0, and so are its triangles.
    assert [len(part.classes) for part in SMALL.parts] == [3, 3]
    assert (SMALL.all, SMALL.found, SMALL.greatest) == ((16, 6), (4, 1), Fraction(1, 2))


# relu(x) and relu(-x) on [-1, 1], or with a factor 2: one class.  The triangle of z = -x over
# [-1, 1], where z >= -1 is node 0 and z <= 1 node 1, is attained at z = 1.
BY_HAND: Document = {
    "format": "polyrelax-certificate/1",
    "claim": {
        "space": {
            **{"shape": [1, 1, 1], "weights": ["-1", "1"], "biases": ["0"]},
            **{"outputs": ["1", "2"], "symmetry": "full"},
            "input": {"lower": ["-1"], "upper": ["1"]},
        },
        **{"looser": "triangle", "tighter": "exact", "side": "upper"},
        "all": {"networks": 4, "classes": 1},
        "found": {"networks": 0, "classes": 0},
        "greatest": "0",
    },
    "sha256": sha256(b'[[[["-1","0"]]],[["1"]]]').hexdigest(),
    "parts": [
        {
            "hidden": [[["-1", "0"]]],
            "nodes": [
                {
                    **{"kind": "linear", "relaxation": "triangle", "form": [["-1", 1, 0]]},
                    **{"at_most": "1", "terms": []},
                },
                {
                    **{"kind": "linear", "relaxation": "triangle", "form": [["1", 1, 0]]},
                    **{"at_most": "1", "terms": []},
                },
                {
                    **{"kind": "linear", "relaxation": "triangle", "form": [["1", 3, 0]]},
                    **{"at_most": "1", "terms": [["1", ["upper", 2, 0, 0, 1]]]},
                },
                {"kind": "run", "input": ["-1"]},
            ],
            "proof": [["1", 2, 3]],
        }
    ],
}


def test_an_enumeration_written_by_hand_is_accepted() -> None:
    assert check(json.dumps(BY_HAND)) == (
        "of all 4 networks 1-1-1 without idle neurons, weights in {-1, 1}, biases in {0}, "
        "output weights in {1, 2}, on [-1, 1] (1 up to symmetry), 0 (0 up to symmetry) have a "
        "looser upper bound by triangle than by exact, by 0 at most in the least of each class"
    )


def test_what_is_told_is_the_claim() -> None:
    told = check(SMALL.dumps())
    assert told == str(SMALL)
    assert told.startswith("of all 16 networks 1-2-1 without idle neurons, weights in {-1, 1}")
    assert "on [-1, 1] (6 up to symmetry), 4 (1 up to symmetry) have a looser range" in told
    assert told.endswith("than by exact, by 1/2 at most in the least of each class")


def test_the_greatest_difference_is_that_of_the_least_multiples() -> None:
    signs, outputs = vector([-1, 1]), vector([-2, -1, 1, 2])
    box = Polytope.box([-1], [1])
    space = FiniteSpace((1, 2, 1), signs, vector([0]), outputs, box)
    told = check(certify_enumeration(space, "triangle", side="both").dumps())
    assert told.endswith("by 1/2 at most in the least of each class")
    # 2 relu(x) - 2 relu(x) is 0, where the triangles allow 2 * 1/2.
    twice = network(([[1], [1]], [0, 0]), ([[2, -2]], [0]))
    assert propagate(twice, box, relaxation("triangle")).output[0].upper == 1
    assert propagate(twice, box, relaxation("exact")).output[0].upper == 0


@pytest.mark.parametrize(
    ("shape", "values"), [("1-2-2-1", (-1, 1)), ("2-2-1", (-1, 0, 1)), ("1-2-1", (-1, 0, 2))]
)
def test_classes_are_as_many_as_burnside_counts(shape: str, values: tuple[int, ...]) -> None:
    space = small(shape, *values)
    outputs = vector([-1, 1])
    every = Space(space.shape, space.weights, outputs, (UNIT,) * space.shape[0])
    classes = [each for _, some in space.classes() for each in some]
    assert len(classes) == every.distinct
    assert sum(each.size for each in classes) == space.size


def test_a_multiple_of_the_output_weights_is_no_new_class() -> None:
    space = FiniteSpace(
        (1, 1, 1), vector([1]), vector([0]), vector([-2, "-1/2", 1, 3]), Polytope.box([-1], [1])
    )
    [(_, classes)] = space.classes()
    assert [(each.outputs, each.size) for each in classes] == [
        (vector(["-1/2"]), 2),
        (vector([1]), 2),
    ]
    assert "(2 up to symmetry), 0 (0 up to symmetry)" in check(
        certify_enumeration(space, "p:1").dumps()
    )


def test_what_is_found_is_what_the_search_finds() -> None:
    values, outputs = vector([-1, 0, 1]), vector([-1, 1])
    space = Space((1, 2, 1), values, outputs, (UNIT,))
    asked = Question(space, "triangle", "exact", Side.BOTH)
    findings = [each for part in explore(asked) for each in part.findings]
    found = certify_enumeration(small("1-2-1", -1, 0, 1), "triangle", side="both")
    looser = {
        Candidate(part.hidden, each.outputs)
        for part in found.parts
        for each, gap in zip(part.classes, part.gaps, strict=True)
        if gap
    }
    assert {space.canonical(each) for each in looser} == {
        space.canonical(space[each.number]) for each in findings
    }
    assert len(looser) == found.found[1]
    assert found.greatest == max(asked.gap(each.tight, each.loose) for each in findings)
    assert check(found.dumps()) == str(found)


@pytest.mark.parametrize(
    ("looser", "tighter", "side"),
    [
        *(("ibp", "exact", "upper"), ("triangle", "p:1", "lower"), ("dp1", "triangle", "both")),
        *(("m:1", "m:2", "both"), ("krelu:1", "krelu:2", "upper"), ("ibp", "dp0", "upper")),
    ],
)
def test_any_two_relaxations_are_compared(looser: str, tighter: str, side: str) -> None:
    made = certify_enumeration(small("1-2-1", -1, 1), looser, tighter, side=side)
    assert check(made.dumps()) == str(made)
    assert is_true(json.loads(made.dumps()))


def test_without_symmetry_every_network_is_a_class() -> None:
    made = certify_enumeration(small("1-1-1-1", -1, 1, symmetric=False), "triangle")
    assert made.all == (32, 32)  # 2 weights and 2 biases, twice, and 2 outputs
    told = check(made.dumps())
    assert told == str(made)
    assert told.startswith("of all 32 networks 1-1-1-1 ")
    assert "symmetry" not in told


def test_bounds_with_denominators_are_compared() -> None:
    # Of relu(x - 1/3) and relu(x): only outputs of two signs are bounded loosely, for all four
    # pairs.  relu(x) - relu(x - 1/3) is at most 1/3, its triangles 2/3, both reached at 1/3;
    # f - f is 0, its triangles 4/9 for the first f, which is less than 1/2 for the other.
    # Exchanges leave 3 + 4 + 3 of 16 networks.
    signs, box = vector([-1, 1]), Polytope.box([-1], [1])
    space = FiniteSpace((1, 2, 1), vector([1]), vector(["-1/3", 0]), signs, box)
    made = certify_enumeration(space, "triangle")
    assert (made.all, made.found, made.greatest) == ((16, 10), (8, 4), Fraction(1, 2))
    assert check(made.dumps()) == str(made)


def test_without_symmetry_multiples_are_classes() -> None:
    one, box = vector([1]), Polytope.box([-1], [1])
    space = FiniteSpace((1, 1, 1), one, vector([0]), vector([1, 2]), box, symmetric=False)
    made = certify_enumeration(space, "p:1")
    assert check(made.dumps()).startswith("of all 2 networks 1-1-1")
    assert made.all == (2, 2)


def test_boxes_that_are_not_symmetric_have_fewer_symmetries() -> None:
    signs, zero = vector([-1, 1]), vector([0])
    classes = {
        upper: sum(
            len(each)
            for _, each in FiniteSpace(
                (2, 1, 1), signs, zero, vector([1]), Polytope.box([-1, -1], upper)
            ).classes()
        )
        for upper in ((1, 1), (2, 2), (1, 2))
    }
    # relu(+-x +- y): one up to signs; up to x <-> y, three; with x -> -x alone, two.
    assert classes == {(1, 1): 1, (2, 2): 3, (1, 2): 2}


@pytest.mark.parametrize(
    ("weights", "upper", "classes"),
    [
        ([-1, 1], [1, 1], 1),  # relu(+-x +- y), up to signs
        ([-1, 1], [2, 2], 3),  # relu(x + y), relu(-x - y), and the others by x <-> y
        ([-1, 1], [1, 2], 2),  # up to x -> -x
        ([-1, 2], [1, 1], 3),  # weights without their negatives: x <-> y alone
        ([0, 1], [1, 1], 2),  # relu(x), which is relu(y), and relu(x + y)
    ],
)
def test_the_checker_knows_what_keeps_the_space(
    weights: list[int], upper: list[int], classes: int
) -> None:
    box, zero, one = Polytope.box([-1, -1], upper), vector([0]), vector([1])
    made = certify_enumeration(FiniteSpace((2, 1, 1), vector(weights), zero, one, box), "p:1")
    assert f"({classes} up to symmetry), 0 (0 up to symmetry)" in check(made.dumps())


def is_true(document: Document) -> bool:
    """Whether the numbers of a claim are those that the relaxations give for all networks."""
    claim = document["claim"]
    given = claim["space"]
    domain = Polytope.box(given["input"]["lower"], given["input"]["upper"])
    weights, biases, outputs = (vector(given[key]) for key in ("weights", "biases", "outputs"))
    full = given["symmetry"] == "full"
    every = FiniteSpace(tuple(given["shape"]), weights, biases, outputs, domain, symmetric=full)
    gaps = [
        (each.size, gap_of(part, each.outputs, domain, claim))
        for part, classes in every.classes()
        for each in classes
    ]
    counted = [
        {"networks": sum(n for n, _ in some), "classes": len(some)}
        for some in (gaps, [pair for pair in gaps if pair[1]])
    ]
    greatest = max((gap for _, gap in gaps), default=Fraction(0))
    return counted == [claim["all"], claim["found"]] and greatest == Fraction(claim["greatest"])


def gap_of(hidden: Any, outputs: Any, domain: Polytope, claim: Document) -> Fraction:  # noqa: ANN401
    layers = [([row[:-1] for row in rows], [row[-1] for row in rows]) for rows in hidden]
    net = network(*layers, ([outputs], [0]))
    loose, tight = (
        propagate(net, domain, relaxation(claim[key])).output[0]
        for key in ("looser", "tighter")
    )
    gaps = {"upper": [loose.upper - tight.upper], "lower": [tight.lower - loose.lower]}
    gaps["both"] = gaps["upper"] + gaps["lower"]
    return max(gaps[claim["side"]])


def test_no_single_change_proves_a_false_claim() -> None:
    one, signs = vector([1]), vector([-1, 1])
    space = FiniteSpace((1, 2, 1), one, vector([0]), signs, Polytope.box([-1], [1]))
    document = json.loads(certify_enumeration(space, "triangle").dumps())
    assert document["claim"]["found"] == {"networks": 2, "classes": 1}
    accepted = [each for each in single_changes(document) if is_accepted(each)]
    altered = [each for each in accepted if each["claim"] != document["claim"]]
    assert [each["claim"] for each in altered if not is_true(each)] == []
    assert all(each["sha256"] == document["sha256"] for each in accepted)


def test_no_change_in_one_of_several_parts_proves_a_false_claim() -> None:
    document = json.loads(two_neurons("upper").dumps())
    for other in islice(single_changes(document), 0, None, STEP):
        if is_accepted(other):
            assert other["claim"] == document["claim"] or is_true(other)


@pytest.mark.parametrize("symmetric", [True, False])
def test_the_checker_meets_the_classes_of_the_maker(symmetric: bool) -> None:
    signs, every = vector([-1, 1]), vector([-2, -1, 1, 2])
    box = Polytope.box([-1], [1])
    space = FiniteSpace((1, 2, 1), signs, vector([0]), every, box, symmetric=symmetric)
    claim = json.loads(certify_enumeration(space, "triangle").dumps())["claim"]
    met = list(checker.Enumeration(claim, 0).parts())
    assert met == [
        (hidden, [(each.outputs, each.size) for each in classes])
        for hidden, classes in space.classes()
    ]


@pytest.mark.parametrize(
    ("shape", "error"),
    [((1, 1), ShapeError), ((1, 2, 2), ShapeError), ((2, 1, 1), DimensionError)],
)
def test_what_is_no_space_is_refused(shape: tuple[int, ...], error: type[Exception]) -> None:
    with pytest.raises(error):
        FiniteSpace(shape, vector([1]), vector([0]), vector([1]), Polytope.box([0], [1]))


def test_what_cannot_be_certified_is_refused() -> None:
    space = small("1-2-1", -1, 1)
    with pytest.raises(ShapeError, match="found the side 'left'"):
        certify_enumeration(space, "triangle", side="left")
    with pytest.raises(TooLargeError, match="found 64 networks, expected at most 63"):
        certify_enumeration(space, "triangle", limit=63)
    with pytest.raises(TooLargeError, match=f"found {2**8 * factorial(8)} symmetries"):
        certify_enumeration(small("8-1-1", 1), "triangle")
    with pytest.raises(TooLargeError, match="at most 9 layers of at most 9 values"):
        small("10-1-1", 1)
    with pytest.raises(ShapeError, match="found no network"):
        small("1-2-1", 0)
    with pytest.raises(FalseBoundError, match="by exact, less than"):
        certify_enumeration(SMALL.space, "exact", "triangle")
