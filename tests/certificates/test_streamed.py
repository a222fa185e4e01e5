"""The format of lines: any neurons, cases over their pieces, and the bounds of traces."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.certificates.certificate import digest, problem_data
from polyrelax.certificates.certify import certify_range
from polyrelax.certificates.check import (
    Ranks,
    RejectedError,
    UnreadableError,
    Work,
    examined,
    layer_of_units,
    numbered,
    shapes_of,
)
from polyrelax.certificates.streamed import Problem, StreamedCertificate
from polyrelax.certificates.traces import certify_trace
from polyrelax.errors import UnsupportedNeuronError
from polyrelax.networks.gallery import tent
from polyrelax.networks.layers import Affine, Neurons, ReLU, rectified
from polyrelax.networks.network import Network, network
from polyrelax.networks.neurons.kinds import kind_of
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.deeppoly import CROWN, BackSubstitution
from polyrelax.relaxations.interval import IBP
from polyrelax.relaxations.multi_neuron import KReLU, groups_of
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import Relaxation, propagate
from polyrelax.relaxations.triangle import Triangle
from polyrelax.strategies import mixed_networks, neuron_networks, neurons

Lines = list[dict[str, Any]]
SQUARE = Polytope.box([0, 0], [1, 1])
GREATER = Network((Neurons(2, ((Maximum(2), (0, 1)),)), Affine.dense([[1]])))
OUTPUT = [["1", 2, 0]]


def by_hand() -> Lines:
    """The maximum of x and y on the unit square is at most 1, and 1 at (1, 0).

    Where x is the greater, the output is x <= 1; else y <= 1: the ends of the box suffice.
    """
    problem = problem_data(GREATER, SQUARE)
    stated = {"relaxation": "exact", "form": OUTPUT, "value": "1"}
    statements = [{**stated, "relation": relation} for relation in ("at most", "reaches")]
    head = {
        "format": "polyrelax-certificate/2",
        "claim": {"statements": statements},
        "sha256": digest(problem),
        "problem": problem,
    }
    return [
        head,
        {"kind": "cases", "relaxation": "exact", "form": OUTPUT, "at_most": "1"},
        {"split": [1, 0]},
        {"terms": []},
        {"terms": []},
        {"kind": "run", "input": ["1", "0"]},
        {"proof": [0, 1]},
    ]


def text(lines: Lines) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85", "\x0c", "\x1c"])
def test_only_line_feeds_end_lines(separator: str) -> None:
    """JSON allows some of what other programs take for the end of a line within its texts."""
    lines = by_hand()
    lines[2] = {"split": [1, "here"]}
    content = text(lines).replace("here", separator)
    if separator < " ":  # these are no JSON
        with pytest.raises(UnreadableError, match="line 3, column"):
            examined(content)
    else:
        with pytest.raises(RejectedError, match="expected a whole number"):
            examined(content)


def test_a_return_before_a_line_feed_is_white_space() -> None:
    content = text(by_hand())
    assert examined(content.replace("\n", "\r\n")).told == examined(content).told
    assert examined(content.rstrip("\n")).told == examined(content).told


def test_a_certificate_by_hand() -> None:
    found = examined(text(by_hand()))
    assert found.told == "exact: 1 v(2, 0) <= 1; exact: 1 v(2, 0) reaches 1"
    assert found.subject is not None
    assert found.subject.widths == [2, 1, 1]


def test_a_side_of_a_piece_is_a_reason_in_its_case() -> None:
    """max(x, y) - x - y <= 0 on the square: where x is the greater it is -y <= 0, and so on.

    With x + y - max(x, y) - min >= 0 the sides are needed: max(x, y) >= x everywhere.
    """
    lines = by_hand()
    lines[0]["claim"]["statements"] = [
        {
            "relaxation": "exact",
            "form": [["1", 0, 0], ["-1", 1, 0]],
            "relation": "at most",
            "value": "0",
        }
    ]
    row: dict[str, Any] = {"kind": "cases", "relaxation": "exact"}
    row["form"] = [["1", 0, 0], ["-1", 1, 0]]
    second: dict[str, Any] = {
        "terms": [["1", ["region", 1, 0, 0]]]
    }  # where y is the greater, x - y <= 0
    proof: Lines = [{**row, "at_most": "0"}, {"split": [1, 0]}, {"terms": []}]
    proof += [second, {"proof": [0]}]
    assert "<= 0" in examined(text([lines[0], *proof])).told
    with pytest.raises(RejectedError, match="node 0: the terms do not imply the row"):
        examined(text([lines[0], *proof[:3], {"terms": []}, proof[4]]))


Change = Callable[[Lines], object]
CHANGES: dict[str, tuple[Change, str]] = {
    "a lower value": (lambda n: n[1].update(at_most="1/2"), "node 0: the terms do not imply"),
    "a missing case": (lambda n: n.pop(4), "node 0: found the unknown field|the tree of cases"),
    "a case too many": (lambda n: n.insert(4, {"terms": []}), "node 1: a node is an object"),
    "no case": (lambda n: n.pop(2), "node 0: the terms leave the neuron"),
    "split twice": (lambda n: n.insert(3, {"split": [1, 0]}), "is split already"),
    "another layer": (lambda n: n[2].update(split=[2, 0]), "is no neuron"),
    "no such neuron": (lambda n: n[2].update(split=[1, 1]), "expected a whole number below 1"),
    "a split of the inputs": (lambda n: n[2].update(split=[0, 0]), "layer 0 has no neurons"),
    "a piece of the inputs": (
        lambda n: n[3].update(terms=[["1", ["region", 0, 0, 0]]]),
        "layer 0 has no neurons|is not known here",
    ),
    "an excluded case": (lambda n: n.__setitem__(3, {"empty": []}), "do not exclude the case"),
    "another input": (lambda n: n[5].update(input=["1/2", "0"]), "node 1 has another value"),
    "an input outside": (lambda n: n[5].update(input=["2", "0"]), "the point is no input"),
    "no proof": (lambda n: n.pop(), "the line of the proof is missing"),
    "more after the proof": (lambda n: n.append({"proof": [0, 1]}), "more after the proof"),
    "another neuron": (
        lambda n: n[0]["problem"]["layers"][0].update(neurons=[{"minimum": [0, 1]}]),
        "the problem: sha256",
    ),
    "a relaxation": (
        lambda n: n[1].update(relaxation="triangle"),
        "only exact rows and runs are known of such neurons",
    ),
    "a value of a relaxation": (
        lambda n: n[0]["claim"]["statements"][1].update(relaxation="ibp"),
        "the claim: only exact rows and runs are known of such neurons",
    ),
    "a reason beyond its case": (
        lambda n: n.insert(
            1,
            {
                "kind": "linear",
                "relaxation": "exact",
                "form": [["1", 0, 0], ["-1", 0, 1]],
                "at_most": "0",
                "terms": [["1", ["region", 1, 0, 0]]],
            },
        ),
        "the piece of .1, 0. is not known here",
    ),
    "a multiplier below 0": (
        lambda n: n[3].update(terms=[["-1", ["region", 1, 0, 0]]]),
        "a multiplier of an inequality is negative",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_tampering_is_rejected(name: str) -> None:
    change, reason = CHANGES[name]
    lines = by_hand()
    change(lines)
    with pytest.raises(RejectedError, match=reason):
        examined(text(lines))


@pytest.mark.parametrize(
    ("neuron", "reason"),
    [
        ({"clip": [0], "lower": "1", "upper": "1"}, "the ends of a clip are not in order"),
        ({"clip": [0], "lower": "1/2", "upper": "1/3"}, "the ends of a clip are not in order"),
        (
            {"clip": [0], "lower": "-1/3", "upper": "-1/2"},
            "the ends of a clip are not in order",
        ),
        ({"clip": [0]}, "a clip has no ends"),
        ({"leaky_relu": [0]}, "the field 'slope' is missing"),
        ({"sort": []}, "it reads too few or many"),
        ({"maximum": []}, "it reads too few or many"),
        ({"maxmin": [0]}, "it reads too few or many"),
        ({"relu": [0, 0]}, "it reads too few or many"),
        ({"clip": [0], "upper": "1", "slope": "1"}, "found the unknown field"),
        ({"relu": [0], "absolute": [0]}, "expected a neuron"),
    ],
)
def test_what_is_no_neuron_is_rejected(neuron: dict[str, object], reason: str) -> None:
    """A clip whose ends are not in order would have pieces that contradict each other."""
    lines = by_hand()
    problem = lines[0]["problem"]
    problem["layers"][0]["neurons"] = [neuron]
    lines[0]["sha256"] = digest(problem)
    with pytest.raises(RejectedError, match=reason):
        examined(text(lines))


def test_the_first_format_has_no_such_layers() -> None:
    head = by_hand()[0]
    old = {**head, "format": "polyrelax-certificate/1", "nodes": [], "proof": []}
    with pytest.raises(RejectedError, match="such a layer is of the format polyrelax-certif"):
        examined(json.dumps(old))


def test_the_first_format_has_no_lines_of_a_tree() -> None:
    problem = problem_data(Network((ReLU(1),)), Polytope.box([-1], [1]))
    row = {"relaxation": "exact", "form": [["1", 1, 0]]}
    lines: Lines = [
        {"format": "polyrelax-certificate/2", "sha256": digest(problem), "problem": problem},
        {"kind": "cases", **row, "at_most": "1"},
        *({"split": [1, 0]}, {"terms": []}, {"terms": []}, {"proof": [0]}),
    ]
    lines[0]["claim"] = {"statements": [{**row, "relation": "at most", "value": "1"}]}
    assert examined(text(lines)).told == "exact: 1 v(1, 0) <= 1"
    old = {**lines[0], "format": "polyrelax-certificate/1", "nodes": lines[1:5], "proof": [0]}
    with pytest.raises(RejectedError, match="node 0: the field 'tree' is missing"):
        examined(json.dumps(old))


@given(neurons())
def test_the_checker_knows_the_pieces_of_every_kind(neuron: Neuron) -> None:
    kind, numbers = kind_of(neuron)
    given = {key: str(value) for key, value in numbers.items()}
    dim = neuron.in_dim
    named = {kind: list(range(dim)), **given}
    found = layer_of_units([named], dim, Work(10**6))
    assert neuron.count == 1 or neuron.count == found.count(0)
    for k in range(neuron.count):
        piece = neuron.piece(k)
        known = Ranks(numbered(k, dim), None) if kind == "sort" and dim > 1 else k
        sides = (found.side(0, known, n) for n in range(len(piece.where)))
        assert [(dense(row, dim, scale), Fraction(b, scale)) for row, b, scale in sides] == [
            (list(side.normal), side.offset) for side in piece.where
        ]
        rows = [found.row_in(j, {0: known}.__getitem__) for j in range(neuron.out_dim)]
        assert [
            (dense(row, dim, found.scale), Fraction(b, found.scale)) for row, b in rows
        ] == [
            (list(row), b) for row, b in zip(piece.image.weight, piece.image.bias, strict=True)
        ]


def dense(row: tuple[list[int], list[int]], dim: int, scale: int) -> list[Fraction]:
    entries = dict(zip(*row, strict=True))
    return [Fraction(entries.get(j, 0), scale) for j in range(dim)]


SCALABLE = st.sampled_from(["ibp", "dp0", "dp1", "crown", "fastlin", "triangle"])
HULLS = st.sampled_from(["krelu:2", "m:1", "p:1", "p:2", "exact"])
DOMAINS = st.sampled_from(
    [Polytope.box([-1, -1], [1, "1/2"]), Polytope.hull([[0, 0], [1, 0], [0, 1]], 2)]
)


def values_agree(net: Network, domain: Polytope, relaxed: Relaxation) -> bool:
    """Whether the certificates of a trace are accepted and state its bounds."""
    trace = propagate(net, domain, relaxed)
    found = [bound.certificate for bound in certify_trace(trace, domain)]
    told = [examined(certificate.dumps()).told for certificate in found]
    stated = [certificate.values[0] for certificate in found]
    ends = [end for low, up in trace.output for end in (-low, up)]
    return stated == ends and told == list(map(str, found))


@settings(max_examples=12)
@given(neuron_networks(2, most_layers=2), DOMAINS, SCALABLE, st.sampled_from([None, 4, 32]))
def test_bounds_of_networks_of_any_neurons_are_certified_as_they_are(
    net: Network, domain: Polytope, name: str, bits: int | None
) -> None:
    assert values_agree(net, domain, relaxation(name, bits))


@settings(max_examples=12)
@given(mixed_networks(2, [2, 2]), DOMAINS, HULLS)
def test_bounds_of_hulls_are_certified_as_they_are(
    net: Network, domain: Polytope, name: str
) -> None:
    assert values_agree(net, domain, relaxation(name))


@st.composite
def chosen_groups(draw: st.DrawFn, net: Network) -> KReLU:
    """k-ReLU with some groups of one or two neurons of each layer."""
    layers = [(i, rectified(layer)) for i, layer in enumerate(net.layers)]
    groups = [
        (i, tuple(draw(st.sets(st.sampled_from(groups_of(2, known)), max_size=2))))
        for i, known in layers
        if known
    ]
    return KReLU(2, tuple(groups), bits=draw(st.sampled_from([None, 8])))


@settings(max_examples=15)
@given(mixed_networks(2, [3, 2]), DOMAINS, st.data())
def test_bounds_by_chosen_groups_are_certified_as_they_are(
    net: Network, domain: Polytope, data: st.DataObject
) -> None:
    assert values_agree(net, domain, data.draw(chosen_groups(net)))


@settings(max_examples=15)
@given(
    mixed_networks(2, [3, 2]),
    DOMAINS,
    st.fractions(0, 1, max_denominator=6),
    st.sampled_from([None, 8]),
)
def test_bounds_by_chosen_slopes_are_certified_as_they_are(
    net: Network, domain: Polytope, slope: Fraction, bits: int | None
) -> None:
    chosen = BackSubstitution("chosen", lambda _layer, _neuron, _z: slope, bits=bits)
    assert values_agree(net, domain, chosen)


@settings(max_examples=12)
@given(mixed_networks(2, [3, 2]), DOMAINS, st.sampled_from([IBP(), CROWN]))
def test_bounds_over_the_boxes_of_another_relaxation_are_certified_as_they_are(
    net: Network, domain: Polytope, boxes: Relaxation
) -> None:
    assert values_agree(net, domain, Triangle(neurons=boxes))


def test_a_large_sparse_layer_is_written_by_its_entries() -> None:
    rows = [[int(i == j) for i in range(40)] for j in range(40)]
    net = network((rows, [0] * 40), ([[1] * 40], ["1/3"]))
    domain = Polytope.box([-1] * 40, [1] * 40)
    *_, upper = certify_trace(propagate(net, domain, relaxation("ibp")), domain)
    head = json.loads(next(upper.certificate.lines()))
    assert head["problem"]["layers"][0]["affine"]["rows"][2] == [[2, 1]]
    assert examined(upper.certificate.dumps()).told == "exact: 1 v(3, 0) <= 121/3"


def test_attained_rows_are_stated_from_both_sides() -> None:
    domain = Polytope.box([-1], [1])
    trace = propagate(tent(), domain, relaxation("exact"))
    (row,) = next(iter(certify_trace(trace, domain))).certificate.rows
    both = StreamedCertificate(Problem(tent(), domain), (row,), ((row, (Fraction(1, 2),)),))
    found = examined(both.dumps())
    assert found.told == str(both) == "exact: -1 v(5, 0) <= -1; exact: -1 v(5, 0) reaches -1"


def test_a_line_that_is_not_json_is_named() -> None:
    with pytest.raises(UnreadableError, match="this is not JSON: line 3, column 2"):
        examined(text(by_hand()[:2]) + "{\n")


@pytest.mark.parametrize(
    ("ends", "sides"),
    [
        ({"lower": (0, 1)}, [([1], 0, 1), ([-1], 0, 1)]),
        ({"upper": (1, 2)}, [([2], 1, 2), ([-2], -1, 2)]),
    ],
)
def test_a_clip_may_have_one_end(
    ends: dict[str, tuple[int, int]], sides: list[tuple[list[int], int, int]]
) -> None:
    _, shapes = shapes_of("clip", 1, ends, Work(10**6))
    assert [side for where, _ in shapes for side in where] == sides


SPARSE: dict[str, Any] = {"scale": "6", "rows": [[[0, 3], [1, -2]], []], "bias": [1, 0]}


def with_sparse_layer(**changes: object) -> str:
    """The certificate by hand, of a network with one more layer in front, whose nodes stay."""
    lines = by_hand()
    problem = lines[0]["problem"]
    problem["layers"] = [{"affine": {**SPARSE, **changes}}, *problem["layers"]]
    lines[0]["sha256"] = digest(problem)
    return text(lines)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"scale": "0"}, "the scale is not a positive whole number"),
        ({"scale": "-6"}, "the scale is not a positive whole number"),
        ({"scale": "6/5"}, "the scale is not a positive whole number"),
        ({"scale": 6}, "found 6, expected a number"),
        ({"scale": "12", "rows": [[[0, 6], [1, -4]], []], "bias": [2, 0]}, "not the least one"),
        ({"rows": [[[1, 3], [0, -2]], []]}, "the entries of a row are not in order"),
        ({"rows": [[[0, 3], [0, -2]], []]}, "the entries of a row are not in order"),
        ({"rows": [[[0, 3], [2, -2]], []]}, "expected a whole number below 2"),
        ({"rows": [[[0, 3], [-1, -2]], []]}, "expected a whole number below 2"),
        ({"rows": [[[0, "3"]], []]}, "an entry is no whole number"),
        ({"rows": [[[0, True]], []]}, "an entry is no whole number"),
        ({"rows": [[[0, None]], []]}, "an entry is no whole number"),
        ({"rows": [[[0, 0]], []]}, "an entry is 0"),
        ({"rows": [[[0, 3, 1]], []]}, "found 3 entries, expected 2"),
        ({"rows": [[[0, 3]]]}, "expected 1"),
        ({"bias": [1, "0"]}, "a bias is no whole number"),
        ({"bias": [1, False]}, "a bias is no whole number"),
    ],
)
def test_sparse_layers_are_whole_and_in_order(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(RejectedError, match=reason):
        examined(with_sparse_layer(**changes))


def test_a_sparse_layer_is_the_function_that_it_says() -> None:
    """It is ((3 x - 2 y + 1) / 6, 0): another network, so that the proof no longer fits."""
    with pytest.raises(RejectedError, match=r"^node 0"):
        examined(with_sparse_layer())
    weight = [["1/2", "-1/3"], ["0", "0"]]
    lines = by_hand()
    dense = {"affine": {"weight": weight, "bias": ["1/6", "0"]}}
    run: dict[str, Any] = {"kind": "run", "input": ["1", "0"]}
    row = {"relaxation": "exact", "form": [["1", 2, 0]]}
    lines[0]["claim"] = {"statements": [{**row, "relation": "reaches", "value": "2/3"}]}
    digests = []
    for layer in (dense, {"affine": SPARSE}):
        problem = {**by_hand()[0]["problem"]}
        problem["layers"] = [layer, *problem["layers"]]
        head = {**lines[0], "problem": problem, "sha256": digest(problem)}
        found = examined(text([head, run, {"proof": [0]}]))
        assert found.told == "exact: 1 v(2, 0) reaches 2/3"
        assert found.subject is not None
        digests.append(found.subject.digest)
    assert digests[0] == digests[1]


def test_the_first_format_refuses_other_neurons_and_says_where_bounds_are_certified() -> None:
    expected = "; for bounds of other kinds see polyrelax bounds --certificates$"
    with pytest.raises(UnsupportedNeuronError, match=expected):
        certify_range(GREATER, SQUARE, "triangle")
    trace = propagate(GREATER, SQUARE, relaxation("triangle"))
    stated = [str(found.certificate) for found in certify_trace(trace, SQUARE)]
    assert stated == ["exact: -1 v(2, 0) <= 0", "exact: 1 v(2, 0) <= 1"]
