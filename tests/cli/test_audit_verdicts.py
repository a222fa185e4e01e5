"""``polyrelax audit verdicts`` on |x| over [-1, 3/5], which reaches 1 and nothing above."""

import json
from pathlib import Path

import pytest

from polyrelax.interop import network_json
from polyrelax.networks.gallery import absolute_value
from tests.cli.conftest import Program
from tests.cli.test_verify import ABOVE

HERE = ("--jobs", "1", "--format", "json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A benchmark: the network in a folder of its own, and two properties."""
    for name in ("nets", "properties"):
        (tmp_path / "absolute" / name).mkdir(parents=True)
    net = tmp_path / "absolute" / "nets" / "net.json"
    network_json.write(network_json.Problem(absolute_value()), net)
    for name, value in (("near", "1"), ("far", "1.5")):
        path = tmp_path / "absolute" / "properties" / f"{name}.vnnlib"
        path.write_text(ABOVE.format(value), encoding="utf-8")
    return tmp_path


def listed(folder: Path, *lines: str) -> Path:
    path = folder / "results.csv"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def line(name: str, result: str) -> str:
    return f"absolute,./nets/net.json,./properties/{name}.vnnlib,0.1,{result},2.5"


def test_verdicts_are_confirmed_or_refuted_by_a_point_or_a_proof(
    program: Program, folder: Path
) -> None:
    proofs = folder / "proofs"
    claims = [
        line(name, result) for name in ("near", "far") for result in ("sat", "unsat", "timeout")
    ]
    path = listed(folder, "category,network,property,prepare,result,time", *claims)
    asked = ("audit", "verdicts", path, "--certificates", proofs, "--fail-on", "refuted")
    found = program(*asked, *HERE)
    assert found.status == 1
    results = found.data["results"]
    assert [each["verdict"] for each in results] == [
        *("confirmed", "refuted", "claims nothing"),
        *("refuted", "confirmed", "claims nothing"),
    ]
    assert results[1]["found"]["point"] == ["-1"]  # the only one where |x| is 1
    assert results[3]["found"]["verdict"] == "holds"
    names = [each["found"].get("certificate") for each in results]
    assert sorted(filter(None, names)) == sorted(each.name for each in proofs.iterdir())
    assert program("check", *proofs.iterdir()).status == 0


def test_what_is_at_fault_stops_nothing_and_is_said_in_the_end(
    program: Program, folder: Path
) -> None:
    path = listed(folder, "absolute,net", line("gone", "sat"), line("far", "unsat"))
    found = program("audit", "verdicts", path, "--jobs", "1", "--fail-on", "malformed")
    assert found.status == 1
    assert "line 1: found 'absolute,net', expected a network" in " ".join(found.stdout.split())
    assert "2 of 3 verdicts could not be tried" in found.stderr
    assert program("audit", "verdicts", path, *HERE, "--fail-on", "refuted").status == 0


def test_a_list_in_json_names_tools_and_files_anywhere_below(
    program: Program, folder: Path
) -> None:
    entry = {
        "tool": "t",
        "network": "net.json",
        "property": "far.vnnlib",
        "verdict": "verified",
    }
    path = folder / "claims"
    path.write_text(json.dumps({"verdicts": [entry]}))
    (result,) = program("audit", "verdicts", path, *HERE).data["results"]
    assert (result["tool"], result["claimed"], result["verdict"]) == ("t", "holds", "confirmed")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--each", "0"), "found --each 0, expected seconds above 0"),
        (("--each", "soon"), "--each: found 'soon'"),
    ],
)
def test_times_that_are_none_get_one_line(
    program: Program, folder: Path, options: tuple[str, ...], message: str
) -> None:
    found = program("audit", "verdicts", listed(folder, line("far", "sat")), *options)
    assert (found.status, found.stdout, found.stderr.count("\n")) == (2, "", 1)
    assert message in found.stderr
