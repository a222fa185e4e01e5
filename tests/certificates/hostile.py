"""Valid certificates that ask the checker for as much work as they can, one for each loop.

``python -m tests.certificates.hostile [BYTES [NAME]]`` checks one of each family, of at most so
many bytes (100,000 unless said), in a process of its own as ``python check.py FILE``, and
prints the seconds of the processor, the megabytes and the answer; the exit status is 1 if one
takes 10 seconds or 500 MB.  A family is a function of a size, and :func:`largest` is its
largest file.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import count, islice
from math import isqrt
from pathlib import Path
from tempfile import TemporaryDirectory

import polyrelax.certificates.check as checker
from tests.certificates.cases import Document

MOST_SECONDS, MOST_MEGABYTES = 10.0, 500.0
UNIT: Document = {"lower": ["0"], "upper": ["1"]}
NOTHING: Document = {"relaxation": "exact", "form": [], "relation": "at most", "value": "0"}
TRUE: Document = {
    "kind": "linear",
    "relaxation": "exact",
    "form": [],
    "at_most": "0",
    "terms": [],
}


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def document(
    layers: Sequence[object], nodes: Iterable[object], domain: Document = UNIT, **claim: object
) -> str:
    """Return a certificate; of nothing, by a last node, unless it has ``statements``.

    Statements are proved by the last of the nodes.
    """
    problem = {"layers": list(layers), "input": domain}
    text = json.dumps(problem, sort_keys=True, separators=(",", ":"))
    listed = list(nodes) if "statements" in claim else [*nodes, TRUE]
    statements = claim.get("statements", [NOTHING])
    assert isinstance(statements, list), "a list of statements"
    stated: Document = {**claim, "statements": statements}
    return compact(
        {
            "format": checker.FORMAT,
            "claim": stated,
            "sha256": sha256(text.encode()).hexdigest(),
            "problem": problem,
            "nodes": listed,
            "proof": [len(listed) - 1] * len(statements),
        }
    )


@cache
def _primes(most: int) -> tuple[int, ...]:
    composite = {n for p in range(2, isqrt(most) + 1) for n in range(p * p, most, p)}
    return tuple(n for n in range(2, most) if n not in composite)


def primes(size: int) -> list[int]:
    """Return the first prime numbers."""
    return list(islice((p for k in count(2) for p in _primes(1 << k) if p >> (k - 1)), size))


def dense(rows: int, columns: int, entry: str = "1", bias: str = "0") -> Document:
    return {"affine": {"weight": [[entry] * columns] * rows, "bias": [bias] * rows}}


def scaled(rows: int, columns: int, scale: str = "2") -> Document:
    """Return an affine layer of two characters for each entry."""
    return {"affine": {"scale": scale, "weight": [[1] * columns] * rows, "bias": [1] * rows}}


def box(dim: int, lower: str = "0", upper: str = "1") -> Document:
    return {"lower": [lower] * dim, "upper": [upper] * dim}


def run(*x: str) -> Document:
    return {"kind": "run", "input": list(x)}


def cases(tree: object, **given: object) -> Document:
    row = {"relaxation": "exact", "form": [], "at_most": "0"}
    return {"kind": "cases", **row, **given, "tree": tree}


def tree_of(leaf: object, depth: int, layer: int = 2) -> object:
    """Return the tree of all phases of some neurons of a layer."""
    for j in range(depth):
        leaf = {"split": [layer, j], "off": leaf, "on": leaf}
    return leaf


def long(digits: int) -> str:
    return f"{'9' * digits}/1{'0' * digits}"


# Reading


def many_layers(size: int) -> str:
    return document(["relu"] * size, [])


def empty_layers(size: int) -> str:
    nothing: Document = {"affine": {"weight": [], "bias": []}}
    return document([nothing, *["relu"] * size], [{"kind": "boxes"}] * (size // 8))


def wide_layers(size: int) -> str:
    domain = {"dim": 10**5 // (size + 1), "constraints": []}
    return document(["identity"] * size, [TRUE] * size, domain)


def denominators_of_inputs(size: int) -> str:
    ends = [f"1/{p}" for p in primes(size)]
    return document(["relu"], [], {"lower": ["0"] * size, "upper": ends})


def denominators_of_layers(size: int) -> str:
    weight = [[f"1/{p}"] for p in primes(size)]
    return document([{"affine": {"weight": weight, "bias": ["0"] * size}}], [run("1")])


def denominators_of_a_form(size: int) -> str:
    form = [[f"1/{p}", 0, j] for j, p in enumerate(primes(size))]
    return document(["relu"], [{**TRUE, "form": form, "at_most": "9"}], box(size))


def a_long_scale(size: int) -> str:
    return document([scaled(size, 1, f"1{'0' * 10 * size}1")], [])


def a_long_ratio(size: int) -> str:
    row = {**TRUE, "form": [[long(size), 0, 0]], "at_most": "1"}
    return document(["relu"], [row])


def constraints_of_runs(size: int) -> str:
    rows = [{"normal": ["1"] * size, "offset": "1"}] * size
    domain = {"dim": size, "constraints": rows}
    return document(["relu"], [run(*["0"] * size)] * size, domain)


# Rows


def leaves_of_layers(size: int) -> str:
    depth = size.bit_length()
    layers = [dense(depth, 1), "relu", dense(1, depth), *["relu"] * (4 * size)]
    return document(layers, [cases(tree_of([], depth))])


def leaves_of_entries(size: int) -> str:
    depth = size.bit_length()
    layers = [scaled(size, 1), "relu", scaled(size, size)]
    layers = [scaled(size, 1), scaled(size, size), scaled(depth, size), "relu"]
    form = [["-1", 3, 0]]
    return document(layers, [cases(tree_of([], depth, 4), form=form)])


def leaves_of_rows(size: int) -> str:
    depth = size.bit_length()
    rows = [{**TRUE, "form": [["-1", 0, j] for j in range(size)]}]
    tree = tree_of([["0", 0]] * 8, depth)
    return document([dense(depth, size), "relu"], [*rows, cases(tree)], box(size))


def terms_of_a_long_row(size: int) -> str:
    long_row = {**TRUE, "form": [["-1", 0, j] for j in range(size)]}
    return document(["relu"], [long_row, {**TRUE, "terms": [["0", 0]] * size}], box(size))


def terms_with_denominators(size: int) -> str:
    terms = [[f"1/{p}", 0] for p in primes(size)]
    return document(["relu"], [TRUE, {**TRUE, "terms": terms}])


def terms_of_long_numbers(size: int) -> str:
    form = [[f"-{long(9)}", 0, j] for j in range(size)]
    row = {**TRUE, "form": form, "at_most": "0"}
    terms = [[long(size), 0] for _ in range(3)]
    other = {**TRUE, "form": form, "terms": terms, "at_most": str(9 * size)}
    return document(["relu"], [row, other], box(size))


def lines_of_long_numbers(size: int) -> str:
    ends = [("-1", "0"), ("1", f"1{'0' * size}/7")]
    rows = [{**TRUE, "form": [[c, 0, 0]], "at_most": b} for c, b in ends]
    terms = [["0", ["upper", 1, 0, 0, 1]]] * (size // 8)
    return document(["relu"], [*rows, {**TRUE, "terms": terms}])


def scales_of_layers(size: int) -> str:
    layer = scaled(1, 1, f"1{'0' * 40}1")
    row = {**TRUE, "form": [["1", size, 0]], "at_most": "9"}
    return document([layer] * size, [row] * size)


def splits_one_below_the_other(size: int) -> str:
    tree: object = []
    depth = min(size, 300)
    for j in range(depth):
        tree = {"split": [2, j], "off": [], "on": tree}
    layers = [scaled(depth, 1), "relu"]
    return document(layers, [cases(tree)] * (size // depth))


def gradients_of_leaves(size: int) -> str:
    depth = size.bit_length()
    layers = [dense(depth, 1), "relu", dense(1, depth, "0"), *[scaled(1, 1)] * size]
    row = {"form": [["1", 3 + size, 0]], "norm": "1", "at_most": "1"}
    return document(layers, [{"kind": "gradients", **row, "tree": tree_of([], depth)}])


def halves(layers: Sequence[object], dim: int, tree: Sequence[object]) -> str:
    row = {"form": [["1", len(layers), 0]], "at_most": "-1000"}
    node = {"kind": "halves", "never": [row], "halves": tree}
    return document(layers, [node], {"lower": ["-1"] * dim, "upper": ["1"] * dim})


def halves_of_many_layers(size: int) -> str:
    layers = [scaled(1, 1), *["relu", scaled(1, 1)] * size]
    return halves(layers, 1, [*[0] * size, *[[1]] * (size + 1)])


def halves_of_wide_layers(size: int) -> str:
    width = max(2, int(size**0.5))
    layers = [dense(width, 1), "relu", dense(width, width), "relu", dense(1, width)]
    return halves(layers, 1, [*[0] * size, *[[1]] * (size + 1)])


def halves_of_long_ends(size: int) -> str:
    layers = [scaled(1, 1), "relu", scaled(1, 1)]
    row = {"form": [["1", 3, 0]], "at_most": "-1000"}
    node = {"kind": "halves", "never": [row], "halves": [*[0] * size, *[[1]] * (size + 1)]}
    return document(layers, [node], {"lower": ["0"], "upper": ["1/" + "9" * size]})


def halves_of_wide_boxes(size: int) -> str:
    layers = [scaled(1, 1), "relu", scaled(1, 1)]
    row = {"form": [["1", 3, 0]], "at_most": "-1000"}
    node = {"kind": "halves", "never": [row], "halves": [*[0] * size, *[[1]] * (size + 1)]}
    return document(layers, [node], {"lower": ["-" + "9" * size], "upper": ["9" * size]})


def shared_rows(size: int) -> str:
    shared = {"columns": [list(range(size))], "entries": [[1] * size], "rows": [[0, 0]] * size}
    layer = {"affine": {**shared, "scale": "1", "bias": [1] * size}}
    content = json.loads(document([layer], [], box(size)))
    head = {key: content[key] for key in ("claim", "sha256", "problem")}
    lines = [{"format": checker.STREAMED, **head}, TRUE, {"proof": [0]}]
    return "\n".join(map(compact, lines))


def duals(layers: Sequence[object], ends: Sequence[Document], size: int, dim: int = 1) -> str:
    """Return a certificate of nodes ``ends``, and then of duals by the last of these."""
    depth, known = len(layers), len(ends) - 1
    form = {"form": [["1", depth, 0]], "at_most": "9" * 99}
    dual = {"kind": "dual", "ends": known, **form, "bits": 0}
    return document(layers, [*ends, *[dual] * size], box(dim))


def ends_after(depth: int, **given: object) -> Document:
    return {"kind": "ends", "after": depth, "bits": 0, **given}


def duals_of_wide_layers(size: int) -> str:
    width = max(1, isqrt(size))
    layers = [scaled(width, 1), "relu", scaled(width, width), "relu", scaled(1, width)]
    return duals(layers, [ends_after(3)], size)


def duals_of_many_layers(size: int) -> str:
    return duals([scaled(1, 1), *["relu", scaled(1, 1)] * size], [ends_after(1)], size)


def duals_of_long_numbers(size: int) -> str:
    layer = {"affine": {"weight": [[long(40)]], "bias": ["0"]}}
    return duals([layer] * size, [ends_after(0)], size)


def ends_of_many_values(size: int) -> str:
    width = max(1, isqrt(size))
    layers = [scaled(width, 1), "relu", scaled(width, width)]
    batch = {"upper": list(range(width)), "lower": list(range(width))}
    return duals(layers, [ends_after(3, batches=[batch] * size)], 1)


def ends_of_one_value_many_times(size: int) -> str:
    layers = [scaled(1, 1), "relu", scaled(1, 1)]
    return duals(layers, [ends_after(3, batches=[{"upper": [0] * size, "lower": []}])], 1)


def ends_with_slopes(size: int) -> str:
    layers = [scaled(size, 1), "relu", scaled(1, size)]
    slopes = [[2, [[j, 0, 1] for j in range(size)]]]
    nodes = [ends_after(1, slopes=slopes), *[ends_after(1, ends=0)] * size]
    return duals(layers, nodes, 1)


def ends_of_wide_boxes(size: int) -> str:
    nodes = [ends_after(0), *[ends_after(1, ends=0)] * size]
    return duals(["relu"], nodes, 1, dim=size)


def gradients_of_signs(size: int) -> str:
    layers = [*[scaled(1, 1)] * size, "relu"]
    tree = {"split": [size + 1, 0], "on": [], "off": [["1", ["sign", size + 1, 0]]] * size}
    row = {"form": [["1", size + 1, 0]], "norm": "max", "at_most": "1"}
    domain = {"lower": ["-1"], "upper": ["1"]}
    return document(layers, [{"kind": "gradients", **row, "tree": tree}], domain)


def gradients_along_directions(size: int) -> str:
    # (1, ..., 1) and half of the signs changed: 12 by their entries, 8 along each direction.
    rows = [["1"] * 8, ["1"] * 4 + ["-1"] * 4] * size
    layers = [{"affine": {"weight": rows, "bias": ["0"] * len(rows)}}, "relu"]
    row = {"form": [["1", 2, j] for j in range(len(rows))], "norm": "max"}
    node = {"kind": "gradients", **row, "at_most": str(8 * size), "tree": []}
    return document(layers, [node] * size, {"lower": ["-1"] * 8, "upper": ["1"] * 8})


def gradients_of_many_inputs(size: int) -> str:
    # Both terms may be there or not, so that their bounds do not cancel: all is computed.
    layers = [{"affine": {"weight": [["1"] * size] * 2, "bias": ["0"] * 2}}, "relu"]
    row = {"form": [["1", 2, 0], ["-1", 2, 1]], "norm": "max", "at_most": str(size)}
    box = {"lower": ["-1"] * size, "upper": ["1"] * size}
    node = {"kind": "gradients", **row, "tree": []}
    return document(layers, [node] * (size // 4), box)


def gradients_in_wide_boxes(size: int) -> str:
    box = {"lower": ["1"] * size, "upper": ["2"] * size}
    row = {"form": [["1", 4, 0]], "norm": "max", "at_most": "1", "boxes": 0}
    node = {"kind": "gradients", **row, "tree": []}
    return document(["relu"] * 4, [{"kind": "boxes"}, *[node] * size], box)


# Points


def runs_of_entries(size: int) -> str:
    return document([scaled(size, 1), scaled(size, size)], [run("1")] * size)


def runs_of_long_numbers(size: int) -> str:
    layer = {"affine": {"weight": [[long(40)]], "bias": ["0"]}}
    return document([layer] * size, [run("1")] * size)


def boxes_of_entries(size: int) -> str:
    return document([scaled(size, 1), scaled(size, size)], [{"kind": "boxes"}] * 2 * size)


def boxes_of_long_numbers(size: int) -> str:
    layer = {"affine": {"weight": [[long(40)]], "bias": ["0"]}}
    return document([layer] * size, [{"kind": "boxes"}] * size)


def boxes_that_are_kept(size: int) -> str:
    layers = ["relu"] * max(1, min(size, 10**5 // size) - 1)
    return document(layers, [{"kind": "boxes"}] * size, box(size))


def loose(layer: int, neurons: list[int], mixture: list[object], **given: object) -> Document:
    group = {"layer": layer, "neurons": neurons, "mixture": mixture}
    return {"kind": "point", "relaxation": "triangle", "groups": [group], **given}


def mixtures_of_wide_runs(size: int) -> str:
    point = run(*["1"] * size)
    mixture: list[object] = [[f"1/{size}", 0]] * size
    node = loose(1, [0], mixture, input=["1"] * size)
    return document(["relu"], [point, node, node], box(size))


def mixtures_of_denominators(size: int) -> str:
    points = [run(f"1/{p}", *["1"] * 20) for p in primes(size)]
    mixture: list[object] = [[f"1/{size}", k] for k in range(size)]
    node = {"kind": "windows", "relaxation": "p:1", "windows": [mixture] * 2}
    return document(["relu", "relu"], [*points, *[node] * (size // 16)][:size], box(21))


def groups_of_many_neurons(size: int) -> str:
    width = min(size, 60)
    ends = [run("1"), run("-1")]
    half: list[object] = [["1/2", 0], ["1/2", 1]]
    groups = [
        {"layer": 2, "neurons": [j for j in range(width) if j != left], "mixture": half}
        for left in range(5)
    ]
    node = {"kind": "point", "relaxation": "krelu:4", "input": ["0"], "groups": groups}
    domain = {"lower": ["-1"], "upper": ["1"]}
    return document([dense(width, 1), "relu"], [*ends, *[node] * (size // 30)], domain)


def groups_of_many_layers(size: int) -> str:
    groups = [{"layer": 1, "neurons": [], "mixture": [["1", 0]]}] * size
    node = {"kind": "point", "relaxation": "triangle", "input": ["1"], "groups": groups}
    return document(["relu"] * size, [run("1"), node])


def lines_of_many_layers(size: int) -> str:
    below = {**TRUE, "relaxation": "dp0", "form": [["-1", 0, 0]]}
    above = {**TRUE, "relaxation": "dp0", "form": [["1", 0, 0]], "at_most": "1"}
    ends = {"below": 0, "above": 1, "least": 2, "greatest": 3}
    found = {"kind": "range", "relaxation": "dp0", "coordinate": [0, 0], **ends}
    node = {"kind": "between", "relaxation": "dp0", "input": ["1"], "outputs": [[1, 0, "1", 4]]}
    nodes = [below, above, run("0"), run("1"), found, *[node] * size]
    return document(["relu"] * size, nodes)


def windows_of_runs(size: int) -> str:
    mixture = [[f"1/{size}", 0]] * size
    node = {"kind": "windows", "relaxation": f"p:{size}", "windows": [mixture]}
    return document(["relu"] * size, [run("1"), node, node])


def many_windows(size: int) -> str:
    node = {"kind": "windows", "relaxation": "p:1", "windows": [[["1", 0]]] * size}
    return document([scaled(16, 1), *["relu"] * (size - 1)], [run("1"), node])


# Hulls and functions


def simplex(size: int) -> tuple[list[Document], Document, Document]:
    """Return the nodes and the hull of 0 and the unit vectors, and the inputs."""
    faces = [[["-1", 0, j]] for j in range(size)]
    rows = [{**TRUE, "form": form} for form in faces]
    top = {"form": [["1", 0, j] for j in range(size)], "at_most": "1"}
    rows.append({**TRUE, **top, "terms": [["1", ["input", size]]]})
    for j in range(size):
        rows[j]["terms"] = [["1", ["input", j]]]
    corners = [run(*["0"] * size)]
    corners += [run(*("1" if i == j else "0" for i in range(size))) for j in range(size)]
    signs = [["-1" if i == j else "0" for i in range(size)] for j in range(size)]
    sides = [{"normal": normal, "offset": "0"} for normal in signs]
    domain = {"dim": size, "constraints": [*sides, {"normal": ["1"] * size, "offset": "1"}]}
    every = list(range(size + 1))
    simplices = [[j, [i for i in every if i != j + 1]] for j in range(size)]
    hull = {
        "kind": "hull",
        "coordinates": [[0, j] for j in range(size)],
        "facets": every,
        "points": [size + 1 + i for i in every],
        "simplices": [*simplices, [size, every[1:]]],
    }
    return [*rows, *corners], hull, domain


def hulls_of_high_dimension(size: int) -> str:
    nodes, hull, domain = simplex(size)
    return document(["relu"], [*nodes, hull], domain)


def hulls_again_and_again(size: int) -> str:
    nodes, hull, domain = simplex(8)
    return document(["relu"], [*nodes, *[hull] * size], domain)


def determinants_of_one_simplex(size: int) -> str:
    nodes, hull, domain = simplex(size)
    simplices = [hull["simplices"][-1]] * size * 2
    return document(["relu"], [*nodes, {**hull, "simplices": simplices}], domain)


def points_of_a_hull(size: int) -> str:
    nodes, hull, domain = simplex(2)
    points = [3 + k % 3 for k in range(size)]
    return document(["relu"], [*nodes, {**hull, "points": points}], domain)


def facets_and_points_of_a_hull(size: int) -> str:
    rows = [{**TRUE, "form": [["-1", 0, 0]], "at_most": str(k)} for k in range(size)]
    hull = {"kind": "hull", "coordinates": [[0, 0]], "facets": list(range(size))}
    points = [size + k % 2 for k in range(16 * size)]
    nodes = [*rows, run("0"), run("1"), {**hull, "points": points, "simplices": []}]
    return document(["relu"], nodes)


def coordinates_of_a_hull(size: int) -> str:
    places = [[0, j] for j in range(size)]
    row = {**TRUE, "form": [["-1", 0, 0]]}
    hull = {"kind": "hull", "coordinates": places, "facets": [0], "points": [1] * 8 * size}
    nodes = [row, run(*["1"] * size), {**hull, "simplices": []}]
    return document(["relu"], nodes, box(size))


def spans_of_functionals(size: int) -> str:
    functional = {"kind": "functional", "weights": [["1", 0]] * size}
    stated = {"outside": [["1", 1, 0]], "span": [[]] * size}
    return document(["relu"], [run("1"), functional], statements=[stated])


def forms_of_functionals(size: int) -> str:
    functional = {"kind": "functional", "weights": [["1", 0]] * size}
    stated = {"outside": [["1", 1, j] for j in range(size)], "span": []}
    nodes = [run(*["1"] * size), functional]
    return document(["relu"], nodes, box(size), statements=[stated] * 4)


def statements_of_pairs(size: int) -> str:
    pairs = {"kind": "pairs", "pairs": [[f"1/{size}", 0, 0]] * size}
    return document(["relu"], [run("1"), pairs], statements=[{"missed": [], "by": "0"}] * size)


def statements_of_wide_pairs(size: int) -> str:
    pairs = {"kind": "pairs", "pairs": [["1", 0, 0]]}
    nodes = [run(*["1"] * size), pairs]
    stated = [{"missed": [], "by": "0"}] * size
    return document(["relu"], nodes, box(size), statements=stated)


def pairs_of_denominators(size: int) -> str:
    points = [run(f"1/{p}") for p in primes(size)]
    pairs = {"kind": "pairs", "pairs": [[f"1/{size}", k, k] for k in range(size)]}
    stated = [{"missed": [], "by": "0"}] * (size // 8 + 1)
    return document(["relu"], [*points, pairs], statements=stated)


def statements_of_long_values(size: int) -> str:
    layer = {"affine": {"weight": [[f"1{'0' * 400}"]], "bias": ["0"]}}
    depth = 1 + size // 16
    stated = [{**NOTHING, "form": [["0", depth, 0]], "relation": "reaches"}] * size
    stated[0] = {"lipschitz": [["1", depth, 0]], "norm": "1", "relation": "reaches"}
    stated[0]["value"] = "1" + "0" * 400 * depth
    pairs = {"kind": "pairs", "pairs": [["1", 0, 1]]}
    return document([layer] * depth, [run("1"), run("0"), pairs], statements=[stated[0]] * 3)


def assumptions_of_runs(size: int) -> str:
    row = {"form": [["1", 1, 0]], "at_most": "0"}
    assuming = [{"form": [], "at_most": "0"}] * size + [row]
    return document(["relu"], [run("1")] * size, assuming=assuming)


# Neurons of other kinds, line by line


def streamed(layers: Sequence[object], nodes: Iterable[object], domain: Document = UNIT) -> str:
    """Return a certificate of nothing with a line for each node."""
    head = json.loads(document(layers, [], domain))
    head["format"] = checker.STREAMED
    del head["nodes"], head["proof"]
    listed = list(nodes)
    proved = sum(isinstance(node, dict) and "kind" in node for node in listed)
    return "\n".join(map(compact, [head, *listed, TRUE, {"proof": [proved]}]))


def sorts_of_seven(size: int) -> str:
    width = min(size, 7)
    layer = {"neurons": [{"sort": list(range(width))}] * size}
    return streamed([layer], [run(*["0"] * width)], box(width))


def maxima_of_many(size: int) -> str:
    width = min(size, 20)
    layer = {"neurons": [{"maximum": list(range(width))}] * size}
    return streamed([layer], [run(*["0"] * width)], box(width))


def slopes_of_denominators(size: int) -> str:
    neurons = [{"leaky_relu": [0], "slope": f"1/{p}"} for p in primes(size)]
    return streamed([{"neurons": neurons}], [run("1")])


def sorts_of_a_long_scale(size: int) -> str:
    width = min(size, 7)
    slope = {"leaky_relu": [0], "slope": f"1/1{'0' * size}"}
    layer = {"neurons": [{"sort": list(range(width))}, slope]}
    return streamed([layer], [run(*["0"] * width)], box(width))


def runs_of_sorts(size: int) -> str:
    point = run(*[str(k) for k in range(6)])
    layer = {"neurons": [{"sort": list(range(6))}]}
    return streamed([layer], [point] * size, {"lower": ["0"] * 6, "upper": ["9"] * 6})


def cases_of_sorts(size: int) -> str:
    depth = min(size, 1000)
    layer = {"neurons": [{"sort": [0, 1, 2, 3]}] * depth}
    case = {"kind": "cases", "relaxation": "exact", "form": [], "at_most": "0"}
    tree = [{"split": [1, j]} for j in range(depth)]
    leaves: list[object] = [{"terms": []}] * (23 * depth + 1)
    return streamed([layer], [case, *tree, *leaves], box(4))


def cases_of_layers(size: int) -> str:
    depth = size.bit_length()
    layers = [dense(depth, 1), "relu", dense(1, depth), *["relu"] * (2 * size)]
    case = {"kind": "cases", "relaxation": "exact", "form": [], "at_most": "0"}
    below: list[object] = [{"terms": []}]
    for j in range(depth):
        below = [{"split": [2, j]}, *below, *below]
    return streamed(layers, [case, *below])


def regions_of_maxima(size: int) -> str:
    width = min(size, 30)
    layer = {"neurons": [{"maximum": list(range(width))}]}
    case = {"kind": "cases", "relaxation": "exact", "form": [], "at_most": "0"}
    terms = {"terms": [["0", ["region", 1, 0, 0]]] * size} if width > 1 else {"terms": []}
    tree = [{"split": [1, 0]}] if width > 1 else []
    return streamed([layer], [case, *tree, *[terms] * width], box(width))


def wide_sort(width: int, count: int = 1) -> Mapping[str, object]:
    return {"neurons": [{"sort": list(range(width))}] * count}


def runs_of_a_wide_sort(size: int) -> str:
    point = run(*[str(-k) for k in range(size)])
    return streamed([wide_sort(size)], [point] * 2, box(size, f"-{size}"))


def gradients_of_wide_sorts(size: int) -> str:
    # Of eight inputs all directions are looked at, as the bounds are too long.
    count = max(1, size // 50)
    form = [[str((-1) ** k), 2, k] for k in range(50 * count)]
    row = {"kind": "gradients", "form": form, "norm": "max", "at_most": "0"}
    layers = [dense(50, 8), wide_sort(50, count)]
    return streamed(layers, [row, {"terms": []}] * size, box(8))


def ranks_of_a_wide_sort(size: int) -> str:
    case = {"kind": "cases", "relaxation": "exact", "form": [], "at_most": "0"}
    ranks: list[object] = [{"rank": [1, 0]}] * max(0, size - 1)
    leaves: list[object] = [{"terms": []}] * (size * (size - 1) // 2 + 1)
    return streamed([wide_sort(size)], [case, *ranks, *leaves], box(size))


def regions_of_ranks(size: int) -> str:
    width = min(max(size, 3), 200)
    case = {"kind": "cases", "relaxation": "exact", "form": [], "at_most": "0"}
    ranks: list[object] = [{"rank": [1, 0]}] * (width - 1)
    terms = {"terms": [["0", ["region", 1, 0, 0]]] * size}
    leaves: list[object] = [terms] * (width * (width - 1) // 2 + 1)
    return streamed([wide_sort(width)], [case, *ranks, *leaves], box(width))


def gradients_of_ranks(size: int) -> str:
    width = min(max(size, 3), 40)
    form = [["1", 2, 0], ["-1", 2, width - 1]]
    row = {"kind": "gradients", "form": form, "norm": "max", "at_most": "16"}
    ranks: list[object] = [{"rank": [2, 0]}] * (width - 1)
    leaves: list[object] = [{"terms": []}] * (width * (width - 1) // 2 + 1)
    layers = [dense(width, 8), wide_sort(width)]
    return streamed(layers, [row, *ranks, *leaves] * max(1, size // width), box(8))


# Enumerations


def enumeration(**given: object) -> str:
    none = {"networks": 0, "classes": 0}
    space = {
        "shape": [1, 1, 1],
        "weights": ["0"],
        "biases": [],
        "outputs": ["1"],
        "input": {"lower": ["-1"], "upper": ["1"]},
        "symmetry": "full",
    }
    claim = {"looser": "triangle", "tighter": "exact", "side": "both", "all": none}
    claim |= {"found": none, "greatest": "0", "space": {**space, **given}}
    digest = sha256().hexdigest()
    return compact({"format": checker.FORMAT, "claim": claim, "sha256": digest, "parts": []})


def symmetries(size: int) -> str:
    return enumeration(shape=[1, min(size, 7), 1])


def symmetries_of_inputs(size: int) -> str:
    dim = min(size, 6)
    return enumeration(shape=[dim, 1, 1], input=box(dim, "-1"))


def rays(size: int) -> str:
    outputs = [str(k) for k in range(1, min(size, 300) + 1)]
    return enumeration(shape=[1, 2, 1], outputs=outputs)


def rays_of_denominators(size: int) -> str:
    outputs = [f"1/{p}" for p in reversed(primes(size))]
    return enumeration(shape=[1, 1, 1], outputs=outputs)


def rays_of_wide_layers(size: int) -> str:
    width = min(6, size.bit_length())
    return enumeration(shape=[1, width, 1], outputs=["-3", "-2", "-1", "1", "2", "3"])


def rows_of_neurons(size: int) -> str:
    weights = [str(k) for k in range(min(size, 300))]
    return enumeration(shape=[2, 1, 1], weights=weights, input=box(2))


def hidden_layers(size: int) -> str:
    """Return a space whose first networks are all less than themselves by a symmetry."""
    width = min(7, size)
    biases = [str(k) for k in range(size)]
    return enumeration(shape=[1, width, 1], weights=["-1", "1"], biases=biases)


FAMILIES: tuple[Callable[[int], str], ...] = (
    many_layers,
    empty_layers,
    wide_layers,
    denominators_of_inputs,
    denominators_of_layers,
    denominators_of_a_form,
    a_long_scale,
    a_long_ratio,
    constraints_of_runs,
    leaves_of_layers,
    leaves_of_entries,
    leaves_of_rows,
    terms_of_a_long_row,
    terms_with_denominators,
    terms_of_long_numbers,
    lines_of_long_numbers,
    scales_of_layers,
    splits_one_below_the_other,
    gradients_of_leaves,
    halves_of_many_layers,
    halves_of_wide_layers,
    halves_of_long_ends,
    halves_of_wide_boxes,
    shared_rows,
    duals_of_wide_layers,
    duals_of_many_layers,
    duals_of_long_numbers,
    ends_of_many_values,
    ends_of_one_value_many_times,
    ends_with_slopes,
    ends_of_wide_boxes,
    gradients_of_signs,
    gradients_along_directions,
    gradients_of_many_inputs,
    gradients_in_wide_boxes,
    runs_of_entries,
    runs_of_long_numbers,
    boxes_of_entries,
    boxes_of_long_numbers,
    boxes_that_are_kept,
    mixtures_of_wide_runs,
    mixtures_of_denominators,
    groups_of_many_neurons,
    groups_of_many_layers,
    lines_of_many_layers,
    windows_of_runs,
    many_windows,
    hulls_of_high_dimension,
    hulls_again_and_again,
    determinants_of_one_simplex,
    points_of_a_hull,
    facets_and_points_of_a_hull,
    coordinates_of_a_hull,
    spans_of_functionals,
    forms_of_functionals,
    statements_of_pairs,
    statements_of_wide_pairs,
    pairs_of_denominators,
    statements_of_long_values,
    assumptions_of_runs,
    sorts_of_seven,
    maxima_of_many,
    slopes_of_denominators,
    sorts_of_a_long_scale,
    runs_of_sorts,
    cases_of_sorts,
    cases_of_layers,
    regions_of_maxima,
    runs_of_a_wide_sort,
    gradients_of_wide_sorts,
    ranks_of_a_wide_sort,
    regions_of_ranks,
    gradients_of_ranks,
    symmetries,
    symmetries_of_inputs,
    rays,
    rays_of_denominators,
    rays_of_wide_layers,
    rows_of_neurons,
    hidden_layers,
)


def largest(family: Callable[[int], str], most: int) -> str:
    """Return the largest file of a family with at most so many bytes, filled with blanks."""
    low, high = 1, 2
    while high < most and len(family(high)) <= most:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if len(family(middle)) <= most else (low, middle)
    return family(low).ljust(most)


@dataclass(frozen=True)
class Effort:
    """What a check took, and the beginning of its answer."""

    seconds: float
    megabytes: float
    status: int
    told: str


_MEASURE = """
import os, sys
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ)
_, status, used = os.wait4(child, 0)
print(used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


def effort(text: str, folder: Path) -> Effort:
    """Return what it takes to check a text in a process of its own.

    A small process starts it, for Linux counts the memory of who starts a process too.
    """
    path = folder / "certificate.json"
    path.write_text(text)
    command = (sys.executable, "-I", "-S", "-c", _MEASURE, checker.__file__, str(path))
    run = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True
    )
    told, _, figures = run.stdout.rstrip("\n").rpartition("\n")
    seconds, kilobytes, status = figures.split()
    reason = f"{told}\n".partition(f"{path}: ")[2]
    return Effort(float(seconds), int(kilobytes) / 1024, int(status), reason)


def main(most: int, name: str) -> int:
    worst = Effort(0, 0, 0, "")
    with TemporaryDirectory() as folder:
        for family in FAMILIES:
            if name not in family.__name__:
                continue
            text = largest(family, most)
            took = effort(text, Path(folder))
            worst = Effort(
                max(worst.seconds, took.seconds), max(worst.megabytes, took.megabytes), 0, ""
            )
            figures = f"{len(text):7} bytes {took.seconds:6.2f} s {took.megabytes:5.0f} MB"
            print(
                f"{family.__name__:30} {figures} {took.status} {took.told[:70]!r}", flush=True
            )
    print(f"at most {worst.seconds:.2f} s and {worst.megabytes:.0f} MB")
    return int(worst.seconds >= MOST_SECONDS or worst.megabytes >= MOST_MEGABYTES)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(main(int((arguments or ["100000"])[0]), (arguments[1:] or [""])[0]))
