"""Bounds by multipliers: what they prove, whatever they are, and what is refused."""
# ruff: noqa: ANN401 -- documents are JSON

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polyrelax.certificates.certificate import digest
from polyrelax.certificates.check import (
    FINE_BITS,
    Ends,
    RejectedError,
    check,
    examined,
    packed,
    unpacked,
)
from polyrelax.certificates.check import Checker as Known
from polyrelax.certificates.streamed import Problem
from polyrelax.networks.network import Network
from polyrelax.networks.walk import states
from polyrelax.polytopes.polytope import Polytope
from polyrelax.strategies import mixed_networks
from tests.certificates.by_hand import BY_HAND, statement, stating
from tests.certificates.cases import Document
from tests.certificates.test_schema import errors
from tests.certificates.test_streamed import by_hand, text

# The network of BY_HAND: relu(x + y) + relu(x - y) on [-1, 1]^2.  With multipliers m and n the
# dual's bound is max(2 m, 0, 2 - 2 m) + max(2 n, 0, 2 - 2 n) + |m + n| + |m - n|; the least one
# is that of the triangles, 3, for m = n = 1/2.
OUTPUT = [["1", 3, 0]]
ENDS: Document = {"kind": "ends", "after": 1, "bits": 0}
TWO_BITS = [0, 1, 2, 3, 4, -2, 6]


def dual(value: str, m: int, n: int, **changes: object) -> Document:
    multipliers = [[2, [[0, [m]], [1, [n]]]]]
    head = {"kind": "dual", "ends": 0, "form": OUTPUT, "at_most": value, "bits": 2}
    return {**head, "multipliers": multipliers, **changes}


def told(*nodes: Document, value: str = "3", form: Any = OUTPUT) -> str:
    stated = statement("exact", form, "at most", value)
    return check(stating(BY_HAND["problem"], list(nodes), stated))


@pytest.mark.parametrize(("m", "n"), list(product(TWO_BITS, repeat=2)))
def test_any_multipliers_prove_their_own_bound_and_no_better_one(m: int, n: int) -> None:
    corners = sum((max(2 * k, 0, 8 - 2 * k) for k in (m, n)), abs(m + n) + abs(m - n))
    bound, less = Fraction(corners, 4), Fraction(corners, 4) - Fraction(1, 2**128)
    assert told(ENDS, dual(str(bound), m, n), value=str(bound)).endswith(f"<= {bound}")
    with pytest.raises(RejectedError, match=r"^node 1: the dual does not imply the row$"):
        told(ENDS, dual(str(less), m, n), value=str(less))


def test_a_neuron_without_multipliers_has_its_slopes() -> None:
    slopes = [[2, [[0, 0, 1], [1, 7, 1]]]]
    ends = {**ENDS, "bits": 1, "slopes": slopes}
    plain = {key: value for key, value in dual("3", 0, 0).items() if key != "multipliers"}
    assert told(ends, plain).endswith("<= 3")
    half = dual("3", 0, 0, multipliers=[[2, [[1, [2]]]]])
    assert told(ends, half).endswith("<= 3")


def test_below_a_negative_coefficient_gets_the_other_slope() -> None:
    """-relu(x + y) is at most 0 with slope 0, and with slope 1 at most max(0, 2) = 2."""
    form = [["-1", 2, 0]]
    for slope, value in ((0, "0"), (1, "2")):
        ends = {**ENDS, "slopes": [[2, [[0, slope, 9]]]]}
        node = {"kind": "dual", "ends": 0, "form": form, "at_most": value, "bits": 0}
        assert told(ends, node, value=value, form=form).endswith(f"<= {value}")
        if slope:
            with pytest.raises(RejectedError, match="does not imply"):
                told(ends, {**node, "at_most": "1"}, value="1", form=form)


def test_denominators_of_the_row_are_not_taken_for_factors() -> None:
    """Half of the output is at most 3/2, by half of the multipliers."""
    form = [["1/2", 3, 0]]
    node = dual("3/2", 1, 1, form=form)
    assert told(ENDS, node, value="3/2", form=form).endswith("<= 3/2")
    with pytest.raises(RejectedError, match="does not imply"):
        told(ENDS, {**node, "at_most": "149/100"}, value="149/100", form=form)


def test_the_corner_at_zero_counts() -> None:
    """-relu(x + y) with multiplier -1/2 is at most max(-1, 0, -1) + 1."""
    form = [["-1", 2, 0]]
    node = dual("1", -2, 0, form=form, multipliers=[[2, [[0, [-2]]]]])
    assert told(ENDS, node, value="1", form=form).endswith("<= 1")
    with pytest.raises(RejectedError, match="does not imply"):
        told(ENDS, {**node, "at_most": "1/2"}, value="1/2", form=form)


ON: Document = {"input": {"lower": ["1", "1"], "upper": ["2", "3"]}, "layers": ["relu"]}


@pytest.mark.parametrize(
    ("form", "multipliers", "value", "less"),
    [
        ([["1", 1, 0]], [[1, [[0, [2]]]]], "3", "5/2"),
        ([["1", 1, 0], ["-1", 1, 1]], [], "1", "1/2"),
    ],
)
def test_neurons_that_are_on_are_their_inputs(
    form: Any, multipliers: Any, value: str, less: str
) -> None:
    """For z in [1, 2] the multiplier 2 gives z - 2 z <= -1 and 2 z <= 4.

    Without any, z - w is at most 2 - 1 for w in [1, 3].
    """
    ends = {"kind": "ends", "after": 0, "bits": 0}
    for bound in (value, less):
        head = {"kind": "dual", "ends": 0, "form": form, "at_most": bound, "bits": 0}
        nodes = [ends, {**head, "multipliers": multipliers}]
        document = stating(ON, nodes, statement("exact", form, "at most", bound))
        if bound == value:
            assert check(document).endswith(f"<= {bound}")
        else:
            with pytest.raises(RejectedError, match="does not imply"):
                check(document)


def test_multipliers_of_a_neuron_that_the_form_does_not_read_cost_their_corners() -> None:
    """relu(x + y) is at most 2; 1/2 for each neuron give max(1, 0, 1) + max(1, 0, -1) + 1."""
    form = [["1", 2, 0]]
    node = dual("3", 2, 2, form=form)
    assert told(ENDS, node, form=form).endswith("<= 3")
    with pytest.raises(RejectedError, match="does not imply"):
        told(ENDS, {**node, "at_most": "5/2"}, value="5/2", form=form)


def test_a_form_of_nothing_is_at_most_nothing() -> None:
    node = {"kind": "dual", "ends": 0, "form": [], "at_most": "0", "bits": 0}
    assert told(ENDS, node, value="0", form=[]) == "exact: 0 <= 0"
    with pytest.raises(RejectedError, match="does not imply"):
        told(ENDS, {**node, "at_most": "-1"}, value="-1", form=[])


THIRD: Document = {"affine": {"weight": [["1/3", "0"]], "bias": ["0"]}}


@pytest.mark.parametrize(("shift", "accepted"), [(Fraction(2, 2**64), True), (0, False)])
def test_values_that_pass_are_not_rounded_to_their_advantage(
    shift: Fraction, *, accepted: bool
) -> None:
    """On [-2, -1] a third of x is at most -1/3; 1/3 rounded up to 2^-64 would promise less."""
    problem: Document = {
        "input": {"lower": ["-2", "0"], "upper": ["-1", "0"]},
        "layers": [{"relu": {"neurons": [1]}}, THIRD],
    }
    form, least = [["1", 2, 0]], Fraction(-1, 3) + shift - Fraction(1, 2**66)
    node = {"kind": "dual", "ends": 0, "form": form, "at_most": str(least), "bits": 0}
    stated = statement("exact", form, "at most", str(least))
    document = stating(problem, [{**ENDS, "after": 0}, node], stated)
    if accepted:
        assert check(document).endswith(f"<= {least}")
    else:
        with pytest.raises(RejectedError, match="does not imply"):
            check(document)


def test_values_that_pass_without_rounding_lose_nothing() -> None:
    problem: Document = {
        "input": {"lower": ["-2", "0"], "upper": ["-1/3", "0"]},
        "layers": [
            {"relu": {"neurons": [1]}},
            {"affine": {"weight": [["3/2", "0"]], "bias": ["0"]}},
        ],
    }
    form = [["1", 2, 0]]
    node = {"kind": "dual", "ends": 0, "form": form, "at_most": "-1/2", "bits": 0}
    stated = statement("exact", form, "at most", "-1/2")
    assert check(stating(problem, [{**ENDS, "after": 0}, node], stated)).endswith("<= -1/2")
    less = {**stated, "value": "-51/100"}
    with pytest.raises(RejectedError, match="does not imply"):
        check(stating(problem, [{**ENDS, "after": 0}, {**node, "at_most": "-51/100"}], less))


def test_the_first_layer_reads_the_box_as_it_is() -> None:
    """Three thirds are one: the ends of the inputs are not rounded."""
    domain = {"lower": ["-1/3"], "upper": ["1/3"]}
    problem: Document = {
        "input": domain,
        "layers": [{"affine": {"weight": [["3"]], "bias": ["0"]}}],
    }
    known = Known({"problem": problem, "sha256": digest(problem), "format": "x"})
    found = known.ends({**ENDS, "after": 1})
    assert found.boxes[1] == ([-1 << FINE_BITS], [1 << FINE_BITS], 1 << FINE_BITS)
    node = {"kind": "dual", "ends": 0, "form": [["1", 1, 0]], "at_most": "1", "bits": 0}
    known.proved.append(found)
    assert known.dual(node).offset == 1


# relu(relu(x) + relu(-x) - c) on [-1, 1]: intervals bound |x| by 2, duals with multipliers 1/2
# by max(1/2, 0, 1/2) + max(1/2, 0, 1/2) + |1/2 - 1/2| = 1.
def folded(shift: str) -> Document:
    return {
        "input": {"lower": ["-1"], "upper": ["1"]},
        "layers": [
            {"affine": {"weight": [["1"], ["-1"]], "bias": ["0", "0"]}},
            "relu",
            {"affine": {"weight": [["1", "1"]], "bias": [shift]}},
            "relu",
        ],
    }


HALVES = [[2, [[0, [1]], [1, [1]]]]]
IMPROVED: Document = {
    **{"kind": "ends", "after": 3, "bits": 1, "ends": 0},
    "batches": [{"upper": [0], "lower": [], "multipliers": HALVES}],
}
SLOPES = [[2, [[0, 0, 1], [1, 0, 1]]], [4, [[0, 0, 1]]]]


def folded_told(shift: str, value: str, *nodes: Document) -> str:
    last = {"kind": "dual", "form": [["1", 4, 0]], "at_most": value, "bits": 0}
    known = [*nodes, {**last, "ends": len(nodes) - 1}]
    stated = statement("exact", [["1", 4, 0]], "at most", value)
    return check(stating(folded(shift), known, stated))


def test_ends_are_improved_by_batches() -> None:
    """By duals the last neuron is off for c = 1.

    By intervals its input is in [-1, 1]; then it is at most half of |x|, so at most 1/2.
    """
    assert folded_told("-1", "0", ENDS, IMPROVED).endswith("<= 0")
    intervals = {**IMPROVED, "slopes": SLOPES, "batches": []}
    with pytest.raises(RejectedError, match=r"^node 2: the dual does not imply the row$"):
        folded_told("-1", "0", ENDS, intervals)
    assert folded_told("-1", "1/2", ENDS, intervals).endswith("<= 1/2")


def with_two_values() -> Document:
    """|x| + 1/3 in [1/3, 4/3] and 1/3 - 2 |x| in [-5/3, 1/3], and these rectified."""
    problem = folded("0")
    weight = [["1", "1"], ["-2", "-2"]]
    problem["layers"][2] = {"affine": {"weight": weight, "bias": ["1/3", "1/3"]}}
    return problem


BOTH: Document = {
    **{"upper": [0, 1], "lower": [1, 0]},
    "multipliers": [[2, [[0, [1, 0, 2, 0]], [1, [1, 0, 2, 0]]]]],
}


def test_each_form_of_a_batch_has_its_own_multipliers() -> None:
    """Ends are rounded outward to 2^-64; intervals are [1/3, 7/3] and [-11/3, 1/3]."""
    problem = with_two_values()
    known = Known({"problem": problem, "sha256": digest(problem), "format": "x"})
    known.proved.append(known.ends(ENDS))
    assert thirds(known.ends({**IMPROVED, "batches": [BOTH]})) == ([1, -5], [4, 1])
    assert thirds(known.ends({**IMPROVED, "batches": []})) == ([1, -11], [7, 1])


@pytest.mark.parametrize(
    ("j", "multipliers", "value"),
    [
        (0, [[4, [[0, [0]]]]], Fraction(4, 3)),
        (1, [[4, [[1, [0]]]]], Fraction(1, 3)),
        (1, [[4, [[1, [1]]]], [2, [[0, [0]], [1, [0]]]]], Fraction(1)),
    ],
)
def test_ends_of_several_values_are_those_of_each(
    j: int, multipliers: Any, value: Fraction
) -> None:
    """With multiplier 0 an output is at most u, with 1/2 at most max(-l, u)/2 + max(z)/2.

    Of the second one that is 5/6 + 1/6.
    """
    form, nearly = [["1", 4, j]], Fraction(2, 2**64)
    head = {"kind": "dual", "ends": 1, "form": form, "bits": 1, "multipliers": multipliers}
    for bound, accepted in ((value + nearly, True), (value - nearly, False)):
        nodes = [ENDS, {**IMPROVED, "batches": [BOTH]}, {**head, "at_most": str(bound)}]
        stated = statement("exact", form, "at most", str(bound))
        document = stating(with_two_values(), nodes, stated)
        if accepted:
            assert check(document).endswith(f"<= {bound}")
        else:
            with pytest.raises(RejectedError, match="does not imply"):
                check(document)


def thirds(found: Ends) -> tuple[list[int], list[int]]:
    """Return how many thirds the last ends are, which are the next numbers outside of these."""
    low, up, unit = found.boxes[-1]
    lower, upper = [-(-3 * a // unit) for a in low], [3 * b // unit for b in up]
    assert low == [unit * k // 3 for k in lower]
    assert up == [-(-unit * k // 3) for k in upper]
    return lower, upper


def test_a_form_with_multiplier_zero_takes_nothing_from_another() -> None:
    """5/8 and 3/8 bound |x| by 5/8 + 5/8 + 1/4, and zeros its opposite by 0, in one batch."""
    multipliers = [[2, [[0, [5, 0]], [1, [3, 0]]]]]
    batch = {"upper": [0], "lower": [0], "multipliers": multipliers}
    ends = {**IMPROVED, "bits": 3, "batches": [batch]}
    form = [["1", 4, 0]]
    for value in ("3/2", "11/8"):
        head = {"kind": "dual", "ends": 1, "form": form, "at_most": value, "bits": 0}
        nodes = [ENDS, ends, {**head, "multipliers": [[4, [[0, [0]]]]]}]
        document = stating(folded("0"), nodes, statement("exact", form, "at most", value))
        if value == "3/2":
            assert check(document).endswith("<= 3/2")
        else:
            with pytest.raises(RejectedError, match="does not imply"):
                check(document)


def test_ends_are_kept_by_what_names_them() -> None:
    again = {"kind": "ends", "after": 3, "bits": 0, "ends": 1}
    assert folded_told("-1", "0", ENDS, IMPROVED, again).endswith("<= 0")


def test_ends_of_a_smaller_layer_leave_those_behind_it_to_intervals() -> None:
    again = {"kind": "ends", "after": 1, "bits": 1, "ends": 1, "slopes": SLOPES}
    with pytest.raises(RejectedError, match="does not imply"):
        folded_told("-1", "0", ENDS, IMPROVED, again)


def test_the_lower_end_is_improved_too() -> None:
    """By duals 1 - |x| is not negative, so that its ReLU needs no slopes."""
    problem = folded("1")
    problem["layers"][2] = {"affine": {"weight": [["-1", "-1"]], "bias": ["1"]}}
    batch = {"upper": [], "lower": [0], "multipliers": HALVES}
    form = [["1", 4, 0]]
    last = {"kind": "dual", "ends": 1, "form": form, "at_most": "1", "bits": 0}
    zero = {**last, "multipliers": [[2, [[0, [0]], [1, [0]]]]]}
    stated = statement("exact", form, "at most", "1")
    nodes = [ENDS, {**IMPROVED, "batches": [batch]}, zero]
    assert check(stating(problem, nodes, stated)).endswith("<= 1")
    with pytest.raises(RejectedError, match=r"^node 2: no slopes of \(4, 0\) are known$"):
        check(stating(problem, [ENDS, {**IMPROVED, "batches": []}, zero], stated))


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([{**ENDS, "after": 4}], "node 0: found 4, expected a whole number below 4"),
        ([{**ENDS, "bits": 65}], "node 0: found 65, expected a whole number below 65"),
        ([{**ENDS, "bits": -1}], "node 0: found -1, expected a whole number below 65"),
        ([{**ENDS, "ends": 0}], "node 0: found 0, expected a whole number below 0"),
        ([{"kind": "run", "input": ["0", "0"]}, {**ENDS, "ends": 0}], "node 0 has no ends"),
        ([{**ENDS, "slopes": [[2, [[0, "0", 1]]]]}], "node 0: a slope is no whole number"),
        ([{**ENDS, "slopes": [[2, [[0, 0, True]]]]}], "node 0: a slope is no whole number"),
        ([{**ENDS, "slopes": [[1, [[0, 0, 1]]]]}], r"\(1, 0\) is no output of a ReLU"),
        (
            [{**ENDS, "batches": [{"upper": [2], "lower": []}]}],
            "found 2, expected a whole number below 2",
        ),
        ([{**ENDS, "batches": [{"upper": [], "lower": [2]}]}], "found 2, expected a whole"),
        ([{**ENDS, "batches": [{"upper": []}]}], "the field 'lower' is missing"),
        ([ENDS, dual("3", 2, 2, bits=65)], "found 65, expected a whole number below 65"),
        ([ENDS, dual("3", 2, 2, ends=1)], "found 1, expected a whole number below 1"),
        (
            [ENDS, dual("3", 2, 2, multipliers=[[2, [[0, [True]]]]])],
            "node 1: a multiplier is no whole number",
        ),
        (
            [ENDS, dual("3", 2, 2, multipliers=[[2, [[0, [2, 2]]]]])],
            "node 1: found 2 entries, expected 1",
        ),
        (
            [ENDS, dual("3", 2, 2, multipliers=[[3, [[0, [2]]]]])],
            r"node 1: \(3, 0\) is no output of a ReLU",
        ),
        ([ENDS, dual("3", 2, 2, multipliers=[])], r"node 1: no slopes of \(2, 0\) are known"),
        (
            [ENDS, dual("3", 2, 2, form=[["1", 3, 0], ["1", 2, 0]])],
            "node 1: a form reads values after several layers",
        ),
    ],
)
def test_each_rule_of_duals_is_checked(nodes: list[Document], message: str) -> None:
    with pytest.raises(RejectedError, match=message):
        told(*nodes)


@pytest.mark.parametrize("node", [ENDS, {**ENDS, "after": 0}])
def test_duals_are_of_boxes(node: Document) -> None:
    everywhere: Document = {"dim": 2, "constraints": []}
    problem = {**BY_HAND["problem"], "input": everywhere}
    with pytest.raises(RejectedError, match=r"^node 0: the inputs are no box$"):
        check(stating(problem, [node], statement("exact", [], "at most", "0")))


def test_neurons_of_other_kinds_have_no_duals() -> None:
    lines = by_hand()
    form, domain = [["1", 1, 0]], {"lower": ["0"], "upper": ["1"]}
    problem: Document = {"input": domain, "layers": [{"neurons": [{"absolute": [0]}]}]}
    lines[0]["problem"], lines[0]["sha256"] = problem, digest(problem)
    lines[0]["claim"] = {"statements": [statement("exact", form, "at most", "1")]}
    with pytest.raises(RejectedError, match=r"^node 0: only exact rows and runs are known"):
        examined(text([lines[0], {**ENDS, "after": 0}, {"proof": [0]}]))


NUMBERS = st.integers(-(2**70), 2**70)


@given(st.lists(NUMBERS, min_size=1, max_size=9), st.integers(9, 12))
def test_packed_numbers_are_unpacked(lanes: list[int], width: int) -> None:
    assert unpacked(packed(lanes, width), len(lanes), width) == lanes


@given(st.lists(NUMBERS, min_size=2, max_size=5), NUMBERS, NUMBERS)
def test_a_product_of_packed_numbers_is_that_of_each(lanes: list[int], a: int, b: int) -> None:
    other = lanes[::-1]
    total = packed(lanes, 19) * a + packed(other, 19) * b
    each = [p * a + q * b for p, q in zip(lanes, other, strict=True)]
    assert unpacked(total, len(lanes), 19) == each


SQUARE = Polytope.box([-1, "-1/3"], [1, 1])


@given(st.data(), mixed_networks(2, [3, 2], out_dim=2))
def test_bounds_hold_whatever_slopes_and_multipliers_are(
    data: st.DataObject, net: Network
) -> None:
    """Values at inputs are within the ends, of which some are proved with arbitrary numbers."""
    problem = Problem(net, SQUARE)
    known = Known({"problem": problem.data, "sha256": problem.sha256, "format": "x"})
    numbers = st.integers(-9, 9)
    neurons = [
        (i + 1, j)
        for i, layer in enumerate(known.layers)
        for j, row in enumerate(layer.rows)
        if row is None
    ]
    slopes = [[i, [[j, data.draw(numbers), data.draw(numbers)]]] for i, j in neurons]
    found: Ends | None = None
    for depth, width in enumerate(net.widths):
        chosen = st.lists(st.integers(0, width - 1), max_size=4)
        upper, lower = data.draw(chosen), data.draw(chosen)
        count = len(upper) + len(lower)
        lanes = st.lists(numbers, min_size=count, max_size=count)
        some = [pair for pair in neurons if data.draw(st.booleans())]
        multipliers = [[i, [[j, data.draw(lanes)]]] for i, j in some]
        batches = [{"upper": upper, "lower": lower, "multipliers": multipliers}]
        node = {"kind": "ends", "after": depth, "bits": 2, "slopes": slopes, "batches": batches}
        known.proved.append(found)
        found = known.ends(node if found is None else {**node, "ends": depth})
    assert found is not None
    shares = [data.draw(st.integers(0, 12)) for _ in SQUARE.bounds]
    x = tuple(a + (b - a) * k / 12 for (a, b), k in zip(SQUARE.bounds, shares, strict=True))
    values_at = list(states(net, x, lambda v, layer, _: layer(v), lambda v, layer, _: layer(v)))
    for value, (low, up, unit) in zip(values_at, found.boxes, strict=True):
        assert unit == 1 << FINE_BITS
        ends = zip(low, value, up, strict=True)
        assert all(a <= unit * v <= b for a, v, b in ends)


# Layers whose rows share lists

SHARED: Document = {
    **{"scale": "6", "columns": [[0, 1], []], "entries": [[3, -2], []]},
    **{"rows": [[0, 0], [1, 1]], "bias": [1, 0]},
}


def with_shared_layer(**changes: object) -> str:
    """The certificate by hand, of a network with one more layer in front, whose nodes stay."""
    lines = by_hand()
    problem = lines[0]["problem"]
    problem["layers"] = [{"affine": {**SHARED, **changes}}, *problem["layers"]]
    lines[0]["sha256"] = digest(problem)
    return text(lines)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"columns": [[1, 0], []]}, "the entries of a row are not in order"),
        ({"columns": [[0, 2], []]}, "expected a whole number below 2"),
        ({"columns": [[0], []]}, "a row has other numbers of columns and of entries"),
        ({"entries": [[3, 0], []]}, "an entry is 0"),
        ({"entries": [[3, True], []]}, "an entry is no whole number"),
        ({"rows": [[0, 0], [1, 2]]}, "expected a whole number below 2"),
        ({"rows": [[0, 0], [2, 1]]}, "expected a whole number below 2"),
        ({"rows": [[0, 0]]}, "found 2 entries, expected 1"),
        ({"rows": [[0, 0], [1]]}, "found 1 entry, expected 2"),
        ({"scale": "12", "entries": [[6, -4], []], "bias": [2, 0]}, "not the least one"),
        ({"scale": "0"}, "the scale is not a positive whole number"),
        ({"bias": [1, "0"]}, "a bias is no whole number"),
    ],
)
def test_rows_that_share_lists_are_whole_and_in_order(
    changes: dict[str, object], reason: str
) -> None:
    with pytest.raises(RejectedError, match=reason):
        examined(with_shared_layer(**changes))


def test_a_layer_whose_rows_share_lists_is_the_function_that_it_says() -> None:
    """It is ((3 x - 2 y + 1) / 6, 0)."""
    dense = {"affine": {"weight": [["1/2", "-1/3"], ["0", "0"]], "bias": ["1/6", "0"]}}
    run: Document = {"kind": "run", "input": ["1", "0"]}
    lines = by_hand()
    stated = statement("exact", [["1", 2, 0]], "reaches", "2/3")
    lines[0]["claim"] = {"statements": [stated]}
    digests = []
    for layer in (dense, {"affine": SHARED}):
        problem = {**by_hand()[0]["problem"]}
        problem["layers"] = [layer, *problem["layers"]]
        head = {**lines[0], "problem": problem, "sha256": digest(problem)}
        document = [head, run, {"proof": [0]}]
        assert errors("schema-2.json", json.loads(json.dumps(document))) == []
        found = examined(text(document))
        assert found.subject is not None
        digests.append(found.subject.digest)
    assert digests[0] == digests[1]
