"""The verb ``check`` with a network and an input set of the user's own."""

import json
from pathlib import Path
from typing import Any

import pytest

from polyrelax.certificates import subjects
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.check import examined
from polyrelax.interop.network_json import Problem, dumps, read
from polyrelax.networks.layers import Neurons, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.networks.neurons.component import Component
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.polytopes.polytope import Polytope
from tests.certificates.by_hand import stating
from tests.certificates.test_enumerations import SMALL
from tests.cli.conftest import TENT, Program

TRIANGLE = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)
SUM = network(([[1, 1], [1, -1]], [0, "1/2"]), ([[1, 1]], [0]))


def written(path: Path, data: Any) -> Path:  # noqa: ANN401 -- JSON
    path.write_text(json.dumps(data))
    return path


@pytest.fixture
def certificate(tent: Path, tmp_path: Path) -> Path:
    """A certificate of the range of the tent on [-1, 1]."""
    given = read(tent)
    assert given.input is not None
    path = tmp_path / "certificate.json"
    path.write_text(certify_range(given.network, given.input, "triangle").dumps())
    return path


def test_a_certificate_of_the_network_and_its_set_is_accepted(
    program: Program, certificate: Path, tent: Path
) -> None:
    alone = program("check", certificate)
    found = program("check", certificate, "--network", tent)
    assert (found.status, found.stdout, found.stderr) == (0, alone.stdout, "")
    assert "accepted: triangle: 1 v(5, 0) <= 2;" in found.stdout
    assert found.stdout.count("\n") == 1


def test_a_network_may_be_written_otherwise(
    program: Program, certificate: Path, tmp_path: Path
) -> None:
    _first, _relu, *rest = TENT["layers"]
    same: dict[str, Any] = {
        **TENT,
        "layers": [
            {"affine": {"weight": [["2/2"], ["-1.0"]], "bias": [0, "0e5"]}},
            {"relu": {"neurons": [0, 1]}},
            *rest,
        ],
    }
    path = written(tmp_path / "same.json", same)
    assert program("check", certificate, "--network", path).status == 0
    del same["input"]
    path = written(tmp_path / "without.json", same)
    assert program("check", certificate, "--network", path).status == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda layers: [*layers, "identity"],
        lambda layers: [layers[0], "identity", *layers[1:]],
        lambda layers: [*layers[:-1], {"affine": {"weight": [["1", "1"]], "bias": ["1/9"]}}],
        lambda layers: [*layers[:-1], {"affine": {"weight": [["1", "2"]], "bias": ["0"]}}],
        lambda layers: [layers[0], {"relu": {"neurons": [0]}}, *layers[2:]],
        lambda layers: layers[:-1],
    ],
)
def test_a_certificate_of_another_network_is_told_apart(
    change: Any,  # noqa: ANN401 -- layers as JSON
    program: Program,
    certificate: Path,
    tmp_path: Path,
) -> None:
    other = written(tmp_path / "other.json", {**TENT, "layers": change(TENT["layers"])})
    found = program("check", certificate, "--network", other)
    assert (found.status, found.stderr) == (4, "")
    assert f"{certificate}: of another network: expected the network 1-2-" in found.stdout
    assert "about the network 1-2-2-2-2-1 (sha256 " in found.stdout


def test_rectifiers_written_as_neurons_are_the_same_network(
    program: Program, certificate: Path, tmp_path: Path
) -> None:
    neurons = {"neurons": [{"relu": [0]}, {"relu": [1]}]}
    layers = [neurons if layer == "relu" else layer for layer in TENT["layers"]]
    same = written(tmp_path / "same.json", {**TENT, "layers": layers})
    found = program("check", certificate, "--network", same)
    assert (found.status, found.stderr) == (0, "")
    crossed = {"neurons": [{"relu": [1]}, {"relu": [0]}]}
    layers = [crossed if layer == "relu" else layer for layer in TENT["layers"]]
    other = written(tmp_path / "other.json", {**TENT, "layers": layers})
    assert program("check", certificate, "--network", other).status == 4


def test_a_network_of_a_wide_sort_is_another_one(
    program: Program, certificate: Path, tmp_path: Path
) -> None:
    layers = [{"neurons": [{"sort": [0] * 8}]}]
    other = written(tmp_path / "other.json", {**TENT, "layers": layers})
    found = program("check", certificate, "--network", other)
    assert (found.status, found.stderr) == (4, "")
    assert "of another network: expected the network 1-8 (sha256" in found.stdout


def test_a_certificate_of_another_set_is_told_apart(
    program: Program, certificate: Path, tent: Path, tmp_path: Path
) -> None:
    for lower, upper in (("-1", "2"), ("-1/2", "1"), ("0", "0")):
        box = written(tmp_path / "box.json", {"lower": [lower], "upper": [upper]})
        found = program("check", certificate, "--network", tent, "--input", box)
        assert (found.status, found.stderr) == (4, "")
        assert (
            f": of another input set: expected the box [{lower}, {upper}], found"
            in found.stdout
        )
        wider = written(tmp_path / "wider.json", {**TENT, "input": json.loads(box.read_text())})
        assert program("check", certificate, "--network", wider).status == 4
    square = written(tmp_path / "square.json", {"lower": ["-1", "-1"], "upper": ["1", "1"]})
    assert program("check", certificate, "--network", tent, "--input", square).status == 4
    empty = written(tmp_path / "empty.json", {"inequalities": [["-1", "0"]]})
    assert program("check", certificate, "--input", empty).status == 4


def test_sets_are_compared_as_sets(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    path.write_text(certify_range(SUM, TRIANGLE, "exact").dumps())
    corners = {"vertices": [["0", "1"], ["1/4", "1/4"], ["0", "0"], ["1", "0"]]}
    rows = {"inequalities": [["0", "7", "0"], ["0", "0", "1"], ["3", "-3", "-3"], [5, -1, 0]]}
    for same in (corners, rows):
        assert program("check", path, "--input", written(tmp_path / "s.json", same)).status == 0
    smaller = {"vertices": [["0", "1"], ["0", "0"], ["99/100", "0"]]}
    larger = {"vertices": [["0", "1"], ["0", "-1/100"], ["1", "0"]]}
    for other in (smaller, larger):
        given = written(tmp_path / "s.json", other)
        assert program("check", path, "--input", given).status == 4


UNBOUNDED = {"dim": 1, "constraints": [{"normal": ["1"], "offset": "1"}]}
EMPTY = {"dim": 1, "constraints": [{"normal": [a], "offset": "-1"} for a in ("1", "-1")]}


@pytest.mark.parametrize("stated", [UNBOUNDED, EMPTY])
def test_a_claim_about_any_polyhedron_is_compared(
    stated: dict[str, Any], program: Program, tmp_path: Path
) -> None:
    row = {"kind": "linear", "relaxation": "exact", "form": [], "at_most": "0", "terms": []}
    claim = {"relaxation": "exact", "form": [], "relation": "at most", "value": "0"}
    path = tmp_path / "certificate.json"
    path.write_text(stating({"input": stated, "layers": ["relu"]}, [row], claim))
    assert program("check", path).status == 0
    box = written(tmp_path / "box.json", {"lower": ["-1"], "upper": ["1"]})
    assert program("check", path, "--input", box).status == 4
    nothing = written(tmp_path / "nothing.json", {"inequalities": [["-1", "1"], ["-1", "-1"]]})
    expected = 0 if stated is EMPTY else 4
    assert program("check", path, "--input", nothing).status == expected


def test_json_has_the_verdict_of_each_file(
    program: Program, certificate: Path, tmp_path: Path
) -> None:
    broken = written(tmp_path / "broken.json", [])
    found = program("check", certificate, broken, "--format", "json")
    assert (found.status, found.data["format"]) == (2, "polyrelax-check/1")
    good, bad = found.data["results"]
    assert (good["verdict"], good["told"][:26]) == ("accepted", "triangle: 1 v(5, 0) <= 2; ")
    assert (good["subject"]["widths"], good["subject"]["inputs"]["dim"]) == (
        [1, 2, 2, 2, 2, 1],
        1,
    )
    assert good["subject"]["inputs"]["known_to_be_inhabited"] is True
    assert (bad["verdict"], bad["subject"], bad["file"]) == ("unreadable", None, str(broken))


def test_a_report_is_written_to_a_file(
    program: Program, certificate: Path, tmp_path: Path
) -> None:
    target = tmp_path / "report"
    alone = program("check", certificate).stdout
    assert program("check", certificate, "-o", target).stdout == ""
    assert target.read_text() == alone
    markdown = program("check", certificate, "--format", "markdown").stdout
    assert "| file | verdict | claim | about |" in markdown


def test_standard_input_is_read(program: Program, certificate: Path) -> None:
    found = program("check", "-", stdin=certificate.read_bytes())
    assert (found.status, found.stdout[:12]) == (0, "-: accepted:")


def test_a_missing_network_is_a_request_that_makes_no_sense(
    program: Program, certificate: Path, tmp_path: Path
) -> None:
    found = program("check", certificate, "--network", tmp_path / "none.json")
    assert (found.status, found.stdout) == (2, "")


def test_an_enumeration_is_about_no_single_network(
    program: Program, tent: Path, tmp_path: Path
) -> None:
    path = tmp_path / "space.json"
    path.write_text(SMALL.dumps())
    found = program("check", path)
    assert (found.status, "about the space of networks 1-2-1 (sha256" in found.stdout) == (
        0,
        True,
    )
    assert program("check", path, "--network", tent).status == 4


def test_a_wide_network_of_the_users_is_compared(
    program: Program, certificate: Path, tmp_path: Path
) -> None:
    wide = tmp_path / "wide.json"
    box = Polytope.box([0] * 60_000, [1] * 60_000)
    wide.write_text(dumps(Problem(Network((ReLU(60_000), ReLU(60_000))), box)))
    assert program("check", certificate, "--network", wide).status == 4


def test_the_inputs_are_named_in_any_way(
    program: Program, certificate: Path, tent: Path, tmp_path: Path
) -> None:
    about = ("check", certificate, "--network", tent)
    assert program(*about, "--center", "0", "--epsilon", "1").status == 0
    assert program(*about, "--center", "0", "--epsilon", "2", "--clip", "-1,1").status == 0
    assert program(*about, "--center", "0", "--epsilon", "2").status == 4
    assert program(*about, "--lower", "-1", "--upper", "1").status == 0
    both = tmp_path / "two.vnnlib"
    both.write_text("(declare-const X_0 Real)(assert (or (<= 0 X_0 1) (<= -1 X_0 1)))")
    assert program("check", certificate, "--input", both, "--case", "1").status == 4
    assert program("check", certificate, "--input", both, "--case", "2").status == 0
    assert "expected one: add --case N, 1 to 2" in program(*about, "--input", both).stderr
    alone = program("check", certificate, "--center", "0", "--epsilon", "1")
    assert (alone.status, "without --network" in alone.stderr) == (2, True)


def test_a_network_with_other_neurons_has_a_name(
    certificate: Path,
) -> None:
    nameless = Network((Neurons(2, ((Component(Maximum(2), 0), (0, 1)),)),))
    assert subjects.named(nameless).startswith("the network 2-1 (found ")
    pooled = Network((Neurons(2, ((Maximum(2), (0, 1)),)),))
    assert subjects.named(pooled).startswith("the network 2-1 (sha256 ")
    found = examined(certificate.read_text())
    assert found.subject is not None
    assert not subjects.is_about_network(found.subject, nameless)
    assert not subjects.is_about_network(found.subject, pooled)
