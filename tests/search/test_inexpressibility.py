from __future__ import annotations

import json
from fractions import Fraction

import pytest

from polyrelax.arithmetic.interval import Interval
from polyrelax.errors import DimensionError, FormatError, UnknownNameError
from polyrelax.expressivity.all_boxes import decide
from polyrelax.expressivity.piecewise import Piecewise
from polyrelax.networks.network import Network
from polyrelax.search.candidates import Space
from polyrelax.search.inexpressibility import (
    Inquiry,
    Kind,
    Survey,
    canonical,
    kind_of,
)
from polyrelax.search.surveys import survey_data, survey_from

SIGNS = (Fraction(-1), Fraction(0), Fraction(1))
UNIT = (Interval(SIGNS[0], SIGNS[2]),)
ABSOLUTE = Piecewise.of_slopes([-1, 1], [0])
TENT = canonical(Piecewise.of_slopes([0, 2, -2, 0], ["-1/2", 0, "1/2"]))


def inquiry(*shapes: tuple[int, ...], relaxations: tuple[str, ...] = ("dp0", "ibp")) -> Inquiry:
    spaces = (Space(shape, SIGNS, (SIGNS[0], SIGNS[2]), UNIT) for shape in shapes)
    return Inquiry(tuple(spaces), relaxations)


def complete(survey: Survey) -> Survey:
    while not survey.is_complete:
        survey.advance()
    return survey


def test_affine_changes_of_variables_keep_the_class() -> None:
    first = Piecewise.of_slopes([0, 1, -2, 0], [0, 2, 3], at_first_kink=5)
    # x -> -2 x + 1, then y -> -3 y: slopes times 6 in reverse, kinks (1 - k) / 2 in reverse
    second = Piecewise.of_slopes([0, -12, 6, 0], [-1, Fraction(-1, 2), Fraction(1, 2)])
    assert canonical(first) == canonical(second)
    assert canonical(canonical(first)) == canonical(first)
    assert canonical(ABSOLUTE) != canonical(Piecewise.of_slopes([0, 1], [0]))


def test_kinds_are_those_of_the_slopes() -> None:
    assert kind_of(Piecewise.of_slopes([0, 1, "1/2"], [0, 1])) is Kind.MONOTONE
    assert kind_of(Piecewise.of_slopes([-1, 1, 0], [0, 1])) is Kind.NEITHER
    assert kind_of(ABSOLUTE) is Kind.CONVEX
    assert kind_of(Piecewise.of_slopes([1, 0, -3], [0, 1])) is Kind.CONVEX


def test_one_hidden_layer_expresses_what_the_theory_says() -> None:
    survey = complete(Survey.begin(inquiry((1, 2, 1))))
    # max(x, 0) + max(-x, 0) is precise for DeepPoly-0, and IBP expresses nothing convex
    assert "dp0" in survey.functions[canonical(ABSOLUTE)]
    assert "ibp" not in survey.functions[canonical(ABSOLUTE)]
    assert all(len(f.lines) <= 3 for f in survey.functions)


def test_two_hidden_layers_express_the_tent() -> None:
    survey = complete(Survey.begin(inquiry((1, 2, 1, 1), relaxations=("dp0",))))
    found = survey.functions[TENT]["dp0"]
    network = survey.inquiry.network(found.number)
    assert canonical(Piecewise.of_network(network)) == TENT
    assert decide(network, "dp0").is_precise
    assert TENT not in set(survey.without("dp0"))


def test_a_survey_goes_on_where_its_file_ends() -> None:
    asked = inquiry((1, 2, 1), (1, 1, 1, 1))
    whole = complete(Survey.begin(asked))
    part = Survey.begin(asked)
    for _ in range(30):
        part.advance()
    read = survey_from(asked, json.loads(json.dumps(survey_data(part))))
    assert survey_data(complete(read)) == survey_data(whole)


def test_a_file_with_a_wrong_encoding_is_refused() -> None:
    asked = inquiry((1, 2, 1))
    data = json.loads(json.dumps(survey_data(complete(Survey.begin(asked)))))
    first = data["functions"][0]
    number = next(i for i in range(asked.size) if is_of(asked.network(i), first))
    first["precise"] = {"ibp": [number, 1, 1]}
    with pytest.raises(FormatError, match=f"found network {number}, which is not precise"):
        survey_from(asked, data)
    with pytest.raises(FormatError, match="found other shapes than those asked for"):
        survey_from(inquiry((1, 1, 1)), data)


def is_of(network: Network, entry: dict[str, list[str]]) -> bool:
    function = Piecewise.of_network(network)
    expected = Piecewise.of_slopes(entry["slopes"], entry["kinks"])
    return bool(function.breaks) and canonical(function) == expected


def test_a_precise_network_of_another_function_is_refused() -> None:
    asked = inquiry((1, 2, 1), relaxations=("dp0",))
    data = json.loads(json.dumps(survey_data(complete(Survey.begin(asked)))))
    one, other, *_ = (entry["precise"] for entry in data["functions"] if entry["precise"])
    one["dp0"], other["dp0"] = other["dp0"], one["dp0"]
    with pytest.raises(FormatError, match=r"which is slopes .*, expected slopes"):
        survey_from(asked, data)


def test_a_network_that_was_not_examined_is_refused() -> None:
    asked = inquiry((1, 2, 1), relaxations=("dp0",))
    data = json.loads(json.dumps(survey_data(complete(Survey.begin(asked)))))
    data["enumerated"] = 0
    with pytest.raises(FormatError, match="expected one of the first 0 for dp0"):
        survey_from(asked, data)


def test_other_inquiries_are_refused() -> None:
    with pytest.raises(DimensionError, match="2 inputs"):
        Inquiry((Space((2, 1, 1), SIGNS, SIGNS[2:], UNIT * 2),), ("dp0",))
    with pytest.raises(UnknownNameError, match="crown"):
        inquiry((1, 1, 1), relaxations=("crown",))
