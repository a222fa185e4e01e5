"""The nodes of certificates as streams of integers: `NodeStream.v` reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import cast

from translator.limbs import many, ratio
from translator.problems import Layer, applied, layers_of
from translator.reading import (
    METHODS,
    Json,
    LeftOutError,
    Object,
    fields,
    form_of,
    form_stream,
    items,
    kind_stream,
    rational,
    vector_of,
    vector_stream,
    whole,
)
from translator.wording import Form

TAGS = {"positive": 2, "above": 3, "upper": 4, "sign": 5, "lower": 6}


@dataclass
class Writer:
    """The nodes that are written so far, and the number of each row, point and range.

    A node of intervals is several nodes here: ranges of the inputs, and rows and two points.
    """

    document: Object
    numbers: dict[int, int] = field(default_factory=dict)
    depths: dict[int, int] = field(default_factory=dict)
    ends: dict[int, tuple[int, int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    nodes: list[list[int]] = field(default_factory=list)
    evidence: list[list[int]] = field(default_factory=list)

    @property
    def stream(self) -> list[int]:
        return many(self.nodes) + many(self.evidence)

    @cached_property
    def layers(self) -> list[Layer]:
        return layers_of(self.document)

    @property
    def depth(self) -> int:
        return len(self.layers)

    def node(self, k: Json) -> Object:
        return fields(items(self.document["nodes"])[whole(k)])

    def show(self, stream: list[int]) -> int:
        """Return the number of a piece of evidence, after writing it."""
        self.evidence.append(stream)
        return len(self.evidence) - 1

    def number(self, k: Json) -> int:
        """Return the number of a row, a point or a range, after writing it."""
        self.write(whole(k))
        return self.numbers[whole(k)]

    def count(self, proves: str) -> int:
        """Return the number of the next row, point or range."""
        self.counts[proves] = self.counts.get(proves, 0) + 1
        return self.counts[proves] - 1

    def add(self, proves: str, stream: list[int]) -> int:
        self.nodes.append(stream)
        return self.count(proves)

    def write(self, k: int) -> None:
        """Write a node after all that it needs."""
        if k in self.numbers:
            return
        node = self.node(k)
        kind = cast("str", node["kind"])
        if kind in ("boxes", "interval"):
            self.boxes(k if kind == "boxes" else whole(node["boxes"]))
            return
        rules = {
            "linear": ("row", self.linear),
            "cases": ("row", self.cases),
            "run": ("point", self.run),
            "point": ("point", self.mixed),
            "windows": ("point", self.windows),
            "between": ("point", self.between),
            "range": ("range", self.range),
        }
        if kind not in rules:
            raise LeftOutError(f"nodes of the kind {kind} have no rules here")
        proves, rule = rules[kind]
        rule(node)  # writes what the node needs, before it numbers the assumptions
        stream, self.depths[k] = rule(node)
        self.numbers[k] = self.add(proves, stream)

    def linear(self, node: Object) -> tuple[list[int], int]:
        terms, depth = self.terms(node["terms"])
        return self.row_stream(0, node, max(depth, form_depth(node["form"])), terms)

    def cases(self, node: Object) -> tuple[list[int], int]:
        name = cast("str", node["relaxation"])
        tree, depth = self.tree(node["tree"])
        last = form_depth(node["form"])
        depth = max(depth, last) if name == "exact" else max(last, 1)
        named = sorted({whole(items(term)[2]) for term in items(node["form"])})
        pairs = [items(pair) for pair in items(node.get("unstable", []))]
        shown = [
            [j, self.number(off), self.number(on)]
            for j, (off, on) in zip(named, pairs, strict=False)
        ]
        return self.row_stream(1, node, depth, tree + many(shown))

    def row_stream(
        self, tag: int, node: Object, depth: int, rest: list[int]
    ) -> tuple[list[int], int]:
        name = cast("str", node["relaxation"])
        if self.needs_assumptions(node):
            name = "assumed"
        depth = self.depth if re.fullmatch("p:(?!1$).*|assumed", name) else depth
        limit = ratio(rational(node["at_most"]))
        head = [tag, *kind_stream(name), depth, *form_stream(form_of(node["form"])), *limit]
        return head + rest, depth

    def tree(self, value: Json) -> tuple[list[int], int]:
        if isinstance(value, list):
            terms, depth = self.terms(value)
            return [0, *terms], depth
        given = fields(value)
        if "empty" in given:
            terms, depth = self.terms(given["empty"])
            return [1, *terms], depth
        i, j = map(whole, items(given["split"]))
        (off, a), (on, b) = self.tree(given["off"]), self.tree(given["on"])
        return [2, i, j, *off, *on], max(i, a, b)

    def terms(self, value: Json) -> tuple[list[int], int]:
        parts, depth = [], 0
        for multiplier, given in map(items, items(value)):
            m = rational(multiplier)
            reason, d = self.reason(given, m)
            parts.append([*ratio(abs(m)), *reason])
            depth = max(depth, d)
        return many(parts), depth

    def reason(self, given: Json, multiplier: Fraction) -> tuple[list[int], int]:
        if not isinstance(given, list):
            return [0, self.number(given)], self.depths[whole(given)]
        name, *rest = given
        if name == "assumed":
            return [0, self.counts.get("row", 0) + whole(rest[0])], self.depth
        if name == "input":
            return [1, self.constraint(whole(rest[0]), multiplier)], 0
        if not isinstance(name, str) or name not in TAGS:
            raise LeftOutError(f"the reason {name} has no rule here")
        i, j, *bounds = map(whole, rest)
        return [TAGS[name], i, j, *(self.number(k) for k in bounds)], i

    def needs_assumptions(self, node: Object) -> bool:
        reasons = list(reasons_of(node.get("terms", node.get("tree"))))
        return any(
            reason[0] == "assumed"
            if isinstance(reason, list)
            else self.needs_assumptions(self.node(reason))
            for reason in reasons
        )

    def under_assumptions(self, form: Form, value: Fraction, row: int) -> int:
        """Return the number of a row for all that satisfy the assumptions."""
        head = [0, *kind_stream("assumed"), self.depth, *form_stream(form), *ratio(value)]
        return self.add("row", [*head, *many([[*ratio(Fraction(1)), 0, row]])])

    def constraint(self, k: int, multiplier: Fraction) -> int:
        """Return the place of an input constraint; an equation is two of them."""
        given = items(fields(fields(self.document["problem"])["input"])["constraints"])
        before = sum(1 + bool(fields(row).get("equation")) for row in given[:k])
        return before + (multiplier < 0)

    def run(self, node: Object) -> tuple[list[int], int]:
        return [2, *vector_stream(vector_of(node["input"]))], self.depth

    def mixed(self, node: Object) -> tuple[list[int], int]:
        layers: list[list[list[int]]] = [[] for _ in range(self.depth)]
        for group in map(fields, items(node["groups"])):
            members = many([[whole(j)] for j in items(group["neurons"])])
            entry = members + self.mixture(group["mixture"])
            layers[whole(group["layer"]) - 1].append(entry)
        stable: list[list[list[int]]] = [[] for _ in range(self.depth)]
        for i, j, k in map(items, items(node.get("stable", []))):
            stable[whole(i) - 1].append([whole(j), self.number(k)])
        kind = kind_stream(cast("str", node["relaxation"]))
        stream = [3, *kind, *vector_stream(vector_of(node["input"]))]
        return stream + many(list(map(many, layers))) + many(
            list(map(many, stable))
        ), self.depth

    def windows(self, node: Object) -> tuple[list[int], int]:
        size = int(cast("str", node["relaxation"]).partition(":")[2])
        mixtures = [self.mixture(m) for m in items(node["windows"])]
        return [4, size, *many(mixtures)], self.depth

    def mixture(self, value: Json) -> list[int]:
        pairs = [items(pair) for pair in items(value)]
        return many([[*ratio(rational(w)), self.number(k)] for w, k in pairs])

    def between(self, node: Object) -> tuple[list[int], int]:
        chosen = {(whole(i), whole(j)): rational(v) for i, j, v, _ in outputs_of(node)}
        for _, _, _, k in outputs_of(node):
            self.number(k)
        trace = [vector_of(node["input"])]
        for i, layer in enumerate(self.layers, start=1):
            values = enumerate(applied(layer, trace[-1]))
            trace.append([chosen.get((i, j), q) for j, q in values])
        method = METHODS.index(cast("str", node["relaxation"]))
        return [6, method, *many(list(map(vector_stream, trace)))], self.depth

    def range(self, node: Object) -> tuple[list[int], int]:
        name = cast("str", node["relaxation"])
        i, j = map(whole, items(node["coordinate"]))
        parts = [self.number(node[end]) for end in ("below", "above", "least", "greatest")]
        return [5, *kind_stream(name), i, j, *parts], i

    def end(self, k: Json, coefficient: Fraction) -> int:
        """Return the number of a point, or of one at which a form of a range is greatest."""
        node = self.node(k)
        if node["kind"] != "range":
            return self.number(k)
        if node["relaxation"] != "ibp":
            return self.number(node["greatest" if coefficient > 0 else "least"])
        boxes = whole(node["boxes"])
        self.boxes(boxes)
        return self.ends[boxes][coefficient > 0]

    # Interval bound propagation

    def boxes(self, k: int) -> None:
        """Write the rows that are sides of boxes, and the points that attain all sides."""
        if k in self.ends:
            return
        ranges, start = self.input_ranges(k)
        sides = []
        for n, node in enumerate(map(fields, items(self.document["nodes"]))):
            if node["kind"] == "interval" and node["boxes"] == k:
                sides.append(
                    [*map(whole, items(node["coordinate"])), int(node["side"] == "above")]
                )
                self.numbers[n] = self.count("row")
        self.nodes.append([7, *many([[n] for n in ranges]), start, *many(sides)])
        self.ends[k] = (self.count("point"), self.count("point"))

    def input_ranges(self, k: int) -> tuple[list[int], int]:
        """Return the ranges of the inputs, and the number of a run."""
        given = fields(fields(self.document["problem"])["input"])
        if "lower" not in given:
            nodes = items(self.node(k)["inputs"])
            return [self.number(n) for n in nodes], self.number(self.node(nodes[0])["least"])
        ends = [vector_of(given[side]) for side in ("lower", "upper")]
        runs = [self.add("point", [2, *vector_stream(end)]) for end in ends]
        numbers = []
        for j, pair in enumerate(zip(*ends, strict=True)):
            rows = [self.input_row(j, s, s * q) for s, q in zip((-1, 1), pair, strict=True)]
            numbers.append(self.add("range", [5, 0, 0, j, *rows, *runs]))
        return numbers, runs[0]

    def input_row(self, j: int, sign: int, limit: Fraction) -> int:
        """Return the number of a row that bounds an input by an end of the box."""
        form = form_stream(((Fraction(sign), 0, j),))
        return self.add("row", [0, 0, 0, *form, *ratio(limit), 0])


def reasons_of(tree: Json) -> Iterator[Json]:
    """Yield the reasons of terms, or of a tree of cases."""
    if isinstance(tree, list):
        yield from (items(term)[1] for term in tree)
    elif isinstance(tree, dict):
        parts = [tree["empty"]] if "empty" in tree else [tree["off"], tree["on"]]
        for part in parts:
            yield from reasons_of(part)


def outputs_of(node: Object) -> list[list[Json]]:
    return [items(entry) for entry in items(node["outputs"])]


def form_depth(form: Json) -> int:
    return max((whole(items(term)[1]) for term in items(form)), default=0)
