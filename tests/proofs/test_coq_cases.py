"""Coq proves what certificates of lines claim, of any neurons, and refuses what they do not."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd
from pathlib import Path
from typing import Any

import pytest

from polyrelax.certificates.check import RejectedError, Work, examined, shapes_of
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.certificates.traces import certify_trace
from polyrelax.interop import input_sets, onnx
from polyrelax.networks.gallery import maximum, salman_example, tent, two_relu_example
from polyrelax.networks.gallery.univariate import absolute_value, cancelling
from polyrelax.networks.layers import Affine, Neurons
from polyrelax.networks.network import Network
from polyrelax.networks.neuron_data import neurons_data
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.kinds import kind_of
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.relu import Rectifier
from polyrelax.networks.neurons.sort import Sort
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from tests.certificates.cases import NAMES
from tests.certificates.test_streamed import by_hand
from tests.certificates.test_streamed import text as text_of_lines
from tests.proofs.coq import (
    PRIMITIVES,
    SOURCES,
    TRANSLATOR,
    compile_text,
    needs_coq,
    needs_ocaml,
    run_checker,
)
from translator import streamed
from translator.cases import Writer
from translator.files import STREAMED, read, stream
from translator.inputs import inputs_of
from translator.limbs import many
from translator.reading import LeftOutError
from translator.stages import neuron_of, stage_of
from translator.streamed import Lines, Translated, translated
from translator.wording import listed

pytestmark = pytest.mark.xdist_group("coq")  # one worker compiles

VERDICTS = """
From Coq Require Import ZArith QArith List Uint63 PArray.
From Polyrelax Require Import Network Farkas Layered Stream Neurons Cases CaseStream.
Definition verdict (a : array int) : bool :=
  check_case_document (read_case_document (contents a)).
"""
DIGITS = Path(__file__).parents[2] / "examples" / "digits"
SEGMENT, SQUARE = Polytope.box([-1], [1]), Polytope.box([-1, -1], [1, 1])
TRIANGLE = Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)
SLANTED = Polytope.hull([[-1, 0], [1, "1/2"]], 2)
GALLERY = {
    "tent": (tent(), SEGMENT),
    "maximum": (maximum(2), Polytope.box([0, 0], [1, 1])),
    "maximum on a triangle": (maximum(2), TRIANGLE),
    "two neurons": (two_relu_example(), SQUARE),
    "on a segment": (two_relu_example(), SLANTED),
    "barrier": (salman_example(), SQUARE),
    "absolute value": (absolute_value(), SEGMENT),
    "cancelling": (cancelling(), SEGMENT),
}


def lines(text: str) -> Lines:
    head, *nodes = map(json.loads, text.splitlines())
    return Lines(head, tuple(nodes))


def goals(cases: Sequence[tuple[Sequence[int], bool]]) -> str:
    """Return goals: whether the checker accepts streams."""
    return VERDICTS + "".join(
        f"Goal verdict [| {'; '.join(map(str, numbers))} | 0 |]%uint63 = {word}.\n"
        f"Proof. vm_cast_no_check (eq_refl {word}). Qed.\n"
        for numbers, word in ((numbers, str(expected).lower()) for numbers, expected in cases)
    )


def require_goals(folder: Path, name: str, cases: Sequence[tuple[Sequence[int], bool]]) -> None:
    result = compile_text(folder, name, goals(cases))
    assert (result.returncode, result.stderr) == (0, "")


def certified(net: Network, domain: Polytope, name: str) -> Iterator[Lines]:
    """Yield the certificates of the bounds of a trace, each of which `check.py` accepts."""
    trace = propagate(net, domain, relaxation(name))
    for bound in certify_trace(trace, domain):
        yield lines(bound.certificate.dumps())


def with_claim(found: Translated, **changes: Any) -> Translated:  # noqa: ANN401
    [claim] = found.claims
    return replace(found, claims=[replace(claim, **changes)])


@needs_coq
@pytest.mark.parametrize("problem", GALLERY)
def test_bounds_of_every_relaxation_are_proved_and_no_better_ones(
    compiled: Path, problem: str
) -> None:
    net, domain = GALLERY[problem]
    cases = []
    for name in NAMES:
        for document in certified(net, domain, name):
            found = translated(document)
            better = with_claim(found, value=found.claims[0].value - Fraction(1, 7))
            cases += [(found.stream, True), (better.stream, False)]
    require_goals(compiled, f"{problem.replace(' ', '_')}_cases.v", cases)
    assert len(cases) >= 4 * len(NAMES)


# Neurons that read x and y on [-1, 1] x [-1, 2], and the greatest sum of their outputs.
NEURONS: list[tuple[Neuron, tuple[int, ...], str]] = [
    (Pass(), (1,), "2"),
    (Rectifier(), (1,), "2"),
    (Absolute(), (0,), "1"),
    (LeakyReLU(Fraction(-3, 2)), (0,), "3/2"),
    (Clip(Fraction(-1, 3), Fraction(4, 3)), (1,), "4/3"),
    (Clip(Fraction(1, 2), None), (0,), "1"),
    (Clip(None, Fraction(2, 3)), (1,), "2/3"),
    (MaxMin(), (0, 1), "3"),
    (Maximum(3), (0, 1, 0), "2"),
    (Minimum(2), (0, 1), "1"),
    (Sort(3), (1, 0, 1), "5"),
]
RECTANGLE = Polytope.box([-1, -1], [1, 2])


def alone(neuron: Neuron, reads: tuple[int, ...]) -> Network:
    """Return the network of a neuron, and the sum of its outputs."""
    layer = Neurons(2, ((neuron, reads),))
    return Network((layer, Affine.dense([[1] * layer.out_dim])))


@needs_coq
def test_bounds_of_neurons_of_every_kind_are_proved(compiled: Path) -> None:
    cases = []
    for neuron, reads, greatest in NEURONS:
        _, upper = certified(alone(neuron, reads), RECTANGLE, "exact")
        found = translated(upper)
        assert found.claims[0].value == Fraction(greatest)
        better = with_claim(found, value=Fraction(greatest) - Fraction(1, 9))
        cases += [(found.stream, True), (better.stream, False)]
    require_goals(compiled, "Kinds.v", cases)


REFLEXIVE = "Proof. reflexivity. Qed.\n"


def pieces_text(neuron: Neuron) -> str:
    """Return the pieces of a neuron that reads 0, 1, ..., as `check.py` has them."""
    kind, numbers = kind_of(neuron)
    ratios = {key: (q.numerator, q.denominator) for key, q in numbers.items()}
    scale, shapes = shapes_of(kind, neuron.in_dim, ratios, Work(10**6))
    return listed([piece_text(where, image, scale) for where, image in shapes])


def piece_text(
    where: Sequence[tuple[list[int], int, int]],
    image: Sequence[tuple[list[int], int]],
    scale: int,
) -> str:
    """Return a piece, its map in lowest terms."""
    common = gcd(scale, *(a for row, b in image for a in (*row, b)))
    maps = [row_text([a // common for a in row], b // common) for row, b in image]
    sides = [row_text(row, b) for row, b, _ in where]
    fields = f"sides := {listed(sides)}; maps := {listed(maps)}; common := {scale // common}"
    return f"{{| {fields} |}}"


def row_text(row: Sequence[int], last: int) -> str:
    terms = [f"({k + 1}%positive, ({a})%Z)" for k, a in enumerate(row) if a]
    return f"({listed(terms)}, ({last})%Z)"


@needs_coq
def test_pieces_are_those_of_the_checker_in_python_in_the_same_order(compiled: Path) -> None:
    texts = []
    for neuron, _, _ in NEURONS:
        layer = Neurons(neuron.in_dim, ((neuron, tuple(range(neuron.in_dim))),))
        placed = neuron_of(json.loads(json.dumps(neurons_data(layer)["neurons"][0])))
        texts.append(f"Goal pieces ({placed.text}) = {pieces_text(neuron)}.\n{REFLEXIVE}")
    result = compile_text(
        compiled, "Pieces.v", f"{VERDICTS}Import ListNotations.\n{''.join(texts)}"
    )
    assert (result.returncode, result.stderr) == (0, "")


def maximum_on_the_square() -> Lines:
    """Return a certificate that max(x, y) is at most 1 on the unit square, and 1 at (1, 0)."""
    return lines(text_of_lines(by_hand()))


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
    _, leaky = certified(alone(*NEURONS[3][:2]), RECTANGLE, "ibp")
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


# Each changes what proves that max(x, y) <= 1: [row, tree, ...] with trees as lists of nodes.
Tree = list[dict[str, Any]]
SIDE = ["region", 1, 0, 0]
TREES: dict[str, Tree] = {
    "no case": [],
    "no split": [{"terms": []}],
    "a case too few": [{"split": [1, 0]}, {"terms": []}],
    "a case too many": [{"split": [1, 0]}, {"terms": []}, {"terms": []}, {"terms": []}],
    "a case excluded": [{"split": [1, 0]}, {"terms": []}, {"empty": []}],
    "a wrong side": [
        {"split": [1, 0]},
        {"terms": [["-1", ["region", 1, 0, 0]]]},
        {"terms": []},
    ],
}


def tree_stream(tree: Tree) -> list[list[int]]:
    """Return the nodes of a tree, complete or not."""
    problem: Any = maximum_on_the_square().head["problem"]
    stages = [stage_of(layer, 2) for layer in problem["layers"]]
    writer = Writer(stages, inputs_of(problem["input"]))
    first = {(1, 0): 0}
    return [
        [0, *node["split"]] if "split" in node else writer.leaf(node, 1, first) for node in tree
    ]


@needs_coq
def test_other_trees_of_cases_are_refused(compiled: Path) -> None:
    found = translated(maximum_on_the_square())
    row = [3, 0, 0, 1, 0, 2, 1, 2, 1]  # 1 v(2, 0) <= 1
    right = TREES["a case too many"][:3]
    assert found.rows == [[*row, *many(tree_stream(right))]]
    streams = [
        replace(found, rows=[[*row, *many(tree_stream(tree))]]).stream
        for tree in TREES.values()
    ]
    require_goals(compiled, "Trees.v", [(found.stream, True), *((s, False) for s in streams)])


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


@needs_coq
@needs_ocaml
def test_the_extracted_checker_proves_a_bound_of_a_trained_network(extracted: Path) -> None:
    net, domain = onnx.read(DIGITS / "digits.onnx"), input_sets.read(DIGITS / "box.json")
    trace = propagate(net, domain, relaxation("crown", 32))
    bound = next(iter(certify_trace(trace, domain)))
    found = translated(lines(bound.certificate.dumps()))
    assert run_checker(extracted, [2, *found.stream]) == ("accepted", 0)


@needs_coq
def test_an_input_that_attains_a_bound_is_run_in_coq(compiled: Path) -> None:
    # The tent is at least 1 on [-1, 1], and 1 at 1/2.
    trace = propagate(tent(), SEGMENT, relaxation("exact"))
    (row,) = next(iter(certify_trace(trace, SEGMENT))).certificate.rows
    problem = Problem(tent(), SEGMENT)
    cases = []
    for x, expected in ((Fraction(1, 2), True), (Fraction(1, 3), False), (Fraction(3), False)):
        text = StreamedCertificate(problem, (row,), ((row, (x,)),)).dumps()
        assert accepts(text) == expected
        cases.append((translated(lines(text)).stream, expected))
    require_goals(compiled, "Runs.v", cases)


def accepts(text: str) -> bool:
    """Whether the checker in Python accepts a certificate."""
    try:
        examined(text)
    except RejectedError:
        return False
    return True
