"""Properties that are written and read again: the same sets, and the same rows."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import dense_vector, primitive
from polyrelax.errors import FormatError, ShapeError
from polyrelax.interop import vnnlib
from polyrelax.interop.vnnlib.writing import multiples
from polyrelax.networks.properties import Case, Property, Row
from polyrelax.polytopes.polytope import Polytope

X, Y = 2, 3
numbers = st.fractions(-9, 9, max_denominator=12)
boxes = st.lists(st.tuples(numbers, numbers), min_size=X, max_size=X).map(
    lambda ends: Polytope.box([min(e) for e in ends], [max(e) for e in ends])
)
TRIANGLE = Polytope.hull([[0, 0], ["1/3", 1], [2, "1/7"]], X)
SEGMENT = Polytope.hull([[0, 0], ["1/3", 1]], X)
sets = boxes | st.sampled_from([TRIANGLE, SEGMENT])


def forms(dim: int, least: int) -> st.SearchStrategy[tuple[tuple[int, Fraction], ...]]:
    places = st.lists(st.integers(0, dim - 1), unique=True, min_size=least, max_size=2)
    entries = st.fractions(-3, 3, max_denominator=6).filter(bool)
    return places.flatmap(
        lambda found: st.tuples(*(st.tuples(st.just(j), entries) for j in sorted(found)))
    )


rows = st.builds(Row, forms(X, 0), forms(Y, 1), numbers, st.booleans())


def properties() -> st.SearchStrategy[Property]:
    some = st.lists(rows, min_size=1, max_size=3).map(tuple)
    apart = st.lists(st.builds(Case, sets, some), min_size=1, max_size=3)
    shared = st.builds(
        lambda inputs, each: [Case(inputs, own) for own in each],
        sets,
        st.lists(some, min_size=1, max_size=3),
    )
    return st.builds(lambda cases: Property(X, Y, tuple(cases)), apart | shared)


def meaning(row: Row) -> tuple[bool, tuple[int, ...]]:
    entries = (*dense_vector(row.inputs, X), *dense_vector(row.outputs, Y), row.offset)
    return row.is_strict, primitive(entries)


def said(property_: Property) -> list[tuple[Polytope, set[tuple[bool, tuple[int, ...]]]]]:
    return [(case.inputs, set(map(meaning, case.rows))) for case in property_.cases]


@settings(max_examples=8)
@given(properties(), st.sampled_from([1, 2]))
def test_what_is_written_is_read_again_as_the_same_cases(
    property_: Property, version: Literal[1, 2]
) -> None:
    read = vnnlib.loads(vnnlib.dumps(property_, version))
    assert (read.in_dim, read.out_dim) == (X, Y)
    assert said(read) == said(property_)


def test_bounds_and_comparisons_stand_as_programs_expect_them() -> None:
    half, one = Fraction(1, 2), Fraction(1)
    greater = Row((), ((0, half), (2, -half)), Fraction(0))
    bound = Row((), ((1, -2 * one),), -3 * one, is_strict=True)
    third = Polytope.box([-1, "-1/3"], [half, 0])
    text = vnnlib.dumps(Property(X, Y, (Case(third, (greater,)), Case(third, (bound,)))))
    assert text.splitlines()[X + Y :] == [
        "(assert (>= X_0 -1.0))",
        "(assert (<= X_0 0.5))",
        "(assert (>= (* 3.0 X_1) -1.0))",
        "(assert (<= X_1 0.0))",
        "(assert (or",
        "  (and (<= Y_0 Y_2))",
        "  (and (> Y_1 1.5))))",
    ]
    assert multiples([third, TRIANGLE, Polytope.empty(X)]) == 1


def test_numbers_have_a_point_as_tensors_of_reals_are_compared_with_reals_alone() -> None:
    text = vnnlib.dumps(Property(X, Y, (Case(SEGMENT),)), 2)
    numbers = re.findall(r"(?<=[ ])-?\d[\d.]*(?=[ )])", text)
    assert numbers
    assert all("." in number for number in numbers)


def test_a_case_that_says_nothing_of_outputs_makes_all_inputs_violate() -> None:
    bound = Row((), ((0, Fraction(1)),), Fraction(0))
    text = vnnlib.dumps(Property(X, Y, (Case(TRIANGLE, (bound,)), Case(TRIANGLE))))
    assert said(vnnlib.loads(text)) == [(TRIANGLE, set())]


def test_cases_without_inputs_are_left_out_and_a_property_without_cases_is_refused() -> None:
    nothing, some = Case(Polytope.empty(X)), Case(SEGMENT)
    assert said(vnnlib.loads(vnnlib.dumps(Property(X, Y, (nothing, some))))) == [
        (SEGMENT, set())
    ]
    with pytest.raises(ShapeError, match="without cases that can occur"):
        vnnlib.dumps(Property(X, Y, (nothing,)))
    with pytest.raises(ShapeError, match="found 2 inputs and 0 outputs"):
        vnnlib.dumps(Property(X, 0, (some,)), 2)
    with pytest.raises(FormatError, match="found version 3, expected 1 or 2"):
        vnnlib.dumps(Property(X, Y, (some,)), 3)


def test_tensors_have_the_shapes_that_are_given() -> None:
    six = Polytope.box([0] * 6, range(6))
    last = Row((), ((0, Fraction(1)),), Fraction(0))
    property_ = Property(6, 1, (Case(six, (last,)),))
    text = vnnlib.dumps(property_, 2, ((1, 2, 3), ()))
    assert vnnlib.loads(text) == property_
    assert "(assert (<= X[0,1,2] 5.0))" in text.splitlines()
    assert "(assert (<= Y 0.0))" in text.splitlines()
    with pytest.raises(
        ShapeError, match=r"found shapes of \(6, 2\) entries, expected \(6, 1\)"
    ):
        vnnlib.dumps(property_, 2, ((6,), (2,)))
