"""``polyrelax audit`` on the tent, 2 - 2 |x| up to 1/2 and 1 up to |x| = 1, and on a ReLU."""

import gzip
import json
from pathlib import Path

import pytest

from polyrelax.interop import network_json, onnx
from polyrelax.networks.gallery import tent
from polyrelax.polytopes.polytope import Polytope
from tests.cli.conftest import Program

HIGH = """(declare-const X_0 Real) (declare-const Y_0 Real)
(assert (>= X_0 0)) (assert (<= X_0 0.3)) (assert (>= Y_0 1.4))
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, ...]:
    """The options that name the tent and a property that the point 3/10 just violates."""
    network, property_ = tmp_path / "tent.json", tmp_path / "high.vnnlib"
    network_json.write(network_json.Problem(tent()), network)
    property_.write_text(HIGH)
    return "--network", str(network), "--property", str(property_)


def claimed(folder: Path, text: str) -> Path:
    path = folder / "point.counterexample"
    path.write_text(text)
    return path


def test_a_valid_counterexample_with_its_readings(
    program: Program, tmp_path: Path, files: tuple[str, ...]
) -> None:
    # The double nearest to 0.3 lies below it, the float of 32 bits above.
    path = claimed(tmp_path, "sat\n((X_0 0.3)\n(Y_0 1.5))")
    found = program("audit", "witness", path, *files, "--format", "json")
    assert found.status == 0
    assert found.data["format"] == "polyrelax-audit/1"
    (result,) = found.data["results"]
    assert (result["kind"], result["verdict"], result["score"]) == (
        "witness",
        "valid",
        "establishes",
    )
    assert result["points"] == [
        {
            "verdict": "valid",
            "readings": {"float64": "valid", "float32": "outside"},
            "excess": "0",
            "margin": "0",
            "off": "1/10",
            "repaired": None,
        }
    ]


def test_a_point_outside_is_told_by_how_much_and_repaired(
    program: Program, tmp_path: Path, files: tuple[str, ...]
) -> None:
    path = claimed(tmp_path, "((X_0 0.3125))")
    found = program("audit", "witness", path, *files, "--format", "json")
    (result,) = found.data["results"]
    assert (found.status, result["verdict"], result["score"]) == (0, "outside", "wrong")
    (point,) = result["points"]
    assert (point["excess"], point["margin"], point["repaired"]) == ("1/80", "-1/40", ["3/10"])
    assert "0.0125 outside of the inputs" in program("audit", "witness", path, *files).stdout


def test_the_exit_status_can_say_that_something_is_refuted(
    program: Program, tmp_path: Path, files: tuple[str, ...]
) -> None:
    asked = ("--fail-on", "refuted")
    good, bad = "((X_0 0))", "((X_0 -1))"
    assert program("audit", "witness", claimed(tmp_path, good), *files, *asked).status == 0
    assert program("audit", "witness", claimed(tmp_path, bad), *files, *asked).status == 1
    assert program("audit", "witness", claimed(tmp_path, bad), *files).status == 0


def test_a_list_goes_past_what_is_wrong(program: Program, tmp_path: Path) -> None:
    network_json.write(network_json.Problem(tent()), tmp_path / "tent.json")
    (tmp_path / "high.vnnlib").write_text(HIGH)
    entries = [
        {"tool": tool, "network": net, "property": "high.vnnlib", "inputs": inputs}
        for tool, net, inputs in (
            ("one", "tent.json", [["0"], ["9"]]),
            ("one", "tent.json", [["zero"]]),
            ("two", "none.json", [["0"]]),
            ("two", "tent.json", [["0.3", "1"]]),
            ("two", "tent.json", [["0.31"], ["1/2"]]),
        )
    ]
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"witnesses": entries}))
    found = program("audit", "witness", path, "--format", "json")
    assert found.status == 0
    results = found.data["results"]
    assert [each["verdict"] for each in results] == [
        "valid",
        "malformed",
        "malformed",
        "malformed",
        "outside",
    ]
    assert "found 'zero'" in results[1]["fault"]
    assert "none.json: no such file" in results[2]["fault"]
    assert results[3]["fault"] == "found a point of 2 inputs, the network has 1"
    assert program("audit", "witness", path, "--fail-on", "malformed").status == 1
    table = program("audit", "witness", path).stdout
    assert "one" in table
    assert "found 'zero'" in table


def test_a_folder_as_the_competition_publishes_it(program: Program, tmp_path: Path) -> None:
    benchmarks, results = tmp_path / "benchmarks" / "tents", tmp_path / "results"
    benchmarks.mkdir(parents=True)
    (benchmarks / "high.vnnlib").write_text(HIGH)
    place = results / "tool" / "tents"
    place.mkdir(parents=True)
    (place / "tent_high.counterexample.gz").write_bytes(gzip.compress(b"sat ((X_0 0.25))"))
    missing = program("audit", "witness", results, "--benchmarks", tmp_path / "benchmarks")
    assert missing.status == 0
    assert "found 0 pairs of a network and a property" in missing.stdout
    pytest.importorskip("onnx")
    from polyrelax.interop import onnx  # noqa: PLC0415 -- an extra

    onnx.write(tent(), benchmarks / "tent.onnx")
    found = program(
        "audit", "witness", results, "--benchmarks", tmp_path / "benchmarks", "--format", "json"
    )
    (result,) = found.data["results"]
    assert (result["tool"], result["network"], result["verdict"]) == (
        "tool",
        "tent.onnx",
        "valid",
    )


def test_violations_in_results_need_counterexamples(program: Program, tmp_path: Path) -> None:
    benchmarks, results = tmp_path / "benchmarks", tmp_path / "results"
    (results / "tool" / "tents").mkdir(parents=True)
    benchmarks.mkdir()
    (benchmarks / "high.vnnlib").write_text(HIGH)
    onnx.write(tent(), benchmarks / "tent.onnx")
    text = "sat ((X_0 0.25))"
    (results / "tool/tents/tent_high.counterexample").write_text(text)
    at = "tents,onnx/tent.onnx,vnnlib/{}.vnnlib,0.1,{},1.5"
    rows = [("high", "sat"), ("low", "sat"), ("other", "unsat")]
    lines = [at.format(*row) for row in rows] + ["tents,onnx/tent.onnx"]
    (results / "tool/results.csv").write_text("\n".join(lines))
    asked = ("audit", "witness", results, "--benchmarks", benchmarks)
    found = program(*asked, "--format", "json").data["results"]
    assert [(each["verdict"], each.get("fault")) for each in found] == [
        ("valid", None),
        (
            "malformed",
            "found a violation without a counterexample, expected tent_low.counterexample",
        ),
        (
            "malformed",
            "line 4: found 'tents,onnx/tent.onnx', expected a network, a property and a "
            "verdict",
        ),
    ]
    assert {each["tool"] for each in found} == {"tool"}
    assert program(*asked, "--fail-on", "malformed").status == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("point",), "give --network NET and --property FILE"),
        (("point", "--tolerance", "-1"), "found --tolerance -1, expected at least 0"),
        (("point", "--tolerance", "x"), "--tolerance: found 'x'"),
        (("point", "--fail-on", "never"), "'never' is not one of"),
        (("absent",), "absent: no such file or directory"),
        ((".",), "found no *.counterexample or *.counterexample.gz"),
        (("list", "--network", "n"), "found --network with a list"),
    ],
)
def test_bad_requests_get_one_line(
    program: Program,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("point").write_text("((X_0 0))")
    Path("list").write_text('{"witnesses": []}')
    found = program("audit", "witness", *options)
    assert found.status == 2
    assert found.stdout == ""
    assert message in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_malformed_file_alone_is_a_bad_request(
    program: Program, tmp_path: Path, files: tuple[str, ...]
) -> None:
    path = claimed(tmp_path, "((X_0 zero))")
    found = program("audit", "witness", path, *files)
    assert (found.status, found.stdout) == (2, "")
    assert "point.counterexample: line 1: found 'zero', expected a number" in found.stderr


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """The tent on [-1, 1]."""
    path = tmp_path / "tent.json"
    network_json.write(network_json.Problem(tent(), Polytope.box([-1], [1])), path)
    return path


def claims(folder: Path, text: str) -> Path:
    path = folder / "claims"
    path.write_text(text)
    return path


def test_claimed_bounds_of_outputs_and_neurons(
    program: Program, tmp_path: Path, net: Path
) -> None:
    path = claims(
        tmp_path,
        '{"bounds": [{"lower": [1.0], "upper": [1.9999999999999999999]}, '
        '{"layer": 2, "upper": [1, null]}]}',
    )
    found = program("audit", "bounds", net, path, "--format", "json", "--fail-on", "refuted")
    assert found.status == 1
    lower, upper, inner = found.data["results"]
    assert [each["verdict"] for each in (lower, upper, inner)] == ["sound", "refuted", "sound"]
    assert (upper["attained"], upper["point"]) == ("2", ["0"])
    assert upper["missing"] == "1/10000000000000000000"
    assert "refuted" in program("audit", "bounds", net, path).stdout


def test_bounds_are_claimed_of_tensors_by_their_names(program: Program, tmp_path: Path) -> None:
    """The tensors of the tent are v0, ..., v5, one behind each layer."""
    net = tmp_path / "tent.onnx"
    onnx.write(tent(), net)
    text = (
        '{"bounds": [{"tensor": "v2", "upper": [[1, 0.875]]}, {"upper": [2]}, '
        '{"tensor": "v2", "lower": [0, 0]}]}'
    )
    path, folder = claims(tmp_path, text), tmp_path / "certificates"
    at = ("--lower", "-1", "--upper", "1")
    results = program("audit", "bounds", net, path, *at, "--format", "json").data["results"]
    assert {
        (each["network"], each["coordinate"], each["side"]): each["verdict"] for each in results
    } == {
        ("tent.onnx#v2", 0, "upper"): "sound",
        ("tent.onnx#v2", 1, "upper"): "refuted",
        ("tent.onnx#v2", 0, "lower"): "sound",
        ("tent.onnx#v2", 1, "lower"): "sound",
        ("tent.onnx", 0, "upper"): "sound",
    }
    shown = program("audit", "bounds", net, path, *at, "--certificates", folder).stdout
    assert "v2[1] <= 0.875" in shown
    names = sorted(each.name for each in folder.iterdir())
    assert names == [
        "0-layer-2-0-upper.jsonl",
        "2-layer-2-0-lower.jsonl",
        "3-layer-2-1-lower.jsonl",
        "4-layer-5-0-upper.jsonl",
    ]
    checked = ("check", folder / names[0], "--network", f"{net}#v2")
    assert program(*checked).status == 0


def test_sound_bounds_have_certificates(program: Program, tmp_path: Path, net: Path) -> None:
    folder = tmp_path / "certificates"
    path = claims(tmp_path, "1, 2")
    assert program("audit", "bounds", net, path, "--certificates", folder).status == 0
    names = ["0-layer-5-0-lower.jsonl", "1-layer-5-0-upper.jsonl"]
    assert sorted(each.name for each in folder.iterdir()) == names
    checked = program("check", *(folder / name for name in names), "--network", net)
    assert checked.status == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2 3", "found 1 row, expected two numbers for each of 1 outputs"),
        ("1 x", "claims: line 1: found 'x'"),
        (
            '{"bounds": [{"layer": 9, "upper": [1]}]}',
            "layer: found 9, expected 0 to 5",
        ),
        ('{"bounds": [{"upper": [1, 2]}]}', "upper: found 2 numbers, expected 1"),
        ('{"bounds": [{"uper": [1]}]}', "found the key 'uper'"),
        ('{"bounds": [{"tensor": ""}]}', "tensor: found an empty name"),
        ('{"bounds": [{"layer": 1, "tensor": "v1"}]}', "found a layer and a tensor"),
        ('{"bounds": [{"tensor": "v1"}]}', "the tensor 'v1', expected a network in ONNX"),
    ],
)
def test_claims_of_another_form_get_one_line(
    program: Program, tmp_path: Path, net: Path, text: str, message: str
) -> None:
    found = program("audit", "bounds", net, claims(tmp_path, text))
    assert (found.status, found.stdout, found.stderr.count("\n")) == (2, "", 1)
    assert message in found.stderr


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    """The inputs from -1 to 1 of a rectifier."""
    path = tmp_path / "segment.ine"
    path.write_text("H-representation\nbegin\n2 2 rational\n1 1\n1 -1\nend\n")
    return path


def test_claimed_rows_are_facets_repeated_redundant_or_refuted(
    program: Program, tmp_path: Path, segment: Path
) -> None:
    path = claims(tmp_path, "0 0 1\n0.5 0.5 -1\n1 1 -2\n1 0 -1\n0.25 0.5 -1\n")
    found = program("audit", "rows", segment, path, "--format", "json", "--fail-on", "refuted")
    assert found.status == 1
    assert found.data["format"] == "polyrelax-audit/1"
    results = found.data["results"]
    assert [each["role"] for each in results] == [
        "facet",
        "facet",
        "repeated",
        "redundant",
        None,
    ]
    assert (results[2]["repeats"], results[3]["touches"]) == (1, True)
    assert results[4] == {
        "kind": "rows",
        "claimed": ["1/4", "1/2", "-1"],
        "verdict": "refuted",
        "slack": "-1/4",
        "touches": False,
        "role": None,
        "repeats": None,
        "point": ["-1", "0"],
    }
    # y >= x is missing, at (1, 0) by 1, with as much area, of (0, 0), (1, 0), (1, 1).
    assert found.data["hull"] == {
        "facets": 3,
        "compared": 3,
        "missing": [{"facet": ["0", "-1", "1"], "gap": "1"}],
        "distance": "1",
        "volume_ratio": "2",
        "unknown": None,
    }
    assert program("audit", "rows", segment, path, "--fail-on", "missing").status == 1
    table = program("audit", "rows", segment, path, "--with-neurons", "--fail-on", "missing")
    assert table.status == 0
    assert "Volume: 1 times that of the hull." in table.stdout


def test_valid_rows_have_certificates(program: Program, tmp_path: Path, segment: Path) -> None:
    folder = tmp_path / "certificates"
    path = claims(tmp_path, "0 0 1\n-1 0 1\n1 1 -2")
    assert program("audit", "rows", segment, path, "--certificates", folder).status == 0
    assert sorted(each.name for each in folder.iterdir()) == ["0-row.jsonl", "2-row.jsonl"]
    assert program("check", *folder.iterdir()).status == 0


def test_what_a_large_layer_leaves_open_is_said_with_the_reason(
    program: Program, tmp_path: Path
) -> None:
    box = tmp_path / "box.json"
    box.write_text(json.dumps({"lower": ["-1"] * 5, "upper": ["1"] * 5}))
    path = claims(tmp_path, " ".join(["0"] * 10 + ["1"]))
    found = program("audit", "rows", box, path, "--format", "json")
    assert [each["role"] for each in found.data["results"]] == ["facet"]
    assert found.data["hull"]["distance"] is None
    assert (
        found.data["hull"]["unknown"] == "the hull has 10 dimensions, at most 8 are looked at"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2", "claims: row 0: found 2 numbers, expected 3"),
        ("1 2 nan", "claims: line 1: found 'nan'"),
        ('{"rows": [[1, 2]]}', "claims: row 0: found 2 numbers, expected 3"),
    ],
)
def test_claimed_rows_of_another_form_get_one_line(
    program: Program, tmp_path: Path, segment: Path, text: str, message: str
) -> None:
    found = program("audit", "rows", segment, claims(tmp_path, text))
    assert (found.status, found.stdout, found.stderr.count("\n")) == (2, "", 1)
    assert message in found.stderr


def test_a_page_has_claims_verdicts_evidence_and_the_command(
    program: Program, tmp_path: Path, segment: Path, net: Path
) -> None:
    page = tmp_path / "audit.html"
    path = claims(tmp_path, "0 0 1\n0.25 0.5 -1\n")
    assert (
        program("audit", "rows", segment, path, "-o", page, "--fail-on", "refuted").status == 1
    )
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "claimed: 1/4, 1/2, -1</td><td>refuted</td><td>slack: -1/4<br>" in text
    assert (
        f"<code>polyrelax audit rows {segment} {path} -o {page} --fail-on refuted</code>"
        in text
    )
    assert "://" not in text
    path = claims(tmp_path, "1, 1.5")
    assert program("audit", "bounds", net, path, "-o", page).status == 0
    text = page.read_text(encoding="utf-8")
    assert (
        "side: upper</td><td>refuted</td><td>proved: 2<br>attained: 2<br>missing: 1/2" in text
    )
    assert program("audit", "bounds", net, path, "--format", "json", "-o", page).status == 0
    assert json.loads(page.read_text())["format"] == "polyrelax-audit/1"
