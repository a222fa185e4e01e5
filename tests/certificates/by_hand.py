"""A certificate written by hand, and changes to it."""
# ruff: noqa: ANN401 -- documents are JSON

import copy
import json
from typing import Any

from tests.certificates.cases import Document, rehashed

# The network max(x + y, 0) + max(x - y, 0) on [-1, 1]^2.  By phases it is 0, x + y, x - y or
# 2 x, so at most 2.  The triangles allow 3: at (1, -1) the first neuron's input is 0, where its
# triangle over [-2, 2] reaches 1, and the second neuron gives 2.
BY_HAND: Document = {
    "format": "polyrelax-certificate/1",
    "claim": {
        "statements": [
            {"relaxation": "exact", "form": [["1", 3, 0]], "relation": "at most", "value": "2"},
            {
                "relaxation": "triangle",
                "form": [["1", 3, 0]],
                "relation": "reaches",
                "value": "3",
            },
        ]
    },
    "problem": {
        "input": {"lower": ["-1", "-1"], "upper": ["1", "1"]},
        "layers": [
            {"affine": {"weight": [["1", "1"], ["1", "-1"]], "bias": ["0", "0"]}},
            "relu",
            {"affine": {"weight": [["1", "1"]], "bias": ["0"]}},
        ],
    },
    "nodes": [
        {
            "kind": "cases",
            "relaxation": "exact",
            "form": [["1", 3, 0]],
            "at_most": "2",
            "tree": {
                "split": [2, 0],
                "off": {"split": [2, 1], "off": [], "on": []},
                "on": {"split": [2, 1], "off": [], "on": []},
            },
        },
        {"kind": "run", "input": ["1", "1"]},
        {"kind": "run", "input": ["-1", "-1"]},
        {
            "kind": "point",
            "relaxation": "triangle",
            "input": ["1", "-1"],
            "groups": [{"layer": 2, "neurons": [0], "mixture": [["1/2", 1], ["1/2", 2]]}],
        },
    ],
    "proof": [0, 3],
}


# The same network: a theorem is cited for the first neuron, at most 2; the second one is
# shown to be at most 2; so the output is at most 4.
CITING: Document = {
    **BY_HAND,
    "claim": {
        "statements": [
            {"relaxation": "p:1", "form": [["1", 3, 0]], "relation": "at most", "value": "4"}
        ]
    },
    "nodes": [
        {
            "kind": "cite",
            "theorem": "[somebody2026], Theorem 1",
            "relaxation": "p:1",
            "form": [["1", 2, 0]],
            "at_most": "2",
        },
        {
            "kind": "cases",
            "relaxation": "p:1",
            "form": [["1", 2, 1]],
            "at_most": "2",
            "tree": {"split": [2, 1], "off": [], "on": []},
        },
        {
            "kind": "linear",
            "relaxation": "p:1",
            "form": [["1", 3, 0]],
            "at_most": "4",
            "terms": [["1", 0], ["1", 1]],
        },
    ],
    "proof": [2],
}


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def with_change(*path: Any, value: Any) -> str:
    document = copy.deepcopy(BY_HAND)
    at(document, path[:-1])[path[-1]] = value
    return json.dumps(rehashed(document))


def stating(problem: Document, nodes: list[Document], statement: Document) -> str:
    """Return a certificate of one statement, which the last of the nodes proves."""
    claim, proof = {"statements": [statement]}, [len(nodes) - 1]
    other = {**BY_HAND, "problem": problem, "claim": claim, "nodes": nodes, "proof": proof}
    return json.dumps(rehashed(other))


def statement(relaxation: str, form: Any, relation: str, value: str) -> Document:
    return {"relaxation": relaxation, "form": form, "relation": relation, "value": value}
