"""Gradients are bounded in the dual norm, in every case that has an inside."""
# ruff: noqa: ANN401 -- documents are JSON

import json
from typing import Any

import pytest

from polyrelax.certificates.certificate import digest
from polyrelax.certificates.check import RejectedError, check
from tests.certificates.by_hand import stating
from tests.certificates.cases import Document


def bounded(form: Any, norm: str, at_most: str, *, tree: Any, problem: Document) -> str:
    """State that a form has a Lipschitz constant, by its gradients."""
    node = {"kind": "gradients", "form": form, "norm": norm, "at_most": at_most, "tree": tree}
    stated = {"lipschitz": form, "norm": norm, "relation": "at most", "value": at_most}
    return stating(problem, [node], stated)


@pytest.mark.parametrize(
    ("form", "norm", "value", "less"),
    [
        ([["2", 0, 0], ["-1", 0, 1]], "max", "3", "2"),  # |2| + |-1|
        ([["2", 0, 0], ["-1", 0, 1]], "1", "2", "1"),  # the greater of both
        ([], "max", "0", "-1"),
        ([], "1", "0", "-1"),
    ],
)
def test_a_gradient_has_its_dual_norm(form: Any, norm: str, value: str, less: str) -> None:
    problem: Document = {
        "layers": ["identity"],
        "input": {"lower": ["0", "0"], "upper": ["1", "1"]},
    }
    told = check(bounded(form, norm, value, tree=[], problem=problem))
    assert told.endswith(f"in the {norm}-norm <= {value}")
    with pytest.raises(RejectedError, match="node 0: a gradient is longer"):
        check(bounded(form, norm, less, tree=[], problem=problem))


def test_outside_of_the_format_of_lines_there_is_a_tree() -> None:
    problem = {"layers": ["relu"], "input": {"lower": ["0"], "upper": ["1"]}}
    form = [["1", 1, 0]]
    node = {"kind": "gradients", "form": form, "norm": "1", "at_most": "1"}
    stated = {"lipschitz": form, "norm": "1", "relation": "at most", "value": "1"}
    with pytest.raises(RejectedError, match="node 0: the field 'tree' is missing"):
        check(stating(problem, [node], stated))


def test_all_inputs_vary_where_a_case_is_thin() -> None:
    # All inputs (0, y) have the first neuron at 0: this excludes no case, and y has slope 1.
    problem = {"layers": ["relu"], "input": {"lower": ["0", "0"], "upper": ["0", "1"]}}
    thin = [["1", ["sign", 1, 0]]]
    tree = {"split": [1, 0], "off": thin, "on": thin}
    with pytest.raises(
        RejectedError, match="node 0: the inputs are not shown to have an inside"
    ):
        check(bounded([["1", 0, 1]], "max", "0", tree=tree, problem=problem))


BOX: Document = {"lower": ["-1", "-1"], "upper": ["1", "1"]}
# relu(x + y) + relu(x - y): with slopes a, b in [0, 1] the gradient is (a + b, a - b).
SUM: Document = {
    "layers": [
        {"affine": {"weight": [["1", "1"], ["1", "-1"]], "bias": ["0", "0"]}},
        "relu",
        {"affine": {"weight": [["1", "1"]], "bias": ["0"]}},
    ],
    "input": BOX,
}


@pytest.mark.parametrize(
    ("norm", "value", "less"),
    [
        ("max", "2", "3/2"),  # |a + b| + |a - b| is 2 a or 2 b, although the entries allow 3
        ("1", "2", "3/2"),  # a + b
    ],
)
def test_slopes_of_unknown_phases_are_between_0_and_1(norm: str, value: str, less: str) -> None:
    form = [["1", 3, 0]]
    assert check(bounded(form, norm, value, tree=[], problem=SUM)).endswith(f"<= {value}")
    with pytest.raises(RejectedError, match="node 0: a gradient is longer"):
        check(bounded(form, norm, less, tree=[], problem=SUM))


def test_a_form_of_several_layers_is_bounded_entry_by_entry() -> None:
    # The same form as a sum of what the ReLUs give and 0 times an input: 2 + 1 by its entries.
    form = [["1", 2, 0], ["1", 2, 1], ["1", 0, 0], ["-1", 0, 1]]
    with pytest.raises(RejectedError, match="node 0: a gradient is longer"):
        check(bounded(form, "max", "4", tree=[], problem=SUM))
    assert check(bounded(form, "max", "5", tree=[], problem=SUM))  # (a + b + 1, a - b - 1)


def test_of_more_than_eight_inputs_the_entries_are_added_up() -> None:
    # x_0 - x_1 + ... + x_8, and with a ninth sign and ReLUs of unknown phase.
    row = [str((-1) ** j) for j in range(9)]
    layers = [{"affine": {"weight": [row, row], "bias": ["0", "0"]}}, "relu"]
    problem = {"layers": layers, "input": {"lower": ["-1"] * 9, "upper": ["1"] * 9}}
    form = [["1", 2, 0], ["-1", 2, 1]]
    assert check(bounded(form, "max", "9", tree=[], problem=problem))
    with pytest.raises(RejectedError, match="node 0: a gradient is longer"):
        check(bounded(form, "max", "8", tree=[], problem=problem))
    assert check(bounded(form, "1", "1", tree=[], problem=problem))
    with pytest.raises(RejectedError, match="node 0: a gradient is longer"):
        check(bounded(form, "1", "1/2", tree=[], problem=problem))


@pytest.mark.parametrize("dim", [2, 8, 9])
def test_what_cancels_before_a_neuron_does_not_grow(dim: int) -> None:
    # relu(x_0 - x_0) + x_1: back from the outputs the two x_0 are not seen to be the same.
    rest = ["0"] * (dim - 2)
    rows = [["1", "0", *rest], ["1", "0", *rest], ["0", "1", *rest]]
    layers = [
        {"affine": {"weight": rows, "bias": ["0"] * 3}},
        {"affine": {"weight": [["1", "-1", "0"], ["0", "0", "1"]], "bias": ["0"] * 2}},
        {"relu": {"neurons": [0]}},
    ]
    problem = {"layers": layers, "input": {"lower": ["-1"] * dim, "upper": ["1"] * dim}}
    form = [["1", 3, 0], ["1", 3, 1]]
    assert check(bounded(form, "max", "1", tree=[], problem=problem))
    assert check(bounded(form, "1", "1", tree=[], problem=problem))
    for norm in ("max", "1"):
        with pytest.raises(RejectedError, match="node 0: a gradient is longer"):
            check(bounded(form, norm, "1/2", tree=[], problem=problem))


def known(tree: Any, value: str, first: Document, problem: Document, **given: int) -> str:
    """State a constant of relu(x) on some inputs, after another node."""
    form = [["1", 1, 0]]
    node = {"kind": "gradients", "form": form, "norm": "1", "at_most": value, "tree": tree}
    stated = {"lipschitz": form, "norm": "1", "relation": "at most", "value": value}
    return stating(problem, [first, {**node, **given}], stated)


@pytest.mark.parametrize(
    ("lower", "upper", "least"),
    [("-2", "-1", "0"), ("-1", "0", "0"), ("0", "1", "1"), ("1", "2", "1"), ("-1", "1", "1")],
)
def test_boxes_tell_the_phases_of_neurons_of_one_sign(
    lower: str, upper: str, least: str
) -> None:
    problem = {"layers": ["relu"], "input": {"lower": [lower], "upper": [upper]}}
    boxes: Document = {"kind": "boxes"}
    assert check(known([], least, boxes, problem, boxes=0)).endswith(f"<= {least}")
    if least == "1":
        with pytest.raises(RejectedError, match="node 1: a gradient is longer"):
            check(known([], "1/2", boxes, problem, boxes=0))


def test_neurons_of_one_sign_are_not_split() -> None:
    problem = {"layers": ["relu"], "input": {"lower": ["1"], "upper": ["2"]}}
    split = {"split": [1, 0], "off": [], "on": []}
    with pytest.raises(RejectedError, match=r"node 1: \(1, 0\) cannot be split here"):
        check(known(split, "1", {"kind": "boxes"}, problem, boxes=0))
    with pytest.raises(RejectedError, match="node 1: node 0 is no interval bound propagation"):
        check(known([], "1", {"kind": "run", "input": ["1"]}, problem, boxes=0))


THIN: Document = {"split": [1, 0], "off": [], "on": [["1", ["sign", 1, 0]]]}


def sides(*offsets: str) -> Document:
    """Return the input set of x <= the first and -x <= the second offset, if there are any."""
    rows = [{"normal": [a], "offset": b} for a, b in zip(["1", "-1"], offsets, strict=False)]
    return {"dim": 1, "constraints": rows}


def test_a_set_of_inequalities_has_an_inside_that_a_run_shows() -> None:
    # x <= 0 and -x <= 1: where the ReLU is on, x is 0, so its constant is 0.
    thin = [["1", ["sign", 1, 0]], ["1", ["input", 0]]]
    tree = {**THIN, "on": thin}
    problem = {"layers": ["relu"], "input": sides("0", "1")}
    inside, border = ({"kind": "run", "input": [x]} for x in ("-1/2", "0"))
    assert check(known(tree, "0", inside, problem, inside=0)).endswith("<= 0")
    for first, given in ((border, {"inside": 0}), (inside, {})):
        with pytest.raises(RejectedError, match="the inputs are not shown to have an inside"):
            check(known(tree, "0", first, problem, **given))


def test_equations_have_no_inside() -> None:
    same = {"normal": ["1"], "offset": "0", "equation": True}
    problem = {"layers": ["relu"], "input": {"dim": 1, "constraints": [same]}}
    thin = {"split": [1, 0], "off": [], "on": [["1", ["sign", 1, 0]], ["1", ["input", 0]]]}
    with pytest.raises(RejectedError, match="the inputs are not shown to have an inside"):
        check(known(thin, "0", {"kind": "run", "input": ["0"]}, problem, inside=0))


def test_all_of_space_has_an_inside() -> None:
    # relu(x) - relu(-x) = x: both neurons are on at 0 alone.
    layers: list[object] = [
        {"affine": {"weight": [["1"], ["-1"]], "bias": ["0", "0"]}},
        "relu",
    ]
    problem = {"layers": layers, "input": sides()}
    thin = [["1", ["sign", 2, 0]], ["1", ["sign", 2, 1]]]
    on = {"split": [2, 1], "off": [], "on": thin}
    off = {"split": [2, 1], "off": [], "on": []}
    tree = {"split": [2, 0], "off": off, "on": on}
    form = [["1", 2, 0], ["-1", 2, 1]]
    assert check(bounded(form, "max", "1", tree=tree, problem=problem)).endswith("<= 1")


def test_a_box_shows_itself_that_it_has_an_inside() -> None:
    problem = {"layers": ["relu"], "input": {"lower": ["0"], "upper": ["1"]}}
    with pytest.raises(RejectedError, match="the box shows itself"):
        check(known([], "1", {"kind": "run", "input": ["0"]}, problem, inside=0))


PLANE: Document = {"dim": 2, "constraints": []}


def lines(tree: list[object], value: str, norm: str = "max", *, where: Document = PLANE) -> str:
    """State a constant of max(x, y) - min(x, y) + |x|, in the format of lines."""
    layers = [{"neurons": [{"maxmin": [0, 1]}, {"absolute": [0]}]}]
    about: Document = {"layers": layers, "input": where}
    form = [["1", 1, 0], ["-1", 1, 1], ["1", 1, 2]]
    node = {"kind": "gradients", "form": form, "norm": norm, "at_most": value}
    stated = {"lipschitz": form, "norm": norm, "relation": "at most", "value": value}
    head = {
        "format": "polyrelax-certificate/2",
        "claim": {"statements": [stated]},
        "sha256": digest(about),
        "problem": about,
    }
    return "\n".join(map(json.dumps, (head, node, *tree, {"proof": [0]}))) + "\n"


OPEN: dict[str, object] = {"terms": []}


@pytest.mark.parametrize(
    ("norm", "value", "less"),
    [
        ("max", "3", "2"),  # (2, -1) where x > y and x > 0
        ("1", "2", "1"),
    ],
)
def test_neurons_of_two_pieces_may_stay_open(norm: str, value: str, less: str) -> None:
    assert check(lines([OPEN], value, norm)).endswith(f"<= {value}")
    with pytest.raises(RejectedError, match="node 0: a gradient is longer"):
        check(lines([OPEN], less, norm))


def test_they_are_split_line_by_line() -> None:
    # On x >= 0 and y <= x - 1 the gradient is (2, -1); elsewhere the cells have no inside.
    sides = [{"normal": ["-1", "0"], "offset": "0"}, {"normal": ["-1", "1"], "offset": "-1"}]
    where: Document = {"dim": 2, "constraints": sides}
    # y is the greater: z0 - z1 <= 0 and y - x <= -1 say 0 <= -1.
    empty = {"empty": [["1", ["region", 1, 0, 0]], ["1", ["input", 1]]]}
    tree: list[object] = [{"split": [1, 0]}, OPEN, empty]
    assert check(lines(tree, "3", where=where))
    wrong = [{"split": [1, 0]}, empty, OPEN]
    with pytest.raises(RejectedError, match="node 0: the terms leave a form of the inputs"):
        check(lines(wrong, "3", where=where))
    with pytest.raises(RejectedError, match="node 0: found the unknown field 'proof'"):
        check(lines(tree[:2], "3", where=where))
    with pytest.raises(RejectedError, match="node 0: a gradient is longer"):
        check(lines(tree, "5/2", where=where))


def test_a_case_in_a_hyperplane_is_shown_by_a_region() -> None:
    # x - |x| is 0 for x >= 0; where |x| is in the piece x <= 0 as well, x is 0.
    layers = [{"neurons": [{"pass": [0]}, {"absolute": [0]}]}]
    half = {"dim": 1, "constraints": [{"normal": ["-1"], "offset": "0"}]}
    about: Document = {"layers": layers, "input": half}
    form = [["1", 1, 0], ["-1", 1, 1]]
    node = {"kind": "gradients", "form": form, "norm": "1", "at_most": "0", "inside": 0}
    stated = {"lipschitz": form, "norm": "1", "relation": "at most", "value": "0"}
    claim = {"statements": [stated]}
    head = {"format": "polyrelax-certificate/2", "claim": claim, "sha256": digest(about)}
    run = {"kind": "run", "input": ["1"]}

    def file(terms: list[object]) -> str:
        tree = [{"split": [1, 1]}, {"terms": terms}, {"terms": []}]
        parts = ({**head, "problem": about}, run, node, *tree, {"proof": [1]})
        return "\n".join(map(json.dumps, parts)) + "\n"

    side = ["1", ["region", 1, 1, 0]]
    assert check(file([side, ["1", ["input", 0]]])).endswith("<= 0")
    with pytest.raises(RejectedError, match="node 1: a gradient is longer"):
        check(file([]))
    with pytest.raises(RejectedError, match="node 1: the terms leave a form of the inputs"):
        check(file([side]))


def test_interval_bounds_of_other_neurons_are_not_known() -> None:
    layers = [{"neurons": [{"absolute": [0]}]}]
    problem = {"layers": layers, "input": {"lower": ["1"], "upper": ["2"]}}
    with pytest.raises(RejectedError):
        check(known([], "1", {"kind": "boxes"}, problem, boxes=0))
