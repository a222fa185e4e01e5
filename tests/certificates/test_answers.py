"""What is printed of a certificate: one line, about what, by a name that forges nothing."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import polyrelax.certificates.check as checker
from polyrelax.certificates.check import NO_CERTIFICATE, answer, examined, named, status
from tests.certificates.by_hand import BY_HAND, CITING, with_change
from tests.certificates.cases import Document, rehashed

# The network of BY_HAND as the page on certificates defines its hash: the number of inputs, and
# for each layer its outputs, as "relu" or by their bias and their nonzero weights.
LAYERS = [
    [["0", [[0, "1"], [1, "1"]]], ["0", [[0, "1"], [1, "-1"]]]],
    ["relu", "relu"],
    [["0", [[0, "1"], [1, "1"]]]],
]
BOX = {"lower": ["-1", "-1"], "upper": ["1", "1"]}


def sha(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def subject(problem: Document) -> checker.Subject:
    """Return what a certificate of nothing about a problem is about."""
    row = {"kind": "linear", "relaxation": "exact", "form": [], "at_most": "0", "terms": []}
    stated = {"relaxation": "exact", "form": [], "relation": "at most", "value": "0"}
    document = {**BY_HAND, "problem": problem, "nodes": [row], "proof": [0]}
    found = examined(json.dumps(rehashed({**document, "claim": {"statements": [stated]}})))
    assert found.subject is not None
    return found.subject


def with_layers(*layers: object) -> str:
    return subject({**BY_HAND["problem"], "layers": list(layers)}).digest


def with_inputs(**given: object) -> checker.Subject:
    return subject({**BY_HAND["problem"], "input": given})


def test_a_line_says_what_is_proved_about_what() -> None:
    found = examined(json.dumps(rehashed(BY_HAND)))
    assert found.line.endswith(
        ": accepted: exact: 1 v(3, 0) <= 2; triangle: 1 v(3, 0) reaches 3; about the network "
        f"2-2-2-1 (sha256 {sha([2, LAYERS])}) on a set of 2 inputs (sha256 {sha(BOX)}) that is "
        "not empty"
    )


def test_a_network_has_one_hash_however_it_is_written() -> None:
    half = {"weight": [["1/2", "0"], ["0", "-3"]], "bias": ["-11/2", "16"]}
    scaled = {"scale": "2", "weight": [[1, 0], [0, -6]], "bias": [-11, 32]}
    expected = [[["-b/2", [[0, "1/2"]]], ["10", [[1, "-3"]]]], ["relu", ["0", [[1, "1"]]]]]
    for written in (half, scaled):
        found = with_layers({"affine": written}, {"relu": {"neurons": [0]}})
        assert found == sha([2, expected])
    unit = {"affine": {"weight": [["1", "0"], ["0", "1"]], "bias": ["0", "0"]}}
    assert with_layers("identity") == with_layers(unit)
    assert with_layers("relu") == with_layers({"relu": {"neurons": [1, 0]}})


def test_different_networks_have_different_hashes() -> None:
    layers: list[tuple[object, ...]] = [
        (),
        ("relu",),
        ("identity",),
        ("identity", "identity"),
        ("relu", "relu"),
        ({"relu": {"neurons": [0]}},),
        ({"affine": {"weight": [["1", "0"]], "bias": ["0"]}},),
        ({"affine": {"weight": [["1", "0"]], "bias": ["1"]}},),
        ({"affine": {"weight": [["0", "1"]], "bias": ["0"]}},),
    ]
    assert len({with_layers(*each) for each in layers}) == len(layers)
    wider = subject({"input": {"lower": ["0"] * 3, "upper": ["1"] * 3}, "layers": []})
    assert wider.digest != with_layers()


def test_the_hash_of_a_set_is_that_of_its_description() -> None:
    rows = [
        {"normal": ["1", "-1/2"], "offset": "3/4"},
        {"normal": ["0", "1"], "offset": "0", "equation": True},
    ]
    expected = [
        {"form": [[0, "1"], [1, "-1/2"]], "offset": "3/4", "equation": False},
        {"form": [[1, "1"]], "offset": "0", "equation": True},
    ]
    found = with_inputs(dim=2, constraints=rows)
    assert found.inputs.digest == sha({"dim": 2, "constraints": expected})
    ends = with_inputs(lower=["-1/3", "0"], upper=["1", "11"])
    assert ends.inputs.digest == sha({"lower": ["-1/3", "0"], "upper": ["1", "b"]})


def half_line(*offsets: str) -> Document:
    """Return the set of one number at most the first offset, and at least minus the second."""
    rows = [{"normal": [a], "offset": b} for a, b in zip(("1", "-1"), offsets, strict=False)]
    return {"dim": 1, "constraints": rows}


@pytest.mark.parametrize(
    ("domain", "nodes", "is_inhabited"),
    [
        (half_line("1", "-1"), [], False),  # the point 1
        (half_line("1", "-1"), [{"kind": "run", "input": ["1"]}], True),
        (half_line("-1", "-1"), [], False),  # at most -1 and at least 1
        (half_line("1", "0"), [], True),  # 0 is in it
        (half_line(), [], True),
        ({"lower": ["1"], "upper": ["1"]}, [], True),
    ],
)
def test_a_set_is_non_empty_by_evidence(
    domain: Document, nodes: list[Document], is_inhabited: bool
) -> None:
    row = {"kind": "linear", "relaxation": "exact", "form": [], "at_most": "0", "terms": []}
    stated = {"relaxation": "exact", "form": [], "relation": "at most", "value": "0"}
    problem = {"input": domain, "layers": ["relu"]}
    document = {**BY_HAND, "problem": problem, "nodes": [row, *nodes], "proof": [0]}
    found = examined(json.dumps(rehashed({**document, "claim": {"statements": [stated]}})))
    assert found.subject is not None
    assert found.subject.is_inhabited == is_inhabited
    known = "that is not empty" if is_inhabited else "that is not shown to be non-empty"
    assert str(found.subject).endswith(known)


@pytest.mark.parametrize(
    ("at_most", "verb"), [("4/3", "shown"), ("7/5", "shown"), ("5/4", "not shown")]
)
def test_an_assumption_holds_somewhere_by_evidence(at_most: str, verb: str) -> None:
    # The run at 4/3 has the value 4/3.
    rows = [{"form": [["1", 1, 0]], "at_most": at_most}]
    stated = {"relaxation": "exact", "form": [], "relation": "at most", "value": "0"}
    row = {"kind": "linear", "relaxation": "exact", "form": [], "at_most": "0", "terms": []}
    document = {
        **BY_HAND,
        "problem": {"input": {"lower": ["1"], "upper": ["2"]}, "layers": ["relu"]},
        "claim": {"statements": [stated], "assuming": rows},
        "nodes": [row, {"kind": "run", "input": ["4/3"]}],
        "proof": [0],
    }
    found = examined(json.dumps(rehashed(document)))
    assert str(found.subject).endswith(f"in which what is assumed is {verb} to hold somewhere")


def test_long_networks_are_cut_in_words() -> None:
    for depth, more in ((19, ""), (20, "-... (1 more layers)"), (30, "-... (11 more layers)")):
        found = subject({**BY_HAND["problem"], "layers": ["relu"] * depth})
        assert f"the network {'-'.join('2' * 20)}{more} (sha256" in str(found)


NAMES = (
    "a.json: accepted: exact: 1 v(3, 0) <= -9",
    "a.json: accepted: exact: 1 v(3, 0) <= -9\nb.json",
    "two words.json",
    'quoted".json',
    "\x1b[2K\raccepted.json",
    "\u202etxt.json",
    "bytes\udcff.json",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_forges_no_verdict(name: str, tmp_path: Path) -> None:
    assert json.loads(named(name)) == name
    path = tmp_path / "bad"
    path.write_text(with_change("nodes", 0, "at_most", value="1"))
    path = path.rename(tmp_path / name)
    command = [sys.executable, checker.__file__, str(path), str(tmp_path / f"no{name}")]
    done = subprocess.run(command, capture_output=True, check=False)
    [told], [missing] = done.stdout.splitlines(), done.stderr.splitlines()
    reason = rb'": rejected: node 0: the terms do not imply the row'
    assert (told[:1], told.endswith(reason)) == (b'"', True)
    assert missing.endswith(b'": unreadable: no such file or directory')
    assert done.returncode == 2


@pytest.mark.parametrize("name", ["a.json", "../proofs/p1/certificate-a_b.json", "~/x=1,y@2"])
def test_other_names_are_printed_as_they_are(name: str) -> None:
    assert named(name) == name


ANSWERS = {
    "good": json.dumps(rehashed(BY_HAND)),
    "bad": with_change("nodes", 0, "at_most", value="1"),
    "cited": json.dumps(rehashed(CITING)),
    "none": "[",
}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["good"], 0),
        (["cited"], 3),
        (["bad"], 1),
        (["none"], 2),
        (["good", "cited"], 3),
        (["cited", "bad", "good"], 1),
        (["cited", "bad", "none", "good"], 2),
        ([], 2),
    ],
)
def test_of_several_files_the_gravest_status_counts(
    files: list[str], expected: int, tmp_path: Path
) -> None:
    for name, text in ANSWERS.items():
        (tmp_path / name).write_text(text)
    paths = [str(tmp_path / name) for name in files]
    assert status(map(answer, paths)) == checker.main(paths) == expected


def test_a_certificate_of_another_network_counts_before_theorems_and_after_rejections() -> None:
    by_status = [
        checker.Answer("", verdict, "")
        for verdict in ("accepted", "accepted on the word of theorems", "of another network")
    ]
    assert status(by_status) == 4
    assert status([*by_status, checker.Answer("", "of another input set", "")]) == 4
    assert status([*by_status, checker.Answer("", "rejected", "")]) == 1
    assert status([*by_status, checker.Answer("", "unreadable", "")]) == 2


def test_integers_have_one_limit_in_every_setting(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    for digits, expected in ((640, 1), (641, 2), (10**5, 2)):
        path.write_text(
            with_change("nodes", 0, "form", 0, 1, value=0).replace(
                '"exact", "form": [["1", 0,', f'"exact", "form": [["1", {"9" * digits},'
            )
        )
        settings = [[], ["-X", "int_max_str_digits=0"], ["-X", "int_max_str_digits=640"]]
        runs = [
            subprocess.run(
                [sys.executable, *setting, checker.__file__, str(path)],
                capture_output=True,
                text=True,
                check=False,
            )
            for setting in settings
        ]
        assert {run.returncode for run in runs} == {expected}
        assert len({run.stdout + run.stderr for run in runs}) == 1
    assert f"found an integer of {10**5} digits, expected at most 640" in runs[0].stderr


def test_what_is_not_json_is_said_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken"
    for content, reason in (
        (b'{"format":\n  nothing}', "this is not JSON: line 2, column 3"),
        (b'{"format": "x"}', NO_CERTIFICATE),
        (b"\xff\xfe", "this is not text in UTF-8"),
        (b"[" * 10**5, "this is nested too deeply"),
        (b'{"format": 1.5}', "found the number 1.5, expected a text"),
    ):
        path.write_bytes(content)
        assert (answer(str(path)).verdict, answer(str(path)).told) == ("unreadable", reason)
    assert answer(str(tmp_path)).told == "is a directory"


def test_reasons_are_short_whatever_is_found() -> None:
    for long in ("x" * 10**4, ["x"] * 10**4, {"x" * 10**4: 1}):
        for path in (("relaxation",), ("kind",), ("form",), ("tree",), ("at_most",)):
            with pytest.raises(checker.RejectedError) as caught:
                checker.check(with_change("nodes", 0, *path, value=long))
            assert len(str(caught.value)) < 200


def test_no_message_holds_a_line_break_or_a_control_character() -> None:
    for path in (("relaxation",), ("kind",), ("form", 0, 0), ("at_most",)):
        with pytest.raises(checker.RejectedError) as caught:
            checker.check(with_change("nodes", 0, *path, value="a\n\x1b[31mx: accepted: b"))
        assert re.fullmatch(r"[ -~]+", str(caught.value))
