"""No name that anybody may have chosen becomes more than a name in a text of Coq."""

from __future__ import annotations

import json
import re
import subprocess
from copy import deepcopy
from pathlib import Path

import pytest

from tests.proofs.coq import PRIMITIVES, SOURCES, TRANSLATOR, coqc, document, needs_coq
from translator import generate
from translator.wording import wrapped

pytestmark = pytest.mark.xdist_group("coq")  # one worker compiles

CHEAT = "Axiom cheat : False."
NAMES = [
    f"a *) {CHEAT} (*",
    f"a\n{CHEAT}\n",
    f'a" *) {CHEAT}',
    f"a (* {CHEAT}",
    "x" * 200,
    "é\u202eb\udcff",
    "1 2",
]
TENT = "p0-tent/certificate-tent.json"


def theorem_file(folder: Path, path: Path) -> Path:
    """Run the program on a certificate, and return the one file that it writes."""
    command = [*TRANSLATOR, str(folder), str(path)]
    done = subprocess.run(command, cwd=SOURCES, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    [found] = folder.iterdir()
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_stays_in_its_comment(name: str, tmp_path: Path) -> None:
    source = tmp_path / "in" / name
    source.parent.mkdir()
    source.write_text(json.dumps(document(TENT)))
    found = theorem_file(tmp_path / "out", source)
    text = found.read_text(encoding="utf-8")
    plain = theorem_file(tmp_path / "plain", write(tmp_path / "in" / "plain", document(TENT)))
    assert uncommented(text) == uncommented(plain.read_text(encoding="utf-8"))
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*\.v", found.name)
    assert max(map(len, text.splitlines())) <= 96


def uncommented(text: str) -> str:
    """Return a text of Coq without its comments, in which there are no other comments."""
    comments = re.findall(r"\(\*.*?\*\)", text, re.DOTALL)
    assert not any('"' in each or "(*" in each[2:] for each in comments)
    return re.sub(r"\(\*.*?\*\)", "", text, flags=re.DOTALL)


def write(path: Path, data: object) -> Path:
    path.write_text(json.dumps(data))
    return path


@pytest.mark.parametrize(
    "name",
    [
        f"exact: *) {CHEAT} (*",
        f"krelu:2) [] 0, 0%nat)]. End Claimed. {CHEAT} Module Claimed2. (*",
        "p:0",
        "p:1_0",
        "p:\u0661",
        " p:1",
        7,
    ],
)
def test_the_name_of_a_relaxation_stays_a_name(name: object, tmp_path: Path) -> None:
    found = document(TENT)
    k = next(k for k, s in enumerate(found["claim"]["statements"]) if s["relaxation"] == "p:1")
    other = deepcopy(found)
    other["claim"]["statements"][k]["relaxation"] = name
    del found["claim"]["statements"][k], found["proof"][k]
    text = uncommented(generate.theory(other, "title"))
    assert CHEAT not in text
    assert "Axiom" not in text
    expected = uncommented(generate.theory(found, "title"))
    claims = [
        re.findall(r"Definition claims.*?\n\]?End", each, re.DOTALL)
        for each in (text, expected)
    ]
    assert claims[0] == claims[1]
    assert theorem_file(tmp_path / "out", write(tmp_path / "other", other)).exists()


def test_two_certificates_of_one_name_are_refused(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, document(TENT)) for name in ("a b", "a_b")]
    command = [*TRANSLATOR, str(tmp_path / "out")]
    done = subprocess.run(
        [*command, *map(str, paths)],
        cwd=SOURCES,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith("have the same name in Coq\n")
    assert not (tmp_path / "out").exists()


def test_every_theorem_is_asked_what_it_rests_on() -> None:
    text = generate.theory(document(TENT), "")
    [listed] = re.findall(r"Definition every_theorem := \((.*?)\)\.", text, re.DOTALL)
    names = re.findall(r"^Theorem (\w+)", text, re.MULTILINE)
    assert listed.replace(",", " ").split() == ["all_true", *names]
    assert len(names) > 10
    assert text.rstrip().endswith("Print Assumptions every_theorem.")


@needs_coq
def test_theorems_print_what_they_rest_on(compiled: Path, tmp_path: Path) -> None:
    source = write(tmp_path / f"a *) {CHEAT} (*", document(TENT))
    found = theorem_file(tmp_path / "out", source)
    (compiled / found.name).write_text(found.read_text(encoding="utf-8"), encoding="utf-8")
    result = coqc(compiled, found.name)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    short = {name.partition(".")[2] for name in PRIMITIVES}
    assert lines[0] == "Axioms:"
    assert {line.split(" :")[0] for line in lines[1:]} <= PRIMITIVES | short


UNREADABLE = {
    "[]": "found [], expected an object",
    "{": "this is not JSON, in one object or one in each line",
    "{}": "the field 'claim' is missing",
    '{"claim": 7}': "found 7, expected an object",
    "\xff": "this is not text in UTF-8",
}


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_is_no_certificate_is_refused_in_a_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_bytes(text.encode("latin-1"))
    for target in (str(tmp_path / "out"), "--stream"):
        command = [*TRANSLATOR, target, str(tmp_path / "other.json")]
        done = subprocess.run(command, cwd=SOURCES, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.splitlines() == [
            f"{str(tmp_path / 'other.json')!a}: {UNREADABLE[text]}"
        ]
    assert list((tmp_path / "out").iterdir()) == []


def test_numbers_longer_than_a_line_stay_whole() -> None:
    long = "7" * 200
    text = f"Definition q := [{long}; ({long} # 3); 1]."
    assert wrapped(text).split() == text.split()
    assert wrapped(long) == f"{long}\n"
