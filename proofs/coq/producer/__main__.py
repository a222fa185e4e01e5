"""Write `gallery/Certificates.v`, the certificates of the gallery's theorems.

The theorems and their networks are written by hand beside it; a certificate for another
network than theirs would only make Coq refuse it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from polyrelax.arithmetic.rational import Vector
from polyrelax.networks.gallery import salman_example, tent
from polyrelax.networks.layers import Affine, ReLU
from polyrelax.networks.network import Network, network
from polyrelax.polytopes.polytope import Polytope
from producer.certify import (
    Relaxed,
    extensions,
    optimize,
    pools,
    range_stream,
    relaxed,
    triangle_stream,
)
from producer.symbolic import ONE, claim_row
from translator.wording import wrapped

HEADER = """(** Certificates, made by [producer]: data that the theorems check. *)

From Coq Require Import QArith List Uint63 PArray.
From Polyrelax Require Import Network Attained.
"""
INTERVAL = Polytope.box([-1], [1])
HALVES = {"left": Polytope.box([-1], [0]), "right": Polytope.box([0], [1])}
UNIT_SQUARE = Polytope.box([0, 0], [1, 1])
SQUARE = Polytope.box([-1, -1], [1, 1])
ZERO_NETWORK = network(([[1], [-1]], [0, 0]), ([[1, 0], [1, -1]], [0, 0]), ([[1, -1]], [0]))
# x_1 + max(x_0 - x_1, 0): x_1 passes the ReLU layer.
MAXIMUM = Network(
    (Affine.dense([[1, -1], [0, 1]]), ReLU(2, (0,)), Affine.dense([[1, 1]])),
)


def definitions() -> Iterator[str]:
    half = Fraction(1, 2)
    yield array("tent_range", range_stream(tent(), INTERVAL, ONE, 2 * ONE))
    yield array(
        "tent_strict_range", range_stream(tent(), INTERVAL, half, 5 * half, strict=True)
    )
    yield array("zero_range", range_stream(ZERO_NETWORK, INTERVAL, 0 * ONE, 0 * ONE))
    yield array("maximum_range", range_stream(MAXIMUM, UNIT_SQUARE, 0 * ONE, ONE))
    yield from triangle("maximum", relaxed(MAXIMUM, UNIT_SQUARE), ONE)
    yield array("barrier_range", range_stream(salman_example(), SQUARE, 0 * ONE, ONE))
    yield from triangle("barrier", relaxed(salman_example(), SQUARE), -ONE)
    for name, half_interval in HALVES.items():
        relaxation = relaxed(tent(), half_interval)
        yield array(f"{name}_lower_bound", triangle_stream(relaxation, [-ONE], -ONE))
        yield array(f"{name}_upper_bound", triangle_stream(relaxation, [ONE], 2 * ONE))


def triangle(name: str, relaxation: Relaxed, sign: Fraction) -> Iterator[str]:
    """Yield the bound of the triangle relaxation's output times ``sign``, and a point of it."""
    objective = claim_row([sign], 0 * ONE, relaxation.forms[-1])
    best = optimize(relaxation.rows, objective, relaxation.size)
    limit = objective.at(best.point)
    yield array(f"{name}_triangle_bound", triangle_stream(relaxation, [sign], limit))
    yield point(f"{name}_triangle_point", relaxation, best.point)


def array(name: str, stream: Sequence[int]) -> str:
    return f"Definition {name} : array int := [| {'; '.join(map(str, stream))} | 0 |]%uint63."


def point(name: str, relaxation: Relaxed, final: Vector) -> str:
    layers = [
        terms(f"Build_extension {k} {shown(y)} {terms(map(shown, ws))}" for k, y, ws in entries)
        for entries in extensions(relaxation, final)
    ]
    starts = terms(shown(t[0]) for t in pools(relaxation, final)[0])
    return (
        f"Definition {name} : triangle_point := "
        f"Build_triangle_point {starts} {terms(reversed(layers))}."
    )


def shown(v: Vector) -> str:
    return terms(f"{q.numerator} # {q.denominator}" for q in v)


def terms(items: Iterator[str]) -> str:
    return f"[{'; '.join(items)}]"


def main() -> None:
    found = list(definitions())
    arrays = [text for text in found if "array int" in text]
    points = [text for text in found if text not in arrays]
    # The brackets of arrays cannot be read once those of lists are known.
    text = "\n\n".join([HEADER, *arrays, "Import ListNotations.", *points])
    (Path(__file__).parents[1] / "gallery" / "Certificates.v").write_text(wrapped(text))


if __name__ == "__main__":
    main()
