"""The network and the input set of a certificate, as text of Coq and as integers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import TypeAlias

from translator.limbs import many, ratio
from translator.reading import Json, Object, fields, items, rational, vector_stream, whole
from translator.wording import listed, rows_text, shown


@dataclass(frozen=True)
class Rows:
    """The rows of an affine layer or of an input set: weights, and a bias or an offset."""

    rows: tuple[tuple[tuple[Fraction, ...], Fraction], ...]

    def at(self, x: Sequence[Fraction]) -> list[Fraction]:
        return [sum(map(mul, normal, x), b) for normal, b in self.rows]

    @property
    def text(self) -> str:
        return rows_text(self.rows)

    @property
    def stream(self) -> list[int]:
        return many([[*vector_stream(row), *ratio(b)] for row, b in self.rows])


Layer: TypeAlias = Rows | tuple[bool, ...] | None


def layers_of(document: Object) -> list[Layer]:
    """Return the layers: rows, the mask of a ReLU, or nothing for an identity."""
    problem = fields(document["problem"])
    given = fields(problem["input"])
    width = dimension(given)
    layers = []
    for value in items(problem["layers"]):
        layers.append(layer_of(value, width))
        width = len(found.rows) if isinstance(found := layers[-1], Rows) else width
    return layers


def layer_of(value: Json, width: int) -> Layer:
    if value == "identity":
        return None
    if value == "relu":
        return (True,) * width
    given = fields(value)
    if "relu" in given:
        named = set(map(whole, items(fields(given["relu"])["neurons"])))
        return tuple(j in named for j in range(width))
    affine = fields(given["affine"])
    scale = rational(affine.get("scale", "1"))
    pairs = zip(items(affine["weight"]), items(affine["bias"]), strict=True)
    return Rows(
        tuple(
            (tuple(rational(q) / scale for q in items(row)), rational(b) / scale)
            for row, b in pairs
        )
    )


def layer_text(layer: Layer) -> str:
    if layer is None:
        return "Identity"
    if isinstance(layer, Rows):
        return f"Affine {layer.text}"
    if all(layer):
        return f"relus {len(layer)}"
    return f"ReLU {listed([str(b).lower() for b in layer])}"


def layer_stream(layer: Layer) -> list[int]:
    if layer is None:
        return [2]
    return (
        [0, *layer.stream] if isinstance(layer, Rows) else [1, *many([[int(b)] for b in layer])]
    )


def domain_rows(given: Object) -> Rows:
    """Return the constraints of an input set, as `Network.box` writes those of a box."""
    rows = []
    if "lower" in given:
        ends = zip(items(given["lower"]), items(given["upper"]), strict=True)
        for j, (low, high) in enumerate(ends):
            for sign, end in ((-1, low), (1, high)):
                unit = (*(Fraction(0),) * j, Fraction(sign))
                rows.append((unit, sign * rational(end)))
        return Rows(tuple(rows))
    for row in map(fields, items(given["constraints"])):
        normal = [rational(q) for q in items(row["normal"])]
        for sign in (1, -1) if row.get("equation") else (1,):
            scaled = tuple(sign * q for q in normal)
            rows.append((scaled, sign * rational(row["offset"])))
    return Rows(tuple(rows))


def dimension(given: Object) -> int:
    return len(items(given["lower"])) if "lower" in given else whole(given["dim"])


def domain_stream(given: Object) -> list[int]:
    return [dimension(given), *domain_rows(given).stream]


def domain_text(given: Object) -> str:
    if "lower" in given:
        ends = zip(items(given["lower"]), items(given["upper"]), strict=True)
        pairs = [f"({shown(rational(a))}, {shown(rational(b))})" for a, b in ends]
        return f"box {listed(pairs)}"
    rows = domain_rows(given).text
    return f"{{| dimension := {dimension(given)}; constraints := {rows} |}}"


def applied(layer: Layer, z: Sequence[Fraction]) -> list[Fraction]:
    """Return a layer's value."""
    if layer is None:
        return list(z)
    if isinstance(layer, Rows):
        return layer.at(z)
    return [max(q, Fraction(0)) if on else q for q, on in zip(z, layer, strict=True)]
