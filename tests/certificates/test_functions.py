"""Identities, functions outside a span, sets of relaxations, and citations."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from polyrelax.arithmetic.rational import ONE
from polyrelax.certificates.check import RejectedError, check, main
from polyrelax.certificates.functions import certify_outside, certify_zero
from polyrelax.certificates.hulls import certify_set
from polyrelax.errors import FalseBoundError, ShapeError
from polyrelax.networks.gallery import maximum, maximum_encodings, tent
from polyrelax.networks.network import concatenate
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from tests.certificates.by_hand import CITING
from tests.certificates.cases import KINKS, SEGMENT, rehashed

SQUARE = Polytope.box([0, 0], [1, 1])


def test_networks_of_the_same_function_are_certified_as_equal() -> None:
    first, second, _ = maximum_encodings()  # x2 + relu(x1 - x2) and x1 + relu(x2 - x1)
    both = concatenate(first, second)
    depth = len(both.layers)
    certificate = certify_zero(both, SQUARE, ((ONE, depth, 0), (-ONE, depth, 1)))
    assert check(certificate.dumps()) == str(certificate)


def test_functions_that_differ_are_not_certified_as_equal() -> None:
    with pytest.raises(FalseBoundError, match="expected at most 0"):
        certify_zero(tent(), SEGMENT, ((ONE, 2, 0), (-ONE, 0, 0)))


def test_the_maximum_is_no_combination_of_its_arguments() -> None:
    net = maximum(2)
    inputs = [((ONE, 0, j),) for j in range(2)]
    certificate = certify_outside(net, SQUARE, ((ONE, len(net.layers), 0),), span=inputs)
    assert check(certificate.dumps()) == str(certificate)


def test_a_combination_is_not_certified_as_none() -> None:
    with pytest.raises(FalseBoundError, match="found a combination"):
        certify_outside(tent(), SEGMENT, KINKS[:2], span=[KINKS[2:]])


@pytest.mark.parametrize(
    "name",
    ["exact", "triangle", "krelu:2", "m:1", "m:2", "p:1", "dp0", "dp1", "crown", "fastlin"],
)
def test_the_set_of_a_relaxation_is_certified(name: str) -> None:
    certificate = certify_set(tent(), SEGMENT, name, depth=4)
    [statement] = certificate.statements
    found = propagate(tent(), SEGMENT, relaxation(name)).polytope(4)
    assert Polytope.hull(statement.as_data()["points"], 2) == found  # type: ignore[arg-type]
    assert check(certificate.dumps()) == str(certificate)


def test_windows_have_no_certified_set() -> None:
    with pytest.raises(ShapeError, match="found p:2, expected exact"):
        certify_set(tent(), SEGMENT, "p:2")


def test_a_cited_theorem_is_an_assumption(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.dumps(rehashed(CITING))
    assumed = 'assuming that "[somebody2026], Theorem 1" gives p:1: 1 v(2, 0) <= 2'
    told = f"p:1: 1 v(3, 0) <= 4; {assumed}"
    assert check(text) == told
    path = tmp_path / "citing.json"
    path.write_text(text)
    assert main([str(path)]) == 3
    verdict = "accepted on the word of theorems"
    assert capsys.readouterr().out.startswith(f"{path}: {verdict}: {told}; about the network ")


def test_a_theorem_cannot_imitate_a_verdict() -> None:
    name = 'X" gives nothing; p:1: 1 v(3, 0) <= -9; assuming that "Y'
    nodes = [{**CITING["nodes"][0], "theorem": name}, *CITING["nodes"][1:]]
    told = check(json.dumps(rehashed({**CITING, "nodes": nodes})))
    before, _, after = told.partition("; assuming that ")
    assert before == "p:1: 1 v(3, 0) <= 4"
    quoted, end = json.JSONDecoder().raw_decode(after)
    assert (quoted, after[end:]) == (name, " gives p:1: 1 v(2, 0) <= 2")


def test_a_citation_proves_no_statement_by_itself() -> None:
    stated = {"relaxation": "p:1", "form": [["1", 2, 0]], "relation": "at most", "value": "2"}
    other = {**CITING, "claim": {"statements": [stated]}, "proof": [0]}
    with pytest.raises(RejectedError, match="the claim: node 0 is a citation, not a proof"):
        check(json.dumps(rehashed(other)))


def test_a_functional_that_does_not_separate_is_rejected() -> None:
    certificate = certify_outside(tent(), SEGMENT, KINKS[:1], span=[KINKS[2:]])
    document = json.loads(certificate.dumps())
    flat = json.loads(json.dumps(document))
    flat["claim"]["statements"][0]["outside"] = flat["claim"]["statements"][0]["span"][0]
    with pytest.raises(RejectedError, match="is 0 on the form"):
        check(json.dumps(flat))
    document["claim"]["statements"][0]["span"].append([["1", 5, 0]])
    with pytest.raises(RejectedError, match="is not 0 on the span"):
        check(json.dumps(document))
    assert Fraction(document["nodes"][-1]["weights"][0][0]) != 0
