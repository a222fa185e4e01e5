"""Traces and comparisons show themselves as tables in notebooks."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction

from polyrelax.analysis.compare import compare
from polyrelax.arithmetic.interval import Interval
from polyrelax.networks.gallery import tent, tent_with_identities
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.display import html_table, intervals_text
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate

SEGMENT = Polytope.box([-1], [1])


def _cells(html: str) -> list[list[str]]:
    return [[cell.text or "" for cell in row] for row in ET.fromstring(html)]


def test_a_trace_has_a_row_for_each_layer() -> None:
    html = propagate(tent(), SEGMENT, relaxation("ibp"))._repr_html_()
    assert _cells(html) == [
        ["layer", "bounds by ibp"],
        ["0 input", "[-1, 1]"],
        ["1 affine", "[-1, 1] [-1, 1]"],
        ["2 ReLU", "[0, 1] [0, 1]"],
        ["3 affine", "[-1, 1] [-1, 1]"],
        ["4 ReLU", "[0, 1] [0, 1]"],
        ["5 affine", "[0, 2]"],
    ]


def test_identity_layers_are_named() -> None:
    html = propagate(tent_with_identities(1), SEGMENT, relaxation("ibp"))._repr_html_()
    assert _cells(html)[4][0] == "3 identity"


def test_a_comparison_has_both_bounds_and_their_difference() -> None:
    traces = [propagate(tent(), SEGMENT, relaxation(name)) for name in ("p:3", "p:1")]
    (comparison,) = compare(traces)
    header, *_, last = _cells(comparison._repr_html_())
    assert header == ["layer", "p:3", "p:1", "largest difference"]
    assert last == ["5 affine", "[1, 2]", "[0, 2]", "1"]


def test_long_layers_are_cut_and_say_so() -> None:
    unit = Interval(Fraction(0), Fraction(1))
    assert intervals_text([unit] * 8).count("[") == 8
    assert intervals_text([unit] * 10).endswith("[0, 1] and 2 more")


def test_texts_are_escaped() -> None:
    assert _cells(html_table(["<b>"], [["a & b"]])) == [["<b>"], ["a & b"]]
