"""The checker against certificates written by hand, and as a program that runs alone."""
# ruff: noqa: ANN401 -- documents are JSON

import ast
import copy
import json
import subprocess
import sys
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

import polyrelax.certificates.check as checker
from polyrelax.certificates.check import RejectedError, UnreadableError, check
from tests.certificates.by_hand import BY_HAND, CITING, with_change
from tests.certificates.cases import rehashed

AT_THE_CENTRE = {**BY_HAND["nodes"][3], "relaxation": "p:1", "input": ["0", "0"]}

FLAGGED = {"dim": 2, "constraints": [{"normal": ["1", "0"], "offset": "1", "equation": 1}]}


def test_a_certificate_written_by_hand_is_accepted() -> None:
    text = json.dumps(rehashed(BY_HAND))
    assert check(text) == "exact: 1 v(3, 0) <= 2; triangle: 1 v(3, 0) reaches 3"


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("nodes", 0, "relaxation"), "p:1", "node 0: (2, 0) cannot be split here"),
        (("nodes", 0, "relaxation"), "triangle", "node 0: triangle has no such rows"),
        (("nodes", 0, "relaxation"), "ibp", "node 0: found the relaxation 'ibp'"),
        (("nodes", 0, "at_most"), "1", "node 0: the terms do not imply the row"),
        (("nodes", 0, "at_most"), "4/2", "node 0: found 4/2, expected lowest terms"),
        (("nodes", 0, "at_most"), 2, 'node 0: found 2, expected a number such as "-3/7"'),
        (("nodes", 0, "form", 0, 2), 1, "node 0: found 1, expected a whole number below 1"),
        (("nodes", 0, "tree", "off"), [], "node 0: the terms leave the neuron (2, 1)"),
        (("nodes", 0, "tree", "split"), [2, 1], "node 0: (2, 1) cannot be split here"),
        (("nodes", 0, "tree", "on", "on"), {"empty": []}, "node 0: the terms do not exclude"),
        (("nodes", 0, "tree", "on", "on"), [["-1", ["sign", 2, 1]]], "node 0: a multiplier"),
        (("nodes", 0, "tree", "on", "on"), [["1", 1]], "node 0: found 1, expected a whole"),
        (
            ("nodes", 0, "tree", "on", "on"),
            [["1", ["assumed", 0]]],
            "node 0: found 0, expected",
        ),
        (("nodes", 0, "kind"), "proof", "node 0: found the unknown kind 'proof'"),
        (("nodes", 1, "input"), ["1", "2"], "node 1: the point is no input"),
        (("nodes", 1, "input"), ["1"], "node 1: found 1 entry, expected 2"),
        (("nodes", 1, "note"), "x", "node 1: found the unknown field 'note'"),
        (
            ("nodes", 3, "groups", 0, "mixture"),
            [["1", 1]],
            "node 3: a mixture misses the input",
        ),
        (("nodes", 3, "groups", 0, "mixture", 0, 0), "1/3", "node 3: the weights do not add"),
        (("nodes", 3, "groups", 0, "mixture", 0, 1), 0, "node 3: node 0 is no point"),
        (("nodes", 3, "groups", 0, "layer"), 3, "node 3: (3, 0) is no output of a ReLU"),
        (("nodes", 3, "relaxation"), "p:1", "node 3: a mixture misses the input of (2, 1)"),
        (("nodes", 3), AT_THE_CENTRE, "node 3: a group leaves out neurons of layer 2"),
        (("nodes", 3, "relaxation"), "krelu:2", "node 3: no group contains [(2, 0), (2, 1)]"),
        (("nodes", 3, "relaxation"), "m:1", "node 3: a mixture misses the input of (2, 1)"),
        (("nodes", 3, "relaxation"), "exact", "node 3: exact has no groups"),
        (("nodes", 3, "relaxation"), "dp0", "node 3: dp0 has no groups"),
        (("claim", "statements", 0, "value"), "3/2", "the claim: node 0 proves another row"),
        (("claim", "statements", 1, "value"), "4", "the claim: node 3 has another value"),
        (("claim", "statements", 1, "relaxation"), "p:1", "the claim: node 3 is a point of"),
        (("claim", "statements", 1, "relation"), "is", "the claim: found the relation 'is'"),
        (("claim", "statements"), [], "the claim: found 2 entries, expected 0"),
        (("proof",), [3, 3], "the claim: node 3 is no row"),
        (("problem", "layers", 1), "tanh", "the problem: found 'tanh', expected an object"),
        (("problem", "input", "upper"), ["-2", "1"], "the problem: the box is empty"),
        (
            ("problem", "input"),
            FLAGGED,
            "the problem: the field 'equation' must be true or false",
        ),
    ],
)
def test_an_invalid_certificate_is_rejected(
    path: tuple[Any, ...], value: Any, message: str
) -> None:
    with pytest.raises(RejectedError) as rejected:
        check(with_change(*path, value=value))
    assert str(rejected.value).startswith(message)


def test_a_certificate_is_about_one_network() -> None:
    other = copy.deepcopy(rehashed(BY_HAND))
    other["problem"]["layers"][0]["affine"]["bias"][0] = "-1"
    with pytest.raises(RejectedError, match="the problem: sha256: expected"):
        check(json.dumps(other))


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", "[" * 10**5, '{"format": 1.5}'),
        '{"format": "polyrelax-certificate/9"}',
        '{"format": "polyrelax-certificate/1", "format": "polyrelax-certificate/1"}',
    ],
)
def test_what_is_no_certificate_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableError):
        check(text)


def test_the_checker_imports_the_standard_library_alone() -> None:
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [a.name for a in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
        )
    }
    assert imported <= sys.stdlib_module_names
    assert imported.isdisjoint({"fractions", "decimal"})


def test_the_checker_divides_integers_alone() -> None:
    tree = ast.parse(Path(checker.__file__).read_text(encoding="utf-8"))
    operations = [type(node.op) for node in ast.walk(tree) if isinstance(node, ast.BinOp)]
    assert ast.Div not in operations


def run_alone(folder: Path, *arguments: str) -> tuple[int, str]:
    script = folder / "check.py"
    script.write_bytes(Path(checker.__file__).read_bytes())
    command = [sys.executable, "-I", "-S", str(script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    return done.returncode, done.stdout + done.stderr


def test_the_checker_runs_alone(tmp_path: Path) -> None:
    (tmp_path / "good").write_text(json.dumps(rehashed(BY_HAND)))
    (tmp_path / "bad").write_text(with_change("nodes", 0, "at_most", value="1"))
    (tmp_path / "none").write_text("no JSON")
    status, told = run_alone(tmp_path, "good")
    claim = "exact: 1 v(3, 0) <= 2; triangle: 1 v(3, 0) reaches 3"
    assert (status, told.partition("; about ")[0]) == (0, f"good: accepted: {claim}")
    status, told = run_alone(tmp_path, "good", "bad")
    assert (status, told.splitlines()[1]) == (
        1,
        "bad: rejected: node 0: the terms do not imply the row",
    )
    assert run_alone(tmp_path, "bad", "none")[0] == 2
    assert run_alone(tmp_path, "missing")[0] == 2
    assert run_alone(tmp_path)[0] == 2


def test_numbers_of_any_length_are_read(tmp_path: Path) -> None:
    long = "1" + "0" * 5000
    (tmp_path / "long").write_text(with_change("nodes", 0, "at_most", value=long))
    status, told = run_alone(tmp_path, "long")
    assert (status, "proves another row" in told) == (1, True)


def test_a_verdict_is_told_on_any_terminal(tmp_path: Path) -> None:
    path = tmp_path / "citing.json"
    cited = {**CITING["nodes"][0], "theorem": "Théorème 1"}
    path.write_text(json.dumps(rehashed({**CITING, "nodes": [cited, *CITING["nodes"][1:]]})))
    terminal = TextIOWrapper(BytesIO(), encoding="ascii")
    with redirect_stdout(terminal):
        assert checker.main([str(path)]) == 3
    terminal.seek(0)
    assert 'assuming that "Th\\xe9or\\xe8me 1" gives' in terminal.read()
