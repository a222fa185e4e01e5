"""The nodes of certificates as streams of integers: `NodeStream.v` reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias, cast

from limbs import many, ratio
from wording import Form

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | bool | None
Object: TypeAlias = dict[str, Json]
SINGLE = ("exact", "triangle")
FAMILIES = ("krelu", "m", "p")


class LeftOutError(ValueError):
    """A node or a statement for which `Document.v` has no rule."""


def items(value: Json) -> list[Json]:
    assert isinstance(value, list)
    return value


def fields(value: Json) -> Object:
    assert isinstance(value, dict)
    return value


def whole(value: Json) -> int:
    assert isinstance(value, int)
    return value


def rational(value: Json) -> Fraction:
    assert isinstance(value, str | int)
    return Fraction(value)


def kind_stream(name: str) -> list[int]:
    family, _, size = name.partition(":")
    if family in SINGLE:
        return [SINGLE.index(family)]
    if family in FAMILIES:
        return [2 + FAMILIES.index(family), int(size)]
    raise LeftOutError(f"{name} has no rules here")


def form_of(value: Json) -> Form:
    terms = map(items, items(value))
    return tuple((rational(c), whole(i), whole(j)) for c, i, j in terms)


def form_stream(form: Form) -> list[int]:
    return many([[*ratio(c), i, j] for c, i, j in form])


def vector_stream(v: Sequence[Fraction]) -> list[int]:
    return many([ratio(q) for q in v])


def vector_of(value: Json) -> list[Fraction]:
    return list(map(rational, items(value)))


@dataclass
class Writer:
    """The nodes that are written so far: the number of each row and of each point."""

    document: Object
    rows: dict[int, int] = field(default_factory=dict)
    points: dict[int, int] = field(default_factory=dict)
    depths: dict[int, int] = field(default_factory=dict)
    nodes: list[list[int]] = field(default_factory=list)
    evidence: list[list[int]] = field(default_factory=list)

    @property
    def stream(self) -> list[int]:
        return many(self.nodes) + many(self.evidence)

    def show(self, stream: list[int]) -> int:
        """Return the number of a piece of evidence, after writing it."""
        self.evidence.append(stream)
        return len(self.evidence) - 1

    @property
    def depth(self) -> int:
        return len(items(fields(self.document["problem"])["layers"]))

    def row(self, k: Json) -> int:
        self.write(whole(k))
        return self.rows[whole(k)]

    def point(self, k: Json) -> int:
        self.write(whole(k))
        return self.points[whole(k)]

    def write(self, k: int) -> None:
        """Write a node after all that it needs."""
        if k in self.rows or k in self.points:
            return
        node = fields(items(self.document["nodes"])[k])
        rules = {
            "linear": self.linear,
            "cases": self.cases,
            "run": self.run,
            "point": self.mixed,
            "windows": self.windows,
        }
        if node["kind"] not in rules:
            raise LeftOutError(f"nodes of the kind {node['kind']} have no rules here")
        kind = cast("str", node["kind"])
        stream, depth = rules[kind](node)
        known = self.rows if kind in ("linear", "cases") else self.points
        known[k] = len(known)
        self.depths[k] = depth
        self.nodes.append(stream)

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
            [j, self.point(off), self.point(on)]
            for j, (off, on) in zip(named, pairs, strict=False)
        ]
        return self.row_stream(1, node, depth, tree + many(shown))

    def row_stream(
        self, tag: int, node: Object, depth: int, rest: list[int]
    ) -> tuple[list[int], int]:
        name = cast("str", node["relaxation"])
        depth = self.depth if re.fullmatch("p:(?!1$).*", name) else depth
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
            return [0, self.row(given)], self.depths[whole(given)]
        name, *rest = given
        if name == "input":
            return [1, self.constraint(whole(rest[0]), multiplier)], 0
        tags = {"positive": 2, "above": 3, "upper": 4, "sign": 5}
        if not isinstance(name, str) or name not in tags:
            raise LeftOutError(f"the reason {name} has no rule here")
        i, j, *bounds = map(whole, rest)
        return [tags[name], i, j, *(self.row(k) for k in bounds)], i

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
            stable[whole(i) - 1].append([whole(j), self.row(k)])
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
        return many([[*ratio(rational(w)), self.point(k)] for w, k in pairs])


def form_depth(form: Json) -> int:
    return max((whole(items(term)[1]) for term in items(form)), default=0)
