"""Gradients are bounded in the dual norm, in every case that has an inside."""
# ruff: noqa: ANN401 -- documents are JSON

from typing import Any

import pytest

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


def test_all_inputs_vary_where_a_case_is_thin() -> None:
    # All inputs (0, y) have the first neuron at 0: this excludes no case, and y has slope 1.
    problem = {"layers": ["relu"], "input": {"lower": ["0", "0"], "upper": ["0", "1"]}}
    thin = [["1", ["sign", 1, 0]]]
    tree = {"split": [1, 0], "off": thin, "on": thin}
    with pytest.raises(RejectedError, match="node 0: the inputs are no box with an inside"):
        check(bounded([["1", 0, 1]], "max", "0", tree=tree, problem=problem))
