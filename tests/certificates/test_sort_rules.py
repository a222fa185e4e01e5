"""Sorts of any size, rank by rank: what the checker concludes of them, by hand."""
# ruff: noqa: ANN401 -- documents are JSON

import json
from typing import Any

import pytest

from polyrelax.certificates.certificate import digest
from polyrelax.certificates.check import STREAMED, RejectedError, check
from tests.certificates.cases import Document

Lines = list[dict[str, Any]]
FORM: Any = [["1", 3, 0]]


def everywhere(dim: int, layers: list[Any]) -> Document:
    return {"input": {"dim": dim, "constraints": []}, "layers": layers}


def sorted_and_weighted(weight: list[list[str]], rows: list[list[str]]) -> Document:
    """Return a sort between two linear maps, the first one of one input."""
    inner = {"affine": {"weight": weight, "bias": ["0"] * len(weight)}}
    outer = {"affine": {"weight": rows, "bias": ["0"] * len(rows)}}
    sort = {"neurons": [{"sort": list(range(len(weight)))}]}
    return everywhere(1, [inner, sort, outer])


def bounded(
    problem: Document, at_most: str, tree: Lines, *, norm: str = "max", form: Any = FORM
) -> str:
    """State that a form has a Lipschitz constant, by a tree of cases."""
    stated = {"lipschitz": form, "norm": norm, "relation": "at most", "value": at_most}
    claim = {"statements": [stated]}
    head = {"format": STREAMED, "claim": claim, "sha256": digest(problem), "problem": problem}
    node = {"kind": "gradients", "form": form, "norm": norm, "at_most": at_most}
    return "\n".join(map(json.dumps, [head, node, *tree, {"proof": [0]}])) + "\n"


SHORT: dict[str, Any] = {"terms": []}
RANK: dict[str, Any] = {"rank": [2, 0]}
MULTIPLES = [[str(k)] for k in range(1, 9)]  # x, 2x, ..., 8x


@pytest.mark.parametrize(("norm", "value", "less"), [("max", "8", "7"), ("1", "1", "1/2")])
def test_a_sort_expands_neither_norm(norm: str, value: str, less: str) -> None:
    # The sum of eight numbers, and of them in order.
    problem = everywhere(8, [{"neurons": [{"sort": list(range(8))}]}])
    form = [["1", 1, k] for k in range(8)]
    assert check(bounded(problem, value, [SHORT], norm=norm, form=form)).endswith(value)
    with pytest.raises(RejectedError, match="a gradient is longer"):
        check(bounded(problem, less, [SHORT], norm=norm, form=form))


def test_sorts_that_read_one_value_expand_the_1_norm_together() -> None:
    problem = everywhere(8, [{"neurons": [{"sort": list(range(8))}] * 2}])
    form = [["1", 1, 0], ["1", 1, 8]]  # twice the maximum
    assert check(bounded(problem, "2", [SHORT], norm="1", form=form))
    with pytest.raises(RejectedError, match="a gradient is longer"):
        check(bounded(problem, "1", [SHORT], norm="1", form=form))


def test_products_of_sorted_numbers_are_greatest_in_one_order() -> None:
    # The weights 1, 0, ..., 0, -1 make 8 - 1 = 7 of x, ..., 8x; norms of layers make 16.
    problem = sorted_and_weighted(MULTIPLES, [["1", *["0"] * 6, "-1"]])
    assert check(bounded(problem, "7", [SHORT]))
    with pytest.raises(RejectedError, match="a gradient is longer"):
        check(bounded(problem, "13/2", [SHORT]))


def test_negative_numbers_are_sorted_too() -> None:
    # -x and 2x with the weights -1 and 3: 3 * 2 + 1 = 7, or 3 * (-1) - 2 = -5.
    problem = sorted_and_weighted([["-1"], ["2"], ["0"]], [["3", "0", "-1"]])
    assert check(bounded(problem, "7", [SHORT]))
    with pytest.raises(RejectedError, match="a gradient is longer"):
        check(bounded(problem, "6", [SHORT]))


# x, x and 0, in order, with the weights 1, -1 and 1: 0 where x > 0, and where x < 0.
TWICE = sorted_and_weighted([["1"], ["1"], ["0"]], [["1", "-1", "1"]])


def tie(*sides: int) -> dict[str, Any]:
    return {"terms": [["1", ["region", 2, 0, side]] for side in sides]}


def twice() -> Lines:
    """Return the cases: which number is greatest, then which of the others is.

    Where x is greatest and 0 is next, x is 0.  The sides of the first rank are 0 and 1, that
    of the second one is 2.
    """
    first = [RANK, SHORT, tie(1, 2)]
    second = [RANK, SHORT, tie(1, 2)]
    third = [RANK, SHORT, SHORT]
    return [RANK, *first, *second, *third]


def test_ranks_are_cases() -> None:
    assert check(bounded(TWICE, "0", twice())).endswith("<= 0")
    with pytest.raises(RejectedError, match="a gradient is longer"):
        check(bounded(TWICE, "0", [SHORT]))


@pytest.mark.parametrize(
    ("place", "line", "reason"),
    [
        (3, SHORT, "a gradient is longer"),  # 2x, were there an inside
        (3, tie(0, 2), "the terms leave a form of the inputs"),
        (3, tie(0), "the case is not shown to be in a hyperplane"),  # x <= x says nothing
        (3, tie(3), "found 3, expected a whole number below 3"),
        (3, tie(-1), "found -1, expected a whole number below 3"),
        (2, RANK, r"\(2, 0\) has no rank that is open here"),
        (2, {"split": [2, 0]}, r"\(2, 0\) is split already"),
        (1, {"rank": [1, 0]}, r"0 is no neuron"),
        (1, {"rank": [2, 1]}, "found 1, expected a whole number"),
        (9, {"empty": []}, "the terms do not exclude the case"),
        (9, {"ranks": [2, 0]}, "found the unknown field"),
    ],
)
def test_tampering_with_ranks_is_rejected(
    place: int, line: dict[str, Any], reason: str
) -> None:
    tree = twice()
    tree[place] = line
    with pytest.raises(RejectedError, match=reason):
        check(bounded(TWICE, "0", tree))


def test_a_side_belongs_to_a_rank_that_is_known() -> None:
    # As above, but the first case names a side of the second rank before there is one.
    tree = [RANK, tie(2), *twice()[4:]]
    with pytest.raises(RejectedError, match="the rank that has such a side is not known here"):
        check(bounded(TWICE, "0", tree))


def test_a_case_that_is_left_out_is_missed() -> None:
    with pytest.raises(RejectedError, match="found the unknown field 'proof'"):
        check(bounded(TWICE, "0", twice()[:-1]))


def test_wide_sorts_are_split_into_ranks_only() -> None:
    problem = sorted_and_weighted(MULTIPLES, [["1"] * 8])
    with pytest.raises(RejectedError, match="is split into ranks only"):
        check(bounded(problem, "1", [{"split": [2, 0]}]))


def test_only_sorts_have_ranks() -> None:
    problem = everywhere(2, [{"neurons": [{"maximum": [0, 1]}, {"sort": [0, 1]}]}])
    found = bounded(problem, "0", [{"rank": [1, 0]}], form=[["1", 1, 0]])
    with pytest.raises(RejectedError, match=r"\(1, 0\) has no rank that is open here"):
        check(found)


def largest(rank: int, tree: Lines) -> str:
    """State that the number of a rank among eight in [0, 1] is at most 1."""
    box = {"lower": ["0"] * 8, "upper": ["1"] * 8}
    problem: Document = {"input": box, "layers": [{"neurons": [{"sort": list(range(8))}]}]}
    row = {"relaxation": "exact", "form": [["1", 1, rank]]}
    claim = {"statements": [{**row, "relation": "at most", "value": "1"}]}
    head = {"format": STREAMED, "claim": claim, "sha256": digest(problem), "problem": problem}
    node = {"kind": "cases", **row, "at_most": "1"}
    return "\n".join(map(json.dumps, [head, node, *tree, {"proof": [0]}])) + "\n"


def test_rows_are_proved_in_ranks_too() -> None:
    ranks = [{"rank": [1, 0]}, *[SHORT] * 8]
    assert check(largest(0, ranks)) == "exact: 1 v(1, 0) <= 1"
    with pytest.raises(RejectedError, match="the terms leave a rank of a sort"):
        check(largest(1, ranks))
    with pytest.raises(RejectedError, match=r"the terms leave the neuron \(1, 0\)"):
        check(largest(0, [SHORT]))


def test_a_run_sorts() -> None:
    box = {"lower": ["0"] * 8, "upper": ["9"] * 8}
    problem: Document = {"input": box, "layers": [{"neurons": [{"sort": list(range(8))}]}]}
    statements = [
        {"relaxation": "exact", "form": [["1", 1, k]], "relation": "reaches", "value": value}
        for k, value in ((0, "9"), (1, "7"), (7, "1/2"))
    ]
    head = {"format": STREAMED, "sha256": digest(problem), "problem": problem}
    lines = [
        {**head, "claim": {"statements": statements}},
        {"kind": "run", "input": ["3", "1/2", "7", "1", "9", "2", "2", "6"]},
        {"proof": [0, 0, 0]},
    ]
    assert check("\n".join(map(json.dumps, lines)) + "\n").count("reaches") == 3
