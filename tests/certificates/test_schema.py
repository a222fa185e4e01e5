"""The JSON schemas of both formats: what is certified follows them, other things do not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import polyrelax.certificates
from polyrelax.certificates.check import FORMAT, STREAMED
from polyrelax.certificates.traces import certify_trace
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.strategies import mixed_networks, neuron_networks
from tests.certificates.cases import samples
from tests.certificates.test_enumerations import SMALL
from tests.certificates.test_streamed import by_hand

FOLDER = Path(polyrelax.certificates.__file__).parent


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return found


def errors(name: str, document: object) -> list[str]:
    """Return what a schema finds wrong; the second one refers to the first by its name."""
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    referencing = pytest.importorskip("referencing", reason="referencing is not installed")
    draft = jsonschema.Draft202012Validator
    named = [
        (each, referencing.Resource.from_contents(schema(each)))
        for each in ("schema-1.json", "schema-2.json")
    ]
    registry = referencing.Registry().with_resources(named)
    draft.check_schema(schema(name))
    found = draft(schema(name), registry=registry).iter_errors(document)
    return [error.message for error in found]


def lines(text: str) -> list[Any]:
    return list(map(json.loads, text.splitlines()))


def test_the_schemas_are_of_their_formats() -> None:
    first, second = schema("schema-1.json"), schema("schema-2.json")
    assert first["title"] == first["properties"]["format"]["const"] == FORMAT
    head = second["$defs"]["head"]["properties"]
    assert second["title"] == head["format"]["const"] == STREAMED


def test_certificates_follow_the_schema() -> None:
    texts = [*(sample.dumps() for sample in samples()), SMALL.dumps()]
    documents = [json.loads(text) for text in texts]
    assert [errors("schema-1.json", document) for document in documents] == [[]] * len(
        documents
    )
    for document in (documents[0], documents[-1]):
        assert errors("schema-1.json", {**document, "note": "x"}) != []


DOMAINS = st.sampled_from(
    [Polytope.box([-1, -1], [1, "1/2"]), Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)]
)
NETWORKS = st.one_of(neuron_networks(2, most_layers=2), mixed_networks(2, [2]))
NAMES = st.sampled_from(["ibp", "crown", "triangle", "exact"])


@settings(max_examples=12)
@given(NETWORKS, DOMAINS, NAMES)
def test_bounds_of_traces_follow_the_schema_of_lines(
    net: Network, domain: Polytope, name: str
) -> None:
    trace = propagate(net, domain, relaxation(name))
    for bound in certify_trace(trace, domain):
        assert errors("schema-2.json", lines(bound.certificate.dumps())) == []


def test_layers_by_their_entries_follow_the_schema_of_lines() -> None:
    rows = [[int(i == j) for i in range(40)] for j in range(40)]
    net, domain = network((rows, [0] * 40)), Polytope.box([-1] * 40, [1] * 40)
    found = next(certify_trace(propagate(net, domain, relaxation("ibp")), domain))
    document = lines(found.certificate.dumps())
    assert "rows" in document[0]["problem"]["layers"][0]["affine"]
    assert errors("schema-2.json", document) == []
    document[0]["problem"]["layers"][0]["affine"]["rows"][0] = [[0, 0]]
    assert errors("schema-2.json", document) != []


Lines = list[Any]


def neuron(value: object) -> Callable[[Lines], object]:
    """Return what replaces the neurons of the first layer."""
    return lambda found: found[0]["problem"]["layers"].__setitem__(0, {"neurons": value})


HOSTILE: dict[str, Callable[[Lines], object]] = {
    "another format": lambda found: found[0].update(format=FORMAT),
    "a field more in the head": lambda found: found[0].update(nodes=[]),
    "no problem": lambda found: found[0].pop("problem"),
    "a float": lambda found: found[1].update(at_most=0.5),
    "a number as a number": lambda found: found[1].update(at_most=1),
    "a number that is not in order": lambda found: found[1].update(at_most="+1"),
    "a node of no kind": lambda found: found[1].update(kind="tree"),
    "a field more in a node": lambda found: found[1].update(note="x"),
    "a split of three": lambda found: found[2].update(split=[1, 0, 0]),
    "a split below 0": lambda found: found[2].update(split=[1, -1]),
    "two things in a line": lambda found: found[3].update(empty=[]),
    "a reason of no name": lambda found: found[3].update(terms=[["1", ["guess", 1, 0, 0]]]),
    "a side without a number": lambda found: found[3].update(terms=[["1", ["region", 1, 0]]]),
    "no multiplier": lambda found: found[3].update(terms=[[0]]),
    "no proof": lambda found: found.pop(),
    "two proofs": lambda found: found.append({"proof": [0, 1]}),
    "a line that is no object": lambda found: found.insert(1, []),
    "no neurons": neuron([]),
    "a neuron of no kind": neuron([{"softmax": [0, 1]}]),
    "two kinds": neuron([{"relu": [0], "absolute": [0]}]),
    "two inputs of one": neuron([{"relu": [0, 1]}]),
    "no slope": neuron([{"leaky_relu": [0]}]),
    "a clip without ends": neuron([{"clip": [0]}]),
    "a slope of a ReLU": neuron([{"relu": [0], "slope": "1/2"}]),
    "a sort of nothing": neuron([{"sort": []}]),
    "a rank below 0": lambda found: found.insert(2, {"rank": [1, -1]}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_other_lines_do_not_follow_the_schema(name: str) -> None:
    found = by_hand()
    assert errors("schema-2.json", found) == []
    HOSTILE[name](found)
    assert errors("schema-2.json", found) != []


@pytest.mark.parametrize(
    "value",
    [
        {"pass": [0]},
        {"relu": [0]},
        {"absolute": [1]},
        {"leaky_relu": [0], "slope": "1/10"},
        {"clip": [0], "lower": "0"},
        {"clip": [0], "lower": "0", "upper": "6"},
        {"maxmin": [0, 1]},
        {"maximum": [0, 1]},
        {"minimum": [0]},
        {"sort": [1, 0]},
    ],
)
def test_every_kind_of_neuron_follows_the_schema(value: object) -> None:
    found = by_hand()
    neuron([value])(found)
    assert errors("schema-2.json", found) == []
