"""Coq proves the bounds of every relaxation that certificates of lines claim."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from polyrelax.certificates.check import RejectedError, examined
from polyrelax.certificates.forms import certify_forms
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.certificates.traces import certify_trace
from polyrelax.interop import input_sets, onnx
from polyrelax.networks.gallery import maximum, salman_example, tent, two_relu_example
from polyrelax.networks.gallery.univariate import absolute_value, cancelling
from polyrelax.networks.network import network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.barrier import LP_GREEDY
from polyrelax.relaxations.integer_substitution import unit_forms
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from tests.certificates.cases import NAMES
from tests.proofs.coq import needs_coq, needs_ocaml, run_checker
from tests.proofs.coq_lines import (
    SEGMENT,
    SLANTED,
    SQUARE,
    TRIANGLE,
    certified,
    lines,
    maximum_on_the_square,
    require_goals,
    with_value,
)
from translator.cases import Writer
from translator.inputs import inputs_of
from translator.limbs import many
from translator.reading import LeftOutError
from translator.stages import stage_of
from translator.streamed import translated

pytestmark = pytest.mark.xdist_group("coq")  # one worker compiles

DIGITS = Path(__file__).parents[2] / "examples" / "digits"
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
            better = with_value(found, found.claims[0].value - Fraction(1, 7))
            cases += [(found.stream, True), (better.stream, False)]
    require_goals(compiled, f"{problem.replace(' ', '_')}_cases.v", cases)
    assert len(cases) >= 4 * len(NAMES)


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


@needs_coq
def test_large_sparse_layers_are_read_by_their_entries(compiled: Path) -> None:
    # On [-1, 1]^40 the sum of all x_j, and 1/3, is at most 40 + 1/3.
    rows = [[int(i == j) for i in range(40)] for j in range(40)]
    net = network((rows, [0] * 40), ([[1] * 40], ["1/3"]))
    _, upper = certified(net, Polytope.box([-1] * 40, [1] * 40), "ibp")
    problem: Any = upper.head["problem"]
    assert "rows" in problem["layers"][0]["affine"]
    found = translated(upper)
    assert found.claims[0].value == Fraction(121, 3)
    better = with_value(found, Fraction(40))
    require_goals(compiled, "Sparse.v", [(found.stream, True), (better.stream, False)])


def test_layers_whose_rows_share_lists_are_those_of_their_rows() -> None:
    """Both are ((3 x - 2 y + 1)/6, 0)."""
    rest: dict[str, Any] = {"scale": "6", "bias": [1, 0]}
    lists = {"columns": [[0, 1], []], "entries": [[3, -2], []], "rows": [[0, 0], [1, 1]]}
    shared, whole = {**rest, **lists}, {**rest, "rows": [[[0, 3], [1, -2]], []]}
    assert stage_of({"affine": shared}, 2) == stage_of({"affine": whole}, 2)


def test_bounds_by_multipliers_are_left_out_of_coq() -> None:
    forms = unit_forms(np.array([0]))
    made = certify_forms(LP_GREEDY.proved(tent(), SEGMENT, forms))
    with pytest.raises(LeftOutError):
        translated(lines(made.dumps()))


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
