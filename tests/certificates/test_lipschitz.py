"""Certificates of Lipschitz constants, and of what networks of small ones miss."""
# ruff: noqa: ANN401 -- documents are JSON

import copy
import json
from fractions import Fraction
from typing import Any

import pytest

from polyrelax.arithmetic.rational import ONE, ZERO, vector
from polyrelax.certificates.certificate import LipschitzStatement, problem_data
from polyrelax.certificates.check import RejectedError, check
from polyrelax.certificates.lipschitz import certify_missed
from polyrelax.errors import DimensionError, ShapeError
from polyrelax.networks.gallery import absolute_value, maximum, tent, two_relu_example
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.verification.lipschitz_certificates import certify_lipschitz
from tests.certificates.by_hand import stating
from tests.certificates.cases import Document, rehashed

SQUARE = Polytope.box([-1, -1], [1, 1])
# relu(x + y) + relu(x - y): the gradients are 0, (1, 1), (1, -1) and (2, 0).
TWO = two_relu_example()
# 3 relu(relu(x) + relu(-x)) = 3 |x|: both first neurons are on, or both off, at x = 0 alone.
ABSOLUTE = network(([[1], [-1]], [0, 0]), ([[1, 1]], [0]), ([[3]], [0]))


@pytest.mark.parametrize(
    ("net", "domain", "norm", "constant"),
    [
        (TWO, SQUARE, "max", 2),  # |1| + |1| = |2| + |0|
        (TWO, SQUARE, "1", 2),  # the largest entry, of (2, 0)
        (maximum(3), Polytope.box([0] * 3, [1] * 3), "max", 1),  # unit vectors
        (maximum(3), Polytope.box([0] * 3, [1] * 3), "1", 1),
        (tent(), Polytope.box([-1], [1]), "max", 2),
        (tent(), Polytope.box(["1/4"], [1]), "1", 2),  # 2 - 2x, then 1
        (tent(), Polytope.box(["1/2"], [1]), "1", 0),
        (absolute_value(), Polytope.box([-2], [1]), "1", 1),
        (ABSOLUTE, Polytope.box([-1], [1]), "max", 3),
        (network(([[0, 0]], [1]), ([[5]], [0])), SQUARE, "max", 0),  # constant
        (network(([["1/2", "-1/3"]], [2])), SQUARE, "max", "5/6"),  # affine
        (network(([["1/2", "-1/3"]], [2])), SQUARE, "1", "1/2"),
    ],
)
def test_the_constant_is_that_of_the_steepest_gradient(
    net: Network, domain: Polytope, norm: str, constant: int | str
) -> None:
    found = certify_lipschitz(net, domain, norm)
    assert check(found.dumps()) == str(found)
    stated = [s for s in found.statements if isinstance(s, LipschitzStatement)]
    assert [(s.relation, s.value, s.norm) for s in stated] == [
        ("at most", Fraction(constant), norm),
        ("reaches", Fraction(constant), norm),
    ]


def test_cases_in_a_hyperplane_are_shown_to_be_thin() -> None:
    # At x = 0 both neurons are off or on; if both are on, the slopes of 2 relu(x) - 2 relu(-x)
    # add up to 4, but that is nowhere but at 0.
    net = network(([[1], [-1]], [0, 0]), ([[2, -2]], [0]))
    found = certify_lipschitz(net, Polytope.box([-1], [1]))
    assert check(found.dumps()).startswith(
        "the Lipschitz constant of 1 v(3, 0) in the max-norm <= 2; "
    )
    nodes = json.loads(found.dumps())["nodes"]
    tree = next(node["tree"] for node in nodes if node["kind"] == "gradients")
    first, second = tree["on"]["on"]  # with the same multiplier
    assert first[0] == second[0]
    assert {first[1][0], second[1][0]} == {"sign"}


def order_statistic(dim: int) -> list[tuple[Any, Any, Fraction]]:
    """Return the origin with each unit vector."""
    units = [tuple(ONE * (i == j) for i in range(dim)) for j in range(dim)]
    return [((ZERO,) * dim, unit, Fraction(1, dim)) for unit in units]


@pytest.mark.parametrize("dim", [2, 3, 4, 5])
def test_the_maximum_is_missed_by_half_of_one_less_one_over_d(dim: int) -> None:
    # Each pair has difference 1, each coordinate 1/d on the mean.
    box = Polytope.box([0] * dim, [1] * dim)
    found = certify_missed(maximum(dim), box, order_statistic(dim))
    bound = (1 - Fraction(1, dim)) / 2
    assert check(found.dumps()).endswith(
        f"miss 1 v({len(maximum(dim).layers)}, 0) by {bound} or more"
    )


@pytest.mark.parametrize(("fan", "bound"), [(2, "3/10"), (4, "1/10")])
def test_the_maximum_of_five_is_missed_by_layers_of_maxmin(fan: int, bound: str) -> None:
    # Two or four times 1/5 is what the networks spread of the mean difference 1.
    box = Polytope.box([0] * 5, [1] * 5)
    found = certify_missed(maximum(5), box, order_statistic(5), fan=fan)
    assert check(found.dumps()) == str(found)
    assert f"1-Lipschitz neurons of fan at most {fan} miss" in str(found)
    assert str(found).endswith(f"by {bound} or more")


BOX = Polytope.box([0, 0], [1, 1])


def test_pairs_may_have_different_denominators() -> None:
    # The maximum differs by 1/2 and 1/3, 5/12 on the mean; the inputs by 1/4 and 1/6.
    ends = (vector(["1/2", 0]), vector([0, "1/3"]))
    found = certify_missed(maximum(2), BOX, [(vector([0, 0]), x, Fraction(1, 2)) for x in ends])
    assert check(found.dumps()).endswith("by 1/12 or more")


MISSED: Document = json.loads(certify_missed(maximum(2), BOX, order_statistic(2)).dumps())
# 2 relu(x) - 2 relu(-x) = 2 x: if both are on, the slopes add up to 4, but at x = 0 alone.
STEEP: Document = json.loads(
    stating(
        {
            "input": {"lower": ["-1"], "upper": ["1"]},
            "layers": [
                {"affine": {"weight": [["1"], ["-1"]], "bias": ["0", "0"]}},
                "relu",
                {"affine": {"weight": [["2", "-2"]], "bias": ["0"]}},
            ],
        },
        [
            {
                "kind": "gradients",
                "form": [["1", 3, 0]],
                "norm": "max",
                "at_most": "2",
                "tree": {
                    "split": [2, 0],
                    "off": {"split": [2, 1], "off": [], "on": []},
                    "on": {
                        "split": [2, 1],
                        "off": [],
                        "on": [["1", ["sign", 2, 1]], ["1", ["sign", 2, 0]]],
                    },
                },
            },
            {"kind": "run", "input": ["-1/2"]},
            {"kind": "run", "input": ["0"]},
            {"kind": "pairs", "pairs": [["1", 1, 2]]},
        ],
        {"lipschitz": [["1", 3, 0]], "norm": "max", "relation": "at most", "value": "2"},
    )
)
STEEP["claim"]["statements"].append({**STEEP["claim"]["statements"][0], "relation": "reaches"})
STEEP["proof"] = [0, 3]
FLAT = {
    "dim": 1,
    "constraints": [{"normal": ["1"], "offset": "1"}, {"normal": ["-1"], "offset": "1"}],
}


def put(document: Document, *path: Any, value: Any) -> str:
    other = copy.deepcopy(document)
    place: Any = other
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return json.dumps(rehashed(other))


PAIRS = next(k for k, node in enumerate(MISSED["nodes"]) if node["kind"] == "pairs")
ENDS = next(k for k, node in enumerate(STEEP["nodes"]) if node["kind"] == "pairs")
FORM = [["1", 0, 0]]


@pytest.mark.parametrize(
    ("document", "path", "value", "message"),
    [
        (
            MISSED,
            ("claim", "statements", 0, "by"),
            "1/3",
            f"the claim: node {PAIRS} shows less",
        ),
        (
            MISSED,
            ("claim", "statements", 0, "by"),
            "3/4",
            f"the claim: node {PAIRS} shows less",
        ),
        (MISSED, ("claim", "statements", 0, "missed"), FORM, f"the claim: node {PAIRS} shows"),
        (MISSED, ("claim", "statements", 0, "fan"), 1, None),
        (MISSED, ("claim", "statements", 0, "fan"), 2, f"the claim: node {PAIRS} shows less"),
        (MISSED, ("claim", "statements", 0, "fan"), 0, "the claim: the fan is 0"),
        (
            MISSED,
            ("claim", "statements", 0, "fan"),
            100001,
            "the claim: found 100001, expected",
        ),
        (
            MISSED,
            ("claim", "statements", 0, "fan"),
            "2",
            "the claim: found '2', expected a whole",
        ),
        (MISSED, ("claim", "statements", 0, "fan"), True, "the claim: found True, expected"),
        (MISSED, ("claim", "statements", 0, "fin"), 1, "the claim: found the unknown field"),
        (MISSED, ("proof",), [0], "the claim: node 0 has no pairs"),
        (MISSED, ("nodes", PAIRS, "pairs", 0, 0), "1/3", f"node {PAIRS}: the weights do not"),
        (MISSED, ("nodes", PAIRS, "pairs", 0, 0), "-1/2", f"node {PAIRS}: a weight is neg"),
        (MISSED, ("nodes", PAIRS, "pairs"), [], f"node {PAIRS}: a weight is negative or none"),
        (
            MISSED,
            ("nodes", PAIRS, "pairs"),
            [["1", 0, 1]],
            f"the claim: node {PAIRS} shows less",
        ),
        (MISSED, ("nodes", PAIRS, "pairs", 0), ["1/2", 0], f"node {PAIRS}: found 2 entries"),
        (MISSED, ("claim", "assuming"), [], None),
        (
            MISSED,
            ("claim", "assuming"),
            [{"form": FORM, "at_most": "1"}],
            "the claim: only exact",
        ),
        (
            STEEP,
            ("claim", "assuming"),
            [{"form": FORM, "at_most": "1"}],
            "the claim: only exact",
        ),
        (STEEP, ("claim", "statements", 0, "value"), "1", "the claim: node 0 bounds other"),
        (STEEP, ("claim", "statements", 0, "norm"), "1", "the claim: node 0 bounds no"),
        (STEEP, ("claim", "statements", 0, "norm"), "2", "the claim: found the norm '2'"),
        (STEEP, ("claim", "statements", 0, "relation"), "is", "the claim: found the relation"),
        (
            STEEP,
            ("claim", "statements", 1, "value"),
            "1",
            f"the claim: node {ENDS} has another",
        ),
        (
            STEEP,
            ("claim", "statements", 1, "value"),
            "3",
            f"the claim: node {ENDS} has another",
        ),
        (STEEP, ("proof",), [ENDS, ENDS], f"the claim: node {ENDS} bounds no gradients"),
        (STEEP, ("proof",), [0, 0], "the claim: node 0 is no pair"),
        (STEEP, ("nodes", ENDS, "pairs", 0, 2), 1, f"the claim: node {ENDS} has equal inputs"),
        (STEEP, ("nodes", 0, "at_most"), "1", "node 0: a gradient is longer"),
        (STEEP, ("nodes", 0, "norm"), "2", "node 0: found the norm '2'"),
        (STEEP, ("nodes", 0, "norm"), 1, "node 0: found the norm 1"),
        (STEEP, ("nodes", 0, "tree"), [], "node 0: a gradient is longer"),
        (STEEP, ("nodes", 0, "tree", "on", "on"), [], "node 0: a gradient is longer"),
        (
            STEEP,
            ("nodes", 0, "tree", "on", "on"),
            [["0", ["sign", 2, 0]]],
            "node 0: the case is not shown to be in a hyperplane",
        ),
        (
            STEEP,
            ("nodes", 0, "tree", "on", "on"),
            [["1", ["sign", 2, 0]]],
            "node 0: the terms do",
        ),
        (
            STEEP,
            ("nodes", 0, "tree", "on", "on"),
            [["1", ["above", 2, 0]]],  # y = z holds everywhere in the case
            "node 0: the case is not shown to be in a hyperplane",
        ),
        (
            STEEP,
            ("nodes", 0, "tree", "on", "on"),
            {"empty": [["1", ["sign", 2, 0]], ["1", ["sign", 2, 1]]]},
            "node 0: the terms do not exclude",
        ),
        (
            STEEP,
            ("nodes", 0, "tree", "on", "on"),
            [["1", ["positive", 2, 0]], ["0", ["sign", 2, 0]]],
            "node 0: the terms do not imply",
        ),
        (
            STEEP,
            ("problem", "input"),
            FLAT,
            "node 0: the inputs are not shown to have an inside",
        ),
        (
            STEEP,
            ("problem", "input"),
            {"lower": ["0"], "upper": ["0"]},
            "node 0: the inputs are not shown to have an inside",
        ),
    ],
)
def test_an_invalid_certificate_is_rejected(
    document: Document, path: tuple[Any, ...], value: Any, message: str | None
) -> None:
    if message is None:
        check(put(document, *path, value=value))
        return
    with pytest.raises(RejectedError) as rejected:
        check(put(document, *path, value=value))
    assert str(rejected.value).startswith(message)


def test_a_constant_sign_does_not_make_a_case_thin() -> None:
    # 0 x >= 0 holds with equality, but excludes nothing: relu(0 x) + 5 x has the slope 5.
    net = network(([[0], [1]], [0, 3]), ([[1, 5]], [0]))
    box = Polytope.box([-1], [1])
    assert certify_lipschitz(net, box).statements[0].value == 5  # type: ignore[union-attr]
    thin: Any = [["1", ["sign", 2, 0]]]
    both = {"split": [2, 1], "off": {"empty": [["1", ["sign", 2, 1]]]}, "on": thin}
    tree = {"split": [2, 0], "off": both, "on": both}
    form = [["1", 3, 0]]
    node = {"kind": "gradients", "form": form, "norm": "max", "at_most": "4", "tree": tree}
    stated = {"lipschitz": form, "norm": "max", "relation": "at most", "value": "4"}
    with pytest.raises(RejectedError, match="the case is not shown to be in a hyperplane"):
        check(stating(dict(problem_data(net, box)), [node], stated))


@pytest.mark.parametrize("by", ["1", "1/2", "1/1000"])
def test_without_inputs_nothing_is_missed(by: str) -> None:
    problem = {
        "input": {"lower": [], "upper": []},
        "layers": [{"affine": {"weight": [[]], "bias": ["1"]}}],
    }
    form = [["1", 1, 0]]
    run = {"kind": "run", "input": []}
    nodes: list[Document] = [run, {"kind": "pairs", "pairs": [["1", 0, 0]]}]
    with pytest.raises(RejectedError, match="the claim: node 1 shows less"):
        check(stating(problem, nodes, {"missed": form, "by": by}))
    steep = {"lipschitz": form, "norm": "max", "relation": "reaches", "value": "0"}
    with pytest.raises(RejectedError, match="the claim: node 1 has equal inputs"):
        check(stating(problem, nodes, steep))


@pytest.mark.parametrize(("norm", "value", "wrong"), [("1", "1", "5/6"), ("max", "5/3", "5/2")])
def test_a_quotient_is_of_all_differences(norm: str, value: str, wrong: str) -> None:
    # x + y at (0, 0) and (1/2, 1/3): 5/6 by a distance of 5/6, or of 1/2.
    problem: Document = {
        "layers": ["identity"],
        "input": {"lower": ["0"] * 2, "upper": ["1"] * 2},
    }
    runs = [{"kind": "run", "input": x} for x in (["0", "0"], ["1/2", "1/3"])]
    nodes: list[Document] = [*runs, {"kind": "pairs", "pairs": [["1", 0, 1]]}]

    def reaching(value: str) -> str:
        form = [["1", 0, 0], ["1", 0, 1]]
        stated = {"lipschitz": form, "norm": norm, "relation": "reaches", "value": value}
        return stating(problem, nodes, stated)

    assert check(reaching(value)).endswith(f"reaches {value}")
    with pytest.raises(RejectedError, match="the claim: node 2 has another quotient"):
        check(reaching(wrong))


def test_what_cannot_be_certified_is_refused() -> None:
    with pytest.raises(ShapeError, match="found the norm '2'"):
        certify_lipschitz(TWO, SQUARE, "2")
    with pytest.raises(DimensionError, match="found output 3, expected one of 1"):
        certify_lipschitz(TWO, SQUARE, output=3)
    with pytest.raises(ShapeError, match="found inputs without interior"):
        certify_lipschitz(TWO, Polytope.box([0, 0], [0, 1]))
    with pytest.raises(ShapeError, match="found inputs without interior"):
        certify_lipschitz(TWO, Polytope.hull([[0, 0], [1, 1]], 2))
    with pytest.raises(ShapeError, match="found weights of another sum"):
        certify_missed(maximum(2), BOX, [(vector([0, 0]), vector([1, 0]), Fraction(1, 2))])
