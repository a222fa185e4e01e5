"""Scripts of SMT-LIB hold where the networks and programs say so, evaluated in fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polyrelax.arithmetic.rational import ONE, vector
from polyrelax.errors import DimensionError, ShapeError, TooLargeError
from polyrelax.interop.s_expressions import parse
from polyrelax.interop.smtlib import number, program_script, property_script
from polyrelax.lp import LinearProgram, Optimum, Row, maximize
from polyrelax.networks import gallery
from polyrelax.networks.layers import Affine, Identity, Neurons, ReLU
from polyrelax.networks.network import Network
from polyrelax.networks.neurons.absolute import Absolute
from polyrelax.networks.neurons.clip import Clip
from polyrelax.networks.neurons.leaky import LeakyReLU
from polyrelax.networks.neurons.maximum import Maximum
from polyrelax.networks.neurons.maxmin import MaxMin
from polyrelax.networks.neurons.minimum import Minimum
from polyrelax.networks.neurons.neuron import Neuron
from polyrelax.networks.neurons.passing import Pass
from polyrelax.networks.neurons.sort import Sort
from polyrelax.networks.properties import Case, Property
from polyrelax.networks.properties import Row as Side
from polyrelax.polytopes.polytope import Polytope
from polyrelax.relaxations.names import relaxation
from polyrelax.relaxations.trace import propagate
from polyrelax.relaxations.written_program import WrittenProgram, written_program
from tests.interop.evaluation import is_satisfied, value

THIRD = Fraction(1, 3)
PLACED: list[tuple[Neuron, tuple[int, ...]]] = [
    (MaxMin(), (2, 0)),
    (Pass(), (1,)),
    (LeakyReLU(THIRD), (0,)),
    (Clip(-THIRD, THIRD), (1,)),
    (Maximum(3), (0, 1, 2)),
    (Absolute(), (1,)),
    (Minimum(2), (1, 2)),
    (Sort(3), (2, 1, 0)),
]
KINDS = Network(
    (
        Affine.dense([["1/3", -1, 0], [2, 0, 1], [0, 1, "-5/7"]], [0, 1, "1/3"]),
        Neurons(3, tuple(PLACED)),
        Identity(11),
        ReLU(11, (0, 4)),
        Affine.dense([[1] * 11, [0, 0, 1, -1] + [0] * 7]),
    )
)
CUBE = Polytope.box([-1, -1, -1], [1, 1, "2/3"])
SIMPLEX = Polytope.hull([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], 3)
HIGH = Side(((0, -ONE),), ((0, -ONE), (1, THIRD)), Fraction(-9), is_strict=True)
LOW = Side((), ((1, ONE),), Fraction(-1, 7))
PROPERTY = Property(3, 2, (Case(CUBE, (HIGH,)), Case(SIMPLEX, (LOW,))))
SCRIPT = property_script(KINDS, PROPERTY)

points = st.tuples(*[st.fractions(-1, 1, max_denominator=6)] * 3)


@settings(max_examples=15)
@given(points)
def test_a_script_is_satisfied_where_a_case_of_the_property_occurs(
    x: tuple[Fraction, ...],
) -> None:
    given_ = {f"X_{j}": a for j, a in enumerate(x)}
    occurs = PROPERTY.case_at(x, KINDS(x)) is not None
    assert is_satisfied(SCRIPT, given_) == occurs
    outputs = {f"Y_{j}": a for j, a in enumerate(KINDS(x))}
    assert is_satisfied(SCRIPT, given_ | outputs) == occurs


def test_what_all_cases_say_of_inputs_is_said_once() -> None:
    unit = Polytope.box([-1], [1])
    sides = [Side((), ((0, sign * ONE),), sign * Fraction(3, 2)) for sign in (-1, 1)]
    property_ = Property(1, 1, tuple(Case(unit, (side,)) for side in sides))
    script = property_script(gallery.tent(), property_)
    assert script.count("(<= X_0 1.0)") == 1
    assert is_satisfied(script, {"X_0": Fraction(1)})
    assert not is_satisfied(script, {"X_0": Fraction(2)})


def test_both_answers_occur_among_a_few_points() -> None:
    corners = [vector(x) for x in [(0, 0, 0), (1, 0, 0), (-1, 1, 0)]]
    found = {PROPERTY.case_at(x, KINDS(x)) is None for x in corners}
    assert found == {True, False}


@pytest.mark.parametrize("name", ["triangle", "krelu:2"])
def test_the_script_of_a_program_holds_at_its_points(name: str) -> None:
    square = Polytope.box([-1, -1], [1, "1/3"])
    trace = propagate(gallery.two_relu_example(), square, relaxation(name))
    written = written_program(trace, square)
    script = program_script(written)
    for sign, end in ((1, trace.output[0].upper), (-1, -trace.output[0].lower)):
        best = maximize(written.program, ((written.column("Y_0"), Fraction(sign)),))
        assert isinstance(best, Optimum)
        assert best.value == end
        assert is_satisfied(script, dict(zip(written.names, best.point, strict=True)))
        beyond = list(best.point)
        beyond[written.column("X_0")] += 3
        assert not is_satisfied(script, dict(zip(written.names, beyond, strict=True)))


@settings(max_examples=30)
@given(st.fractions())
def test_a_number_is_the_term_of_its_value(given_: Fraction) -> None:
    (form,) = parse(f"(+ {number(given_)} 0.0)")
    assert value(form, {}) == given_


def test_what_cannot_be_said_is_refused() -> None:
    with pytest.raises(DimensionError, match="found 3 inputs, the network has 1"):
        property_script(gallery.tent(), PROPERTY)
    with pytest.raises(ShapeError, match="without cases"):
        property_script(gallery.tent(), Property(1, 1, ()))
    sorting = Network((Neurons(6, ((Sort(6), tuple(range(6))),)),))
    anything = Property(6, 6, (Case(Polytope.box([0] * 6, [1] * 6)),))
    with pytest.raises(TooLargeError, match="sort of 6 with 720 pieces, expected at most 120"):
        property_script(sorting, anything)


def test_a_program_without_rows_or_bounds_always_has_a_point() -> None:
    free = WrittenProgram(LinearProgram((None,), (None,), (Row((), ONE),)), ("x",))
    assert is_satisfied(program_script(free), {"x": ONE})
