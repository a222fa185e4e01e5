"""Each rule of an enumeration is checked: what breaks it is rejected, with the reason."""

import copy
import json
from collections.abc import Callable
from fractions import Fraction
from hashlib import sha256
from typing import Any

import pytest

from polyrelax.arithmetic.rational import vector
from polyrelax.certificates.check import RejectedError, check
from polyrelax.certificates.enumerations import certify_enumeration
from polyrelax.certificates.spaces import FiniteSpace
from polyrelax.polytopes.polytope import Polytope
from tests.certificates.cases import Document
from tests.certificates.test_enumerations import SMALL

DOCUMENT: Document = json.loads(SMALL.dumps())


def changed(change: Callable[[Document], None]) -> str:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return json.dumps(document)


def put(*path: Any, value: Any) -> Callable[[Document], None]:  # noqa: ANN401 -- JSON
    def change(document: Any) -> None:  # noqa: ANN401 -- JSON
        for key in path[:-1]:
            document = document[key]
        document[path[-1]] = value

    return change


SPACE, PARTS = DOCUMENT["claim"]["space"], DOCUMENT["parts"]
LOOSE = next(
    (k, j) for k, part in enumerate(PARTS) for j, e in enumerate(part["proof"]) if len(e) == 6
)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["parts"].pop(), "part 1: the part is missing"),
        (lambda d: d["parts"].pop(0), 'part 0: found [[["-1","0"],["1","0"]]], expected'),
        (lambda d: d["parts"].append(d["parts"][1]), "the claim: found more parts than"),
        (lambda d: d["parts"].append(None), "the claim: found more parts than"),
        (lambda d: d["parts"].insert(0, d["parts"][0]), 'part 1: found [[["-1","0"],["-1",'),
        (lambda d: d["parts"].reverse(), "part 0: found"),
        (lambda d: d["parts"][0]["proof"].pop(), "part 0: found 5 entries, expected 6"),
        (put("claim", "all", "networks", value=15), "the claim: all: found [15, 6] networks"),
        (put("claim", "all", "classes", value=7), "the claim: all: found [16, 7] networks"),
        (put("claim", "found", "networks", value=3), "the claim: found: found [3, 1]"),
        (put("claim", "found", "classes", value=2), "the claim: found: found [4, 2]"),
        (put("claim", "found", "classes", value=True), "the claim: found True, expected a"),
        (put("claim", "greatest", value="1"), "the claim: the greatest difference is 1/2"),
        (put("claim", "greatest", value="0"), "the claim: the greatest difference is 1/2"),
        (put("claim", "looser", value="p:1"), "part 0: node 4 is a row of triangle"),
        (put("claim", "tighter", value="p:1"), "part 0: node"),
        (put("claim", "side", value="upper"), "part 0: found 6 entries, expected 3"),
        (put("claim", "side", value="left"), "the claim: found the side 'left'"),
        (put("sha256", value="0" * 64), "the claim: sha256: expected"),
        (
            put("claim", "space", "symmetry", value="none"),
            "part 0: found 6 entries, expected 8",
        ),
        (put("claim", "space", "symmetry", value="half"), "the claim: found the symmetry"),
        (put("claim", "space", "shape", value=[1, 2]), "the claim: found the shape [1, 2]"),
        (put("claim", "space", "shape", value=[1, 2, 2]), "the claim: found the shape"),
        (put("claim", "space", "shape", value=[1, 10, 1]), "the claim: found 10, expected"),
        (put("claim", "space", "shape", value=[1, 0, 1]), "the claim: found the shape"),
        (put("claim", "space", "shape", value=[1, 3, 1]), "part 0: found"),
        (put("claim", "space", "weights", value=["1", "-1"]), "the claim: the parameters are"),
        (put("claim", "space", "weights", value=["1"]), "part 0: found"),
        (put("claim", "space", "biases", value=["0", "1"]), "part 1: found"),
        (put("claim", "space", "outputs", value=["-1", "0"]), "the claim: no output weight"),
        (put("claim", "space", "outputs", value=[]), "the claim: no output weight"),
        (put("claim", "space", "outputs", value=["1"]), "part 0: found 6 entries, expected 2"),
        (put("claim", "space", "input", "upper", value=["2"]), "part 0, node 1: the terms"),
        (put("claim", "space", "input", value={"dim": 1, "constraints": []}), "the claim: exp"),
        (put("parts", 0, "hidden", 0, 0, 0, value="1"), 'part 0: found [[["1","0"],["-1","0"]'),
        (put("parts", 0, "note", value=""), "part 0: found the unknown field 'note'"),
        (
            put("parts", 1, "nodes", 0, "at_most", value="-1"),
            "part 1, node 0: the terms do not",
        ),
        (put("parts", 0, "proof", 0, value=["0", 4]), "part 0: expected a value, a row and a"),
        (put("problem", value={}), "the claim: found the unknown field 'problem'"),
    ],
)
def test_an_invalid_enumeration_is_rejected(
    change: Callable[[Document], None], message: str
) -> None:
    with pytest.raises(RejectedError) as rejected:
        check(changed(change))
    assert str(rejected.value).startswith(message)


def test_a_looser_network_does_not_pass_for_a_precise_one() -> None:
    k, j = LOOSE
    entry = PARTS[k]["proof"][j]
    for fewer in (entry[:3], entry[3:], [*entry[:2], entry[5]], [*entry[3:5], entry[2]]):
        with pytest.raises(RejectedError, match=f"part {k}: node"):
            check(changed(put("parts", k, "proof", j, value=fewer)))


def test_a_precise_network_does_not_pass_for_a_looser_one() -> None:
    entry = PARTS[0]["proof"][0]
    with pytest.raises(RejectedError, match="part 0: 0 is not greater than 0"):
        check(changed(put("parts", 0, "proof", 0, value=[*entry, *entry])))


def test_no_theorem_is_cited() -> None:
    cited = {"kind": "cite", "theorem": "T", "relaxation": "p:1", "form": [], "at_most": "0"}
    with pytest.raises(RejectedError, match="part 0: a theorem is cited"):
        check(changed(lambda d: d["parts"][0]["nodes"].append(cited)))


@pytest.mark.parametrize(
    ("shape", "weights"),
    [
        ([1, 9, 9, 1], ["1"]),
        ([9, 9, 9, 9, 9, 9, 9, 1], ["1"]),
        ([9, 1, 1], [str(k) for k in range(1, 10)]),
    ],
)
def test_a_short_file_does_not_ask_for_a_large_space(
    shape: list[int], weights: list[str]
) -> None:
    box = {"lower": ["0"] * shape[0], "upper": ["1"] * shape[0]}
    space = {**SPACE, "shape": shape, "weights": weights, "input": box}
    with pytest.raises(RejectedError, match="the file asks for more work than its size"):
        check(changed(put("claim", "space", value=space)))


def test_a_file_without_parts_does_not_ask_for_long_lists() -> None:
    many = [str(k) for k in range(1, 2000)]
    space = {**SPACE, "shape": [1, 2, 1], "weights": many, "biases": many}
    with pytest.raises(RejectedError, match="the claim: the file asks for more work"):
        check(changed(put("claim", "space", value=space)))


def test_a_short_file_does_not_ask_for_many_output_weights() -> None:
    nine = [str(k) for k in range(1, 10)]
    space = {**SPACE, "shape": [1, 9, 1], "symmetry": "none", "outputs": nine}
    with pytest.raises(RejectedError, match="the claim: the file asks for more work"):
        check(changed(put("claim", "space", value=space)))


@pytest.mark.parametrize("name", ["weights", "biases", "outputs"])
def test_parameters_of_any_length_are_read_or_refused(name: str) -> None:
    long = ["1" + "0" * 5000]
    with pytest.raises(RejectedError, match="the claim: a parameter is too long"):
        check(changed(put("claim", "space", name, value=long)))


def test_differences_of_any_length_are_compared() -> None:
    # (t x + b) + (b - t x) is 2b, at least 2b - 2t by intervals: two networks of 4, as t < b.
    t, b = Fraction(1, 10**400 + 1), Fraction(1, 10**399 + 1)
    one, box = vector([1]), Polytope.box([-1], [1])
    space = FiniteSpace((1, 2, 1), vector([-t, t]), vector([b]), one, box)
    document = json.loads(certify_enumeration(space, "ibp", side="lower").dumps())
    assert document["claim"]["greatest"] == str(2 * t)
    told = check(json.dumps(document))
    assert "on [-1, 1] (2 up to symmetry), 2 (1 up to symmetry) have a looser" in told
    document["claim"]["greatest"] = "1"
    with pytest.raises(RejectedError, match="the claim: the greatest difference is another"):
        check(json.dumps(document))


def test_a_space_without_networks_has_no_differences() -> None:
    none = {"networks": 0, "classes": 0}
    claim = {**DOCUMENT["claim"], "space": {**SPACE, "weights": ["0"]}}
    claim |= {"all": none, "found": none}
    empty = {**DOCUMENT, "sha256": sha256().hexdigest(), "parts": []}

    def by(greatest: str) -> str:
        return json.dumps({**empty, "claim": {**claim, "greatest": greatest}})

    assert check(by("0")).startswith("of all 0 networks 1-2-1")
    for other in ("-1", "1"):
        with pytest.raises(RejectedError, match="the greatest difference is 0/1"):
            check(by(other))
