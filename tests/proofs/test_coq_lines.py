"""Certificates of lines become theorems of Coq, and no others."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from polyrelax.networks.gallery import salman_example, two_relu_example
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.leaky import LeakyReLU
from tests.certificates.test_streamed import by_hand
from tests.certificates.test_streamed import text as text_of_lines
from tests.proofs.coq import PRIMITIVES, SOURCES, TRANSLATOR, compile_text, needs_coq
from tests.proofs.coq_lines import SLANTED, SQUARE, certified, lines, maximum_on_the_square
from translator import streamed
from translator.files import STREAMED, read, stream
from translator.reading import LeftOutError
from translator.streamed import Lines, translated

pytestmark = pytest.mark.xdist_group("coq")  # one worker compiles

LEAKY = Network((Neurons(2, ((LeakyReLU(Fraction(-3, 2)), (0,)),)), Affine.dense([[1]])))


def test_theorems_read_as_one_would_say_them() -> None:
    text = " ".join(streamed.theory(maximum_on_the_square(), "the maximum").split())
    for stated in (
        "(** the maximum *)",
        "Definition f : stages := [ Bent [Maximum 0 [1%N]]; Weighted 1 [([1 @@ 0], 0%Z)] ].",
        "Definition X : inputs := Box [(0, 1); (0, 1)].",
        "(Bounded [(1, (2, 0)%nat)] 1, By 1 1); (Attained [(1, (2, 0)%nat)] 1, Run [1; 0])",
        "Theorem output_0_upper_0 : forall x, allowed X x -> output 0 (final_value f x) <= 1.",
        "Theorem output_0_reaches_1 : exists x, "
        "allowed X x /\\ output 0 (final_value f x) == 1.",
        "Print Assumptions every_theorem.",
    ):
        assert stated in text


def written(folder: Path, documents: Mapping[str, Lines]) -> list[str]:
    """Write certificates as files, and return their names."""
    for name, document in documents.items():
        found = "\n".join(map(json.dumps, [document.head, *document.nodes]))
        (folder / name).write_text(found)
    return [str(folder / name) for name in documents]


@needs_coq
def test_certificates_of_lines_become_theorems_that_rest_on_machine_integers(
    compiled: Path, tmp_path: Path
) -> None:
    below, _ = certified(salman_example(), SQUARE, "crown")
    slanted, _ = certified(two_relu_example(), SLANTED, "triangle")
    _, leaky = certified(LEAKY, SQUARE, "ibp")
    documents = {
        "maximum.jsonl": maximum_on_the_square(),
        "crown-lower.jsonl": below,
        "slanted.jsonl": slanted,
        "leaky.jsonl": leaky,
    }
    paths = written(tmp_path, documents)
    command = [*TRANSLATOR, str(tmp_path / "out"), *paths]
    done = subprocess.run(command, cwd=SOURCES, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for path in (tmp_path / "out").iterdir():
        result = compile_text(compiled, path.name, path.read_text(encoding="utf-8"))
        assert (result.returncode, result.stderr) == (0, "")
        first, *axioms = result.stdout.splitlines()
        short = {name.partition(".")[2] for name in PRIMITIVES}
        assert first == "Axioms:"
        assert {line.split(" :")[0] for line in axioms} <= PRIMITIVES | short
    assert len(list((tmp_path / "out").iterdir())) == len(documents)


@needs_coq
def test_a_false_theorem_does_not_compile(compiled: Path) -> None:
    text = f"{streamed.REQUIRED}\n{streamed.theory(maximum_on_the_square(), '')}"
    assert compile_text(compiled, "Right_lines.v", text).returncode == 0
    for old, new in (
        ("Bent [Maximum 0 [1%N]]", "Bent [MaxMin 0 1]; Weighted 1 [([1 @@ 0; 1 @@ 1], 0%Z)]"),
        ("Box [(0, 1); (0, 1)]", "Box [(0, 1); (0, (9 # 8))]"),
        ("Run [1; 0]", "Run [(1 # 2); 0]"),
        ("Run [1; 0]", "Run [1; 2]"),
        ("(1, (2, 0)%nat)] 1, By 1 1)", "(2, (2, 0)%nat)] 1, By 1 1)"),
        ("(1, (2, 0)%nat)] 1, By 1 1)", "(1, (2, 0)%nat)] 1, By 2 1)"),
    ):
        assert old in text
        result = compile_text(compiled, "Wrong_lines.v", text.replace(old, new))
        assert result.returncode == 1
        assert "all_true" in result.stderr or "check_cases" in result.stderr


LEFT_OUT: dict[str, tuple[Any, str]] = {
    "another relaxation": (
        lambda n: n[0]["claim"]["statements"][0].update(relaxation="triangle"),
        "only statements of the network itself",
    ),
    "an assumption": (
        lambda n: n[0]["claim"].update(assuming=[{"form": [], "at_most": "0"}]),
        "statements under assumptions",
    ),
    "a row of a relaxation": (lambda n: n[1].update(relaxation="p:1"), "rows of relaxations"),
    "another node": (lambda n: n[5].update(kind="boxes"), "nodes other than"),
    "another reason": (
        lambda n: n[3].update(terms=[["1", ["positive", 1, 0]]]),
        "the reason positive",
    ),
    "no proof": (lambda n: n.pop(), "the line of the proof is missing"),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_has_no_rules_is_named(name: str) -> None:
    change, reason = LEFT_OUT[name]
    found = by_hand()
    change(found)
    with pytest.raises(LeftOutError, match=reason):
        translated(lines(text_of_lines(found)))


def test_a_file_is_read_in_its_format(tmp_path: Path) -> None:
    [path] = written(tmp_path, {"maximum.jsonl": maximum_on_the_square()})
    assert STREAMED in Path(path).read_text()
    assert read(Path(path)) == maximum_on_the_square()
    assert stream(read(Path(path)), "")[0] == 2
