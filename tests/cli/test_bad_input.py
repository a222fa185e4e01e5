"""Whatever is wrong with a request: one line on standard error, status 2, nothing written."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import TENT, Finished, Program


def refused(program: Program, *arguments: object, stdin: bytes = b"", place: Path) -> Finished:
    """Run the program, and check that it refuses the request and leaves nothing behind."""
    report = place / "report"
    finished = program(*arguments, "-o", report, stdin=stdin)
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr.startswith("polyrelax: ")
    assert finished.stderr.count("\n") == 1
    assert not report.exists()
    assert not list(place.glob(".report*"))
    return finished


def with_layers(*layers: object) -> dict[str, Any]:
    return {**TENT, "layers": list(layers)}


def affine(weight: object, bias: object) -> dict[str, object]:
    return {"affine": {"weight": weight, "bias": bias}}


NETWORKS: dict[str, str | bytes] = {
    "empty file": "",
    "binary garbage": b"\x00\xff\xfe\x80",
    "no JSON": "{",
    "trailing text": json.dumps(TENT) + "x",
    "another type": "[]",
    "another format": json.dumps({**TENT, "format": "polyrelax-network/2"}),
    "no layers": json.dumps(with_layers()),
    "missing layers": json.dumps({"format": "polyrelax-network/1"}),
    "unknown key": json.dumps({**TENT, "bias": []}),
    "unknown layer": json.dumps(with_layers("sigmoid")),
    "ragged weight": json.dumps(with_layers(affine([["1"], ["1", "2"]], ["0", "0"]))),
    "short bias": json.dumps(with_layers(affine([["1"]], []))),
    "empty weight": json.dumps(with_layers(affine([], []))),
    "layers that do not fit": json.dumps(
        with_layers(affine([[1]], [0]), affine([[1, 1]], [0]))
    ),
    "float": json.dumps(with_layers(affine([[0.1]], [0]))),
    "NaN": json.dumps(with_layers(affine([[float("nan")]], [0]))),
    "infinity": json.dumps(with_layers(affine([[float("inf")]], [0]))),
    "text that is no number": json.dumps(with_layers(affine([["one"]], [0]))),
    "zero denominator": json.dumps(with_layers(affine([["1/0"]], [0]))),
    "vast exponent": json.dumps(with_layers(affine([["1e999999999"]], [0]))),
    "foreign digits": json.dumps(with_layers(affine([["\u0661"]], [0]))),
    "boolean": json.dumps(with_layers(affine([[True]], [0]))),
    "null": json.dumps(with_layers(affine([[None]], [0]))),
    "nested too deeply": '{"layers": ' + "[" * 100_000,
    "ReLU of a missing neuron": json.dumps(with_layers({"relu": {"neurons": [7]}})),
    "input of another dimension": json.dumps({**TENT, "input": {"lower": [0], "upper": []}}),
    "empty box": json.dumps({**TENT, "input": {"lower": [1], "upper": [0]}}),
    "empty polytope": json.dumps({**TENT, "input": {"inequalities": [[-1, 1], [-1, -1]]}}),
    "no vertices": json.dumps({**TENT, "input": {"vertices": []}}),
    "unbounded input": json.dumps({**TENT, "input": {"inequalities": [[0, 1]]}}),
    "all inputs": json.dumps({**TENT, "input": {"inequalities": []}}),
}


@pytest.mark.parametrize("content", NETWORKS.values(), ids=NETWORKS.keys())
def test_network_files(program: Program, tmp_path: Path, content: str | bytes) -> None:
    path = tmp_path / "net.json"
    raw = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(raw)
    assert "net.json" in refused(program, "bounds", path, "-r", "ibp", place=tmp_path).stderr
    refused(program, "bounds", "-", "-r", "ibp", stdin=raw, place=tmp_path)


OPTIONS: dict[str, Sequence[str]] = {
    "unknown relaxation": ["-r", "delta"],
    "relaxation of size 0": ["-r", "p:0"],
    "relaxation of half a size": ["-r", "m:1.5"],
    "relaxation without its size": ["-r", "krelu"],
    "only a lower end": ["--lower", "0"],
    "only an upper end": ["--upper", "0"],
    "ends in the wrong order": ["--lower", "1", "--upper", "0"],
    "too many ends": ["--lower", "0,0", "--upper", "1,1"],
    "an end that is no number": ["--lower", "zero", "--upper", "1"],
    "an infinite end": ["--lower", "-inf", "--upper", "1"],
    "an end left out": ["--lower", "0,", "--upper", "1"],
    "a box and a file": ["--lower", "0", "--upper", "1", "--input", "set.json"],
    "an end and a file": ["--lower", "0", "--input", "set.json"],
    "a missing input set": ["--input", "missing.json"],
    "rounding to no bits": ["--bits", "0"],
    "rounding to a text": ["--bits", "all"],
    "rounding to too many bits": ["--bits", "99999999999"],
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS.keys())
def test_options(program: Program, tent: Path, tmp_path: Path, options: Sequence[str]) -> None:
    refused(program, "bounds", tent, *options, place=tmp_path)
    refused(program, "compare", tent, "-r", "ibp", "-r", "dp0", *options, place=tmp_path)


SETS = {
    "set.json": [
        "",
        "{}",
        '{"lower": ["0"]}',
        '{"lower": ["0"], "upper": ["0.5"], "vertices": [["0"]]}',
        '{"lower": [0.5], "upper": [1]}',
        '{"lower": ["0", "0"], "upper": ["1", "1"]}',
        '{"vertices": [["0"], ["0", "1"]]}',
    ],
    "set.vnnlib": [
        "",
        "(assert",
        "(assert (<= X_0 1.0))",
        "(declare-const X_0 Real)\n(assert (<= X_0 1.0))",
        "(declare-const X_0 Real)\n(assert (<= X_0 0.0))\n(assert (>= X_0 1.0))",
    ],
}


@pytest.mark.parametrize(
    ("name", "content"), [(name, text) for name, texts in SETS.items() for text in texts]
)
def test_input_sets(
    program: Program, tent: Path, tmp_path: Path, name: str, content: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    refused(program, "bounds", tent, "-r", "ibp", "--input", path, place=tmp_path)


@pytest.mark.parametrize("verb", ["bounds", "hull"])
@pytest.mark.parametrize("name", ["missing.json", "missing.onnx", "missing.ine", "."])
def test_files_that_are_none(program: Program, tmp_path: Path, verb: str, name: str) -> None:
    finished = refused(program, verb, tmp_path / name, place=tmp_path)
    assert str(tmp_path) in finished.stderr


def test_a_network_without_an_input_set(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text(json.dumps({key: TENT[key] for key in ("format", "layers")}))
    assert "--lower" in refused(program, "bounds", path, place=tmp_path).stderr


def test_an_output_file_in_a_missing_folder(
    program: Program, tent: Path, tmp_path: Path
) -> None:
    finished = program("bounds", tent, "-o", tmp_path / "missing" / "report")
    assert (finished.status, finished.stdout) == (2, "")
    assert finished.stderr == f"polyrelax: {tmp_path / 'missing'}: no such directory\n"


def test_the_message_says_where_the_fault_is(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "net.json"
    path.write_text(json.dumps(with_layers(affine([[1], [0.1]], [0, 0]))))
    line = refused(program, "bounds", path, place=tmp_path).stderr
    assert "layers[0].affine.weight[1][0]" in line
    assert 'write "0.1"' in line


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("reproduce", "-j", 0), "'--jobs': expected greater than or equal to 1; see"),
        (("hull", "NET", "--format", "xml"), "'--format': 'xml' is not one of 'table', 'json'"),
        (("compare", "NET", "-r", "ibp", "-r", "ibp"), "expected two different relaxations"),
        (
            ("bounds", "NET", "-r", "ibp", "--time", "1e99"),
            "--time 1e99, expected seconds above 0, at most 1000000000",
        ),
    ],
)
def test_options_are_refused_in_words_of_our_own(
    program: Program, tent: Path, options: tuple[object, ...], message: str
) -> None:
    found = program(*(tent if word == "NET" else word for word in options))
    assert (found.status, found.stdout, found.stderr.count("\n")) == (2, "", 1)
    assert message in found.stderr
    assert "Input should" not in found.stderr
    assert "Value error" not in found.stderr


@pytest.mark.parametrize(
    ("verb", "name"),
    [
        (("audit", "verdicts"), "missing.csv"),
        (("audit", "witness"), "missing.json"),
        (("bounds",), "missing.json"),
        (("export", "--to", "json"), "missing.json"),
        (("hull",), "missing.ine"),
        (("shrink",), "missing.json"),
        (("lipschitz",), "missing.json"),
        (("lipschitz", "--dataset"), "missing.json"),
        (("regions",), "missing.json"),
        (("verify", "--list"), "missing.csv"),
        (("search", "status"), "missing.sqlite"),
        (("search", "resume"), "missing.sqlite"),
        (("search", "export"), "missing.sqlite"),
    ],
)
def test_a_missing_file_is_said_before_anything_is_loaded(
    verb: tuple[str, ...], name: str, tmp_path: Path
) -> None:
    script = (
        "import sys\n"
        "from polyrelax.cli.app import main\n"
        "status = main(sys.argv[1:])\n"
        "print(status, sorted({'flint', 'sympy', 'highspy'} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", script, *verb, str(tmp_path / name)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "2 []\n"
    assert done.stderr == f"polyrelax: {tmp_path / name}: no such file or directory\n"
