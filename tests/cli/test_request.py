"""Options that do not fit each other or the network, and options that are verbs' own."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Program

# z = (x0 + x1, x0 - x1, x0) on [-1, 1]^2, the output is max(z0, 0) + max(z1, 0).  The triangle
# allows (z0 + 2)/2 / 2 + ... = 1/2 (z0 + z1) + 2 = x0 + 2 <= 3; the hull of the pair knows
# |z0| + |z1| <= 2, so 2.
PAIR = {
    "format": "polyrelax-network/1",
    "input": {"lower": ["-1", "-1"], "upper": ["1", "1"]},
    "layers": [
        {"affine": {"weight": [["1", "1"], ["1", "-1"], ["1", "0"]], "bias": ["0", "0", "0"]}},
        "relu",
        {"affine": {"weight": [["1", "1", "0"]], "bias": ["0"]}},
    ],
}


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    path = tmp_path / "pair.json"
    path.write_text(json.dumps(PAIR))
    return path


def upper(program: Program, pair: Path, *groups: str) -> str:
    options = [word for group in groups for word in ("--groups", group)]
    data = program("bounds", pair, "-r", "krelu:2", *options, "--format", "json").data
    (result,) = data["results"]
    (value,) = result["upper"]
    assert isinstance(value, str)
    return value


def test_k_relu_sees_only_the_groups_that_are_named(program: Program, pair: Path) -> None:
    assert upper(program, pair) == "2"
    assert upper(program, pair, "1:0,1") == "2"
    assert upper(program, pair, "1:0;1;2") == "3"


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["-r", "krelu:2", "--groups", "1:0,x"], "found --groups '1:0,x', expected a layer"),
        (["-r", "krelu:2", "--groups", "0,1"], "found --groups '0,1', expected a layer"),
        (["-r", "krelu:2", "--groups", "2:0,1"], "found groups of layer 2, expected"),
        (["-r", "krelu:2", "--groups", "1:0,9"], "found groups 0,9, which are not"),
        (["-r", "krelu:2", "--groups", "1:0,1,2"], "found group (0, 1, 2), expected 1 to 2"),
        (["-r", "triangle", "--groups", "1:0,1"], "found --groups without krelu:K"),
    ],
)
def test_groups_that_do_not_fit_are_refused(
    program: Program, pair: Path, options: list[str], line: str
) -> None:
    finished = program("bounds", pair, *options)
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.startswith(f"polyrelax: {line}")
    assert finished.stderr.count("\n") == 1


def test_bits_that_do_not_concern_a_relaxation_are_named(program: Program, tent: Path) -> None:
    names = ("-r", "ibp", "-r", "m:1", "-r", "p:1", "-r", "exact")
    finished = program("bounds", tent, *names, "--bits", "8")
    assert finished.status == 0
    assert finished.stderr == (
        "polyrelax: --bits does not concern m:1, p:1, exact: these are exact optima\n"
    )


def test_no_word_about_bits_that_concern_all_or_none(program: Program, tent: Path) -> None:
    assert program("bounds", tent, "-r", "ibp", "--bits", "8").stderr == ""
    assert program("bounds", tent, "-r", "exact", "--bits", "exact").stderr == ""
    assert program("bounds", tent, "-r", "exact").stderr == ""


@pytest.mark.parametrize("name", ["p:1", "m:1"])
def test_what_is_too_large_says_what_is_not(
    program: Program, tmp_path: Path, name: str
) -> None:
    weight = [["1" if j == i else "0" for j in range(30)] for i in range(30)]
    layers = [{"affine": {"weight": weight, "bias": ["0"] * 30}}, "relu"]
    net = tmp_path / "wide.json"
    net.write_text(json.dumps({"format": "polyrelax-network/1", "layers": layers}))
    finished = program("bounds", net, "--lower=-1", "--upper=1", "-r", name)
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.startswith(f"polyrelax: {name}: ")
    assert "for any size there are ibp, dp0, dp1, crown, fastlin, triangle" in finished.stderr


def test_verbs_on_networks_share_their_options(program: Program) -> None:
    listed = {
        verb: {word for word in program(verb, "--help").stdout.split() if word[:2] == "--"}
        for verb in ("bounds", "compare", "report")
    }
    own = {"--format", "--certificates", "--no-certificates"}
    shared = [words - own for words in listed.values()]
    assert shared[0] == shared[1] == shared[2]
    assert {"--relaxation", "--bits", "--groups", "--input"} < listed["report"]
