from __future__ import annotations

from fractions import Fraction
from itertools import islice, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.analysis.precision import cells, grid, imprecise
from polyrelax.arithmetic.rational import vector
from polyrelax.expressivity.some_boxes import candidates
from polyrelax.expressivity.uniform_hulls import (
    MaxMin,
    equal_on,
    function_of,
    uniform_encoding,
)
from polyrelax.networks.gallery import absolute_value, maximum_encodings, tent, tent_merged
from polyrelax.networks.layers import Affine
from polyrelax.networks.network import Network
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.layer_hull import LayerHull
from polyrelax.search.plane import CANDIDATE, UNSETTLED, PlaneInquiry, answer

SQUARE = Polytope.box([0, 0], [1, 1])
X, Y, HALF = vector([1, 0, 0]), vector([0, 1, 0]), vector([0, 0, "1/2"])
INSTANCES = {
    "one hidden layer": MaxMin(((X,), (Y, Y))),
    "convexity": MaxMin(((X,), (Y,), (vector([-1, -1, 1]),))),
    "composition": MaxMin(((vector([0, 0, "1/4"]),), (X, Y))),
    "separate arguments": MaxMin(((X,), (Y, HALF))),
}
UNKNOWN = MaxMin(((X,), (vector([0, -1, "1/2"]), vector([-1, 1, "1/2"]))))

form = st.tuples(*[st.fractions(-2, 2, max_denominator=2)] * 3)


@given(
    groups=st.lists(st.lists(form, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3),
    x=st.tuples(*[st.fractions(-2, 2, max_denominator=5)] * 2),
)
def test_the_network_of_a_formula_has_its_values(
    groups: list[tuple[tuple[Fraction, ...], ...]], x: tuple[Fraction, Fraction]
) -> None:
    formula = MaxMin(tuple(groups))
    expected = max(min(a * x[0] + b * x[1] + c for a, b, c in group) for group in groups)
    assert formula(x) == expected
    assert formula.network(x) == (expected,)


@pytest.mark.parametrize("rule", INSTANCES)
def test_each_rule_gives_an_encoding_that_no_box_refutes(rule: str) -> None:
    function = INSTANCES[rule]
    found = uniform_encoding(function, SQUARE)
    assert found is not None
    assert found.rule == rule
    for x in product(grid(0, 1, 4), repeat=2):
        assert found.network(x) == (function(x),)
    boxes = [*cells(grid(0, 1, 3), 2), *islice(candidates(found.network, SQUARE), 30)]
    assert not list(imprecise(found.network, boxes, LayerHull()))


def test_a_function_without_a_rule_is_not_settled() -> None:
    assert uniform_encoding(UNKNOWN, SQUARE) is None
    found = answer(UNKNOWN, SQUARE)
    assert found.encoding is None
    assert found.rule in {CANDIDATE, UNSETTLED}
    assert found.refuted + (found.candidate is not None) > 0


def test_functions_of_a_function_are_recognised() -> None:
    line = Polytope.box([-1], [1])
    twice = Network((Affine.dense([[2]], [1]),))
    h = function_of(tent(), twice, line)
    assert h is not None
    assert all(h(2 * x + 1) == tent()((x,))[0] for x in grid(-1, 1, 8))
    assert function_of(twice, tent(), line) is None  # not a function of the tent
    even = function_of(tent(), absolute_value(), line)
    assert even is not None
    assert even.slopes == (-2, 0)


def test_equality_is_decided_on_all_regions() -> None:
    line = Polytope.box([-1], [1])
    assert equal_on(tent(), tent_merged(), line)
    assert not equal_on(tent(), absolute_value(), line)
    first, second, third = maximum_encodings()
    assert equal_on(first, second, SQUARE)
    assert equal_on(second, third, SQUARE)


@settings(max_examples=10)
@given(
    groups=st.lists(st.lists(form, min_size=1, max_size=2).map(tuple), min_size=2, max_size=2)
)
def test_a_rule_is_never_refuted_by_a_box(
    groups: list[tuple[tuple[Fraction, ...], ...]],
) -> None:
    found = uniform_encoding(MaxMin(tuple(groups)), SQUARE)
    if found is not None:
        assert equal_on(found.network, MaxMin(tuple(groups)).network, SQUARE)
        assert not list(imprecise(found.network, cells(grid(0, 1, 2), 2), LayerHull()))


def test_there_are_four_formulas_for_each_choice_of_three() -> None:
    inquiry = PlaneInquiry(vector([0, 1]), vector([0, "1/2"]))
    assert len(inquiry.forms) == 8
    assert sum(1 for _ in inquiry.functions) == 4 * 56
